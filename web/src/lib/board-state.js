// The plan as the page holds it: rows of the answer as objects, looked up by job and machine, told to whoever listens.
import { setDays } from "./board-words.js";

const RISK_MIN = 12 * 60; // as board/exceptions.py: ends within half a day of its best time

export class Board {
  constructor(root) {
    this.root = root;
    this.urls = root.dataset;
    this.may = root.dataset.may === "1";
    this.tag = "";
    this.orders = new Map(); // "row/part" -> state
    this.history = { undo: [], redo: [] };
    this.selected = new Set(); // job ids
    this.machine = null; // machine id
    this.hovered = null; // job index
    this.heard = [];
    this.asked = new Map(); // job id -> promise of its places, for this version
  }

  on(heard) { this.heard.push(heard); }
  tell(what) { for (const heard of this.heard) heard(what); }

  async load() {
    const answer = await fetch(this.urls.data, { credentials: "same-origin" });
    if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { status: answer.status });
    this.take(await answer.json());
  }

  take(said) {
    this.asked.clear();
    setDays(said.days);
    this.data = said;
    this.version = said.plan.version;
    const { classes, operators, fields, operations } = said;
    this.jobs = said.jobs.map(([id, field, operation, ha, open, due, close, value, urgent, status, after, grower, wet, row], index) => ({
      id, index, field: fields[field], fieldNumber: field, operation: operations[operation], ha, open, due, close, value, urgent: Boolean(urgent), status, after, grower, wet, row,
      stops: [], fixed: said.fixed[index] || "", unserved: null,
    }));
    this.machines = said.machines.map(([id, name, kind, org, plate, lon, lat, off, row], index) => ({
      id, index, name, kind: classes[kind], kindNumber: kind, org, plate, row, yard: [lon, lat], off, stops: [], crew: {}, pinned: new Set(),
    }));
    this.stops = said.stops.map(([machine, job, part, depart, arrive, start, end, km, ha], index) => {
      const stop = { index, machine: this.machines[machine], job: this.jobs[job], part, depart, arrive, start, end, km, ha };
      stop.machine.stops.push(stop);
      stop.job.stops.push(stop);
      return stop;
    });
    for (const [machine, day, operator] of said.crews) this.machines[machine].crew[day] = operators[operator][1];
    for (const [job, reason, text] of said.unserved) this.jobs[job].unserved = { reason, text };
    for (const [machine, day] of said.pins.machine_days) this.machines[machine].pinned.add(day);
    this.byId = new Map(this.jobs.map((job) => [job.id, job]));
    this.machineById = new Map(this.machines.map((machine) => [machine.id, machine]));
    this.machineByRow = new Map(this.machines.filter((machine) => machine.row).map((machine) => [machine.row, machine]));
    for (const id of [...this.selected]) if (!this.byId.has(id)) this.selected.delete(id);
    if (!this.machineById.has(this.machine)) this.machine = null;
    this.tell("data");
  }

  stateOf(stop) {
    const order = this.orders.get(`${stop.job.row}/${stop.part}`);
    if (order) return order;
    if (stop.end > stop.job.due) return "late";
    return stop.end > stop.job.due - RISK_MIN ? "risk" : "ok";
  }

  jobState(job) {
    if (!job.stops.length) return "left";
    const order = ["problem", "late", "started", "risk", "ok", "done"];
    return job.stops.map((stop) => this.stateOf(stop)).sort((a, b) => order.indexOf(a) - order.indexOf(b))[0];
  }

  get unserved() {
    return this.jobs.filter((job) => job.unserved).sort((a, b) => b.urgent - a.urgent || a.due - b.due || b.value - a.value);
  }

  select(ids, { add = false, machine } = {}) {
    if (!add) this.selected.clear();
    for (const id of [].concat(ids)) {
      if (add && this.selected.has(id)) this.selected.delete(id);
      else this.selected.add(id);
    }
    if (machine !== undefined) this.machine = machine;
    this.tell("selection");
  }

  /** Where a job may go; asked once a version, also ahead of time. */
  places(id) {
    let found = this.asked.get(id);
    if (!found) {
      found = window.nongshi.fetchJson(this.urls.places, { method: "POST", body: { job: id } });
      this.asked.set(id, found);
      found.catch(() => this.asked.delete(id));
    }
    return found;
  }

  /** One change; the answer is the plan as it is then. */
  async change(body) {
    const answer = await window.nongshi.fetchJson(this.urls.change, { method: "POST", body: { version: this.version, ...body } });
    this.take(answer);
    this.tell("changed");
  }
}
