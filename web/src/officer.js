// The officer's map: jobs as dots, coloured by how they stand at the end of the day that the slider names.
const COLORS = { done: "#2b8a57", planned: "#2463c9", late: "#b26a00", short: "#c42f2f", later: "#b9c2bc" };
const RADIUS_PX = 6;

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
  const style = { fill: (p) => COLORS[kindOf(p, day)], stroke: "#fff", width: 1, radius: RADIUS_PX };
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
  return [p.ref, p.town, p.work, p.area, p.why].filter(Boolean).join(" · ");
}

// Late: it ends after its due day, or is over due on that day and has no end.
function kindOf(p, day) {
  if (p.done && p.end !== null && p.end <= day) return "done";
  if (p.end === null) return p.why || p.due < day ? "short" : "later";
  if (p.end > p.due && p.due < day) return "late";
  return p.end <= day ? "planned" : "later";
}
