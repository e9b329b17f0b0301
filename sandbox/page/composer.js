// The message box: plain text, or a command with its options.
//
// Typing / lists the commands that this user may use; choosing one turns the
// box into the command's name and one field for each option. Suggestions of
// either kind show in one list above the box, driven by the arrow keys.

import { Problem } from "./api.js";
import { el } from "./dom.js";

const STRING = 3, INTEGER = 4, BOOLEAN = 5, USER = 6, CHANNEL = 7, MENTIONABLE = 9, NUMBER = 10, ATTACHMENT = 11;
const debounce = 160; // milliseconds without a key before the bot is asked

export class Composer {
  // page gives: commands(), ready() (whether they are known yet), users(), channels(), complete(command, options,
  // focused, signal), sendText(text), sendCommand(command, options, target, files).
  constructor(page) {
    this.page = page;
    const find = (id) => document.getElementById(id);
    this.form = find("composer");
    this.text = find("text");
    this.box = find("command");
    this.popup = find("popup");
    this.hint = find("hint");
    this.command = null; // { path, description, options } while one is being filled in
    this.items = [];
    this.active = -1;
    this.owner = this.text; // the field that the list belongs to
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.keyed(event));
    this.text.addEventListener("blur", () => this.hide());
    this.text.addEventListener("focus", () => this.typed());
    this.popup.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the field
    this.tell("");
  }

  // refresh is called when the commands, the channel or the user changed.
  refresh(placeholder) {
    this.text.placeholder = placeholder;
    if (this.command && !this.entries().some((e) => e.path === this.command.path)) this.cancel();
    if (document.activeElement === this.text) this.typed();
  }

  // entries are the slash commands, a subcommand being one of its own.
  entries() {
    const out = [];
    const walk = (path, description, options) => {
      const subs = (options || []).filter((o) => o.type < STRING);
      if (subs.length === 0) out.push({ path, description, options: options || [] });
      for (const s of subs) walk(`${path} ${s.name}`, s.description, s.options);
    };
    for (const c of this.page.commands()) if (c.type === 1) walk(c.name, c.description, c.options);
    return out.sort((a, b) => a.path.localeCompare(b.path));
  }

  typed() {
    this.text.style.height = "auto";
    this.text.style.height = Math.min(this.text.scrollHeight, 160) + "px";
    const text = this.text.value;
    if (!text.startsWith("/") || text.includes("\n")) return this.hide();
    const wanted = text.slice(1).toLowerCase();
    const exact = this.entries().find((e) => wanted.startsWith(e.path + " "));
    if (exact && !this.entries().some((e) => e.path.startsWith(wanted))) return this.choose(exact, wanted.slice(exact.path.length).trim() && text.slice(exact.path.length + 2));
    const hits = this.entries().filter((e) => e.path.startsWith(wanted));
    const more = this.entries().filter((e) => !e.path.startsWith(wanted) && e.path.includes(wanted));
    this.show(this.text, [...hits, ...more].map((e) => ({
      title: "/" + e.path,
      aside: e.options.map((o) => o.name).join("  "),
      note: e.description,
      pick: () => this.choose(e),
    })), 0, this.page.ready() ? "No command of that name is open to you here" : "The commands are still loading");
  }

  // choose begins a command; rest is text typed after its name already.
  choose(entry, rest = "") {
    this.hide();
    this.command = { ...entry, fields: new Map() };
    this.text.value = "";
    this.text.hidden = true;
    this.box.hidden = false;
    this.box.replaceChildren(el("span", { class: "command-name", tabindex: "0", role: "group", "aria-label": `Command /${entry.path}, Enter sends it`,
      onkeydown: (event) => this.keyedOnName(event) }, "/" + entry.path),
      el("span", { class: "fields-of-command" }), el("span", { class: "more-options" }),
      el("button", { type: "button", class: "icon cancel", "aria-label": "Leave the command", onclick: () => this.cancel() }, "×"));
    for (const o of entry.options) if (o.required) this.addField(o);
    if (this.command.fields.size === 0 && entry.options.length > 0) this.addField(entry.options[0]); // so that one can type on
    this.offerMore();
    this.tell(entry.description);
    const first = [...this.command.fields.values()][0];
    if (first && rest) first.input.value = rest;
    (first?.input ?? this.box.querySelector(".command-name")).focus();
  }

  // fill begins a command with values for its options.
  fill(path, values) {
    const entry = this.entries().find((e) => e.path === path);
    if (!entry) return false;
    this.choose(entry);
    for (const o of entry.options) {
      if (values[o.name] === undefined) continue;
      if (!this.command.fields.has(o.name)) this.addField(o);
      const field = this.command.fields.get(o.name);
      field.input.value = values[o.name];
      this.fit(field.input);
    }
    this.offerMore();
    this.hide();
    return true;
  }

  cancel(text = "") {
    this.hide();
    this.command = null;
    this.box.hidden = true;
    this.box.replaceChildren();
    this.text.hidden = false;
    this.text.value = text;
    this.tell("");
    this.text.focus();
    this.typed();
  }

  addField(option) {
    const id = "option-" + option.name;
    const numeric = option.type === INTEGER || option.type === NUMBER;
    const kind = option.type === ATTACHMENT ? { type: "file" }
      : { type: "text", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "popup" };
    const input = el("input", { id, ...kind, "aria-describedby": "hint", inputmode: numeric ? "decimal" : undefined, maxlength: option.max_length || undefined,
      "aria-required": option.required ? "true" : undefined, enterkeyhint: "send" });
    const field = { option, input, value: null };
    const label = el("label", { class: "option" + (option.required ? " required" : ""), for: id }, el("span", {}, option.name), input);
    input.addEventListener("focus", () => { this.tellOption(field); this.suggest(field); });
    input.addEventListener("blur", () => this.hide());
    input.addEventListener("input", () => { field.value = null; label.classList.remove("wrong"); this.fit(input); this.suggest(field); });
    input.addEventListener("keydown", (event) => this.keyedInField(event, field));
    field.label = label;
    this.command.fields.set(option.name, field);
    this.box.querySelector(".fields-of-command").append(label);
    this.fit(input);
    return field;
  }

  // fit makes a field as wide as its text.
  fit(input) {
    if (input.type === "file") return;
    input.style.width = Math.min(Math.max(input.value.length + 2, 8), 60) + "ch";
  }

  offerMore() {
    const free = this.command.options.filter((o) => !this.command.fields.has(o.name));
    this.box.querySelector(".more-options").replaceChildren(...free.map((o) =>
      el("button", { type: "button", class: "add-option", title: o.description, onclick: () => { this.addField(o).input.focus(); this.offerMore(); } }, "+ " + o.name)));
  }

  removeField(field) {
    this.command.fields.delete(field.option.name);
    field.label.remove();
    this.offerMore();
    const rest = [...this.command.fields.values()];
    if (rest.length) rest[rest.length - 1].input.focus();
    else this.cancel("/" + this.command.path);
  }

  tellOption({ option }) {
    this.tell(el("b", {}, option.name), ` ${option.description} `, el("i", {}, option.required ? "required" : "optional"));
  }

  tell(...parts) {
    this.hint.replaceChildren(...(parts[0] === "" ? ["Type ", el("kbd", {}, "/"), " for commands"] : parts));
  }

  // suggest lists the values that an option may take.
  suggest(field) {
    const { option, input } = field;
    const typed = input.value.trim().toLowerCase();
    const offer = (choices, first) => this.show(input, choices.map((c) => ({ title: String(c.name), pick: () => this.take(field, c) })), first);
    const fixed = option.choices?.length ? option.choices
      : option.type === BOOLEAN ? [{ name: "True", value: "true" }, { name: "False", value: "false" }]
      : option.type === USER || option.type === MENTIONABLE ? this.page.users().map((u) => ({ name: "@" + (u.global_name || u.username), value: u.id }))
      : option.type === CHANNEL ? this.page.channels().map((c) => ({ name: "#" + c.name, value: c.id }))
      : null;
    if (fixed) return offer(fixed.filter((c) => field.value !== null || c.name.toLowerCase().includes(typed)), 0);
    if (!option.autocomplete) return this.hide();
    clearTimeout(this.timer);
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    this.timer = setTimeout(async () => {
      try {
        const choices = await this.page.complete(this.command.path, this.values(true), option.name, asking.signal);
        if (!asking.signal.aborted && document.activeElement === input) offer(choices, -1);
      } catch (problem) {
        if (!asking.signal.aborted) this.show(input, [], -1, "Suggestions could not be loaded");
      }
    }, debounce);
  }

  take(field, choice) {
    field.value = String(choice.value);
    field.input.value = choice.name;
    field.label.classList.remove("wrong");
    this.fit(field.input);
    this.hide();
    const missing = [...this.command.fields.values()].find((f) => !f.input.value && f.option.required);
    (missing?.input ?? field.input).focus();
    if (!missing) this.hide();
  }

  // values are the options as filled in; a chosen suggestion stands for its value.
  values(unfinished = false) {
    const out = {};
    for (const [name, field] of this.command.fields) {
      if (field.option.type === ATTACHMENT) continue;
      const value = field.value ?? field.input.value.trim();
      if (value !== "" || (unfinished && field.input === document.activeElement)) out[name] = this.fixedValue(field, value);
    }
    return out;
  }

  // files are what was chosen for the options that take a file, once read.
  files() {
    const chosen = [...this.command.fields.values()].filter((f) => f.option.type === ATTACHMENT && f.input.files.length > 0);
    return Promise.all(chosen.map(({ option, input }) => encoded(option.name, input.files[0])));
  }

  // fixedValue turns the name of a choice that was typed in full into its value.
  fixedValue({ option, value }, typed) {
    if (value !== null) return value;
    const hit = option.choices?.find((c) => c.name.toLowerCase() === typed.toLowerCase());
    if (hit) return String(hit.value);
    return option.type === BOOLEAN ? typed.toLowerCase() : typed;
  }

  keyed(event) {
    if (this.listKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    }
  }

  keyedOnName(event) {
    const does = { Enter: () => this.submit(), Escape: () => this.cancel(), Backspace: () => this.cancel("/" + this.command.path) }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  }

  keyedInField(event, field) {
    if (this.listKey(event)) return;
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.cancel();
    } else if (event.key === "Backspace" && field.input.value === "") {
      event.preventDefault();
      if (field.option.required) this.cancel("/" + this.command.path);
      else this.removeField(field);
    }
  }

  // listKey handles the keys of the list while it shows.
  listKey(event) {
    if (this.popup.hidden || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.items.length) {
      const n = this.items.length;
      this.activate(this.active < 0 && step < 0 ? n - 1 : (this.active + step + n) % n);
    } else if ((event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) && this.active >= 0) {
      this.items[this.active].pick();
    } else if (event.key === "Escape") {
      this.hide();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  show(owner, items, active, empty) {
    this.hide();
    if (items.length === 0 && !empty) return;
    this.owner = owner;
    this.items = items;
    this.popup.replaceChildren(...items.map((item, i) =>
      el("div", { class: "item", role: "option", id: "item-" + i, onclick: () => item.pick(), onmousemove: () => this.active !== i && this.activate(i, false) },
        el("div", {}, el("b", {}, item.title), item.aside && el("span", { class: "aside" }, item.aside)),
        item.note && el("div", { class: "note" }, item.note))));
    if (items.length === 0) this.popup.append(el("div", { class: "note empty", role: "option", "aria-disabled": "true" }, empty));
    this.popup.hidden = false;
    owner.setAttribute("aria-expanded", "true");
    if (items.length > 0 && active >= 0) this.activate(active);
  }

  activate(i, scroll = true) {
    this.popup.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = i;
    const node = this.popup.children[i];
    node?.setAttribute("aria-selected", "true");
    this.owner.setAttribute("aria-activedescendant", "item-" + i);
    if (scroll) node?.scrollIntoView({ block: "nearest" });
  }

  hide() {
    clearTimeout(this.timer);
    this.popup.hidden = true;
    this.items = [];
    this.active = -1;
    this.owner.setAttribute("aria-expanded", "false");
    this.owner.removeAttribute("aria-activedescendant");
  }

  submit() {
    this.hide();
    if (!this.command) {
      const text = this.text.value.trim();
      if (text.startsWith("/") && this.entries().some((e) => e.path === text.slice(1))) {
        return this.choose(this.entries().find((e) => e.path === text.slice(1)));
      }
      if (!text || (text.startsWith("/") && !this.page.ready())) return; // a command is no message, however early it is typed
      this.text.value = "";
      this.typed();
      return this.page.sendText(text);
    }
    const missing = [...this.command.fields.values()].find((f) => f.option.required && f.input.value.trim() === "");
    if (missing) {
      missing.label.classList.add("wrong");
      missing.input.focus();
      return;
    }
    const { path } = this.command;
    const values = this.values();
    const files = this.files(); // begun before the fields go
    this.cancel();
    this.page.sendCommand(path, values, undefined, files);
  }
}

// encoded reads a file that goes with a command.
function encoded(option, file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ option, name: file.name, type: file.type || "application/octet-stream", data: reader.result.split(",")[1] });
    reader.onerror = () => reject(new Problem(`${file.name} could not be read.`));
    reader.readAsDataURL(file);
  });
}
