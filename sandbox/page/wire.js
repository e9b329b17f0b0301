// The panel for those who write bots: each interaction as the bot was sent it,
// and what the bot sent back.

import { el } from "./dom.js";

const kinds = { 2: "command", 3: "component", 4: "autocomplete", 5: "form" };
const $ = (id) => document.getElementById(id);

export class Wire {
  // load gives the transcripts, newest first.
  constructor(load) {
    this.load = load;
    $("wires").addEventListener("click", () => this.show($("wire").hidden));
    $("unwire").addEventListener("click", () => this.show(false));
    $("wire").addEventListener("keydown", (event) => event.key === "Escape" && this.show(false));
  }

  show(open) {
    $("wire").hidden = !open;
    $("wires").setAttribute("aria-expanded", String(open));
    if (open) {
      this.changed();
      $("transcripts").focus();
    } else {
      $("wires").focus();
    }
  }

  // changed is called when something may be new: soon afterwards it is shown.
  changed() {
    if ($("wire").hidden || this.timer) return;
    this.timer = setTimeout(async () => {
      this.timer = null;
      const open = new Set([...$("transcripts").querySelectorAll("details[open]")].map((d) => d.dataset.id));
      const list = await this.load();
      $("transcripts").replaceChildren(...(list.length ? list.map((t, i) => transcript(t, open.has(t.id) || (i === 0 && open.size === 0)))
        : [el("p", { class: "subtext" }, "Use a command or a button, and what the bot was sent and sent back is shown here.")]));
    }, 150);
  }
}

function transcript(t, open) {
  return el("details", { "data-id": t.id, open },
    el("summary", {}, el("b", {}, t.name ? "/" + t.name : kinds[t.kind]), el("span", { class: "subtext" }, ` ${kinds[t.kind]}, ${t.state || "no answer yet"}`)),
    block("INTERACTION_CREATE", t.event),
    t.sent.flatMap((s) => block(`${s.method} ${s.path} → ${s.status}, after ${s.after.toFixed(1)} ms${s.files ? `, with ${s.files.join(", ")}` : ""}`, s.body)));
}

function block(title, body) {
  return [el("h3", {}, title), body !== undefined && el("pre", { tabindex: "0" }, el("code", {}, JSON.stringify(body, null, 2)))];
}
