// Sends what waits, oldest first: when the page opens, the line comes back, the page is looked at again, and every 30 s.
import { add, photoOf, refuse, settle, waiting } from "./queue.js";
import { address, person, uuid } from "./place.js";

const AGAIN_MS = 30000;
const ANSWER_MS = 60000;
const REFUSED = [400, 404, 409, 413, 422];
const hooks = [];
let busy = false;
let wanted = false;
export const line = { state: "quiet" }; // quiet, sending, nothing (no connection), out (signed out)

export const onChange = (hook) => hooks.push(hook);
const tell = (sent = 0) => hooks.forEach((hook) => hook({ sent }));

/** One report more: kept first, then sent. Null where it could not be kept. */
export async function report(order, kind, data = {}, photo = null) {
  const record = { key: uuid(), order, kind, data, at: new Date().toISOString() };
  const kept = await add(record, photo);
  tell();
  if (kept) flush();
  return kept;
}

export function wireSender() {
  window.addEventListener("online", flush);
  window.addEventListener("offline", () => { line.state = "nothing"; tell(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
  window.addEventListener("storage", () => tell()); // another tab has sent or kept something
  setInterval(() => { if (due().length) flush(); }, AGAIN_MS);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-send]")) flush(); });
}

const due = () => waiting().filter((one) => !one.refused);

export async function flush() {
  if (busy) { wanted = true; return; }
  busy = true;
  let sent = 0;
  try {
    do {
      wanted = false;
      sent += navigator.locks
        ? await navigator.locks.request(`nongshi-send-${person()}`, { ifAvailable: true }, (lock) => (lock ? sendAll() : 0))
        : await sendAll();
    } while (wanted && line.state === "quiet");
  } finally {
    busy = false;
    tell(sent);
  }
}

async function sendAll() {
  let sent = 0;
  const queue = due();
  if (!queue.length) {
    if (line.state !== "out") line.state = navigator.onLine ? "quiet" : "nothing";
    return sent;
  }
  line.state = "sending";
  tell();
  for (const record of queue) {
    const state = await sendOne(record);
    if (state) { line.state = state; return sent; }
    sent += 1;
  }
  line.state = "quiet";
  return sent;
}

/** "" when the server has it or refuses it for good; else why the rest has to wait. */
async function sendOne(record) {
  try {
    let answer = await post(record, csrf());
    if (answer.status === 403) { // an old token, or nobody is signed in
      const fresh = await ask(address("token"), { headers: { Accept: "application/json" } });
      if (!fresh.ok) return fresh.status >= 500 ? "nothing" : "out";
      const { csrf: token, person: who } = await fresh.json();
      if (String(who) !== person()) return "out";
      answer = await post(record, token);
      if (answer.status === 403) return "out";
    }
    const data = /json/.test(answer.headers.get("Content-Type") || "") ? await answer.json() : {};
    if (answer.ok && data.key === record.key) settle(record, data);
    else if (REFUSED.includes(answer.status)) refuse(record, data.detail || String(answer.status));
    else return "nothing";
    return "";
  } catch {
    return "nothing";
  }
}

async function post(record, token) {
  const form = new FormData();
  const { key, order, kind, at, data } = record;
  for (const [name, value] of Object.entries({ key, kind, at, order: order ?? "", person: person(), data: JSON.stringify(data) })) form.append(name, value);
  if (record.photo) {
    const photo = await photoOf(key);
    if (photo) form.append("photo", photo, `${key}.jpg`);
  }
  form.append("sent_at", new Date().toISOString());
  return ask(address("reports"), { method: "POST", body: form, headers: { Accept: "application/json", "X-CSRFToken": token } });
}

function ask(url, options) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ANSWER_MS);
  return fetch(url, { credentials: "same-origin", redirect: "error", signal: stop.signal, ...options }).finally(() => clearTimeout(timer));
}

/** The cookie's token is the newest; the page's may be from days ago. */
function csrf() {
  const found = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  return found ? found.slice("csrftoken=".length) : window.nongshi.csrf();
}
