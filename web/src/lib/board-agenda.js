// On a phone: a day as cards, machine by machine; a card opens what can be done with its job.
import { area, clock, dayShort, icon, make, say, weekdayShort } from "./board-words.js";

export class Agenda {
  constructor(board, box, acts) { Object.assign(this, { board, box, acts, day: null }); }

  draw() {
    const { board } = this;
    if (!board.data || !this.box.offsetParent) return;
    const { days } = board.data;
    if (this.day === null) this.day = Math.max(0, days.findIndex((day, d) => board.stops.some((stop) => Math.floor(stop.start / 1440) === d)));
    const chips = make("div", { class: "a-days", role: "group", "aria-label": say("days") }, days.map((day, d) => make("button", { type: "button", class: `chip${day[2] === null ? " rain" : ""}`, "aria-pressed": String(d === this.day), onclick: () => { this.day = d; this.draw(); } }, make("b", {}, dayShort(d)), weekdayShort(d), day[2] === null ? icon("rain") : null)));
    const cards = board.machines.map((machine) => [machine, machine.stops.filter((stop) => Math.floor(stop.start / 1440) === this.day)]).filter(([, stops]) => stops.length);
    const drawn = cards.map(([machine, stops]) => make("section", { class: "card a-card", "data-machine": machine.index }, make("div", { class: "row tight" }, make("h3", { class: "grow", "data-text": true }, machine.name), machine.pinned.has(this.day) ? icon("pin") : null, make("span", { class: "soft small", "data-text": true }, machine.crew[this.day] || "")),
      stops.map((stop) => make("button", { type: "button", class: `s-stop ${board.stateOf(stop)}`, "data-stop": stop.index, onclick: () => this.acts.go(stop.job) }, make("span", { class: "a-time" }, `${clock(stop.start)}–${clock(stop.end)}`), make("b", { "data-text": true }, `${stop.job.field[0]} · ${stop.job.operation}`), make("span", { class: "small soft" }, `${area(stop.ha)} · ${say(`state_${board.stateOf(stop)}`)}`)))));
    this.box.replaceChildren(chips, ...(drawn.length ? drawn : [make("div", { class: "state" }, icon("rain"), make("p", {}, say("no_stops_day")))]));
    chips.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }
}
