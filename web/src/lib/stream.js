// Server-sent events that come back: stream(url, {name: data => ...}) answers {close()}.
// A lost line is taken up again after 1, 2, 4 ... 30 s, at once when the phone is online again or the page is looked at.
// `whileSeen`: nobody looks at the page, nothing is told; what came since is told when somebody does again.
const WAIT_MAX_S = 30;

export function stream(url, on, { onState = () => {}, whileSeen = false, last: since = "" } = {}) {
  let source = null;
  let timer = 0;
  let wait_s = 1;
  let closed = false;
  let last = since;

  function open() {
    clearTimeout(timer);
    if (closed || (source && source.readyState !== EventSource.CLOSED)) return;
    if (whileSeen && (document.visibilityState === "hidden" || !navigator.onLine)) return; // `again` comes by itself
    const joined = last ? `${url}${url.includes("?") ? "&" : "?"}last=${encodeURIComponent(last)}` : url;
    source = new EventSource(joined);
    source.onopen = () => { wait_s = 1; onState("open"); };
    source.onerror = () => {
      source.close();
      onState("lost");
      if (closed) return;
      timer = setTimeout(open, wait_s * 1000);
      wait_s = Math.min(WAIT_MAX_S, wait_s * 2);
    };
    for (const [name, heard] of Object.entries(on)) {
      source.addEventListener(name, (event) => {
        if (event.lastEventId) last = event.lastEventId;
        heard(event.data ? JSON.parse(event.data) : null, event);
      });
    }
  }
  const again = () => {
    if (document.visibilityState !== "hidden") { wait_s = 1; open(); } else if (whileSeen) source?.close();
  };
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", again);
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", again);
  open();
  return {
    last: () => last,
    close() {
      closed = true;
      clearTimeout(timer);
      source?.close();
      window.removeEventListener("online", again);
      document.removeEventListener("visibilitychange", again);
      window.removeEventListener("pageshow", again);
    },
  };
}
