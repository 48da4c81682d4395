// The side of the board: exceptions first, jobs left out by urgency, who changed what; and whatever is chosen.
import { area, dayShort, delta, faultWords, icon, iso, make, say, span, weekdayShort, when, yuan, dayWords } from "./board-words.js";

import { ageWords, stateOf } from "./machines.js";

const SHOWN = 60;
const BEST = 5;

export class Side {
  constructor(board, box, acts, machines) {
    Object.assign(this, { board, box, acts, machines });
    this.tab = "exceptions";
    this.more = 1;
    this.asked = 0;
  }

  draw() {
    const { board } = this;
    if (!board.data) return;
    if (board.selected.size > 1) this.many();
    else if (board.selected.size === 1) this.one(board.byId.get([...board.selected][0]));
    else if (board.machine) this.machine(board.machineById.get(board.machine));
    else this.lists();
  }

  lists() {
    const { board } = this;
    const exceptions = board.data.exceptions;
    const { unserved } = board;
    const tabs = [["exceptions", exceptions.length], ["unserved", unserved.length], ["history", board.history.undo.length]];
    const heard = this.heard();
    if (heard.length) tabs.push(["now", heard.filter(([, row]) => stateOf(row) === "silent").length]);
    else if (this.tab === "now") this.tab = "exceptions";
    const bar = make("div", { class: "tabs", role: "tablist", "aria-label": say("lists") }, tabs.map(([name, count]) => make("button", {
      type: "button", role: "tab", id: `tab-${name}`, "aria-selected": String(this.tab === name), "aria-controls": "side-list", tabindex: this.tab === name ? "0" : "-1",
      onclick: () => this.show(name), onkeydown: (event) => this.turn(event, tabs),
    }, say(`tab_${name}`), count ? make("span", { class: `badge ${name === "history" ? "" : "bad"}` }, String(count)) : null)));
    const rows = { exceptions: () => exceptions.map((one) => this.exception(one)), unserved: () => unserved.map((job) => this.left(job)), history: () => this.steps(), now: () => heard.map(([machine, row]) => this.whereabouts(machine, row)) }[this.tab]();
    const shown = rows.slice(0, SHOWN * this.more);
    const list = shown.length ? make("ul", { class: "s-list" }, shown.map((row) => make("li", {}, row))) : make("div", { class: "state" }, icon(this.tab === "history" ? "clock" : "check"), make("p", {}, say(`none_${this.tab}`)));
    const rest = rows.length > shown.length ? make("button", { type: "button", class: "wide", onclick: () => { this.more += 1; this.draw(); } }, say("more", { n: rows.length - shown.length })) : null;
    this.box.replaceChildren(bar, make("div", { id: "side-list", class: "s-scroll", role: "tabpanel", "aria-labelledby": `tab-${this.tab}`, tabindex: "0" }, list, rest));
  }

  show(name) { this.tab = name; this.more = 1; this.draw(); this.box.querySelector(`#tab-${name}`)?.focus(); }

  turn(event, tabs) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = tabs.findIndex(([name]) => name === this.tab);
    this.show(tabs[(at + by + tabs.length) % tabs.length][0]);
  }

  /** [machine, what was told of it], the silent ones first. */
  heard() {
    const rank = { silent: 0, work: 1, free: 2 };
    return [...this.machines.rows.values()].map((row) => [this.board.machineByRow.get(row.machine), row]).filter(([machine]) => machine)
      .sort((a, b) => rank[stateOf(a[1])] - rank[stateOf(b[1])] || a[0].index - b[0].index);
  }

  /** Positions came: only what shows them is drawn again, and never under somebody's hands. */
  moved() {
    if (!this.board.data || this.board.selected.size) return;
    const inside = this.box.querySelector("[data-now]");
    if (this.board.machine && inside) inside.replaceWith(this.now(this.board.machineById.get(this.board.machine)));
    else if (!this.board.machine && !this.box.contains(document.activeElement)) {
      const top = this.box.querySelector("#side-list")?.scrollTop || 0;
      this.lists();
      this.box.querySelector("#side-list").scrollTop = top;
    }
  }

  whereabouts(machine, row) {
    const state = stateOf(row);
    return make("button", { type: "button", class: `s-item ${state === "silent" ? "late" : ""}`, onclick: () => this.acts.goMachine(machine) },
      make("span", { class: "s-top" }, make("b", { "data-text": true }, machine.name), make("span", { class: `badge ${state === "silent" ? "late" : state === "work" ? "blue" : ""}` }, say(`now_${state}`))),
      ...this.nowLines(row));
  }

  nowLines(row) {
    const small = (words, kind = "") => make("span", { class: `small ${kind}`, "data-text": true }, words);
    return [
      small(`${say(`source_${row.source}`)} · ${ageWords(row)}`, stateOf(row) === "silent" ? "" : "soft"),
      row.job ? small(say("now_job", { job: row.job, since: row.since || "?", until: row.until || "?" })) : null,
      row.of ? small(say("now_today", { done: row.done, of: row.of, done_area: area(row.done_ha), area: area(row.of_ha) }), "soft") : null,
    ].filter(Boolean);
  }

  now(machine) {
    const row = machine && this.machines.rows.get(machine.row);
    return make("div", { class: "s-now stack", "data-now": true }, row ? [make("p", { class: "row tight" }, make("span", { class: `badge ${stateOf(row) === "silent" ? "late" : stateOf(row) === "work" ? "blue" : ""}` }, say(`now_${stateOf(row)}`))), ...this.nowLines(row)] : make("span", { class: "small soft" }, say("now_nowhere")));
  }

  exception([kind, j, m, ...more]) {
    const { board } = this;
    const job = j >= 0 ? board.jobs[j] : null;
    const machine = m >= 0 ? board.machines[m] : job?.stops[0]?.machine;
    const title = job ? `${job.field[0]} · ${job.operation}` : machine?.name || "";
    const said = {
      late: () => say("x_late", { hours: more[0], yuan: yuan(more[1]) }),
      risk: () => say("x_risk", { hours: more[0] }),
      pin: () => say(`x_pin_${more[0]}`),
      licence: () => say("x_licence", { who: more[0], day: dayShort(more[1]), licence: more[2] }),
      papers: () => say("x_papers", { what: more.map((name) => say(`paper_${name}`)).join("、") }),
    }[kind]();
    const tone = { late: "late", risk: "risk", pin: "bad", licence: "bad", papers: "late" }[kind];
    return make("button", { type: "button", class: `s-item ${tone}`, onclick: () => (job ? this.acts.go(job) : this.acts.goMachine(machine)) },
      make("span", { class: "s-top" }, make("b", { "data-text": true }, title), make("span", { class: `badge ${tone}` }, say(`kind_${kind}`))),
      make("span", { class: "small" }, said), machine && job ? make("span", { class: "small soft", "data-text": true }, machine.name) : null);
  }

  left(job) {
    const tone = job.urgent ? "bad" : "";
    const days = Math.floor(job.due / 1440);
    const due = job.due % 1440 === 0 ? dayWords(Math.max(0, Math.min(this.board.data.days.length - 1, days - 1))) : when(job.due);
    return make("button", { type: "button", class: `s-item ${tone} carry`, "data-carry": job.id, onclick: (event) => this.board.select(job.id, { add: event.shiftKey || event.ctrlKey }) },
      make("span", { class: "s-top" }, make("b", { "data-text": true }, `${job.field[0]} · ${job.operation}`), job.urgent ? make("span", { class: "badge bad" }, say("urgent")) : make("span", { class: "small soft nowrap" }, area(job.ha))),
      make("span", { class: "small" }, say("x_left", { due, yuan: yuan(job.value) })), make("span", { class: "small soft", "data-text": true }, job.unserved.text));
  }

  steps() {
    const { undo, redo } = this.board.history;
    const row = (step, gone) => make("div", { class: `s-item plain${gone ? " gone" : ""}` }, make("span", { class: "s-top" }, make("b", { "data-text": true }, step.words), step.yuan ? make("span", { class: step.yuan < 0 ? "minus" : "plus" }, delta(step.yuan)) : null),
      make("span", { class: "small soft", "data-text": true }, `${step.by} ${step.at}`), gone ? make("span", { class: "small soft" }, say("undone")) : null);
    return [...redo.map((step) => row(step, true)).reverse(), ...undo.map((step) => row(step, false))];
  }

  head(title, lead) {
    return make("div", { class: "s-head" }, make("button", { type: "button", class: "quiet square", "aria-label": say("back"), onclick: () => this.board.select([], { machine: null }) }, icon("left")),
      make("div", { class: "grow" }, make("h2", { "data-text": true }, title), lead ? make("p", { class: "small soft" }, lead) : null));
  }

  async one(job) {
    const { board } = this;
    const mine = (this.asked += 1);
    const state = board.jobState(job);
    const facts = [
      [say("f_area"), area(job.ha)], [say("f_value"), yuan(job.value)],
      [say("f_window"), span(job.open, job.close)], [say("f_due"), when(job.due)],
      job.grower ? [say("f_grower"), job.grower] : null, job.wet ? [say("f_wet"), `${job.wet} t`] : null,
    ].filter(Boolean);
    const places = job.stops.map((stop) => make("div", { class: `s-stop ${board.stateOf(stop)}` }, make("b", { "data-text": true }, stop.machine.name), make("span", {}, span(stop.start, stop.end)),
      make("span", { class: "small soft", "data-text": true }, [stop.machine.crew[Math.floor(stop.start / 1440)], say("way_km", { km: stop.km })].filter(Boolean).join(" · "))));
    const why = this.button("info", job.stops.length ? "why_here" : "why_not", () => this.why(job, answer));
    const buttons = make("div", { class: "row tight" }, ...(board.may ? [
      job.fixed === "pinned" ? this.button("pin", "unpin", () => this.acts.change({ do: "unpin", jobs: [job.id] }, say("did_unpin"))) : job.stops.length && !job.fixed ? this.button("pin", "pin", () => this.acts.change({ do: "pin", jobs: [job.id] }, say("did_pin"))) : null,
      job.fixed ? null : this.button("swap", "carry", () => this.acts.carry(job), "k-carry"),
      job.stops.length && !job.fixed ? this.button("close", "drop", () => this.acts.drop([job])) : null] : []), why);
    const best = make("div", { class: "stack" });
    const answer = make("div", { class: "s-why", hidden: true });
    this.box.replaceChildren(this.head(`${job.field[0]} · ${job.operation}`, job.field[1]), make("div", { class: "s-scroll", tabindex: "0", role: "region", "aria-label": `${job.field[0]} ${job.operation}` },
      make("p", { class: "row tight" }, make("span", { class: `badge ${tone(state)}` }, say(`state_${state}`)), job.urgent ? make("span", { class: "badge bad" }, say("urgent")) : null, job.fixed ? make("span", { class: "badge blue" }, icon("pin"), say(`fixed_${job.fixed}`)) : null),
      job.unserved ? make("p", { class: "small", "data-text": true }, job.unserved.text) : null, places, make("dl", { class: "facts small" }, facts.map(([name, value]) => [make("dt", {}, name), make("dd", { "data-text": true }, value)])), buttons, answer, best));
    if (!board.may || job.fixed) return;
    best.replaceChildren(make("h3", {}, say("best_places")), make("div", { class: "spin" }));
    try {
      const found = await board.places(job.id);
      if (mine === this.asked) this.best(job, found, best);
    } catch (fault) {
      if (mine === this.asked) best.replaceChildren(make("p", { class: "notice bad small" }, faultWords(fault)));
    }
  }

  best(job, found, box) {
    const { board } = this;
    const ranked = Object.entries(found.offers).map(([m, offer]) => [board.machines[m], offer]).sort((a, b) => b[1][0] - a[1][0]);
    const here = new Set(job.stops.map((stop) => stop.machine.index));
    const row = ([machine, [money, km, start, end, who]]) => make("button", { type: "button", class: "s-place", onclick: () => this.acts.place(job, machine, found) },
      make("span", { class: "s-top" }, make("b", { "data-text": true }, machine.name), make("span", { class: money < 0 ? "minus" : "plus" }, delta(money))),
      make("span", { class: "small" }, span(start, end)), make("span", { class: "small soft" }, make("span", { "data-text": true }, who), ` · ${say("way_km", { km })}`, here.has(machine.index) ? ` · ${say("here_now")}` : ""));
    const cannot = Object.entries(found.cannot).map(([m, words]) => [board.machines[m], words]);
    const rest = make("details", { class: "s-rest" }, make("summary", {}, say("all_machines", { can: ranked.length, cannot: cannot.length })),
      ranked.slice(BEST).map(row), make("ul", { class: "s-cannot small" }, cannot.map(([machine, words]) => make("li", {}, make("b", { "data-text": true }, machine.name), " ", make("span", { "data-text": true }, words)))));
    box.replaceChildren(make("h3", {}, say("best_places")), ...(ranked.length ? ranked.slice(0, BEST).map(row) : [make("p", { class: "soft" }, say("nowhere"))]), rest);
  }

  async why(job, box) {
    if (!box.hidden) { box.hidden = true; return; }
    box.hidden = false;
    box.replaceChildren(make("div", { class: "spin" }));
    try {
      const found = await window.nongshi.fetchJson(`${this.board.urls.why}?job=${encodeURIComponent(job.id)}`);
      const part = (name, lines) => (lines.length ? [make("h3", {}, say(name)), make("ul", { "data-text": true }, lines.map((line) => make("li", {}, line)))] : []);
      box.replaceChildren(...part(found.served ? "why_here" : "why_not", found.why), ...part("what_helps", found.frees), ...part("others_would", found.instead));
    } catch (fault) { box.replaceChildren(make("p", { class: "notice bad small" }, faultWords(fault))); }
  }

  many() {
    const { board } = this;
    const jobs = [...board.selected].map((id) => board.byId.get(id));
    const free = jobs.filter((job) => !job.fixed);
    const planned = free.filter((job) => job.stops.length);
    const ids = (list) => list.map((job) => job.id);
    const to = make("select", { "aria-label": say("move_to") }, make("option", { value: "" }, say("move_to")), board.machines.map((machine) => make("option", { value: machine.id }, `${machine.name} · ${machine.kind[1]}`)));
    to.addEventListener("change", () => { if (to.value) this.acts.change({ do: "move", jobs: ids(free), machine: to.value }, say("moved_n", { n: free.length })); to.value = ""; });
    const buttons = board.may ? make("div", { class: "row tight" },
      planned.length ? this.button("pin", "pin", () => this.acts.change({ do: "pin", jobs: ids(planned) }, say("did_pin"))) : null,
      jobs.some((job) => job.fixed === "pinned") ? this.button("pin", "unpin", () => this.acts.change({ do: "unpin", jobs: ids(jobs.filter((job) => job.fixed === "pinned")) }, say("did_unpin"))) : null,
      planned.length ? this.button("close", "drop", () => this.acts.drop(planned)) : null, free.length ? to : null) : null;
    const sum = jobs.reduce((ha, job) => ha + job.ha, 0);
    this.box.replaceChildren(this.head(say("chosen_n", { n: jobs.length }), area(sum)), make("div", { class: "s-scroll", tabindex: "0", role: "region", "aria-label": say("chosen_n", { n: jobs.length }) }, buttons, make("ul", { class: "s-list" }, jobs.map((job) => make("li", {}, make("button", { type: "button", class: `s-item ${tone(board.jobState(job))}`, onclick: () => this.acts.go(job) },
      make("span", { class: "s-top" }, make("b", { "data-text": true }, `${job.field[0]} · ${job.operation}`), make("span", { class: "small soft nowrap" }, area(job.ha))),
      make("span", { class: "small soft", "data-text": true }, job.stops[0] ? `${job.stops[0].machine.name} ${when(job.stops[0].start)}` : say("state_left"))))))));
  }

  machine(machine) {
    const { board } = this;
    const days = new Map();
    for (const stop of machine.stops) { const d = Math.floor(stop.start / 1440); days.set(d, [...(days.get(d) || []), stop]); }
    const km = machine.stops.reduce((sum, stop) => sum + stop.km, 0);
    const ha = machine.stops.reduce((sum, stop) => sum + stop.ha, 0);
    const groups = [...days].sort((a, b) => a[0] - b[0]).map(([d, stops]) => {
      const pinned = machine.pinned.has(d);
      const act = { do: pinned ? "unpin_day" : "pin_day", machine: machine.id, day: board.data.days[d][0] };
      return make("section", { class: "s-day" }, make("div", { class: "row tight" }, make("h3", { class: "grow" }, `${dayShort(d)} ${weekdayShort(d)}`), make("span", { class: "small soft", "data-text": true }, machine.crew[d] || ""),
        board.may ? make("button", { type: "button", class: "small-button", "aria-pressed": String(pinned), onclick: () => this.acts.change(act, say(pinned ? "did_unpin" : "did_pin")) }, icon("pin"), say("pin_day")) : null,
        make("a", { class: "button small-button", href: `${board.urls.sheets}?machine=${encodeURIComponent(machine.id)}&day=${board.data.days[d][0]}`, target: "_blank", rel: "noopener" }, icon("print"), say("sheet"))),
      stops.map((stop) => make("button", { type: "button", class: `s-stop ${board.stateOf(stop)}`, onclick: () => this.acts.go(stop.job) }, make("b", { "data-text": true }, `${stop.job.field[0]} · ${stop.job.operation}`), make("span", {}, span(stop.start, stop.end)), make("span", { class: "small soft" }, `${area(stop.ha)} · ${say("way_km", { km: stop.km })}`))));
    });
    this.box.replaceChildren(this.head(machine.name, `${machine.kind[1]}${machine.plate ? ` · ${machine.plate}` : ""}`), make("div", { class: "s-scroll", tabindex: "0", role: "region", "aria-label": machine.name },
      this.now(machine), make("p", { class: "soft small" }, say("machine_sum", { n: machine.stops.length, area: area(ha), km: km.toFixed(0) })), groups.length ? groups : make("div", { class: "state" }, icon("machine"), make("p", {}, say("no_stops")))));
  }

  button(name, key, onclick, id = null) { return make("button", { type: "button", id, onclick }, icon(name), say(key)); }
}

const tone = (state) => ({ ok: "ok", done: "", started: "blue", risk: "late", late: "late", problem: "bad", left: "bad" })[state];
export { iso };
