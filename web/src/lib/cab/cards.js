// The cards show what the server knew and what this phone has reported since; the days are named by the phone's clock.
import { clock, day } from "./place.js";
import { retry, sent, waiting } from "./queue.js";
import { flush, report } from "./sender.js";

const text = (key, values) => window.nongshi.text(key, values);
const EDGES = { started: "late", done: "ok", problem: "bad" };

export function facts() {
  const block = document.getElementById("cab-facts");
  return block ? JSON.parse(block.textContent) : [];
}

/** All reports of an order once: the server's word goes before this phone's memory. */
function reportsOf(fact, mine) {
  const known = new Map();
  for (const one of mine) if (String(one.order) === String(fact.id)) known.set(one.key, one);
  for (const one of fact.reports) known.set(one.key, one);
  return [...known.values()].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

export function stateAfter(reports, before) {
  let state = before;
  for (const { kind, flag, refused } of reports) {
    if (flag || refused) continue;
    if (kind === "start") state = "started";
    else if (kind === "done") state = "done";
    else if (kind === "problem" && state !== "done") state = "problem";
  }
  return state;
}

export function drawCards() {
  const mine = [...sent(), ...waiting()];
  for (const fact of facts()) {
    const card = document.querySelector(`[data-order="${fact.id}"]`);
    if (!card) continue;
    const reports = reportsOf(fact, mine);
    const news = reports.some((one) => !fact.reports.some(({ key }) => key === one.key));
    const state = news ? stateAfter(reports, fact.state === "done" ? "started" : fact.state) : fact.state;
    card.dataset.state = state;
    for (const edge of Object.values(EDGES)) card.classList.toggle(edge, EDGES[state] === edge);
    const badge = card.querySelector("[data-state-word]");
    badge.textContent = text(`s_${state}`);
    badge.className = `badge ${EDGES[state] || ""}`;
    card.toggleAttribute("data-waits", reports.some((one) => !one.sent));
    list(card.querySelector("[data-reports]"), reports);
  }
  nameDays();
}

function list(box, reports) {
  box.hidden = !reports.length;
  box.replaceChildren(...reports.map((one) => {
    const row = document.createElement("li");
    const what = document.createElement("b");
    what.textContent = `${text(`k_${one.kind}`)} ${clock(one.at)}`;
    const how = document.createElement("span");
    how.className = one.refused || one.flag ? "bad-ink" : one.sent ? "soft" : "late-ink";
    how.textContent = one.refused ? text("r_refused", { why: one.refused })
      : one.flag ? text(`r_${one.flag}`)
      : one.sent ? text("r_sent", { at: clock(one.sent) }) : text("r_waiting");
    row.append(what, how);
    if (one.refused) row.append(again(one.key));
    return row;
  }));
}

function again(key) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text("try_again");
  button.addEventListener("click", () => { retry(key); flush(); });
  return button;
}

/** A page kept since yesterday calls yesterday's tomorrow today. */
function nameDays() {
  const today = day();
  const tomorrow = day(Date.now() + 86400000);
  for (const section of document.querySelectorAll("[data-day]")) {
    const word = section.querySelector("[data-day-word]");
    const name = section.dataset.day === today ? "d_today" : section.dataset.day === tomorrow ? "d_tomorrow" : "";
    word.hidden = !name;
    word.textContent = name ? text(name) : "";
    word.classList.toggle("ok", name === "d_today");
  }
}

export function openFirst() {
  const cards = [...document.querySelectorAll(".cab-job")];
  const first = cards.find((card) => ["started", "problem"].includes(card.dataset.state)) || cards.find((card) => card.dataset.state === "issued");
  if (first) first.open = true;
}

export function wireCards() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-report]");
    if (!button) return;
    const card = button.closest("[data-order]");
    if (button.dataset.report === "problem") return; // problem.js asks first
    button.disabled = true; // a second tap of a thick glove says nothing new
    const kept = await report(Number(card.dataset.order), button.dataset.report);
    button.disabled = false;
    if (!kept) window.nongshi.toast(text("no_room"), "bad");
    else if (button.dataset.report === "done") openNext(card);
  });
}

function openNext(card) {
  const cards = [...document.querySelectorAll(".cab-job")];
  const next = cards.slice(cards.indexOf(card) + 1).find((one) => one.dataset.state === "issued");
  if (!next) return;
  card.open = false;
  next.open = true;
  next.querySelector("summary").focus();
  next.scrollIntoView({ block: "center" });
}
