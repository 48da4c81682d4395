// The dispatcher's board: one plan on a map, in a Gantt and in lists, changed by hand; docs/site-board.md.
import { Agenda } from "./lib/board-agenda.js";
import { Carrier } from "./lib/board-drag.js";
import { Gantt } from "./lib/board-gantt.js";
import { makeBoardMap } from "./lib/board-map.js";
import { Machines } from "./lib/machines.js";
import { Side } from "./lib/board-side.js";
import { Board } from "./lib/board-state.js";
import { area, dayShort, faultWords, grouped, icon, iso, make, say, weekdayShort, yuan } from "./lib/board-words.js";

const PULSE_MS = 5000;
const root = document.getElementById("board");
if (root) start(root);

function start(root) {
  const outside = { undo: "undo", redo: "redo", freeze: "freeze-open" }; // they stand in the head of the page
  const at = (name) => (outside[name] ? document.getElementById(outside[name]) : root.querySelector(`[data-part=${name}]`));
  const board = new Board(root);
  const phone = window.matchMedia("(max-width: 760px)");
  const live = (words) => { at("live").textContent = words; };
  let busy = false;
  let pulsed = Promise.resolve();

  async function change(body, words) {
    if (busy) return;
    busy = true;
    root.classList.add("busy");
    try {
      await board.change(body);
      if (words) { window.nongshi.toast(words, "ok"); live(words); }
    } catch (fault) {
      if (fault.status === 409) await someoneElse();
      else window.nongshi.toast(faultWords(fault), "bad");
    } finally {
      busy = false;
      root.classList.remove("busy");
    }
  }

  async function someoneElse() {
    const told = await window.nongshi.fetchJson(board.urls.pulse);
    await board.load();
    const last = told.history?.undo?.[0];
    window.nongshi.toast(last ? say("changed_by", { by: last.by, words: last.words }) : say("changed_by_other"), "late");
    if (told.state !== "draft" && board.may) location.reload();
  }

  const go = (job) => {
    board.select(job.id, { machine: job.stops[0]?.machine.id ?? null });
    if (job.stops[0] && !phone.matches) gantt.show(job.stops[0]);
  };
  const acts = {
    change, go,
    goMachine: (machine) => { board.select([], { machine: machine.id }); const row = gantt.rowOf.get(machine.index); if (row !== undefined && !phone.matches) gantt.showRow(row); },
    carry: (job) => carrier.start(job, "keys"),
    drop: async (jobs) => { if (await window.nongshi.confirm(say("drop_sure", { n: jobs.length }), { danger: true, ok: say("drop") })) change({ do: "drop", jobs: jobs.map((job) => job.id) }, say("did_drop")); },
    place: (job, machine, found) => carrier.place(job, machine, found),
  };
  const gantt = new Gantt(board, at("gantt"), { onMove: (what, job) => { if (what === "carry" && board.may) acts.carry(job); if (what === "zoom") zooms(); if (what === "filter") filters(); } });
  const carrier = new Carrier(board, gantt, { live, onDone: change });
  const machines = new Machines().listen();
  const side = new Side(board, at("side"), acts, machines);
  const agenda = new Agenda(board, at("agenda"), { ...acts, go: (job) => board.select(job.id, { machine: job.stops[0]?.machine.id ?? null }) });

  function figures() {
    const f = board.data.figures;
    const late = board.data.exceptions.filter((one) => one[0] === "late");
    const risk = board.data.exceptions.filter((one) => one[0] === "risk");
    const tiles = [
      [say("k_served"), `${grouped(f.served)}`, ` / ${grouped(f.served + f.unserved)}`, ""],
      [say("k_late"), grouped(late.length), late.length ? ` · ${yuan(f.loss_fen)}` : "", late.length ? "late" : "ok"],
      [say("k_risk"), grouped(risk.length), "", risk.length ? "late" : "ok"],
      [say("k_left"), grouped(f.unserved), "", f.unserved ? "bad" : "ok"],
      [say("k_value"), grouped(f.value_fen / 100), ` ${say("yuan")}`, ""],
      [say("k_area"), area(f.area_ha), "", ""],
      [say("k_km"), say("way_km", { km: grouped(f.km) }), "", ""],
    ];
    at("figures").replaceChildren(...tiles.map(([name, value, more, tone]) => make("div", { class: `b-figure ${tone}` }, make("span", { class: "name" }, name), make("b", {}, value, more ? make("small", {}, more) : null))));
  }

  function weather() {
    at("weather").replaceChildren(...board.data.days.map((day, d) => {
      const dry = day[2] !== null;
      const hours = dry ? ((day[3] - day[2]) / 60).toFixed(1).replace(/\.0$/, "") : "";
      return make("button", { type: "button", class: `b-day ${dry ? "" : "rain"}`, onclick: () => { gantt.look(d); }, title: dry ? say("hours_n", { n: hours }) : say("no_work") },
        make("span", { class: "day" }, dayShort(d), " ", make("i", {}, weekdayShort(d))), icon(dry ? "sun" : "rain"), make("b", { class: "small" }, dry ? say("h_n", { n: hours }) : say("rain")));
    }));
  }

  function tools() {
    const { history } = board;
    for (const name of ["undo", "redo"]) {
      const button = at(name);
      if (!button) continue;
      button.disabled = !history[name].length;
      button.title = history[name][0]?.words || say(name);
    }
    const frozen = at("freeze");
    if (frozen) frozen.setAttribute("aria-pressed", String(board.data.pins.until !== null));
    const version = document.querySelectorAll("[data-version]");
    for (const field of version) field.value = board.version;
  }
  const zooms = () => { for (const one of root.querySelectorAll("[data-zoom]")) one.setAttribute("aria-pressed", String(one.dataset.zoom === gantt.zoom)); };
  function filters() {
    const kind = at("kind");
    if (!kind.dataset.full) {
      kind.dataset.full = "1";
      const used = new Set(board.machines.map((machine) => machine.kindNumber));
      board.data.classes.forEach(([, name], c) => { if (used.has(c)) kind.append(make("option", { value: String(c) }, name)); });
      if (board.data.orgs.length > 1) for (const [code, name] of board.data.orgs) at("org").append(make("option", { value: code }, name));
      at("org").hidden = board.data.orgs.length < 2;
    }
    kind.value = gantt.filter.kind;
    at("org").value = gantt.filter.org;
    at("only").value = gantt.filter.only;
    at("words").value = gantt.filter.words;
  }

  board.on((what) => {
    if (what === "data") { figures(); weather(); filters(); tools(); gantt.box.clientWidth && gantt.dayPx ? gantt.redraw() : gantt.measure(); side.draw(); agenda.draw(); pulsed = refresh(); }
    if (what === "selection") { gantt.redraw(); side.draw(); sheet(); }
    if (what === "orders") { gantt.redraw(); side.draw(); agenda.draw(); }
    if (what === "history") { tools(); if (!board.selected.size && !board.machine) side.draw(); }
  });

  function sheet() { // on a phone, what is chosen comes up from below
    root.classList.toggle("has-choice", board.selected.size > 0 || Boolean(board.machine));
    if (phone.matches && root.classList.contains("has-choice")) at("side").querySelector("button")?.focus({ preventScroll: true });
  }

  for (const one of root.querySelectorAll("[data-zoom]")) one.addEventListener("click", () => { gantt.setZoom(one.dataset.zoom); zooms(); });
  for (const name of ["kind", "org", "only"]) at(name).addEventListener("change", () => { gantt.filter[name] = at(name).value; gantt.box.scrollTop = 0; gantt.redraw(); });
  at("words").addEventListener("input", () => { gantt.filter.words = at("words").value; gantt.box.scrollTop = 0; gantt.redraw(); });
  for (const name of ["undo", "redo"]) at(name)?.addEventListener("click", () => change({ do: name }, say(`did_${name}`)));
  at("freeze")?.addEventListener("click", () => document.getElementById("freeze").showModal());
  document.getElementById("freeze-form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const until = event.submitter?.value === "off" ? null : event.target.until.value;
    document.getElementById("freeze").close();
    change({ do: "freeze", until }, say(until ? "did_freeze" : "did_thaw"));
  });
  for (const tab of root.querySelectorAll("[data-view]")) tab.addEventListener("click", () => { root.dataset.shows = tab.dataset.view; for (const one of root.querySelectorAll("[data-view]")) one.setAttribute("aria-pressed", String(one === tab)); agenda.draw(); if (tab.dataset.view === "map") showMap(); });
  at("mapfold")?.addEventListener("click", () => { root.classList.toggle("no-map"); at("mapfold").setAttribute("aria-pressed", String(!root.classList.contains("no-map"))); gantt.draw(); });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.("input, select, textarea, dialog") || carrier.job) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") { event.preventDefault(); at(event.shiftKey ? "redo" : "undo")?.click(); }
    if (event.key === "Escape" && (board.selected.size || board.machine)) board.select([], { machine: null });
  });
  phone.addEventListener("change", () => { gantt.measure(); agenda.draw(); });

  machines.on(() => {
    at("now").hidden = false;
    at("made").hidden = !machines.generated;
    side.moved();
  });

  let mapped = null;
  function showMap() {
    if (mapped || !window.nongshi.createMap || !at("map").offsetParent) return;
    mapped = pulsed.then(() => makeBoardMap(board, at("map"), machines, { onJobs: (jobs, add) => { if (jobs.length) board.select([...(add ? board.selected : []), ...jobs.map((job) => job.id)].filter((id, k, all) => all.indexOf(id) === k)); } }));
    mapped.then(({ fit }) => at("fit")?.addEventListener("click", fit), () => { at("map").textContent = say("map_failed"); });
  }

  let seen = "";
  let pending = false;
  async function refresh() {
    try {
      const told = await window.nongshi.fetchJson(`${board.urls.pulse}${seen === String(board.version) ? `?version=${seen}` : ""}`);
      const orders = new Map(told.orders.map(([job, part, state]) => [`${job}/${part}`, state]));
      const same = orders.size === board.orders.size && [...orders].every(([key, state]) => board.orders.get(key) === state);
      board.orders = orders;
      if (!same) board.tell("orders");
      if (told.history) { board.history = told.history; seen = String(told.version); board.tell("history"); }
      if (told.version !== board.version && !busy && !carrier.job) {
        const last = told.history?.undo?.[0];
        await board.load();
        window.nongshi.toast(last ? say("changed_by", { by: last.by, words: last.words }) : say("changed_by_other"), "late");
      }
    } catch { /* the next pulse tries again; the page says by itself that it is offline */ }
  }
  setInterval(() => { if (document.visibilityState === "visible") refresh(); }, PULSE_MS);
  const told = () => { if (!pending) { pending = true; setTimeout(() => { pending = false; refresh(); }, 100); } };
  window.nongshi.live({ event: ({ about }) => { if (/^(plan|order):/.test(about)) told(); }, reset: told });

  board.load().then(() => {
    at("loading").remove();
    root.classList.remove("is-loading");
    gantt.measure();
    agenda.draw();
    requestAnimationFrame(() => { performance.mark("board-usable"); root.dataset.ready = "1"; setTimeout(showMap, 0); });
  }).catch((fault) => {
    at("loading").replaceChildren(make("div", { class: "state" }, icon("alert"), make("p", {}, fault.message && !fault.status ? fault.message : say("load_failed")), make("button", { type: "button", class: "primary", onclick: () => location.reload() }, say("again"))));
  });
  window.nongshiBoard = { board, gantt, carrier, iso };
}
