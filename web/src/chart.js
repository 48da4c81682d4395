// Charts: nongshi.createChart(element, option, {label}), and <div class="chart" data-chart="ID of a JSON block">.
import { createChart } from "./lib/chart.js";

Object.assign((window.nongshi = window.nongshi || {}), { createChart });

function start(root) {
  for (const element of root.querySelectorAll("[data-chart]:not([data-ready])")) {
    element.dataset.ready = "1";
    const block = document.getElementById(element.dataset.chart);
    if (block) createChart(element, JSON.parse(block.textContent), { label: element.getAttribute("aria-label") });
  }
}
window.nongshi.onLoad ? window.nongshi.onLoad(start) : document.addEventListener("DOMContentLoaded", () => start(document));
