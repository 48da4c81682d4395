// <time datetime="..." data-ago> reads "5 minutes ago" and stays true; without the script the server's words stand.
import { lang } from "./texts.js";

const STEPS = [["second", 60], ["minute", 60], ["hour", 24], ["day", 30], ["month", 12], ["year", Infinity]];
const AGAIN_MS = 30000;

export function ago(at) {
  let count = (at - Date.now()) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(count) < size) return new Intl.RelativeTimeFormat(lang() === "en" ? "en" : "zh-CN", { numeric: "auto" }).format(Math.round(count), unit);
    count /= size;
  }
  return "";
}

export function localTimes(root = document) {
  for (const shown of root.querySelectorAll("time[data-ago]")) {
    const at = Date.parse(shown.dateTime);
    if (!shown.title) shown.title = shown.textContent.trim();
    if (!Number.isNaN(at)) shown.textContent = ago(at);
  }
}
setInterval(() => localTimes(), AGAIN_MS);
