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

if (document.querySelector("[data-cab]")) {
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
