// The chat page: which server, channel and user it shows, and what happens.

import { get, listen, post, Problem } from "./api.js";
import { Composer } from "./composer.js";
import { el } from "./dom.js";
import { openModal } from "./modal.js";
import { avatar, nameOf, view } from "./message.js";
import { Wire } from "./wire.js";

const $ = (id) => document.getElementById(id);

const now = { state: null, guild: null, channel: null, user: null, commands: null, stop: null };
const waiting = new Map(); // interactions not answered yet: id -> { row } or { message, button }
const rows = new Set(); // what stands for a command until its answer comes
const early = new Map(); // answers that came before the reply to the request

const page = {
  names: {
    user: (id) => [...(now.state?.users ?? []), now.state.bot].filter((u) => u.id === id).map(nameOf)[0],
    channel: (id) => now.state.guilds.flatMap((g) => g.channels).find((c) => c.id === id)?.name,
  },
  commands: () => now.commands ?? [],
  ready: () => now.commands !== null,
  users: () => now.state.users,
  channels: () => now.guild.channels,
  complete: (command, options, focused, signal) =>
    post("app/autocomplete", now.user.id, { channel: now.channel.id, command, options, focused, locale: navigator.language }, signal),
  sendText: (content) => attempt(() => post("app/messages", now.user.id, { channel: now.channel.id, content })),
  sendCommand,
  use,
  dismiss: (message) => attempt(async () => {
    await post("app/dismiss", now.user.id, { channel: message.channel_id, message: message.id });
    $("text").focus();
  }),
  actions,
};

const composer = new Composer(page);
const wire = new Wire(() => get("app/transcripts", now.user.id));

// attempt runs a step and shows its error, if it has one to show.
async function attempt(step) {
  $("problem").hidden = true;
  try {
    return await step();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    $("problem").textContent = problem.message;
    $("problem").hidden = false;
  }
}

async function sendCommand(command, options, target, files = []) {
  const row = el("li", { class: "message pending" }, avatar(now.state.bot),
    el("div", { class: "head" }, el("span", { class: "author" }, nameOf(now.state.bot)), el("span", { class: "badge" }, "App")),
    el("div", { class: "body" }, el("div", { class: "thinking" }, "Sending command…")));
  $("log").append(row);
  rows.add(row);
  toEnd();
  const reply = await attempt(async () => post("app/command", now.user.id, { channel: now.channel.id, command, options, target, files: await files, locale: navigator.language }));
  if (!reply) return drop(row);
  expect(reply.id, { row });
}

function drop(row) {
  rows.delete(row);
  row.remove();
}

async function use(message, customID, values, button) {
  button?.setAttribute("aria-busy", "true");
  const reply = await attempt(() => post("app/component", now.user.id, { channel: message.channel_id, message: message.id, custom_id: customID, values }));
  if (!reply) return button?.removeAttribute("aria-busy");
  expect(reply.id, { message: message.id, button });
}

function expect(id, what) {
  waiting.set(id, what);
  if (early.has(id)) answered(early.get(id));
  early.delete(id);
}

// answered ends the waiting for an interaction.
function answered(event) {
  const what = waiting.get(event.id);
  if (!what) {
    early.set(event.id, event);
    if (early.size > 50) early.delete(early.keys().next().value);
    return;
  }
  waiting.delete(event.id);
  what.button?.removeAttribute("aria-busy");
  if (event.state === "failed" && what.row) {
    what.row.classList.replace("pending", "broken"); // stays in rows: a list read anew knows nothing of it
    what.row.querySelector(".body").replaceChildren(el("p", { class: "failed", role: "alert" }, "The application did not respond"));
    return;
  }
  if (what.row) drop(what.row);
  if (event.state === "failed") {
    const note = find(what.message)?.querySelector(".failed");
    if (note) Object.assign(note, { textContent: "This interaction failed", hidden: false });
  }
  if (event.state === "modal") {
    openModal(event.modal, $("text"), async (values) => {
      const reply = await attempt(() => post("app/modal", now.user.id, { interaction: event.id, values }));
      if (reply) expect(reply.id, { message: what.message });
      return Boolean(reply);
    });
  }
}

// actions are the commands that work on a message, in a small menu beside it.
function actions(message) {
  const usable = page.commands().filter((c) => c.type === 3);
  if (usable.length === 0 || message.flags & (1 << 7)) return null;
  const menu = el("div", { class: "actions-list" }, usable.map((c) =>
    el("button", { type: "button", onclick: () => { menu.parentElement.removeAttribute("open"); sendCommand(c.name, {}, message.id); } }, c.name)));
  return el("details", { class: "actions" }, el("summary", { "aria-label": `Apps for this message of ${nameOf(message.author)}` }, "⋯"), menu);
}

function find(id) {
  return $("log").querySelector(`[data-id="${CSS.escape(id)}"]`);
}

function showMessage(message) {
  if (message.channel_id !== now.channel.id) return;
  const old = find(message.id);
  const stay = old?.contains(document.activeElement) ? document.activeElement.dataset.customId ?? "" : null;
  const follow = following();
  const node = view(message, page);
  if (old) old.replaceWith(node);
  else $("log").insertBefore(node, $("log").querySelector(".pending"));
  if (stay !== null) {
    const same = stay && [...node.querySelectorAll("[data-custom-id]")].find((n) => n.dataset.customId === stay && !n.disabled);
    (same || node.querySelector(".row button:not(:disabled)") || node).focus({ preventScroll: true });
  }
  if (follow) {
    const show = () => reveal(node);
    show();
    for (const picture of node.querySelectorAll("img.picture")) picture.addEventListener("load", show, { once: true });
  }
}

const scroller = $("scroller");
let ended = true; // whether the newest message is in view
scroller.addEventListener("scroll", () => { ended = atEnd(); });
new ResizeObserver(() => ended && toEnd()).observe(scroller);
const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120;
const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };

let revealed = -1; // how far the page had scrolled by itself to a message's beginning
const following = () => atEnd() || Math.abs(scroller.scrollTop - revealed) < 2;

// reveal shows a message that came: the end of the conversation, or its own
// beginning if it is higher than the view.
function reveal(node) {
  toEnd();
  const over = scroller.getBoundingClientRect().top - node.getBoundingClientRect().top;
  if (over > 0) scroller.scrollTop -= over;
  revealed = over > 0 ? scroller.scrollTop : -1;
}

function happened(event) {
  if (event.type === "message" || event.type === "interaction") wire.changed();
  switch (event.type) {
    case "message": return showMessage(event.message);
    case "delete": return event.channel === now.channel.id && find(event.id)?.remove();
    case "interaction": return answered(event);
    case "commands": return loadCommands();
    case "bot": return showStatus(Boolean(event.online));
  }
}

function showStatus(online) {
  $("status").className = online ? "online" : "offline";
  $("status").textContent = online ? "Bot online" : "Bot offline";
}

async function loadCommands() {
  now.commands = (await attempt(() => get(`app/commands?guild=${now.guild.id}`, now.user.id))) ?? [];
  composer.refresh(`Message #${now.channel.name}`);
  drawExamples();
}

async function loadMessages() {
  const channel = now.channel.id;
  const list = await attempt(() => get(`app/messages?channel=${channel}`, now.user.id));
  if (!list || channel !== now.channel.id) return;
  $("log").replaceChildren(...list.map((m) => view(m, page)), ...rows);
  toEnd();
}

// look turns to a server, a channel and a user, and remembers them.
async function look(guild, channel, user) {
  const sameUser = user.id === now.user?.id;
  if (channel.id !== now.channel?.id || !sameUser) {
    waiting.clear();
    rows.clear();
    $("log").replaceChildren();
  }
  Object.assign(now, { guild, channel, user });
  wire.changed();
  sessionStorage.setItem("place", JSON.stringify([guild.id, channel.id, user.id]));
  drawPlaces();
  if (!sameUser || !now.stop) {
    now.stop?.();
    now.commands = null; // another user's
    now.stop = listen(user.id, refresh, happened, () => showStatus(false));
  } else {
    await refresh();
  }
}

// refresh reads everything anew; commands first, since messages show some, and
// the bot's state last: who sees it online can use it.
async function refresh() {
  await loadCommands();
  await loadMessages();
  const state = await attempt(() => get("app/state", now.user.id));
  if (state) showStatus(state.online);
}

function drawPlaces() {
  const { guild, channel, user, state } = now;
  document.title = `#${channel.name} · ${guild.name} · ${nameOf(state.bot)} sandbox`;
  $("guild-name").textContent = guild.name;
  $("channel-name").textContent = channel.name;
  $("topic").textContent = channel.topic;
  $("rail").replaceChildren(...state.guilds.map((g) => el("button", { type: "button", class: "guild", title: g.name, "aria-label": g.name,
    "data-initials": g.name.split(/\s+/).map((w) => w[0]).join("").slice(0, 2),
    "aria-current": g.id === guild.id ? "true" : undefined, onclick: () => look(g, g.channels[0], user) })));
  $("channels").replaceChildren(...guild.channels.map((c) => el("li", {}, el("button", { type: "button", class: "channel",
    "aria-current": c.id === channel.id ? "page" : undefined, onclick: () => { drawer(false); look(guild, c, user); } }, c.name))));
  const people = state.users.map((u) => el("label", { class: "person" },
    el("input", { type: "radio", name: "user", value: u.id, checked: u.id === user.id, onchange: () => { drawer(false); look(now.guild, now.channel, u); } }),
    avatar(u), el("span", {}, el("b", {}, nameOf(u)), el("small", {}, u.id === state.moderator ? "Moderator" : "Member"))));
  if (!$("people").querySelector("label")) $("people").append(...people);
  drawHero();
}

function drawHero() {
  const bot = nameOf(now.state.bot);
  $("hero").replaceChildren(
    el("div", { class: "hero-mark", "aria-hidden": "true" }, "“"),
    el("h2", {}, `Welcome to #${now.channel.name}`),
    el("p", {}, el("b", {}, bot), " is here, running as it would in a real server. Type ", el("kbd", {}, "/"),
      " to see what it can do, or try one of the examples below. Nothing leaves this machine."));
}

function drawExamples() {
  const usable = (now.state.examples ?? []).filter((e) => page.commands().some((c) => c.name === e.command.split(" ")[0]));
  $("examples").replaceChildren(...usable.map((e) => el("button", { type: "button", class: "example", title: "/" + e.command,
    onclick: () => sendCommand(e.command, e.options ?? {}) }, e.label)));
  $("examples").hidden = usable.length === 0;
}

function drawer(open) {
  $("app").classList.toggle("open", open);
  $("menu").setAttribute("aria-expanded", String(open));
  if (open) $("rail").querySelector("button")?.focus();
}

$("menu").addEventListener("click", () => drawer(!$("app").classList.contains("open")));
$("scrim").addEventListener("click", () => drawer(false));
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, dialog");
  if (event.key === "Escape" && $("app").classList.contains("open")) {
    drawer(false);
    $("menu").focus();
  } else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    $("text").value = "/";
    $("text").focus();
  }
});

async function begin() {
  now.state = await attempt(() => get("app/state"));
  if (!now.state) return;
  const remembered = JSON.parse(sessionStorage.getItem("place") ?? "[]");
  const { guilds, users } = now.state;
  const guild = guilds.find((g) => g.id === remembered[0]) ?? guilds[0];
  const channel = guild.channels.find((c) => c.id === remembered[1]) ?? guild.channels[0];
  const user = users.find((u) => u.id === remembered[2]) ?? users[0];
  await look(guild, channel, user);
  if (matchMedia("(min-width: 761px)").matches) $("text").focus();
}

begin();
