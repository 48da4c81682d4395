// Reports that wait. Each is an entry of its own in localStorage, written before anything else happens, so neither a
// closed page nor a second tab loses one; photos lie in IndexedDB under the same key. No service worker is needed.
import { person } from "./place.js";

const WAITING = "nongshi.report.";
const SENT = "nongshi.sent.";
const SENT_DAYS = 3;
const DATABASE = "nongshi-photos";

const keyOf = (kind, key) => `${kind}${person()}.${key}`;

function all(kind) {
  const found = [];
  for (let at = 0; at < localStorage.length; at += 1) {
    const name = localStorage.key(at);
    if (!name.startsWith(`${kind}${person()}.`)) continue;
    try { found.push(JSON.parse(localStorage.getItem(name))); } catch { /* not ours; left alone */ }
  }
  return found.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

export const waiting = () => all(WAITING);
export const sent = () => all(SENT);

export function othersWaiting() {
  return Object.keys(localStorage).filter((name) => name.startsWith(WAITING) && !name.startsWith(`${WAITING}${person()}.`)).length;
}

/** Keeps a report and answers with it as it is kept; null where the phone has no room. */
export async function add(record, photo) {
  let kept = record;
  if (photo) kept = { ...record, photo: await putPhoto(record.key, photo) };
  try {
    localStorage.setItem(keyOf(WAITING, record.key), JSON.stringify(kept));
    return kept;
  } catch {
    return null;
  }
}

export function refuse(record, why) {
  localStorage.setItem(keyOf(WAITING, record.key), JSON.stringify({ ...record, refused: why }));
}

export function retry(key) {
  const record = waiting().find((one) => one.key === key);
  if (record) localStorage.setItem(keyOf(WAITING, key), JSON.stringify({ ...record, refused: "" }));
}

/** The server has it: remembered as sent before it stops waiting, so that it is never in neither place. */
export function settle(record, answer) {
  const { key, order, kind, at } = record;
  try {
    localStorage.setItem(keyOf(SENT, key), JSON.stringify({ key, order, kind, at, sent: answer.received, flag: answer.flag }));
  } catch { /* only a note for the eye */ }
  localStorage.removeItem(keyOf(WAITING, key));
  if (record.photo) dropPhoto(key);
}

export function forgetOld() {
  const before = Date.now() - SENT_DAYS * 86400000;
  for (const one of sent()) if (Date.parse(one.sent) < before) localStorage.removeItem(keyOf(SENT, one.key));
}

function database() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function within(mode, act) {
  const opened = await database();
  try {
    return await new Promise((done, failed) => {
      const change = opened.transaction("photos", mode);
      const asked = act(change.objectStore("photos"));
      change.oncomplete = () => done(asked.result);
      change.onerror = change.onabort = () => failed(change.error);
    });
  } finally {
    opened.close();
  }
}

/** True once the photo is kept; without it the report goes alone rather than not at all. */
async function putPhoto(key, blob) {
  try {
    const bytes = await new Response(blob).arrayBuffer(); // some browsers keep no Blob
    await within("readwrite", (store) => store.put({ bytes, type: blob.type }, key));
    return true;
  } catch {
    return false;
  }
}

export async function photoOf(key) {
  try {
    const found = await within("readonly", (store) => store.get(key));
    return found ? new Blob([found.bytes], { type: found.type }) : null;
  } catch {
    return null;
  }
}

const dropPhoto = (key) => within("readwrite", (store) => store.delete(key)).catch(() => null);
