// The page itself: hooks for fragments that htmx brings in, menus that close, the note when the line is gone.
const hooks = [];

export function onLoad(hook) {
  hooks.push(hook);
  if (document.readyState !== "loading") hook(document);
}

export function wirePage() {
  const all = (root) => hooks.forEach((hook) => hook(root));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => all(document));
  document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) all(event.detail.elt); });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    if (event.target.closest("[data-print]")) window.print();
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy);
    const back = event.target.closest("[data-back]");
    if (back && history.length > 1) { event.preventDefault(); history.back(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  document.addEventListener("change", (event) => { if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit(); });
  const line = () => document.body?.classList.toggle("is-offline", !navigator.onLine);
  window.addEventListener("online", line);
  window.addEventListener("offline", line);
  onLoad(line);
  onLoad(reachable);
  window.addEventListener("resize", () => reachable(document));
}

// What scrolls sideways can be scrolled by the keyboard, too.
function reachable(root) {
  for (const box of root.querySelectorAll(".scroll")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
