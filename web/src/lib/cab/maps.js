// A small map in each open card: outline, gate, and one's own place when asked; the way by the phone's own map.
import { facts } from "./cards.js";

const text = (key, values) => window.nongshi.text(key, values);
const EARTH_M = 6371000;
const maps = new Map();

export function wireMaps() {
  document.addEventListener("toggle", (event) => { if (event.target.open) show(event.target); }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-locate]");
    if (button) locate(button);
    const way = event.target.closest("[data-way]");
    if (way && /iPhone|iPad/.test(navigator.userAgent)) way.href = `maps://?daddr=${way.dataset.lat},${way.dataset.lon}`; // knows no geo:
  });
  for (const card of document.querySelectorAll(".cab-job[open]")) show(card);
}

function show(card) {
  const box = card.querySelector?.("[data-order-map]");
  if (!box || box.classList.contains("map") || !window.nongshi.createMap) return;
  const fact = facts().find(({ id }) => String(id) === box.dataset.orderMap);
  if (!fact) return;
  const map = window.nongshi.createMap(box, { interactive: true });
  map.addLayer("field", { style: { fill: "#2b8a5755", stroke: "#17663c", width: 2 } });
  map.addLayer("gate", { style: { fill: "#c42f2f", stroke: "#fff", width: 2, radius: 8, label: (properties) => properties.name } });
  map.addLayer("me", { style: { fill: "#2463c9", stroke: "#fff", width: 3, radius: 8 } });
  if (fact.outline) map.setData("field", one("field", fact.outline));
  map.setData("gate", one("gate", { type: "Point", coordinates: fact.gate }, { name: text("gate") }));
  map.fit(fact.outline ? ["field", "gate"] : ["gate"]);
  maps.set(box.dataset.orderMap, map);
}

const one = (id, geometry, properties = {}) => ({ type: "FeatureCollection", features: [{ type: "Feature", id, geometry, properties }] });

function locate(button) {
  const said = button.querySelector("[data-far]");
  if (!navigator.geolocation) { said.textContent = text("no_place"); return; }
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    const fact = facts().find(({ id }) => String(id) === button.dataset.locate);
    const here = [coords.longitude, coords.latitude];
    const far = metres(here, fact.gate);
    said.textContent = far < 1000 ? text("far_m", { m: Math.round(far / 10) * 10 }) : text("far_km", { km: (far / 1000).toFixed(1) });
    const map = maps.get(button.dataset.locate);
    map?.setData("me", one("me", { type: "Point", coordinates: here }));
    map?.fit(["gate", "me"], { padding: 72 }); // clear of the map's own buttons
  }, () => { said.textContent = text("no_place"); }, { enableHighAccuracy: true, timeout: 10000, maximumAge: 15000 });
}

function metres([lon1, lat1], [lon2, lat2]) {
  const rad = Math.PI / 180;
  const x = (lon2 - lon1) * rad * Math.cos(((lat1 + lat2) / 2) * rad);
  return Math.hypot(x, (lat2 - lat1) * rad) * EARTH_M;
}
