import { Machines, addMachines, nowWords } from "./lib/machines.js";
import { jobStyle } from "./lib/season-jobs.js";

// The wall says when what it shows is old: the page asks anew every 30 s, and nobody stands there to notice that it failed.
const OLD_S = 120;
const LOOK_MS = 5000;

function look() {
  const at = document.querySelector("#wall time");
  const note = document.getElementById("wall-old");
  if (!at || !note) return;
  const minutes = Math.floor((Date.now() - seen.at) / 60000);
  const old = Date.now() - seen.at > OLD_S * 1000;
  note.hidden = !old;
  if (old) note.querySelector("b").textContent = String(Math.max(1, minutes));
}

// The age is counted from when the answer came by this screen's clock: it may go wrong against the server's.
const seen = { stamp: "", at: Date.now() };
function came() {
  const at = document.querySelector("#wall time");
  if (at && at.dateTime !== seen.stamp) Object.assign(seen, { stamp: at.dateTime, at: Date.now() });
  look();
}
came();
document.body.addEventListener("htmx:afterSwap", came);
setInterval(look, LOOK_MS);

// Jobs and machines on a map; beside it the same in words.
function drawMap(element) {
  const machines = new Machines().listen();
  machines.on(() => { document.getElementById("wall-now").textContent = nowWords(machines); });
  const map = window.nongshi.createMap(element, { interactive: false });
  map.addLayer("jobs", { style: jobStyle(() => Number(element.dataset.day)) });
  const load = () => map.load("jobs", element.dataset.src);
  load().then(() => map.fit("jobs", { padding: 30 }), () => {});
  document.body.addEventListener("htmx:afterSwap", () => load().catch(() => {}));
  addMachines(map, machines);
}
const place = document.getElementById("wall-map");
if (place) drawMap(place);
