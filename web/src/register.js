// The register's maps: a row shown; an outline drawn, dragged or pasted with its area told by the server; a gate set.
const nongshi = window.nongshi;
const STYLES = {
  near: { fill: "#8aa39655", stroke: "#7d8a83", width: 1, label: (p) => p.name || "" },
  outline: { fill: "#2f9d6650", stroke: "#14532f", width: 3 },
  gate: { fill: "#b45309", stroke: "#fff", width: 2, radius: 8 },
  fault: { fill: "#c62828", stroke: "#fff", width: 2, radius: 9 },
};

function feature(id, geometry, properties = {}) {
  return { type: "FeatureCollection", features: geometry ? [{ type: "Feature", id, properties, geometry }] : [] };
}
const point = (lonlat) => lonlat && { type: "Point", coordinates: lonlat };

function read(id) {
  const block = document.getElementById(id);
  return block ? JSON.parse(block.textContent) : null;
}

function newMap(element, options = {}) {
  const map = nongshi.createMap(element, options);
  Object.entries(STYLES).forEach(([name, style], i) => map.addLayer(name, { style, zIndex: i + 1 }));
  element.nongshiMap = map;
  return map;
}

function show(element) {
  const map = newMap(element);
  const data = read("map-data");
  if (element.dataset.kind !== "fields") {
    const lonlat = [Number(element.dataset.lon), Number(element.dataset.lat)];
    map.setData("gate", feature("gate", point(lonlat)));
    map.center(lonlat, 15);
    return;
  }
  if (data.outline) map.setData("outline", feature("own", data.outline));
  map.setData("gate", feature("gate", point(data.gate)));
  if (data.outline) map.fit("outline", { padding: 60, maxZoom: 17 }); else if (data.gate) map.center(data.gate, 16);
  if (element.dataset.near) map.load("near", element.dataset.near).catch(() => {});
}

function edit(element) {
  const data = read("map-data");
  const fields = data.kind === "fields";
  const by = (id) => document.getElementById(id);
  const inputs = (fields ? ["gate_lon", "gate_lat"] : data.point).map((name) => by(`id_${name}`));
  const shape = by("id_shape");
  let drawing = null;
  let setting = false;
  const map = newMap(element, { onClick: (_feature, lonlat) => { if (setting) setGate(lonlat); } });

  function setGate(lonlat) {
    inputs.forEach((input, i) => { input.value = lonlat[i].toFixed(7); });
    map.setData("gate", feature("gate", point(lonlat)));
    pressGate(false);
  }
  function pressGate(on) {
    setting = on;
    by("gate").setAttribute("aria-pressed", String(on));
    element.classList.toggle("placing", on);
  }
  function showGate() {
    const lonlat = inputs.map((input) => parseFloat(input.value));
    if (lonlat.every(Number.isFinite)) map.setData("gate", feature("gate", point(lonlat)));
    return lonlat.every(Number.isFinite) ? lonlat : null;
  }
  by("gate").addEventListener("click", () => { stopDrawing(); pressGate(!setting); });
  for (const input of inputs) input.addEventListener("change", showGate);

  function stopDrawing() {
    if (drawing) drawing.stop();
    drawing = null;
    if (!fields) return;
    by("draw").setAttribute("aria-pressed", "false");
    by("undo").hidden = by("finish").hidden = true;
  }
  function setOutline(geometry, told = true) {
    shape.value = geometry ? JSON.stringify(geometry) : "";
    map.setData("outline", feature("own", geometry));
    if (told) judge(geometry);
  }
  async function judge(geometry) {
    const area = by("drawn-area");
    map.setData("fault", feature("fault", null));
    by("live-fault")?.remove();
    by("use-area").hidden = by("area-differs").hidden = true;
    area.textContent = "—";
    if (!geometry) return;
    try {
      const found = await nongshi.fetchJson(element.dataset.judge, {
        method: "POST", body: { shape: JSON.stringify(geometry), org: data.org, but: data.pk },
      });
      if (found.at) map.setData("fault", feature("fault", point(found.at)));
      area.textContent = found.shown || "—";
      area.dataset.mu = found.area_mu || "";
      by("use-area").hidden = !found.area_mu;
      if (found.words) say(found.words, found.kind);
      if (!inputs[0].value && found.inside) setGate(found.inside);
      compare();
    } catch (fault) { nongshi.toast(fault.message, "bad"); }
  }
  function say(words, kind) {
    const note = document.createElement("p");
    note.className = `notice ${kind}`;
    note.id = "live-fault";
    note.setAttribute("role", "status");
    note.textContent = words;
    element.after(note);
  }
  function compare() {
    const stated = parseFloat(by("id_area_mu").value);
    const drawn = parseFloat(by("drawn-area").dataset.mu);
    by("area-differs").hidden = !(stated > 0 && drawn > 0 && Math.abs(stated - drawn) > 0.1 * Math.max(stated, drawn));
  }

  if (fields) {
    by("draw").addEventListener("click", () => {
      if (drawing) { stopDrawing(); return; }
      pressGate(false);
      by("draw").setAttribute("aria-pressed", "true");
      by("undo").hidden = by("finish").hidden = false;
      drawing = map.draw({ kind: "Polygon", snap: ["near"], onEnd: (geometry) => { stopDrawing(); setOutline(geometry); } });
    });
    by("undo").addEventListener("click", () => drawing?.back());
    by("finish").addEventListener("click", () => drawing?.finish());
    by("clear").addEventListener("click", () => { stopDrawing(); setOutline(null); });
    by("use-area").addEventListener("click", () => { by("id_area_mu").value = by("drawn-area").dataset.mu; compare(); });
    by("id_area_mu").addEventListener("input", compare);
    by("take-paste").addEventListener("click", () => {
      try {
        let given = JSON.parse(by("paste").value);
        if (given.type === "FeatureCollection") given = given.features[0];
        if (given.type === "Feature") given = given.geometry;
        setOutline(given);
        map.fit("outline", { padding: 60, maxZoom: 17 });
      } catch { nongshi.toast(nongshi.text("no_outline"), "bad"); }
    });
    map.modify("outline", { snap: ["near"], onEnd: (_feature, geometry) => { shape.value = JSON.stringify(geometry); judge(geometry); } });
    if (data.outline) setOutline(data.outline, false);
    const at = read("fault-at");
    if (at) map.setData("fault", feature("fault", point(at)));
  }
  const gate = showGate();
  const near = map.load("near", element.dataset.near).catch(() => {});
  if (fields && data.outline) near.then(() => judge(data.outline)); // one request after the other
  if (fields && data.outline) map.fit("outline", { padding: 60, maxZoom: 17 });
  else if (gate) map.center(gate, 16);
  else near.then(() => { if (map.count("near")) map.fit("near", { padding: 40, maxZoom: 16 }); });
}

nongshi.onLoad((root) => {
  for (const element of root.querySelectorAll("#row-map:not([data-ready]), #edit-map:not([data-ready])")) {
    element.dataset.ready = "1";
    (element.id === "row-map" ? show : edit)(element);
  }
});
