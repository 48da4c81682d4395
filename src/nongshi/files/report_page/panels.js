// Cards, the sheet of details, unserved jobs, prices, and what all of it rests on.
function card(key, big, { sub = "", base = null, own = null, show = (x) => x, cls = "" } = {}) {
  const box = el("div", { class: "card " + cls }, el("h3", {}, t(key)), el("b", {}, big), sub && el("p", {}, sub));
  if (base != null) {
    const ratio = base > 0 && own != null ? t("ratio", { x: num(own / base, 2) }) : "";
    box.append(el("div", { class: "vs" }, el("p", {}, t("phone", { x: show(base) })), ratio && el("p", {}, ratio)));
  }
  return box;
}
function drawCards() {
  const p = D.plan, b = D.base;
  const jobs = p.jobs_served + p.jobs_unserved;
  const perHa = (q) => (q.area_ha > 0 ? q.km / q.area_ha : 0);
  const main = card("value", yuan(p.objective_yuan), { own: p.objective_yuan, base: b?.objective_yuan, show: yuan, cls: "main" });
  const gap = p.gap == null ? t("gap_none") : t("gap_plain", { x: share(p.gap) });
  const about = p.bound_yuan == null ? gap : `${t("bound")} ${yuan(p.bound_yuan)} — ${gap}`;
  main.insertBefore(el("p", { id: "gap" }, about), main.children[2] ?? null);
  if (p.gap != null) main.insertBefore(el("div", { class: "gauge" }, el("i", { style: `width:${Math.min(100, 100 / (1 + p.gap))}%` })), main.children[2]);
  const lost = p.value_yuan > 0 ? t("share_of_value", { x: share(p.loss_yuan / p.value_yuan) }) : "";
  $("cards").replaceChildren(main,
    card("area", area(p.area_ha), { own: p.area_ha, base: b?.area_ha, show: area }),
    card("jobs", num(p.jobs_served), { sub: t("of_jobs", { n: num(jobs) }), own: p.jobs_served, base: b?.jobs_served, show: num }),
    card("km", km(p.km), { own: p.km, base: b?.km, show: km }),
    card("km_ha", num(perHa(p), 2), { sub: t("km_ha_unit", { x: "" }).trim(), own: perHa(p), base: b && perHa(b), show: (x) => num(x, 2) }),
    card("loss", yuan(p.loss_yuan), { sub: lost, own: p.loss_yuan, base: b?.loss_yuan, show: yuan }));
  $("phone-note").hidden = !b;
}

function facts(pairs) {
  return el("dl", {}, ...pairs.filter(([, v]) => v !== "" && v != null).flatMap(([k, v]) => [el("dt", {}, t(k)), el("dd", {}, v)]));
}
function openSheet(...kids) {
  $("sheet-body").replaceChildren(...kids);
  $("sheet").hidden = false;
  $("sheet").scrollTop = 0;
}
let reopen = null;
function closeSheet() { $("sheet").hidden = true; reopen = null; markField(null); }

function jobCard(job) {
  const lines = [`${t("window")} ${stretch(job.open, job.close)}`, `${t("due")} ${moment(job.due)} · ${t("job_value")} ${yuan(job.value)}`];
  const box = el("div", { class: "item s-" + jobState(job) }, el("b", {}, el("span", {}, `${name("operation", job.op)} · ${area(job.ha)}`), el("span", {}, t({ ok: "on_time", late: "late", bad: "unserved" }[jobState(job)]))));
  for (const line of lines) box.append(el("p", {}, line));
  for (const s of job.stops) {
    const part = job.stops.length > 1 ? " · " + t("part", { n: s.part }) : "";
    box.append(el("p", {}, el("button", { type: "button", onclick: () => chooseMachine(s.m) }, `${s.m} ${className(MACHINE[s.m].cls)}`), ` ${stretch(s.t[2], s.t[3])}${part}`));
    if (s.late > 0) box.append(el("p", {}, lateText(s)));
  }
  if (job.left) box.append(el("p", {}, `${name("reason", job.left.reason)}：${pick(job.left.text)}`.replace("：", zh() ? "：" : ": ")));
  return box;
}
function chooseField(index) {
  const f = FIELDS[index];
  markField(index);
  reopen = () => chooseField(index);
  openSheet(el("h2", {}, f.label), facts([["field", [f.id, f.place, f.town].filter(Boolean).join(" · ")], ["grower", f.grower], ["acreage", f.ha == null ? "" : area(f.ha)]]),
    ...(f.jobs.length ? f.jobs.map(jobCard) : [el("p", { class: "hint" }, t("no_jobs_here"))]));
}
const toMap = () => $("map-part").scrollIntoView();
function mapButton(points) { return el("button", { type: "button", onclick: () => { fit(points()); toMap(); } }, t("show_map")); }

function chooseStop(s) {
  const job = JOB[s.j], f = FIELDS[job.f];
  markMachine(s.m, s);
  markField(job.f);
  reopen = () => chooseStop(s);
  const drivers = [...new Set(s.worked.map(([a]) => MACHINE[s.m].crew[dayOf(a)]?.[0]).filter(Boolean))].join(", ");
  openSheet(el("h2", {}, `${name("operation", job.op)} ${f.label}`),
    facts([["machine", `${s.m} ${className(MACHINE[s.m].cls)} · ${t("stop_n", { n: s.n })}`], ["operator", drivers], ["work", s.worked.map(([a, b]) => stretch(a, b)).join("; ")],
      ["acreage", area(s.area) + (s.area < job.ha - 1e-9 ? ` · ${t("part", { n: s.part })}` : "")], ["move", `${km(s.km)} · ${clock(s.t[0])}–${clock(s.t[1])}`],
      ["window", stretch(job.open, job.close)], ["due", `${moment(job.due)} · ${s.late > 0 ? lateText(s) : t("on_time")}`], ["job_value", yuan(job.value)], ["grower", f.grower]]),
    mapButton(() => [f.gate, ...f.rings.flat()]));
}
function chooseMachine(id, quiet) {
  const m = MACHINE[id];
  markMachine(id, null);
  if (quiet) return;
  reopen = () => chooseMachine(id);
  openSheet(el("h2", {}, `${id} ${className(m.cls)}`), facts([["owner", m.owner], ["licence", CLASS[m.cls].licence ? name("licence", CLASS[m.cls].licence) : ""], ["work", t("stops_count", summary(m))]]),
    mapButton(() => [m.yard, ...m.stops.map((s) => FIELDS[JOB[s.j].f].gate)]), ...agendaDays(m).slice(1));
}
function markMachine(id, stop) {
  chosen.machine = id || null;
  chosen.stop = stop;
  $("route-of").value = id || "";
  document.querySelectorAll(".g-row").forEach((row) => row.classList.toggle("on", row.dataset.m === id));
  document.querySelectorAll(".g-bar").forEach((bar) => bar.classList.toggle("on", D.stops[bar.dataset.s] === stop));
  refresh();
}

const UNSERVED_FIRST = innerWidth < 760 ? 8 : 24;
let reason = "", unservedShown = UNSERVED_FIRST;
function drawUnserved() {
  const all = Object.values(JOB).filter((j) => j.left).sort((a, b) => b.value - a.value);
  const list = all.filter((j) => !reason || j.left.reason === reason);
  $("unserved-sum").textContent = all.length ? t("unserved_sum", { n: num(all.length), y: num(all.reduce((s, j) => s + j.value, 0)) }) : t("unserved_none");
  const counts = new Map();
  all.forEach((j) => counts.set(j.left.reason, (counts.get(j.left.reason) || 0) + 1));
  const chip = (id, text, n) => el("button", { type: "button", "aria-pressed": String(reason === id), onclick: () => { reason = id; unservedShown = UNSERVED_FIRST; drawUnserved(); } }, `${text} ${num(n)}`);
  $("reasons").replaceChildren(...(all.length ? [chip("", t("all_reasons"), all.length), ...[...counts].sort((a, b) => b[1] - a[1]).map(([id, n]) => chip(id, name("reason", id), n))] : []));
  $("unserved").replaceChildren(...list.slice(0, unservedShown).map((j) => el("button", { type: "button", class: "item", onclick: () => { chooseField(j.f); fit([FIELDS[j.f].gate, ...FIELDS[j.f].rings.flat()]); } },
    el("b", {}, el("span", {}, `${name("operation", j.op)} ${FIELDS[j.f].label}`), el("span", {}, yuan(j.value))),
    el("p", {}, `${area(j.ha)} · ${t("window")} ${date(dayOf(j.open))}–${date(dayOf(j.close))}`), el("p", {}, pick(j.left.text)))));
  if (list.length > unservedShown) $("unserved").append(el("button", { type: "button", onclick: () => { unservedShown += 100; drawUnserved(); } }, t("more", { n: Math.min(100, list.length - unservedShown) })));
}

function priceBlock(title, sentence, rows, label) {
  const top = Math.max(...rows.map((r) => r[1]), 0.01);
  const peak = rows.map(([id, , byDay]) => Object.entries(byDay).map(([day, v]) => [id, day, v])).flat().sort((a, b) => b[2] - a[2])[0];
  const block = el("div", {}, el("h3", {}, t(title)));
  if (peak && peak[2] >= 0.5) block.append(el("p", { class: "says" }, t(sentence, { c: label(peak[0]), d: date(D.region.days.indexOf(peak[1])), y: num(peak[2]) })));
  else block.append(el("p", { class: "says" }, t("price_zero")));
  for (const [id, mean] of [...rows].sort((a, b) => b[1] - a[1])) block.append(el("div", { class: "pbar" }, el("span", {}, label(id)), el("i", { style: `width:${(100 * Math.max(0, mean)) / top}%` }), el("em", {}, num(mean, mean < 10 ? 1 : 0))));
  return block;
}
function heat(rows, label) {
  const top = Math.max(0.01, ...rows.flatMap((r) => Object.values(r[2])));
  const cell = (v) => (v == null ? el("td", {}, "–") : el("td", { style: `background:color-mix(in srgb, #1f7a4c ${Math.round((100 * Math.max(0, v)) / top)}%, #eef3ef);color:${v / top > 0.55 ? "#fff" : "#17231d"}` }, num(v)));
  return el("div", { class: "scroll" }, el("table", { class: "heat" },
    el("thead", {}, el("tr", {}, el("th", {}), ...D.region.days.map((_, i) => el("th", {}, date(i))))),
    el("tbody", {}, ...rows.map(([id, , byDay]) => el("tr", {}, el("th", {}, label(id)), ...D.region.days.map((day) => cell(byDay[day])))))));
}
function oneMore(rows) {
  const label = ([kind, id]) => t({ machine: "om_machine", machine_operator: "om_machine_operator", operator: "om_operator", dryer: "om_dryer" }[kind], { c: kind.startsWith("machine") ? className(id) : kind === "operator" ? name("licence", id) : id });
  const best = rows[0];
  return el("div", {}, el("h3", {}, t("one_more")), el("p", { class: "says" }, best[3] >= 1 ? t("one_more_says", { c: label(best), y: num(best[3]) }) : t("one_more_none")),
    table(["om_what", "om_gain", "om_price"], rows.map((r) => [label(r), Math.round(r[3]), r[2] == null ? "–" : Math.round(r[2])])), el("p", { class: "hint" }, t("one_more_why")));
}
function drawPrices() {
  const more = D.plan.one_more;
  drawShadowPrices();
  if (more.length) $("prices").prepend(oneMore(more));
}
function drawShadowPrices() {
  const p = D.plan, licence = (id) => name("licence", id);
  if (!p.machine_prices.length && !p.licence_prices.length) return $("prices").replaceChildren(el("p", { class: "hint" }, t("prices_none")));
  $("prices").replaceChildren(el("p", { class: "hint" }, t("prices_why")), el("div", { class: "two" },
    p.machine_prices.length ? priceBlock("machine_hours", "price_sentence", p.machine_prices, className) : "", p.licence_prices.length ? priceBlock("licence_hours", "price_sentence_l", p.licence_prices, licence) : ""),
    p.machine_prices.length ? heat(p.machine_prices, className) : "", p.licence_prices.length ? heat(p.licence_prices, licence) : "");
}

function table(heads, rows) {
  const td = (v) => el("td", typeof v === "number" ? { class: "n" } : {}, typeof v === "number" ? num(v, Number.isInteger(v) ? 0 : 1) : v);
  return el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", {}, t(h))))), el("tbody", {}, ...rows.map((r) => el("tr", {}, ...r.map(td))))));
}
function curve([id, x, y]) {
  const right = Math.max(1, ...x), top = Math.max(0.01, ...y);
  const at = (a, b) => [(a / right) * 130 + 30, 85 - (b / top) * 75];
  const pic = draw("svg", { viewBox: "0 0 170 110", role: "img", "aria-label": `${id}: ${x.map((d, i) => `${d} → ${share(y[i])}`).join(", ")}` });
  pic.append(draw("path", { d: "M30 10V85H164", stroke: "#9aa69f" }), draw("polyline", { points: x.map((d, i) => at(d, y[i]).join()).join(" "), stroke: "#c97a08", "stroke-width": 2.5 }),
    draw("text", { x: 26, y: 14, "text-anchor": "end" }, share(top).replace(".0", "")), draw("text", { x: 160, y: 98, "text-anchor": "end" }, t("days", { n: right })), draw("text", { x: 34, y: 22, style: "font-weight:700" }, id));
  return pic;
}
function drawBasis() {
  const p = D.plan, n = (x) => num(x);
  const rate = (x) => t("rate_unit", { x: zh() ? num(x * 15, 1) : num(x, 2) });
  $("basis").replaceChildren(el("div", { class: "two" },
    el("div", {}, el("h3", {}, t("t_rules")), el("p", {}, t("rule_value")), el("p", {}, t("sums", { v: n(p.value_yuan), l: n(p.loss_yuan), m: n(p.move_cost_yuan), w: n(p.work_cost_yuan), o: n(p.objective_yuan) })), el("p", {}, t("rule_bound")), el("p", {}, t("rule_night")),
      el("p", {}, t("detour", { x: D.region.detour })), el("p", { class: "hint" }, t("made_by", { e: name("engine", p.engine), s: p.seed }))),
    el("div", {}, el("h3", {}, t("t_curves")), el("p", { class: "hint" }, t("curve_axis")), el("div", { class: "curves" }, ...D.curves.map(curve))),
    el("div", {}, el("h3", {}, t("t_classes")), table(["c_class", "c_count", "licence", "c_road", "c_load", "c_km", "c_h"], D.classes.map((c) => [pick(c.name), c.count, c.licence || "–", c.road, c.load, c.km, c.h]))),
    el("div", {}, el("h3", {}, t("t_rates")), table(["c_class", "c_operation", "c_rate", "c_source"], D.rates.map(([c, op, r, src]) => [className(c), name("operation", op), rate(r), src])))));
  if (D.assumptions.length) $("basis").append(el("h3", {}, t("t_assumed")), table(["c_name", "c_number", "c_source", "c_date"], D.assumptions.map(([a, b, unit, src, when]) => [a, `${b} ${unit}`.trim(), src, when])));
}
