// htmx under the site's rules: no eval, CSRF with every change, 422 answers swapped in (the form with its faults),
// other faults as a toast, data-confirm's dialog in place of the browser's.
import { confirm } from "./confirm.js";
import { csrf } from "./fetch.js";
import { text } from "./texts.js";
import { toast } from "./toast.js";

export function wireHtmx(htmx) {
  Object.assign(htmx.config, {
    allowEval: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    historyCacheSize: 0, // pages with personal data stay out of the browser's storage
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "422", swap: true },
      { code: "[45]..", swap: false, error: true },
    ],
  });
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = csrf();
  });
  document.addEventListener("htmx:responseError", (event) => toast(words(event.detail.xhr), "bad"));
  document.addEventListener("htmx:sendError", () => toast(text("no_network"), "bad"));
  document.addEventListener("htmx:timeout", () => toast(text("no_network"), "bad"));
  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    const danger = event.detail.elt.classList.contains("danger");
    if (await confirm(event.detail.question, { danger })) event.detail.issueRequest(true);
  });
  document.addEventListener("toast", (event) => toast(event.detail.words ?? event.detail.value, event.detail.kind)); // HX-Trigger: {"toast": {...}}
}

function words(xhr) {
  try {
    const detail = JSON.parse(xhr.responseText).detail;
    if (detail) return detail;
  } catch { /* a page, not JSON */ }
  const said = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-fault]");
  return said?.textContent.trim() || text("failed", { status: xhr.status });
}
