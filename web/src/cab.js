// The operator's pages: reports that wait on the phone until the server has them, cards, problem, SOS, maps.
import { drawCards, openFirst, wireCards } from "./lib/cab/cards.js";
import { drawLine } from "./lib/cab/line.js";
import { wireMaps } from "./lib/cab/maps.js";
import { wireProblem } from "./lib/cab/problem.js";
import { forgetOld } from "./lib/cab/queue.js";
import { askAgain, refreshCards } from "./lib/cab/refresh.js";
import { flush, onChange, wireSender } from "./lib/cab/sender.js";
import { wireSos } from "./lib/cab/sos.js";
import { keepPages } from "./lib/cab/worker.js";

function canKeep() {
  try {
    localStorage.setItem("nongshi.try", "1");
    localStorage.removeItem("nongshi.try");
    return true;
  } catch {
    return false;
  }
}

if (document.querySelector("[data-cab]") && !canKeep()) { // nothing is offered that would be lost
  document.body.dataset.store = "none";
  const box = document.querySelector("[data-line]");
  box.dataset.state = "bad";
  box.querySelector("[data-line-words]").textContent = window.nongshi.text("no_store");
  wireMaps();
  openFirst();
} else if (document.querySelector("[data-cab]")) {
  forgetOld();
  wireCards();
  wireProblem();
  wireSos();
  wireMaps();
  openFirst();
  drawCards();
  drawLine();
  onChange(({ sent }) => {
    drawCards();
    drawLine();
    if (sent) refreshCards();
  });
  wireSender();
  askAgain();
  keepPages();
  flush();
}
