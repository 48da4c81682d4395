// Words and figures of the board in the reader's units: minutes since the plan's first midnight, fen, hectares.
const MU_PER_HA = 15;
const FEN = 100;
const words = {};
for (const block of document.querySelectorAll("script[data-texts]")) Object.assign(words, JSON.parse(block.textContent));

export const english = () => document.documentElement.lang.startsWith("en");
export const say = (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
const list = (key) => say(key).split(" ");

let days = [];
export const setDays = (rows) => { days = rows; };
const weekday = (d) => list("weekdays")[days[d]?.[1] ?? 0];
const dayOf = (minute) => Math.max(0, Math.min(days.length - 1, Math.floor(minute / 1440)));
const two = (n) => String(n).padStart(2, "0");

export function clock(minute) {
  const m = ((minute % 1440) + 1440) % 1440;
  return `${two(Math.floor(m / 60))}:${two(m % 60)}`;
}
export function dayWords(d) {
  const iso = days[d]?.[0] || "";
  const [, month, day] = iso.split("-").map(Number);
  return english() ? `${weekday(d)} ${day} ${list("months")[month - 1]}` : `${month}月${day}日 ${weekday(d)}`;
}
export function dayShort(d) {
  const [, month, day] = (days[d]?.[0] || "").split("-").map(Number);
  return `${month}-${two(day)}`;
}
export const weekdayShort = (d) => weekday(d);
export function when(minute) {
  const d = Math.floor(minute / 1440);
  if (d >= 0 && d < days.length) return `${dayShort(d)} ${weekday(d)} ${clock(minute)}`;
  const at = new Date(`${days[0][0]}T00:00:00Z`);
  at.setUTCMinutes(minute);
  return `${at.getUTCMonth() + 1}-${two(at.getUTCDate())} ${clock(minute)}`;
}
export const span = (a, b) => (dayOf(a) === dayOf(b) ? `${when(a)}–${clock(b)}` : `${when(a)} – ${when(b)}`);
export const grouped = (n) => Math.round(n).toLocaleString("en-US");
export const yuan = (fen) => `${grouped(fen / FEN)} ${say("yuan")}`;
/** A cost as the dispatcher reads it: minus is money lost. */
export function delta(value) {
  const sign = value > 0 ? "+" : value < 0 ? "−" : "±";
  return `${sign}${grouped(Math.abs(value))} ${say("yuan")}`;
}
export function area(ha) {
  const [size, digits, unit] = english() ? [ha, 2, "ha"] : [ha * MU_PER_HA, 1, "亩"];
  return size >= 1000 ? `${grouped(size)} ${unit}` : `${size.toFixed(digits)} ${unit}`;
}
export const iso = (minute) => `${days[dayOf(minute)][0]}T${clock(minute)}`;

/** What went wrong, in the reader's language: the server's own words are English. */
export function faultWords(fault) {
  const key = `fault_${String(fault.data?.type || "").split(":").pop()}`;
  return english() || !(key in words) ? fault.message : words[key];
}

/** An element: make("button", {class: "x", onclick}, "words", child) */
export function make(tag, given = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [rule, said] of Object.entries(value)) made.style.setProperty(rule, said);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}
const SVG = "http://www.w3.org/2000/svg";
export function icon(name) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("class", "icon");
  made.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  made.append(use);
  return made;
}
