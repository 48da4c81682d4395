// The map: fields by how their jobs stand, the chosen machine's way in the order of its stops, yards; the rest faded.
import { addMachines } from "./machines.js";

const COLOURS = { ok: "#2b8a57", done: "#7d94a8", started: "#2463c9", risk: "#d9a400", late: "#d2691e", problem: "#c42f2f", left: "#c42f2f" };
const ORDER = ["left", "problem", "late", "risk", "started", "ok", "done"];
const FADED = "40";

export async function makeBoardMap(board, element, machines, { onJobs }) {
  const map = window.nongshi.createMap(element, {
    onClick: (feature, at, event) => { if (feature?.layer === "fields") onJobs(jobsOf(feature.properties.f), event.shiftKey); else if (feature?.layer === "machines") board.select([], { machine: board.machineByRow.get(feature.properties.machine).id }); else if (feature?.layer === "yards") board.select([], { machine: board.machines[feature.properties.m].id }); },
    onHover: (feature) => { element.title = feature?.layer === "machines" ? feature.properties.name : ""; },
    onBox: (features) => onJobs(features.filter((one) => one.layer === "fields").flatMap((one) => jobsOf(one.properties.f)), true),
  });
  let rings = [];
  let known = "";
  const jobsOf = (field) => board.jobs.filter((job) => job.fieldNumber === field);
  const decode = (flat) => {
    const ring = [];
    let x = 0;
    let y = 0;
    for (let i = 0; i < flat.length; i += 2) { x += flat[i]; y += flat[i + 1]; ring.push([x / 1e6, y / 1e6]); }
    ring.push(ring[0]);
    return ring;
  };
  map.addLayer("fields", { zIndex: 1, style: { fill: (p) => p.c, stroke: "#ffffff", width: 0.6, z: (p) => p.z } });
  map.addLayer("way", { zIndex: 3, style: { stroke: "#17231d", width: 2.5, dash: [1, 0] } });
  map.addLayer("stops", { zIndex: 4, style: { fill: "#17231d", stroke: "#fff", radius: 9, width: 1.5, label: (p) => p.n } });
  map.addLayer("yards", { zIndex: 2, minZoom: 10, style: { fill: (p) => (p.on ? "#17231d" : "#fff"), stroke: "#17231d", radius: (p) => (p.on ? 7 : 3.5), width: 1.5 } });

  async function outlines() {
    const names = board.data.fields.map((field) => field.join()).join(";");
    if (names === known) return;
    const answer = await fetch(board.urls.outlines, { credentials: "same-origin" });
    rings = (await answer.json()).map((polygons) => polygons.map((parts) => parts.map(decode)));
    const fresh = known === "";
    known = names;
    paint();
    if (fresh) map.fit("fields", { padding: 16 });
  }

  function paint() {
    const machine = board.machine ? board.machineById.get(board.machine) : null;
    const on = new Set(machine ? machine.stops.map((stop) => stop.job.fieldNumber) : []);
    const chosen = [...board.selected].map((id) => board.byId.get(id)?.fieldNumber).filter((field) => field !== undefined);
    const faded = machine || chosen.length;
    const worst = new Map();
    for (const job of board.jobs) {
      const state = board.jobState(job);
      const old = worst.get(job.fieldNumber);
      if (old === undefined || ORDER.indexOf(state) < ORDER.indexOf(old)) worst.set(job.fieldNumber, state);
    }
    const features = board.data.fields.map((field, f) => {
      const state = worst.get(f) || "ok";
      const bright = !faded || on.has(f) || chosen.includes(f);
      const geometry = rings[f]?.length ? { type: "MultiPolygon", coordinates: rings[f] } : { type: "Point", coordinates: [field[2], field[3]] };
      return { type: "Feature", id: `f${f}`, properties: { f, c: COLOURS[state] + (bright ? "e6" : FADED), z: bright ? 2 : 1 }, geometry };
    });
    map.setData("fields", { type: "FeatureCollection", features });
    map.select("fields", chosen.map((f) => `f${f}`));
    const points = machine ? machine.stops.map((stop) => [stop.job.field[2], stop.job.field[3]]) : [];
    const way = points.length ? [{ type: "Feature", id: "way", properties: {}, geometry: { type: "LineString", coordinates: [machine.yard, ...points] } }] : [];
    map.setData("way", { type: "FeatureCollection", features: way });
    map.setData("yards", { type: "FeatureCollection", features: board.machines.map((one, m) => ({ type: "Feature", id: `m${m}`, properties: { m, on: one === machine }, geometry: { type: "Point", coordinates: one.yard } })) });
  }

  const now = addMachines(map, machines, {
    wanted: (row) => board.machineByRow.has(row.machine), chosen: (row) => board.machineByRow.get(row.machine)?.id === board.machine,
  });
  let painted = false;
  const later = () => { if (painted) return; painted = true; requestAnimationFrame(() => { painted = false; paint(); now(); }); };
  board.on((what) => { if (what === "data") outlines().then(later, later); else if (what !== "hover") later(); });
  await outlines();
  return { fit: () => map.fit("fields", { padding: 16 }), map };
}
