// The part of Markdown that Discord shows in messages, as DOM nodes.

import { el, link, safeURL } from "./dom.js";

const maxDepth = 12;

// markdown renders a whole text: blocks and what stands in their lines.
// names resolves mentions: { user(id), channel(id), everyone }.
export function markdown(text, names = {}) {
  const out = document.createDocumentFragment();
  const fence = /```(?:([\w+#-]*)\n)?([\s\S]*?)```/g;
  let from = 0;
  for (const m of String(text).matchAll(fence)) {
    if (!m[2].trim()) continue;
    blocks(text.slice(from, m.index).replace(/\n$/, ""), names, out, 0);
    out.append(el("pre", {}, el("code", {}, m[2].replace(/^\n|\n$/g, ""))));
    from = m.index + m[0].length;
  }
  blocks(String(text).slice(from).replace(from ? /^\n/ : /(?!)/, ""), names, out, 0);
  return out;
}

// line renders a text that has no blocks, such as a title.
export function line(text, names = {}) {
  const out = document.createDocumentFragment();
  out.append(...inline(String(text), names, 0));
  return out;
}

function blocks(text, names, out, depth) {
  if (text === "") return;
  const lines = text.split("\n");
  let plain = [];
  const flush = () => {
    if (plain.length) out.append(el("div", { class: "p" }, inline(plain.join("\n"), names, depth)));
    plain = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const all = lines[i].match(/^>>> ?([\s\S]*)$/);
    let m;
    if (all && depth === 0) {
      flush();
      out.append(quoted([all[1], ...lines.slice(i + 1)], names, depth));
      return;
    } else if (/^> /.test(lines[i]) && depth === 0) {
      flush();
      const inside = [];
      for (; i < lines.length && /^>( |$)/.test(lines[i]); i++) inside.push(lines[i].replace(/^> ?/, ""));
      i--;
      out.append(quoted(inside, names, depth));
    } else if ((m = lines[i].match(/^(#{1,3})\s+(.+)$/))) {
      flush();
      out.append(el("div", { class: "h h" + m[1].length, role: "heading", "aria-level": m[1].length + 2 }, inline(m[2], names, depth)));
    } else if ((m = lines[i].match(/^-#\s+(.+)$/))) {
      flush();
      out.append(el("div", { class: "subtext" }, inline(m[1], names, depth)));
    } else if (/^\s*([-*]|\d{1,3}\.)\s+\S/.test(lines[i])) {
      flush();
      const inside = [];
      for (; i < lines.length && /^\s*([-*]|\d{1,3}\.)\s+\S/.test(lines[i]) && !/^-#/.test(lines[i]); i++) inside.push(lines[i]);
      i--;
      out.append(list(inside, names, depth));
    } else {
      plain.push(lines[i]);
    }
  }
  flush();
}

function quoted(lines, names, depth) {
  const quote = el("blockquote");
  blocks(lines.join("\n"), names, quote, depth + 1);
  return quote;
}

function list(lines, names, depth) {
  const number = lines[0].match(/^\s*(\d{1,3})\./);
  const top = el(number ? "ol" : "ul", number ? { start: number[1] } : {});
  for (const l of lines) {
    const m = l.match(/^(\s*)(?:[-*]|\d{1,3}\.)\s+(.*)$/);
    const item = el("li", {}, inline(m[2], names, depth));
    const last = top.lastElementChild;
    if (m[1].length > 0 && last) {
      const sub = last.querySelector("ul") || last.appendChild(el("ul"));
      sub.append(item);
    } else {
      top.append(item);
    }
  }
  return top;
}

// Each rule: where it may begin, its pattern, and what it becomes. Patterns
// have no two ways to match one text, so a hostile one costs little.
const body = "((?:\\\\[\\s\\S]|[^\\\\])+?)";
const rules = [
  ["\\", /\\([^A-Za-z0-9\s])/y, (m) => m[1]],
  ["`", { exec: code }, (m) => (m[1] === null ? m[0] : el("code", {}, m[1].replace(/^ (?=.*\S)| $/g, "")))],
  ["*", /\*\*\*(?!\*)((?:\\[\s\S]|[^\\*])+?)\*\*\*(?!\*)/y, (m, go) => el("em", {}, el("strong", {}, go(m[1])))],
  ["*", new RegExp(`\\*\\*${body}\\*\\*(?!\\*)`, "y"), (m, go) => el("strong", {}, go(m[1]))],
  ["*", /\*(?=\S)((?:\*\*|\\[\s\S]|[^*\\])+?)\*(?!\*)/y, (m, go) => el("em", {}, go(m[1]))],
  ["_", new RegExp(`__${body}__(?!_)`, "y"), (m, go) => el("u", {}, go(m[1]))],
  ["_", /_((?:__|\\[\s\S]|[^_\\])+?)_(?![A-Za-z0-9_])/y, (m, go) => el("em", {}, go(m[1]))],
  ["~", new RegExp(`~~${body}~~(?!~)`, "y"), (m, go) => el("s", {}, go(m[1]))],
  ["|", new RegExp(`\\|\\|${body}\\|\\|`, "y"), (m, go) => spoiler(go(m[1]))],
  ["[", /\[((?:\\[\s\S]|[^\[\]\\])+)\]\(<?(https?:\/\/[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"[^"\n]*")?\)/y,
    (m, go) => (safeURL(m[2]) ? link(m[2], ...go(m[1])) : m[0])],
  ["<", /<(https?:\/\/[^\s<>]+)>/y, (m) => link(m[1], m[1])],
  ["<", /<@!?(\d{15,20})>/y, (m, _, names) => mention("@" + (names.user?.(m[1]) ?? "unknown user"))],
  ["<", /<#(\d{15,20})>/y, (m, _, names) => mention("#" + (names.channel?.(m[1]) ?? "unknown"))],
  ["<", /<\/([^:<>\n]{1,70}):\d{15,20}>/y, (m) => mention("/" + m[1])],
  ["<", /<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, (m) => time(Number(m[1]), m[2])],
  ["h", /https?:\/\/[^\s<>()"'|\]]*[^\s<>()"'|\].,:;!?*_~]/y, (m) => link(m[0], m[0])],
  ["@", /@(everyone|here)\b/y, (m, _, names) => (names.everyone ? mention(m[0]) : m[0])],
];
// code finds code between two runs of as many backticks; a run without its
// like is text. A pattern with a back reference would try every length of it.
function code(text) {
  const run = /`+/y;
  run.lastIndex = this.lastIndex;
  const open = run.exec(text)[0];
  const runs = /`+/g;
  runs.lastIndex = run.lastIndex;
  for (let m; (m = runs.exec(text)); ) {
    if (m[0].length === open.length) return [text.slice(this.lastIndex, runs.lastIndex), text.slice(run.lastIndex, m.index)];
  }
  return [open, null];
}

const begins = /[\\`*_~|[<h@]/g;

function inline(text, names, depth) {
  if (depth > maxDepth) return [text];
  const out = [];
  let plain = "";
  const go = (inner) => inline(inner, names, depth + 1);
  for (let i = 0; i < text.length; ) {
    begins.lastIndex = i;
    const next = begins.exec(text);
    const at = next ? next.index : text.length;
    plain += text.slice(i, at);
    i = at;
    if (i >= text.length) break;
    let hit = null;
    for (const [first, pattern, make] of rules) {
      if (text[i] !== first) continue;
      pattern.lastIndex = i;
      const m = pattern.exec(text);
      if (m) {
        hit = [m[0].length, make(m, go, names)];
        break;
      }
    }
    if (!hit) {
      plain += text[i++];
      continue;
    }
    i += hit[0];
    if (typeof hit[1] === "string") {
      plain += hit[1];
      continue;
    }
    if (plain) out.push(plain);
    plain = "";
    out.push(hit[1]);
  }
  if (plain) out.push(plain);
  return out;
}

function mention(text) {
  return el("span", { class: "mention" }, text);
}

const spans = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function time(seconds, style) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "an unknown time";
  let text = date.toLocaleString();
  if (style === "R") {
    const from = seconds - Date.now() / 1000;
    const [unit, length] = spans.find(([, s]) => Math.abs(from) >= s) ?? ["second", 1];
    text = new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.trunc(from / length), unit);
  }
  return el("time", { datetime: date.toISOString(), title: date.toLocaleString() }, text);
}

function spoiler(children) {
  const node = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler, press to show" }, el("span", {}, children));
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    if (node.classList.contains("shown")) return;
    event.preventDefault();
    node.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
  };
  node.addEventListener("click", show);
  node.addEventListener("keydown", show);
  return node;
}
