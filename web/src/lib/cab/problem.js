// A problem: what kind, some words, a photo made small enough for a bad line.
import { report } from "./sender.js";

const SIDE_PX = 1600;
const QUALITY = 0.82;
const text = (key) => window.nongshi.text(key);
let order = null;
let photo = null;

export function wireProblem() {
  const box = document.getElementById("problem");
  if (!box) return;
  const form = box.querySelector("[data-problem]");
  const shown = box.querySelector("[data-problem-photo]");
  const fault = box.querySelector("[data-problem-fault]");
  const say = (words) => { fault.textContent = words; fault.hidden = !words; };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-report=problem]");
    if (!button) return;
    const card = button.closest("[data-order]");
    if (order !== card.dataset.order) { form.reset(); drop(); }
    order = card.dataset.order;
    say("");
    box.querySelector("[data-problem-field]").textContent = card.dataset.name;
    box.showModal();
  });

  form.elements.photo.addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    try {
      photo = await smaller(file);
      if (shown.src) URL.revokeObjectURL(shown.src);
      shown.src = URL.createObjectURL(photo);
      shown.hidden = false;
      say("");
    } catch {
      drop();
      say(text("bad_photo"));
    }
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const what = form.elements.what.value;
    const words = form.elements.words.value.trim();
    if (!what) { say(text("choose")); return; }
    const kept = await report(Number(order), "problem", words ? { what, words } : { what }, photo);
    if (!kept) { say(text("no_room")); return; } // what was typed stays
    if (photo && !kept.photo) window.nongshi.toast(text("photo_lost"), "late");
    form.reset();
    drop();
    order = null;
    box.close();
  });

  function drop() {
    photo = null;
    if (shown.src) URL.revokeObjectURL(shown.src);
    shown.removeAttribute("src");
    shown.hidden = true;
  }
}

/** A JPEG of at most 1600 px; drawing it anew also leaves out where it was taken. */
export async function smaller(file) {
  const picture = await read(file);
  const width = picture.naturalWidth || picture.width;
  const height = picture.naturalHeight || picture.height;
  if (!width || !height) throw new Error("no picture");
  const share = Math.min(1, SIDE_PX / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * share));
  canvas.height = Math.max(1, Math.round(height * share));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/jpeg", QUALITY));
}

function read(file) {
  return new Promise((done, failed) => {
    const picture = new Image();
    const url = URL.createObjectURL(file);
    picture.onload = () => { URL.revokeObjectURL(url); done(picture); };
    picture.onerror = () => { URL.revokeObjectURL(url); failed(new Error("no picture")); };
    picture.src = url;
  });
}
