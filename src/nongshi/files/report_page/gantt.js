// The schedule: machines down, days across; nights are folded away. Rows are filled when they come into sight.
const NAME_W = 190, REST_W = 30;
let zoomDays = 1, grid = null, watcher = null;

function makeGrid() {
  const hours = D.classes.flatMap((c) => c.hours.filter(Boolean)).map(([a, b]) => [((a % DAY) + DAY) % DAY, (b - 1) % DAY + 1]);
  const first = Math.min(480, ...hours.map((h) => h[0])), last = Math.max(960, ...hours.map((h) => h[1]));
  const rest = D.region.days.map((_, i) => D.classes.every((c) => !c.hours[i]));
  const room = $("gantt").clientWidth - NAME_W - 2 - rest.filter(Boolean).length * REST_W;
  const wide = Math.max(78, room / Math.max(1, rest.filter((r) => !r).length)) * zoomDays;
  const width = rest.map((r) => (r ? REST_W : wide));
  const left = [0];
  width.forEach((w) => left.push(left.at(-1) + w));
  return { first, last, rest, width, left };
}
function across(minute) {
  const day = Math.min(D.region.days.length, Math.max(0, dayOf(minute)));
  if (day >= D.region.days.length) return grid.left.at(-1);
  const part = (minute - day * DAY - grid.first) / (grid.last - grid.first);
  return grid.left[day] + Math.min(1, Math.max(0, part)) * grid.width[day];
}

function wanted(machine) {
  const text = $("find").value.trim().toLowerCase();
  if ($("class-of").value && machine.cls !== $("class-of").value) return false;
  if (!text) return true;
  const words = [machine.id, machine.owner, className(machine.cls), ...Object.values(machine.crew).map((c) => c[0])];
  for (const s of machine.stops) { const f = FIELDS[JOB[s.j].f]; words.push(f.label, f.place, f.town, f.grower, s.j, name("operation", JOB[s.j].op)); }
  return words.some((word) => word.toLowerCase().includes(text));
}
const shown = () => D.machines.filter(wanted).sort((a, b) => D.classes.indexOf(CLASS[a.cls]) - D.classes.indexOf(CLASS[b.cls]) || (a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : a.id < b.id ? -1 : 1));

function drawGantt() {
  const box = $("gantt"), list = shown();
  const keep = [box.scrollLeft, box.scrollTop];
  box.setAttribute("aria-label", t("gantt"));
  watcher?.disconnect();
  watcher = new IntersectionObserver((seen) => seen.forEach((e) => { if (e.isIntersecting) { watcher.unobserve(e.target); fillRow(e.target); } }), { root: box, rootMargin: "300px" });
  grid = makeGrid();
  const inner = el("div", { class: "g-in", style: `width:${NAME_W + grid.left.at(-1)}px` }, dayHead());
  let group = null;
  for (const m of list) {
    if (m.cls !== group) inner.append(el("div", { class: "g-group" }, el("span", {}, `${className(m.cls)} · ${t("machines_n", { n: list.filter((o) => o.cls === m.cls).length })}`)));
    group = m.cls;
    const row = el("div", { class: "g-row" + (chosen.machine === m.id ? " on" : ""), "data-m": m.id },
      el("div", { class: "g-name" }, el("button", { type: "button", onclick: () => chooseMachine(m.id) }, m.id, el("small", {}, `${m.owner} · ${t("stops_short", summary(m))}`))),
      el("div", { class: "g-lane", style: `width:${grid.left.at(-1)}px` }));
    inner.append(row);
    watcher.observe(row);
  }
  if (!list.length) inner.append(el("p", { class: "hint", style: "padding:14px" }, t("nothing_found")));
  box.replaceChildren(inner);
  [box.scrollLeft, box.scrollTop] = keep;
}
function summary(m) {
  const sum = (key) => m.stops.reduce((total, s) => total + s[key], 0);
  return { n: m.stops.length, a: area(sum("area")), k: num(sum("km"), 0) };
}
function dayHead() {
  const head = el("div", { class: "g-head" }, el("div", { class: "g-name" }, el("div", {}, t("machine"))));
  D.region.days.forEach((_, i) => head.append(el("div", { class: "g-day" + (grid.rest[i] ? " rest" : ""), style: `left:${NAME_W + grid.left[i]}px;width:${grid.width[i]}px`, title: grid.rest[i] ? t("rest") : "" },
    grid.rest[i] ? String(Number(isoOf(i).slice(8))) : date(i), el("small", {}, grid.rest[i] ? "" : weekday(i)))));
  return head;
}

function fillRow(row) {
  const m = MACHINE[row.dataset.m], lane = row.lastElementChild;
  const at = (cls, a, b, ...rest) => el("div", { class: cls, style: `left:${a}px;width:${Math.max(1, b - a)}px` }, ...rest);
  D.region.days.forEach((_, i) => {
    const crew = m.crew[i];
    const kind = !CLASS[m.cls].hours[i] ? " rest" : crew ? "" : " idle";
    lane.append(at("g-cell" + kind, grid.left[i], grid.left[i + 1], crew && grid.width[i] > 34 ? crew[0] : ""));
  });
  for (const s of m.stops) for (const [a, b] of cut(m, s.t[0], s.t[1])) lane.append(at("g-move", across(a), across(b)));
  for (const s of m.stops) {
    const f = FIELDS[JOB[s.j].f];
    for (const [a, b] of s.worked) {
      const label = `${name("operation", JOB[s.j].op)} ${f.label}`;
      lane.append(el("button", { type: "button", class: `g-bar bg-${stopState(s)}${chosen.stop === s ? " on" : ""}`, "data-s": D.stops.indexOf(s), "aria-label": `${label} ${stretch(s.t[2], s.t[3])}`,
        style: `left:${across(a)}px;width:${Math.max(4, across(b) - across(a))}px` }, across(b) - across(a) > 26 ? label : ""));
    }
  }
}
function cut(m, from, to) {
  return Object.values(m.crew).map(([, a, b]) => [Math.max(a, from), Math.min(b, to)]).filter(([a, b]) => a < b);
}

function showWindow(lane, stop) {
  lane.parentElement.parentElement.querySelectorAll(".g-win").forEach((w) => w.remove());
  const { open, due, close } = JOB[stop.j];
  for (const [kind, a, b] of [["a", open, Math.min(due, close)], ["b", due, close]])
    lane.insertBefore(el("div", { class: "g-win " + kind, style: `left:${across(a)}px;width:${Math.max(0, across(b) - across(a))}px` }), lane.querySelector(".g-move, .g-bar"));
}

function wireGantt() {
  const box = $("gantt");
  const over = (e) => {
    const bar = e.target.closest?.(".g-bar");
    $("tip").hidden = !bar;
    if (!bar) return;
    const stop = D.stops[bar.dataset.s], r = bar.getBoundingClientRect();
    showWindow(bar.parentElement, stop);
    $("tip").textContent = tipText(stop);
    $("tip").style.left = Math.min(innerWidth - 310, Math.max(8, r.left)) + "px";
    $("tip").style.top = (r.bottom + 150 > innerHeight ? r.top - $("tip").offsetHeight - 8 : r.bottom + 8) + "px";
  };
  box.addEventListener("mouseover", over);
  box.addEventListener("focusin", over);
  for (const kind of ["mouseleave", "focusout", "scroll"]) box.addEventListener(kind, () => { $("tip").hidden = true; });
  box.addEventListener("click", (e) => { const bar = e.target.closest(".g-bar"); if (bar) chooseStop(D.stops[bar.dataset.s]); });
  $("wider").onclick = () => { zoomDays = Math.min(6, zoomDays * 1.5); drawGantt(); };
  $("narrower").onclick = () => { zoomDays = Math.max(1, zoomDays / 1.5); drawGantt(); };
  $("class-of").onchange = drawSchedule;
  $("find").oninput = drawSchedule;
}
function tipText(s) {
  const job = JOB[s.j], f = FIELDS[job.f];
  return [`${name("operation", job.op)} ${f.label}`, `${stretch(s.t[2], s.t[3])} · ${area(s.area)}`, `${t("due")} ${moment(job.due)}`, s.late > 0 ? lateText(s) : t("on_time")].join("\n");
}
const lateText = (s) => t("late_by", { x: num(s.late, 1), y: num(s.loss) });

// Phones get an agenda: one card per machine, day by day.
function drawAgenda() {
  const list = shown();
  $("agenda").replaceChildren(...(list.length ? list.map(agendaOf) : [el("p", { class: "hint" }, t("nothing_found"))]));
}
function agendaOf(m, index) {
  const inside = el("div", { class: "in" });
  const card = el("details", { "data-m": m.id, ontoggle: () => { if (card.open && !inside.childElementCount) inside.append(...agendaDays(m)); } },
    el("summary", {}, el("b", {}, `${m.id} ${className(m.cls)}`), el("small", {}, `${m.owner} · ${t("stops_count", summary(m))}`)), inside);
  card.open = index === 0;
  return card;
}
function agendaDays(m) {
  const out = [el("button", { type: "button", class: "wide", onclick: () => { chooseMachine(m.id, true); toMap(); } }, t("show_map"))];
  D.region.days.forEach((_, day) => {
    const today = m.stops.flatMap((s) => s.worked.filter(([a]) => dayOf(a) === day).map((w) => [s, w]));
    if (!today.length) return;
    out.push(el("h3", {}, `${date(day)} ${weekday(day)} · ${t("operator")} ${m.crew[day]?.[0] ?? ""}`));
    for (const [s, [a, b]] of today) out.push(stopCard(s, `${clock(a)}–${clock(b)}${dayOf(s.t[2]) < day ? " · " + t("continued") : ""}`));
  });
  if (out.length === 1) out.push(el("p", { class: "hint" }, t("no_stops")));
  return out;
}
function stopCard(s, when) {
  const job = JOB[s.j], f = FIELDS[job.f];
  return el("button", { type: "button", class: "item s-" + stopState(s), onclick: () => chooseStop(s) },
    el("b", {}, `${s.n}. ${name("operation", job.op)} ${f.label}`),
    el("p", {}, [when, area(s.area), f.place, km(s.km), s.late > 0 ? lateText(s) : ""].filter(Boolean).join(" · ")));
}
function drawSchedule() { drawGantt(); drawAgenda(); }
