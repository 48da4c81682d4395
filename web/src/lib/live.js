// One line to what happens (/feeds/live) for the whole page; whoever wants to hear adds itself. Browsers give a host six
// lines for all tabs together, so it is open only while the page is looked at, and not for who only passes through.
import { stream } from "./stream.js";

const AFTER_MS = 700;
const NAMES = ["ready", "event", "run", "reset", "unread", "machines"];
const listeners = new Set();
const topics = new Set();
let line = null;
let timer = 0;

function tell(name, data) {
  for (const on of listeners) on[name]?.(data);
}

function open() {
  const url = document.querySelector("meta[name=live]")?.content;
  if (!url) return;
  const last = line?.last() || "";
  line?.close();
  const query = [...topics].map((name) => `with=${encodeURIComponent(name)}`).join("&");
  line = stream(query ? `${url}?${query}` : url, Object.fromEntries(NAMES.map((name) => [name, (data) => tell(name, data)])), { whileSeen: true, last });
}

/** live({event: ..., machines: ...}, {topics: ["machines"]}) answers {close()}. */
export function live(on, { topics: wanted = [] } = {}) {
  listeners.add(on);
  const fresh = wanted.some((name) => !topics.has(name));
  for (const name of wanted) topics.add(name);
  if (!line || fresh) {
    clearTimeout(timer);
    timer = setTimeout(open, line ? 0 : AFTER_MS);
  }
  return { close: () => listeners.delete(on) };
}
