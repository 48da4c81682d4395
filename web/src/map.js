// Maps: nongshi.createMap(element, {...}), and <div class="map" data-map data-src="/x.geojson"> without a script.
import { createMap } from "./lib/map.js";
import { fromGcj02, toGcj02 } from "./lib/gcj02.js";

Object.assign((window.nongshi = window.nongshi || {}), { createMap, toGcj02, fromGcj02 });

function start(root) {
  for (const element of root.querySelectorAll("[data-map]:not([data-ready])")) {
    element.dataset.ready = "1";
    const map = createMap(element, {});
    if (element.dataset.src) map.load("data", element.dataset.src).then(() => map.fit("data"));
    const block = element.dataset.geojson && document.getElementById(element.dataset.geojson);
    if (block) { map.setData("data", JSON.parse(block.textContent)); map.fit("data"); }
    element.nongshiMap = map;
  }
}
window.nongshi.onLoad ? window.nongshi.onLoad(start) : document.addEventListener("DOMContentLoaded", () => start(document));
