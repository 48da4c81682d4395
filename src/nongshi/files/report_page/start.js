// Draw everything in the language asked for; draw again when it changes.
function legend(id, items) {
  $(id).replaceChildren(...items.map(([cls, key]) => el("span", {}, el("i", { class: "bg-" + cls }), t(key))));
}
function fillSelects() {
  const keep = [$("class-of").value, chosen.machine || ""];
  $("class-of").replaceChildren(el("option", { value: "" }, t("all_classes")), ...D.classes.map((c) => el("option", { value: c.id }, pick(c.name))));
  $("route-of").replaceChildren(el("option", { value: "" }, t("route_none")), ...D.machines.filter((m) => m.stops.length).map((m) => el("option", { value: m.id }, `${m.id} ${className(m.cls)}`)));
  [$("class-of").value, $("route-of").value] = keep;
}
function drawAll() {
  document.documentElement.lang = zh() ? "zh-CN" : "en";
  document.title = `${D.region.name} · ${t("title")}`;
  document.querySelectorAll("[data-t]").forEach((node) => { node.textContent = t(node.dataset.t); });
  $("lang").lang = zh() ? "en" : "zh-CN";
  $("region").textContent = D.region.name;
  $("dates").textContent = `${D.region.days[0]} – ${D.region.days.at(-1)}`;
  $("synthetic").hidden = $("synthetic-why").hidden = !D.region.synthetic;
  for (const [id, key] of [["zoom-in", "zoom_in"], ["zoom-out", "zoom_out"], ["zoom-all", "zoom_all"], ["sheet-close", "close"], ["wider", "wider"], ["narrower", "narrower"], ["find", "search"]]) { $(id).setAttribute("aria-label", t(key)); $(id).title = t(key); }
  $("find").placeholder = t("search");
  const count = (state) => FIELDS.filter((f) => fieldState(f) === state).length;
  $("map-svg").setAttribute("aria-label", t("map_label", { a: count("ok"), b: count("late"), c: count("bad") }));
  legend("legend", [["ok", "on_time"], ["late", "late"], ["bad", "unserved"], ["none", "no_job"], ["yard", "yard"]]);
  legend("gantt-legend", [["ok", "on_time"], ["late", "late"], ["move", "move"], ["rest", "rest"], ["idle", "uncrewed"], ["win", "win_on"], ["winlate", "win_late"]]);
  fillSelects();
  drawCards();
  drawSchedule();
  drawUnserved();
  drawPrices();
  drawBasis();
  refresh();
  reopen?.();
}
$("lang").onclick = () => {
  lang = zh() ? "en" : "zh";
  try { localStorage.setItem("nongshi-lang", lang); } catch { /* a page opened from a closed folder may not store */ }
  drawAll();
};
$("sheet-close").onclick = closeSheet;
document.addEventListener("keydown", (e) => { if (e.key === "Escape") closeSheet(); });
$("route-of").onchange = () => {
  const id = $("route-of").value;
  markMachine(id, null);
  if (id) fit([MACHINE[id].yard, ...MACHINE[id].stops.map((s) => FIELDS[JOB[s.j].f].gate)]);
};
drawWorld();
wireMap();
wireGantt();
drawAll();
fit();
let settled = 0;
addEventListener("resize", () => { clearTimeout(settled); settled = setTimeout(() => { drawGantt(); refresh(); }, 150); });
