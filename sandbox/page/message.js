// Drawing a message: its author, text, embeds, files, buttons and menus.

import { colour, el, link, when } from "./dom.js";
import { line, markdown } from "./markdown.js";

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;
const COMPONENTS_V2 = 1 << 15;

// view draws a message. page gives what it needs to know and to do: bot, names,
// use(message, customID, values), dismiss(message), actions(message).
export function view(message, page) {
  const loading = Boolean(message.flags & LOADING);
  const ephemeral = Boolean(message.flags & EPHEMERAL);
  const names = { ...page.names, everyone: message.mention_everyone };
  const author = nameOf(message.author);
  return el("li", { class: "message" + (ephemeral ? " ephemeral" : "") + (message.author.bot ? " app" : ""), "data-id": message.id, tabindex: "-1" },
    used(message),
    avatar(message.author),
    el("div", { class: "head" },
      el("span", { class: "author" }, author),
      message.author.bot && el("span", { class: "badge" }, "App"),
      el("time", { datetime: message.timestamp }, when(new Date(message.timestamp)))),
    el("div", { class: "body" },
      loading
        ? el("div", { class: "thinking", role: "status" }, el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")), `${author} is thinking…`)
        : contents(message, names, page),
      message.edited_timestamp && el("span", { class: "edited" }, "(edited)"),
      el("p", { class: "failed", role: "alert", hidden: true })),
    ephemeral && el("div", { class: "only-you" },
      eye(), "Only you can see this · ",
      el("button", { type: "button", class: "textlink", onclick: () => page.dismiss(message) }, "Dismiss message")),
    page.actions(message));
}

export function nameOf(user) {
  return user.global_name || user.username;
}

export function avatar(user) {
  const initials = nameOf(user).split(/\s+/).map((w) => w[0]).slice(0, 2).join("").toUpperCase();
  if (user.bot) return el("img", { class: "avatar bot", src: "icon.svg", alt: "" });
  const node = el("span", { class: "avatar", "aria-hidden": "true" }, initials);
  node.style.setProperty("--hue", String((Number(user.id.slice(-4)) * 137) % 360));
  return node;
}

function eye() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zm10-3a3 3 0 100 6 3 3 0 000-6z");
  svg.append(path);
  return svg;
}

function used(message) {
  const by = message.interaction;
  if (!by) return null;
  return el("div", { class: "used" }, el("span", { class: "bend", "aria-hidden": "true" }), el("b", {}, nameOf(by.user)), " used ",
    el("span", { class: "mention" }, (message.type === 20 ? "/" : "") + by.name));
}

function contents(message, names, page) {
  return [
    message.content && el("div", { class: "content" }, markdown(message.content, names)),
    ...(message.embeds || []).map((e) => embed(e, names)),
    // A message of components shows its files in them, or not at all.
    ...(message.flags & COMPONENTS_V2 ? [] : message.attachments || []).map(attachment),
    ...(message.components || []).map((c) => component(c, { message, names, page })),
  ];
}

function embed(e, names) {
  const box = el("article", { class: "embed" },
    e.author && el("div", { class: "embed-author" }, e.author.url ? link(e.author.url, e.author.name) : e.author.name),
    e.title && el("div", { class: "embed-title" }, e.url ? link(e.url, line(e.title, names)) : line(e.title, names)),
    e.description && el("div", { class: "embed-text" }, markdown(e.description, names)),
    e.fields?.length > 0 && el("div", { class: "fields" }, e.fields.map((f) =>
      el("div", { class: "field" + (f.inline ? " inline" : "") },
        el("div", { class: "field-name" }, line(f.name, names)),
        el("div", { class: "field-value" }, markdown(f.value, names))))),
    e.image && picture(e.image.url),
    (e.footer || e.timestamp) && el("div", { class: "embed-footer" },
      [e.footer?.text, e.timestamp && when(new Date(e.timestamp))].filter(Boolean).join(" · ")));
  if (e.color) box.style.setProperty("--bar", colour(e.color));
  return box;
}

// picture shows a picture of this server; others would tell a stranger that the
// message was read, so they are only linked to.
function picture(url, description) {
  if (url?.startsWith(location.origin + "/attachments/")) {
    return el("img", { src: url, alt: description || "Picture", loading: "lazy", class: "picture" });
  }
  return el("p", { class: "embed-footer" }, link(url, "Picture: " + url));
}

const units = ["bytes", "KB", "MB"];

function size(bytes) {
  let n = bytes, unit = 0;
  for (; n >= 1024 && unit < units.length - 1; unit++) n /= 1024;
  return `${unit ? n.toFixed(1) : n} ${units[unit]}`;
}

function attachment(a) {
  if (a.content_type?.startsWith("image/")) return picture(a.url, a.description || a.filename);
  return el("div", { class: "file" }, el("span", { class: "file-icon", "aria-hidden": "true" }),
    el("div", {}, el("a", { href: a.url, download: a.filename }, a.filename), el("div", { class: "subtext" }, size(a.size))));
}

// Component types, as in Discord's API.
const draw = {
  1: (c, at) => el("div", { class: "row" }, c.components.map((x) => component(x, at))),
  2: button,
  3: menu,
  5: (c, at) => menu({ ...c, options: at.page.users().map((u) => ({ label: nameOf(u), value: u.id })) }, at),
  8: (c, at) => menu({ ...c, options: at.page.channels().map((x) => ({ label: "#" + x.name, value: x.id })) }, at),
  9: (c, at) => el("div", { class: "section" }, el("div", {}, c.components.map((x) => component(x, at))), c.accessory && component(c.accessory, at)),
  10: (c, at) => el("div", { class: "content" }, markdown(c.content, at.names)),
  11: (c) => picture(c.media.url, c.description),
  12: (c) => el("div", { class: "gallery" }, c.items.map((i) => picture(i.media.url, i.description))),
  13: (c) => el("div", { class: "file" }, el("span", { class: "file-icon", "aria-hidden": "true" }), link(c.file.url, c.file.url.split("/").pop())),
  14: (c) => el("hr", { class: (c.divider ? "" : "blank") + (c.spacing === 2 ? " wide" : "") }),
  17: (c, at) => {
    const box = el("div", { class: "embed container" }, c.components.map((x) => component(x, at)));
    if (c.accent_color) box.style.setProperty("--bar", colour(c.accent_color));
    return box;
  },
};

function component(c, at) {
  return draw[c.type]?.(c, at) ?? el("p", { class: "subtext" }, `(a component of type ${Number(c.type)})`);
}

const styles = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };

function button(b, { message, page }) {
  const label = [b.emoji?.name && el("span", { class: "emoji" }, b.emoji.id ? `:${b.emoji.name}:` : b.emoji.name), b.label && el("span", {}, b.label)];
  if (b.style === 5) {
    const a = link(b.url, ...label.filter(Boolean), el("span", { class: "out", "aria-hidden": "true" }, "↗"));
    a.classList.add("button", "link");
    return a;
  }
  return el("button", { type: "button", class: "button " + (styles[b.style] || "secondary"), disabled: b.disabled, "data-custom-id": b.custom_id,
    onclick: (event) => page.use(message, b.custom_id, [], event.currentTarget) }, label);
}

function menu(m, { message, page }) {
  const many = m.max_values > 1;
  const box = el("select", { "data-custom-id": m.custom_id, disabled: m.disabled, multiple: many, "aria-label": m.placeholder || "Choose" },
    !many && el("option", { value: "", selected: !m.options.some((o) => o.default) }, m.placeholder || "Choose one"),
    m.options.map((o) => el("option", { value: o.value, selected: o.default }, o.description ? `${o.label} — ${o.description}` : o.label)));
  const chosen = () => [...box.selectedOptions].map((o) => o.value).filter(Boolean);
  if (!many) box.addEventListener("change", () => chosen().length && page.use(message, m.custom_id, chosen(), box));
  return el("div", { class: "menu" }, box,
    many && el("button", { type: "button", class: "button secondary", onclick: () => page.use(message, m.custom_id, chosen(), box) }, "Confirm"));
}
