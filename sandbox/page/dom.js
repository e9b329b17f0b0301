// Making elements. Text only ever becomes text nodes: nothing that a message
// holds is parsed as HTML.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

// safeURL returns an address that may be linked to, or null.
export function safeURL(raw) {
  try {
    const url = new URL(raw);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

export function link(raw, ...children) {
  const href = safeURL(raw);
  if (!href) return el("span", {}, ...children);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer nofollow", title: href }, ...children);
}

// colour turns a number such as 0x3b7d5c into CSS.
export function colour(n) {
  return "#" + (Number(n) & 0xffffff).toString(16).padStart(6, "0");
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

export function when(date) {
  const today = day.format(new Date()) === day.format(date);
  return today ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`;
}
