// What the page says about itself, and its clock: words of the field's place, never of the browser's zone.
const said = () => document.querySelector("[data-cab]").dataset;
export const person = () => said().person;
export const address = (name) => said()[name];

const part = (date, options) => new Intl.DateTimeFormat("en-GB", { timeZone: said().zone, ...options }).format(date);
export const clock = (at) => part(new Date(at), { hour: "2-digit", minute: "2-digit", hour12: false });
export function day(at = Date.now()) {
  const { year, month, day: date } = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", { timeZone: said().zone, year: "numeric", month: "2-digit", day: "2-digit" })
      .formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  return `${year}-${month}-${date}`;
}

export function uuid() {
  if (window.crypto?.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // pages without TLS have no randomUUID
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
