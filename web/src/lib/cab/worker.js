// The service worker keeps pages and files; without one (some in-app browsers) only a reload needs a connection.
import { address } from "./place.js";

let ready = null;

export async function keepPages() {
  if (!navigator.serviceWorker) return;
  try {
    ready ||= navigator.serviceWorker.register(address("worker"), { scope: "/" }).then(() => navigator.serviceWorker.ready);
    (await ready).active.postMessage({ keep: true });
  } catch { /* not allowed here */ }
}
