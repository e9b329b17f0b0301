// A form that the bot opens.

import { el } from "./dom.js";

// openModal shows the form; send gets the values by custom id and says whether
// they were taken. Afterwards the focus is at back.
export function openModal(modal, back, send) {
  const dialog = document.getElementById("modal");
  // The browser gives the focus back to where it was, but not the caret.
  const close = () => { dialog.close(); document.activeElement.blur(); back.focus(); };
  const inputs = modal.components.flatMap((row) => row.components);
  const field = (c) => {
    const common = { id: "input-" + c.custom_id, name: c.custom_id, required: c.required !== false, minlength: c.min_length, maxlength: c.max_length ?? 4000, placeholder: c.placeholder };
    const box = c.style === 2 ? el("textarea", { ...common, rows: 4 }) : el("input", { ...common, type: "text" });
    box.value = c.value ?? "";
    return el("label", { for: common.id }, el("span", {}, c.label), box);
  };
  const form = el("form", { method: "dialog" },
    el("h2", { id: "modal-title" }, modal.title), inputs.map(field),
    el("div", { class: "row" },
      el("button", { type: "button", class: "button secondary", onclick: close }, "Cancel"),
      el("button", { type: "submit", class: "button primary" }, "Submit")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(inputs.map((c) => [c.custom_id, form.elements.namedItem(c.custom_id).value]));
    if (await send(values)) close();
  });
  dialog.replaceChildren(form);
  // Escape. (The event "close" would come late: somebody may be typing again.)
  dialog.oncancel = (event) => { event.preventDefault(); close(); };
  dialog.showModal();
}
