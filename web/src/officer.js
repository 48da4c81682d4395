// The officer's map: jobs as dots, coloured by how they stand at the end of the day that the slider names.
import { Machines, addMachines, nowWords } from "./lib/machines.js";
import { jobStyle } from "./lib/season-jobs.js";

window.nongshi.onLoad((root) => {
  const element = root.querySelector("#season-map:not([data-ready])");
  if (!element) return;
  element.dataset.ready = "1";
  const slider = document.getElementById("season-day");
  const output = document.getElementById("season-date");
  const first = slider.dataset.first.split("-").map(Number);
  let day = Number(slider.value);

  const map = window.nongshi.createMap(element, {
    onHover(feature) { element.title = feature ? words(feature.properties) : ""; },
    onClick(feature) { if (feature) window.nongshi.toast(words(feature.properties), ""); },
  });
  const style = jobStyle(() => day);
  const machines = new Machines().listen();
  addMachines(map, machines);
  machines.on(() => { document.getElementById("season-now").textContent = nowWords(machines); });
  map.addLayer("jobs", { style });
  map.load("jobs", element.dataset.src).then(() => map.fit("jobs", { padding: 30 }));

  function show() {
    day = Number(slider.value);
    const at = new Date(Date.UTC(first[0], first[1] - 1, first[2] + day));
    output.textContent = `${at.getUTCMonth() + 1}-${String(at.getUTCDate()).padStart(2, "0")}`;
    map.restyle("jobs", style);
  }
  slider.addEventListener("input", show);
  show();
});

function words(p) {
  if (p.machine) return p.name;
  return [p.ref, p.town, p.work, p.area, p.why].filter(Boolean).join(" · ");
}
