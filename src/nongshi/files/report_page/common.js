"use strict";
// The plan as the page holds it, its words, and how numbers, areas and wall times are written.
const D = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const DAY = 1440;

function remembered() {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked) return asked === "en" ? "en" : "zh";
  try { return localStorage.getItem("nongshi-lang") || "zh"; } catch { return "zh"; }
}
let lang = remembered();
const zh = () => lang === "zh";
const pick = (pair) => pair[zh() ? 0 : 1];

function t(key, fill = {}) {
  return pick(D.words[key]).replace(/\{(\w+)\}/g, (_, name) => fill[name]);
}
const name = (table, id) => (D.names[table][id] ? pick(D.names[table][id]) : id);

// Elements are built, never parsed from text: a field called <script> stays a name.
function el(tag, attrs = {}, ...kids) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attrs)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...kids.filter((kid) => kid != null && kid !== ""));
  return node;
}
function draw(tag, attrs, text) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attrs)) node.setAttribute(key, value);
  if (text != null) node.textContent = text;
  return node;
}

function num(x, digits = 0) {
  const [whole, rest] = Math.abs(x).toFixed(digits).split(".");
  const sign = x < 0 && Number(Math.abs(x).toFixed(digits)) > 0 ? "-" : "";
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? "." + rest : "");
}
const yuan = (x) => t("yuan", { x: num(x) });
const share = (x) => num(x * 100, 1) + (zh() ? "%" : " %");
const area = (ha) => t("area_unit", { x: areaNum(ha) });
const areaNum = (ha) => (zh() ? num(ha * 15, ha < 100 ? 1 : 0) : num(ha, ha < 100 ? 2 : 1));
const km = (x) => t("km_unit", { x: num(x, x < 100 ? 1 : 0) });

const two = (n) => String(n).padStart(2, "0");
const clock = (m) => two(Math.floor((((m % DAY) + DAY) % DAY) / 60)) + ":" + two(((m % 60) + 60) % 60);
const isoOf = (day) => new Date(Date.parse(D.region.days[0] + "T00:00:00Z") + day * 864e5).toISOString().slice(0, 10);
function date(day) {
  const [, month, dom] = isoOf(day).split("-").map(Number);
  return t("month_day", { m: month, d: dom, mon: t("months").split(" ")[month - 1] });
}
const weekday = (day) => t("weekdays").split(" ")[(new Date(isoOf(day) + "T00:00:00Z").getUTCDay() + 6) % 7];
const dayOf = (m) => Math.floor(m / DAY);
const moment = (m) => date(dayOf(m)) + " " + clock(m);
const stretch = (a, b) => moment(a) + "–" + (dayOf(a) === dayOf(b) ? clock(b) : moment(b));

const FIELDS = D.fields.map(([id, label, place, town, grower, ha, rings, gate]) => ({ id, label, place, town, grower, ha, rings, gate, jobs: [] }));
const CLASS = Object.fromEntries(D.classes.map((c) => [c.id, c]));
const MACHINE = Object.fromEntries(D.machines.map((m) => [m.id, Object.assign(m, { stops: [] })]));
const JOB = {};
for (const [id, f, op, ha, open, due, close, value] of D.jobs) {
  JOB[id] = { id, f, op, ha, open, due, close, value, stops: [], left: null };
  FIELDS[f].jobs.push(JOB[id]);
}
for (const stop of D.stops) { JOB[stop.j].stops.push(stop); MACHINE[stop.m].stops.push(stop); }
for (const [id, reason, textZh, textEn] of D.unserved) JOB[id].left = { reason, text: [textZh, textEn] };
const stopState = (stop) => (stop.late > 0 ? "late" : "ok");
const jobState = (job) => (job.left || !job.stops.length ? "bad" : job.stops.some((s) => s.late > 0) ? "late" : "ok");
function fieldState(field) {
  const states = field.jobs.map(jobState);
  return ["bad", "late", "ok"].find((s) => states.includes(s)) || "none";
}
const className = (id) => (CLASS[id] ? pick(CLASS[id].name) : id);
const chosen = { machine: null, stop: null, field: null };
