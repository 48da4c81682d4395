// SOS: asked once more, sent with the position if the phone gives it, and said plainly when it is not out yet.
import { waiting } from "./queue.js";
import { onChange, report } from "./sender.js";

const PLACE_MS = 8000; // help is not kept waiting for satellites
const text = (key) => window.nongshi.text(key);
let called = "";

export function wireSos() {
  const asked = document.getElementById("sos");
  const shown = document.getElementById("sos-state");
  const words = shown.querySelector("[data-sos-words]");
  const draw = () => {
    if (!called) return;
    const waits = waiting().some((one) => one.key === called);
    words.textContent = text(waits ? "sos_waiting" : "sos_sent");
    words.className = `notice ${waits ? "bad" : "ok"}`;
  };
  onChange(draw);
  asked.querySelector("[data-sos]").addEventListener("click", async () => {
    asked.close();
    words.textContent = text("sos_sending");
    shown.showModal();
    const card = document.querySelector(".cab-job[data-state=started], .cab-job[data-state=problem]");
    const kept = await report(card ? Number(card.dataset.order) : null, "sos", await place());
    if (!kept) { words.textContent = text("no_room"); return; }
    called = kept.key;
    draw();
  });
}

function place() {
  return new Promise((done) => {
    if (!navigator.geolocation) { done({}); return; }
    const timer = setTimeout(() => done({}), PLACE_MS); // a question that nobody answers does not count as one
    const end = (found) => { clearTimeout(timer); done(found); };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => end({ lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy }),
      () => end({}), { enableHighAccuracy: true, timeout: PLACE_MS, maximumAge: 60000 });
  });
}
