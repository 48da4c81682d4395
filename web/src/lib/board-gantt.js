// The Gantt: a row a machine, nights pressed together, only the rows in sight in the page.
import { clock, dayShort, dayWords, delta, icon, make, say, span, weekdayShort, when } from "./board-words.js";

export const ROW = 44; // px
const HEAD = 168; // px: the machine's cell
const NIGHT = 0.06; // share of a day's width that its night has
const BESIDE = 3; // rows beyond the edge

export class Gantt {
  constructor(board, box, { onMove }) {
    this.board = board;
    this.box = box;
    this.onMove = onMove;
    this.zoom = "all";
    this.filter = { kind: "", org: "", words: "", only: "" };
    this.shown = new Map(); // row number -> element
    this.places = null; // {job, offers, cannot} while a job is carried
    this.target = -1;
    this.head = make("div", { class: "g-head" });
    this.body = make("div", { class: "g-body", role: "group", "aria-label": say("gantt") });
    this.window = make("div", { class: "g-window", hidden: true });
    this.due = make("div", { class: "g-due", hidden: true });
    this.frozen = make("div", { class: "g-frozen", hidden: true });
    this.empty = make("p", { class: "g-empty soft", hidden: true }, say("no_machine_shown"));
    this.inner = make("div", { class: "g-inner" }, this.head, this.body);
    box.append(this.inner, this.empty);
    box.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => { if (box.clientWidth !== this.width) this.measure(); }).observe(box);
    this.body.addEventListener("pointerover", (event) => this.hover(event.target.closest(".g-bar")));
    this.body.addEventListener("pointerleave", () => this.hover(null));
    this.body.addEventListener("click", (event) => this.click(event));
    this.body.addEventListener("keydown", (event) => this.key(event));
    this.body.addEventListener("focusin", (event) => { const bar = event.target.closest(".g-bar"); if (bar) this.hover(bar); });
  }

  measure() {
    this.width = this.box.clientWidth;
    if (!this.width || !this.board.data) return;
    const { days } = this.board.data;
    const room = Math.max(240, this.width - HEAD - 2);
    const count = this.zoom === "day" ? 1 : this.zoom === "three" ? Math.min(3, days.length) : days.length;
    this.dayPx = Math.max(this.zoom === "all" ? 60 : 200, room / count);
    const starts = days.map((day, d) => day[2] === null ? Infinity : day[2] - d * 1440);
    const ends = days.map((day, d) => day[3] === null ? -Infinity : day[3] - d * 1440);
    this.lo = Math.max(0, Math.min(...starts, 480) - 15);
    this.hi = Math.min(1440, Math.max(...ends, 1020) + 15);
    this.full = this.dayPx * days.length;
    this.bands = this.board.data.classes.map((kind) => this.band(kind[2]));
    this.inner.style.width = `${HEAD + this.full}px`;
    this.drawHead();
    this.redraw();
  }

  x(minute) {
    const d = Math.floor(minute / 1440);
    const m = minute - d * 1440;
    const edge = NIGHT / 2;
    let share;
    if (m < this.lo) share = this.lo ? edge * m / this.lo : 0;
    else if (m > this.hi) share = 1 - edge + (this.hi < 1440 ? edge * (m - this.hi) / (1440 - this.hi) : 0);
    else share = edge + (1 - NIGHT) * (m - this.lo) / (this.hi - this.lo);
    return Math.max(0, Math.min(this.full, (d + share) * this.dayPx));
  }

  minute(x) {
    const d = Math.floor(x / this.dayPx);
    const share = x / this.dayPx - d;
    return Math.round(d * 1440 + this.lo + (share - NIGHT / 2) / (1 - NIGHT) * (this.hi - this.lo));
  }

  band(hours) { // no work: grey; a day without any: rain
    const stops = [];
    hours.forEach((one, d) => {
      const [a, b] = [d * this.dayPx, (d + 1) * this.dayPx];
      if (!one) { stops.push(`#c9dcf3 ${a}px ${b}px`); return; }
      stops.push(`#e9edea ${a}px ${this.x(one[0])}px`, `#fff ${this.x(one[0])}px ${this.x(one[1])}px`, `#e9edea ${this.x(one[1])}px ${b}px`);
    });
    return `linear-gradient(to right, ${stops.join(", ")})`;
  }

  drawHead() {
    const { days } = this.board.data;
    const cells = days.map((day, d) => make("button", {
      type: "button", class: `g-day${day[2] === null ? " rain" : ""}${day[1] > 4 ? " off" : ""}`, title: `${dayWords(d)} ${day[2] === null ? say("no_work") : ""}`,
      style: { left: `${d * this.dayPx}px`, width: `${this.dayPx}px` }, onclick: () => this.look(d),
    }, make("b", {}, dayShort(d)), make("span", {}, weekdayShort(d)), day[2] === null ? icon("rain") : null, this.dayPx > 150 ? this.hours(d) : null));
    this.head.replaceChildren(make("div", { class: "g-corner" }, say("machines_n", { n: this.rows ? this.rows.length : this.board.machines.length })), make("div", { class: "g-days", style: { width: `${this.full}px` } }, cells));
  }

  hours(d) {
    const found = [];
    for (let h = Math.ceil(this.lo / 60); h <= this.hi / 60; h += this.dayPx > 500 ? 1 : 3) {
      const left = this.x(d * 1440 + h * 60) - d * this.dayPx;
      if (left > 44) found.push(make("i", { class: "g-hour", style: { left: `${left}px` } }, String(h)));
    }
    return found;
  }

  look(d) {
    if (this.zoom === "all") { this.zoom = "day"; this.onMove("zoom"); this.measure(); }
    this.box.scrollLeft = d * this.dayPx;
  }

  setZoom(zoom) {
    const middle = this.minute(this.box.scrollLeft);
    this.zoom = zoom;
    this.measure();
    if (zoom !== "all") this.box.scrollLeft = Math.max(0, Math.floor(middle / 1440)) * this.dayPx;
  }

  refilter() {
    const { kind, org, words, only } = this.filter;
    const wanted = words.trim().toLowerCase();
    this.rows = this.board.machines.filter((machine) =>
      (kind === "" || machine.kindNumber === Number(kind)) && (!org || machine.org === org)
      && (!wanted || `${machine.id} ${machine.name} ${machine.plate} ${Object.values(machine.crew).join(" ")}`.toLowerCase().includes(wanted))
      && (!only || (only === "work" ? machine.stops.length > 0 : machine.stops.some((stop) => ["late", "risk", "problem"].includes(this.board.stateOf(stop))))));
    this.rowOf = new Map(this.rows.map((machine, row) => [machine.index, row]));
    this.body.style.height = `${this.rows.length * ROW}px`;
    this.empty.hidden = this.rows.length > 0;
  }

  redraw() {
    if (!this.dayPx) { this.measure(); return; }
    this.refilter();
    for (const row of this.shown.values()) row.remove();
    this.shown.clear();
    const corner = this.head.querySelector(".g-corner");
    if (corner) corner.textContent = say("machines_n", { n: this.rows.length });
    const until = this.board.data.pins.until;
    this.frozen.hidden = until === null || until <= 0;
    if (until !== null) this.frozen.style.cssText = `left:${HEAD}px;width:${this.x(until)}px`;
    this.body.prepend(this.window, this.due, this.frozen);
    this.drawWindow();
    this.draw();
  }

  draw() {
    if (!this.rows) return;
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW) - BESIDE);
    const last = Math.min(this.rows.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / ROW) + BESIDE);
    for (const [number, row] of this.shown) if (number < first || number >= last) { row.remove(); this.shown.delete(number); }
    const fresh = [];
    for (let number = first; number < last; number += 1) {
      if (this.shown.has(number)) continue;
      const row = this.row(number);
      this.shown.set(number, row);
      fresh.push(row);
    }
    this.body.append(...fresh);
  }

  row(number) {
    const machine = this.rows[number];
    const track = make("div", { class: "g-track", style: { width: `${this.full}px`, "background-image": this.bands[machine.kindNumber] } });
    for (const [a, b] of machine.off) track.append(make("div", { class: "g-off", title: say("not_there"), style: { left: `${this.x(a)}px`, width: `${Math.max(2, this.x(b) - this.x(a))}px` } }));
    for (const [day, name] of Object.entries(machine.crew)) {
      track.append(make("span", { class: "g-crew", "data-text": true, style: { left: `${day * this.dayPx + 4}px`, "max-width": `${this.dayPx - 8}px` } }, machine.pinned.has(Number(day)) ? icon("pin") : null, name));
    }
    const carried = this.places?.job.id;
    for (const stop of machine.stops) track.append(this.bar(stop, carried));
    const head = make("button", { type: "button", class: `g-machine${machine.id === this.board.machine ? " on" : ""}`, "data-machine": machine.index, tabindex: "-1" },
      make("b", { "data-text": true }, machine.name), make("span", { class: "g-kind" }, machine.kind[1]));
    const row = make("div", { class: "g-row", "data-row": number, style: { top: `${number * ROW}px`, width: `${HEAD + this.full}px` } }, head, track);
    if (this.places) this.answer(row, track, head, machine, number);
    return row;
  }

  bar(stop, carried) {
    const { board } = this;
    const left = this.x(stop.start);
    const wide = Math.max(4, this.x(stop.end) - left);
    const state = board.stateOf(stop);
    const { job } = stop;
    const on = board.selected.has(job.id);
    const names = `${job.operation} ${job.field[0]}`;
    const label = `${names}, ${span(stop.start, stop.end)}, ${say(`state_${state}`)}${job.fixed ? `, ${say(`fixed_${job.fixed}`)}` : ""}`;
    return make("button", {
      type: "button", class: `g-bar ${state}${on ? " on" : ""}${job.fixed ? " fixed" : ""}${carried === job.id ? " carried" : ""}`, "data-stop": stop.index, tabindex: this.roving(stop) ? "0" : "-1",
      "aria-label": label, "aria-pressed": String(on), title: label, "data-text": true, style: { left: `${left}px`, width: `${wide}px` },
    }, job.fixed === "pinned" && wide > 26 ? icon("pin") : null, wide > 22 ? make("span", { "data-text": true }, wide > 110 ? `${job.operation} ${job.field[0]}` : job.field[0]) : null);
  }

  roving(stop) {
    const first = this.focused ?? [...this.board.selected].map((id) => this.board.byId.get(id)?.stops[0]?.index).find((index) => index !== undefined);
    return first === undefined ? stop === this.board.stops[0] : stop.index === first;
  }

  answer(row, track, head, machine, number) {
    const offer = this.places.offers[machine.index];
    row.classList.add(offer ? "can" : "cannot");
    if (number === this.target) row.classList.add("target");
    if (offer) {
      const [money, km, start, end] = offer;
      const left = this.x(start);
      track.append(make("div", { class: "g-ghost", style: { left: `${left}px`, width: `${Math.max(6, this.x(end) - left)}px` } }));
      head.append(make("span", { class: `g-cost ${money < 0 ? "minus" : "plus"}`, title: `${when(start)} · ${say("way_km", { km })}` }, delta(money)));
    } else {
      const why = this.places.cannot[machine.index] || "";
      head.append(make("span", { class: "g-cost none" }, say("cannot")));
      track.append(make("span", { class: "g-why", style: { left: `${Math.max(6, this.box.scrollLeft + 6)}px` } }, why));
    }
  }

  /** Show or leave off what each machine answers for a job that is carried. */
  carry(places) {
    this.places = places;
    this.target = -1;
    this.redraw();
  }

  aim(number) {
    if (number === this.target) return;
    this.shown.get(this.target)?.classList.remove("target");
    this.target = number;
    this.shown.get(number)?.classList.add("target");
  }

  rowAt(clientY) {
    const top = this.body.getBoundingClientRect().top;
    const number = Math.floor((clientY - top) / ROW);
    const box = this.box.getBoundingClientRect();
    return clientY > box.top + this.head.offsetHeight && clientY < box.bottom && number >= 0 && number < this.rows.length ? number : -1;
  }

  hover(bar) {
    const index = bar ? Number(bar.dataset.stop) : -1;
    const job = index >= 0 ? this.board.stops[index].job.index : null;
    if (job === this.board.hovered) return;
    this.board.hovered = job;
    this.drawWindow();
    this.board.tell("hover");
  }

  drawWindow() {
    const one = this.board.selected.size === 1 ? this.board.byId.get([...this.board.selected][0]) : null;
    const job = this.places?.job || (this.board.hovered !== null ? this.board.jobs[this.board.hovered] : one);
    this.window.hidden = this.due.hidden = !job;
    if (!job) return;
    const [a, b] = [this.x(job.open), this.x(job.close)];
    this.window.style.cssText = `left:${HEAD + a}px;width:${Math.max(2, b - a)}px`;
    this.due.style.cssText = `left:${HEAD + this.x(job.due)}px`;
    this.due.hidden = job.due >= this.board.data.days.length * 1440;
  }

  click(event) {
    const bar = event.target.closest(".g-bar");
    const machine = event.target.closest(".g-machine");
    if (bar) {
      const stop = this.board.stops[Number(bar.dataset.stop)];
      this.focused = stop.index;
      this.board.select(stop.job.id, { add: event.shiftKey || event.ctrlKey || event.metaKey, machine: stop.machine.id });
      this.focus(stop);
    } else if (machine) {
      const found = this.board.machines[Number(machine.dataset.machine)];
      this.board.select([], { machine: found.id });
    }
  }

  key(event) {
    const bar = event.target.closest(".g-bar");
    if (!bar || this.places) return;
    const stop = this.board.stops[Number(bar.dataset.stop)];
    const { stops } = stop.machine;
    const at = stops.indexOf(stop);
    let next = null;
    if (event.key === "ArrowRight") next = stops[at + 1];
    else if (event.key === "ArrowLeft") next = stops[at - 1];
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") next = this.beside(stop, event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "m" || event.key === "M") { event.preventDefault(); this.onMove("carry", stop.job); return; } else return;
    event.preventDefault();
    if (!next) return;
    this.focused = next.index;
    this.board.select(next.job.id, { add: event.shiftKey, machine: next.machine.id });
    this.show(next);
    this.focus(next);
  }

  beside(stop, step) {
    for (let row = this.rowOf.get(stop.machine.index) + step; row >= 0 && row < this.rows.length; row += step) {
      const { stops } = this.rows[row];
      if (stops.length) return stops.reduce((best, one) => (Math.abs(one.start - stop.start) < Math.abs(best.start - stop.start) ? one : best));
    }
    return null;
  }

  showRow(row) {
    const top = row * ROW;
    const room = this.box.clientHeight - this.head.offsetHeight;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + ROW > this.box.scrollTop + room) this.box.scrollTop = top + ROW - room;
    this.draw();
  }

  show(stop) {
    const row = this.rowOf.get(stop.machine.index);
    if (row === undefined) { this.filter = { kind: "", org: "", words: "", only: "" }; this.onMove("filter"); this.redraw(); this.show(stop); return; }
    this.showRow(row);
    const [a, b] = [this.x(stop.start), this.x(stop.end)];
    const room = this.box.clientWidth - HEAD;
    if (a < this.box.scrollLeft || b > this.box.scrollLeft + room) this.box.scrollLeft = Math.max(0, a - room / 3);
  }

  focus(stop) { this.body.querySelector(`[data-stop="${stop.index}"]`)?.focus({ preventScroll: true }); }
}

export { clock };
