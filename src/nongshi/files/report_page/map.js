// The map: fields by state, yards, names of places, one machine's route. World units are metres, y down.
const view = { k: 1, x: 0, y: 0 };
const FAR = 0.06; // pixels a metre: below it an ordinary field is smaller than a fingertip can see
const worldBox = (() => {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  const add = ([x, y]) => { x0 = Math.min(x0, x); x1 = Math.max(x1, x); y0 = Math.min(y0, y); y1 = Math.max(y1, y); };
  for (const f of FIELDS) { for (const ring of f.rings) ring.forEach(add); add(f.gate); }
  D.machines.forEach((m) => add(m.yard));
  return x0 < Infinity ? [x0, y0, x1, y1] : [0, 0, 1, 1];
})();
const places = (() => {
  const groups = new Map();
  for (const f of FIELDS) for (const [kind, label] of [["town", f.town], ["place", f.place]]) {
    if (!label) continue;
    const g = groups.get(kind + label) || { kind, label, n: 0, x: 0, y: 0 };
    g.n += 1; g.x += f.gate[0]; g.y += f.gate[1];
    groups.set(kind + label, g);
  }
  return [...groups.values()].map((g) => ({ ...g, x: g.x / g.n, y: g.y / g.n })).sort((a, b) => (a.kind === b.kind ? b.n - a.n : a.kind === "town" ? -1 : 1));
})();

function drawWorld() {
  const world = $("world");
  world.replaceChildren();
  FIELDS.forEach((f, i) => {
    const d = f.rings.map((ring) => "M" + ring.map((p) => p.join(" ")).join("L") + "Z").join("");
    f.node = draw("path", { d, class: "f " + fieldState(f), "data-f": i, "fill-rule": "evenodd" });
    world.append(f.node);
  });
}

function fit(points) {
  const [x0, y0, x1, y1] = points ? boxOf(points) : worldBox;
  const { clientWidth: w, clientHeight: h } = $("map");
  view.k = Math.min(w / Math.max(300, x1 - x0), h / Math.max(300, y1 - y0)) * 0.88;
  view.x = w / 2 - ((x0 + x1) / 2) * view.k;
  view.y = h / 2 - ((y0 + y1) / 2) * view.k;
  refresh();
}
const boxOf = (points) => [Math.min(...points.map((p) => p[0])), Math.min(...points.map((p) => p[1])), Math.max(...points.map((p) => p[0])), Math.max(...points.map((p) => p[1]))];
const onScreen = ([x, y]) => [x * view.k + view.x, y * view.k + view.y];

function zoomAt(factor, cx, cy) {
  const k = Math.min(20, Math.max(0.002, view.k * factor));
  view.x = cx - ((cx - view.x) * k) / view.k;
  view.y = cy - ((cy - view.y) * k) / view.k;
  view.k = k;
  refresh();
}

let waiting = false;
function refresh() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; drawOver(); });
}

function drawOver() {
  $("world").setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.k})`);
  $("world").classList.toggle("far", view.k < FAR);
  const over = $("over");
  over.replaceChildren();
  const yards = new Map(D.machines.map((m) => [m.yard.join(), m.yard]));
  for (const yard of yards.values()) {
    const [x, y] = onScreen(yard);
    over.append(draw("path", { class: "yard", d: `M${x} ${y - 8}l8 6v9h-16v-9z` }));
  }
  const taken = [];
  if (chosen.machine) drawRoute(over, MACHINE[chosen.machine], taken);
  drawPlaces(over, taken);
  drawScale();
}

function drawRoute(over, machine, taken) {
  const stops = machine.stops.map((s) => onScreen(FIELDS[JOB[s.j].f].gate));
  over.append(draw("polyline", { class: "way", id: "way", points: [onScreen(machine.yard), ...stops].map((p) => p.join()).join(" ") }));
  machine.stops.forEach((s, i) => {
    const [x, y] = stops[i];
    const box = [x - 11, y - 11, x + 11, y + 11];
    if (hits(box, taken)) return;
    taken.push(box);
    over.append(draw("circle", { class: "pin", cx: x, cy: y, r: 10 }), draw("text", { class: "pin-n", x, y: y + 4 }, s.n));
  });
}

const hits = ([a, b, c, d], taken) => taken.some(([e, f, g, h]) => a < g && e < c && b < h && f < d);
function drawPlaces(over, taken) {
  const { clientWidth: w, clientHeight: h } = $("map");
  for (const p of places) {
    const [x, middle] = onScreen([p.x, p.y]);
    const y = middle - 9; // above the fields, not on them
    const size = p.kind === "town" ? 16 : 13;
    const half = (p.label.length * size) / 2 + 4;
    const box = [x - half, y - size, x + half, y + 4];
    if (box[0] < 0 || box[2] > w - 60 || y < 16 || y > h - 34 || hits(box, taken)) continue;
    taken.push(box);
    over.append(draw("text", { class: p.kind, x, y }, p.label));
  }
}

function drawScale() {
  const wanted = 110 / view.k;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const metres = [5, 2, 1].find((n) => n * power <= wanted) * power;
  $("scale").style.width = metres * view.k + "px";
  $("scale").firstElementChild.textContent = metres >= 1000 ? t("kilometres", { n: num(metres / 1000) }) : t("metres", { n: num(metres) });
}

function wireMap() {
  const svg = $("map-svg");
  const fingers = new Map();
  let moved = 0;
  const at = (e) => { const r = svg.getBoundingClientRect(); return [e.clientX - r.left, e.clientY - r.top]; };
  svg.addEventListener("wheel", (e) => { e.preventDefault(); zoomAt(e.deltaY < 0 ? 1.25 : 0.8, ...at(e)); }, { passive: false });
  svg.addEventListener("pointerdown", (e) => { fingers.set(e.pointerId, at(e)); moved = 0; });
  svg.addEventListener("pointermove", (e) => {
    const old = fingers.get(e.pointerId);
    if (!old) return;
    const now = at(e);
    moved += Math.abs(now[0] - old[0]) + Math.abs(now[1] - old[1]);
    if (moved > 6 && !svg.hasPointerCapture(e.pointerId)) svg.setPointerCapture(e.pointerId);
    const other = [...fingers].find(([id]) => id !== e.pointerId)?.[1];
    fingers.set(e.pointerId, now);
    if (other) {
      const far = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]);
      zoomAt(far(now) / Math.max(1, far(old)), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    } else { view.x += now[0] - old[0]; view.y += now[1] - old[1]; refresh(); }
  });
  for (const kind of ["pointerup", "pointercancel", "pointerleave"]) svg.addEventListener(kind, (e) => fingers.delete(e.pointerId));
  svg.addEventListener("click", (e) => { if (moved <= 6 && e.target.dataset.f) chooseField(Number(e.target.dataset.f)); });
  const middle = () => [$("map").clientWidth / 2, $("map").clientHeight / 2];
  $("zoom-in").onclick = () => zoomAt(1.5, ...middle());
  $("zoom-out").onclick = () => zoomAt(1 / 1.5, ...middle());
  $("zoom-all").onclick = () => fit();
}

function markField(index) {
  if (chosen.field != null) FIELDS[chosen.field].node.classList.remove("on");
  chosen.field = index;
  if (index == null) return;
  FIELDS[index].node.classList.add("on");
  $("world").append(FIELDS[index].node); // on top, so that its outline shows whole
}
