// Replay of an order's track: the field, the way driven so far, and the machine at the moment that the slider names.
const WORK = "#2b8a57", WAY = "#8a938d", FIELD = "#123f2d";
const STEPS = 1000, RUN_MS = 20_000; // the slider's moments; a replay lasts so long

window.nongshi.onLoad((root) => {
  const element = root.querySelector("#replay:not([data-ready])");
  if (!element) return;
  element.dataset.ready = "1";
  const slider = document.getElementById("moment");
  const clock = document.getElementById("clock");
  const play = document.getElementById("play");
  const map = window.nongshi.createMap(element, {});
  map.addLayer("field", { style: { fill: "rgba(18,63,45,.06)", stroke: FIELD, width: 2 } });
  map.addLayer("way", { style: (p) => ({ stroke: p.on ? WORK : WAY, width: p.on ? 3 : 1.5 }) });
  map.addLayer("machine", { zIndex: 5, style: { fill: "#fff", stroke: FIELD, width: 3, radius: 7 } });

  window.nongshi.fetchJson(element.dataset.src).then((said) => {
    let timer = 0;
    const fixes = said.fixes;
    const began = new Date(said.began).getTime();
    const last = fixes[fixes.length - 1][0] || 1;
    if (said.field) map.setData("field", collection([feature("field", said.field, {})]));
    show();
    map.fit(said.field ? "field" : "way", { padding: 30, maxZoom: 20 });
    slider.addEventListener("input", () => { stop(); show(); });
    play.addEventListener("click", () => (timer ? stop() : start()));

    function start() {
      if (Number(slider.value) >= STEPS) slider.value = 0;
      let before = performance.now();
      const step = (now) => {
        slider.value = Math.min(STEPS, Number(slider.value) + ((now - before) * STEPS) / RUN_MS);
        before = now;
        show();
        timer = Number(slider.value) < STEPS ? requestAnimationFrame(step) : 0;
      };
      timer = requestAnimationFrame(step);
    }
    function stop() {
      cancelAnimationFrame(timer);
      timer = 0;
    }
    function show() {
      const until = (Number(slider.value) / STEPS) * last;
      const done = fixes.filter((fix) => fix[0] <= until);
      const here = done[done.length - 1] || fixes[0];
      map.setData("way", collection(stretches(done)));
      map.setData("machine", collection([feature("machine", { type: "Point", coordinates: [here[1], here[2]] }, {})]));
      clock.textContent = new Date(began + here[0] * 1000).toLocaleTimeString("sv-SE", { timeZone: "Asia/Shanghai" });
    }
  });
});

// Lines of one kind each, at work or not, each begun where the one before ended.
function stretches(fixes) {
  const found = [];
  for (let i = 1; i < fixes.length; i += 1) {
    const on = fixes[i][3];
    const at = [fixes[i][1], fixes[i][2]];
    const line = found[found.length - 1];
    if (line && line.on === on) line.at.push(at);
    else found.push({ on, at: [[fixes[i - 1][1], fixes[i - 1][2]], at] });
  }
  return found.map((one, i) => feature(`way-${i}`, { type: "LineString", coordinates: one.at }, { on: one.on }));
}

function feature(id, geometry, properties) {
  return { type: "Feature", id, geometry, properties };
}

function collection(features) {
  return { type: "FeatureCollection", features };
}
