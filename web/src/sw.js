// Keeps the operator's pages and their files on the phone. The server puts self.NONGSHI = {version, files, pages} before
// this script; its version follows from the files' hashes. Reports wait in the page's own store, never here.
const { version, files, pages } = self.NONGSHI;
const FILES = `nongshi-files-${version}`;
const PAGES = "nongshi-cab-pages";
const HOME = pages[0];
const WAIT_MS = 4000; // on a bad line the kept page is shown after so long
const MATCH = { ignoreVary: true, ignoreSearch: true };

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("nongshi-files-") && name !== FILES) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keepAll(event.data.keep === "all" ? pages : [HOME]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (url.pathname === "/sign-out") event.waitUntil(caches.delete(PAGES)); // the phone may be somebody else's next
  if (request.method !== "GET") return;
  if (files.includes(url.pathname)) event.respondWith(caches.match(request, MATCH).then((found) => found || fetch(request)));
  else if (request.mode !== "navigate") return;
  else if (pages.includes(url.pathname)) event.respondWith(newest(request, url.pathname));
  else if (url.pathname === "/" || url.pathname.startsWith("/l/")) event.respondWith(online(request));
});

/** The page as the server has it, or as it was when there was a connection. */
async function newest(request, path) {
  const kept = await caches.match(path, MATCH);
  const asked = fetch(request).then(async (answer) => {
    await store(path, answer);
    return answer.status >= 500 && kept ? kept : answer; // a server that is being restarted is as good as none
  });
  if (!kept) return asked.catch(() => caches.match(HOME, MATCH).then((found) => found || Response.error()));
  return Promise.race([asked.catch(() => kept), new Promise((done) => setTimeout(() => done(kept), WAIT_MS))]);
}

/** Start page and signed links: they lead to the operator's page, which is there without a connection too. */
async function online(request) {
  try {
    return await fetch(request);
  } catch (fault) {
    const kept = await caches.match(HOME, MATCH);
    if (kept) return kept;
    throw fault;
  }
}

/** One after the other: a bad line carries one page better than three. */
async function keepAll(paths) {
  for (const path of paths) {
    try {
      await store(path, await fetch(path, { credentials: "same-origin", headers: { Accept: "text/html" } }));
    } catch { /* as it was kept before */ }
  }
}

async function store(path, answer) {
  if (answer.ok && answer.type === "basic" && !answer.redirected) await (await caches.open(PAGES)).put(path, answer.clone());
}
