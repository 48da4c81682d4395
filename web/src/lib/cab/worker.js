// The service worker keeps pages and files; without one (some in-app browsers) only a reload needs a connection.
import { address } from "./place.js";

let ready = null;

/** what: "all" pages, or "home" after its cards changed. */
export async function keepPages(what = "all") {
  if (!navigator.serviceWorker) return;
  try {
    ready ||= navigator.serviceWorker.register(address("worker"), { scope: "/" }).then(() => navigator.serviceWorker.ready);
    (await ready).active.postMessage({ keep: what });
  } catch { /* not allowed here */ }
}
