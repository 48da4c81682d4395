// A short message in the corner; errors stay until closed.
import { text } from "./texts.js";

const STAY_MS = 6000;

export function toast(words, kind = "") {
  let box = document.querySelector(".toasts");
  if (!box) {
    box = document.createElement("div");
    box.className = "toasts";
    box.setAttribute("role", "status");
    box.setAttribute("aria-live", "polite");
    document.body.append(box);
  }
  const item = document.createElement("div");
  item.className = `toast ${kind}`;
  const said = document.createElement("span");
  said.textContent = words;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = text("close");
  close.addEventListener("click", () => item.remove());
  item.append(said, close);
  box.append(item);
  if (kind !== "bad") setTimeout(() => item.remove(), STAY_MS);
  return item;
}
