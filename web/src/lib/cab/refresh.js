// Cards fetched anew: after something was sent, and when the page is looked at again after a while.
import { drawCards, openFirst } from "./cards.js";
import { drawLine } from "./line.js";
import { address } from "./place.js";
import { keepPages } from "./worker.js";

const OLD_MS = 120000;
let asking = false;

export async function refreshCards() {
  const box = document.getElementById("cards");
  if (!box || asking || document.querySelector("dialog[open]")) return;
  asking = true;
  try {
    const answer = await fetch(address("cards"), { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) return;
    const html = await answer.text();
    if (document.querySelector("dialog[open]")) return;
    const open = [...box.querySelectorAll("details[open]")].map((card) => card.id);
    box.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    drawCards();
    const still = open.map((id) => document.getElementById(id)).filter(Boolean);
    for (const card of still) card.open = true;
    if (!still.length) openFirst();
    drawLine();
    keepPages("home");
  } catch { /* no connection: the cards stay as they are */ } finally {
    asking = false;
  }
}

export function askAgain() {
  document.addEventListener("visibilitychange", () => {
    const made = document.querySelector("[data-made]")?.dataset.made;
    if (!document.hidden && made && Date.now() - Date.parse(made) > OLD_MS) refreshCards();
  });
}
