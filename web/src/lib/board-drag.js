// A job carried to another machine: with the mouse, with a finger held on it, or by the keys. Every row answers.
import { clock, dayShort, delta, faultWords, make, say, when } from "./board-words.js";

const FAR_PX = 5;
const HELD_MS = 320;
const EDGE_PX = 48;

export class Carrier {
  constructor(board, gantt, { live, onDone }) {
    Object.assign(this, { board, gantt, live, onDone });
    this.job = null;
    this.best = make("div", { class: "g-best", hidden: true, role: "group", "aria-label": say("best_places") });
    this.flag = make("div", { class: "g-flag", hidden: true });
    this.touching = false; // a job hangs on a finger: what would scroll or open a menu does not
    gantt.box.before(this.best);
    document.body.append(this.flag);
    document.addEventListener("pointerdown", (event) => this.down(event));
    document.addEventListener("keydown", (event) => this.key(event), true);
    for (const name of ["touchmove", "contextmenu"]) document.addEventListener(name, (event) => { if (this.touching) event.preventDefault(); }, { passive: false });
  }

  down(event) {
    if (!this.board.may || event.button > 0 || this.job) return;
    const from = event.target.closest("[data-stop], [data-carry]");
    if (!from) return;
    const job = from.dataset.stop ? this.board.stops[Number(from.dataset.stop)].job : this.board.byId.get(from.dataset.carry);
    if (!job) return;
    const touch = event.pointerType === "touch";
    const begin = { x: event.clientX, y: event.clientY };
    this.board.places(job.id).catch(() => {}); // asked now: the answer is there when the job is off the ground
    let held = touch ? setTimeout(() => lift(event), HELD_MS) : 0;
    let lifted = false;
    const lift = (at) => { if (lifted) return; lifted = true; this.touching = touch; this.start(job, "pointer"); if (this.job) this.over(at); };
    const move = (at) => {
      const far = Math.hypot(at.clientX - begin.x, at.clientY - begin.y) > FAR_PX;
      if (!lifted && far && touch) { stop(); return; } // a finger that moves on scrolls
      if (!lifted && far) lift(at);
      if (lifted && this.job) { at.preventDefault(); this.over(at); }
    };
    const up = (at) => { stop(); if (lifted) { this.swallow(); if (this.job) this.drop(at); } };
    const gone = () => { stop(); if (lifted) this.cancel(); };
    const stop = () => {
      clearTimeout(held);
      held = 0;
      this.touching = false;
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", up);
      document.removeEventListener("pointercancel", gone);
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", up);
    document.addEventListener("pointercancel", gone);
  }

  swallow() { // the click that follows a drop chooses nothing
    const once = (event) => { event.stopPropagation(); event.preventDefault(); };
    document.addEventListener("click", once, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", once, { capture: true }), 60);
  }

  async start(job, how) {
    if (job.fixed) { window.nongshi.toast(say(`fixed_${job.fixed}`), "late"); return; }
    performance.mark("board-drag-start");
    this.job = job;
    this.how = how;
    this.aimed = null;
    this.spread();
    document.body.classList.add("carrying");
    this.flag.hidden = how !== "pointer";
    this.flag.textContent = `${job.operation} ${job.field[0]}`;
    try {
      const places = await this.board.places(job.id);
      if (this.job !== job) return;
      this.places = { ...places, job };
      this.gantt.carry(this.places);
      this.drawBest();
      requestAnimationFrame(() => { performance.measure("board-drag", "board-drag-start"); });
      if (how === "keys") this.step(1, true);
    } catch (fault) {
      this.cancel();
      window.nongshi.toast(faultWords(fault), "bad");
    }
  }

  /** Where no Gantt is shown, the best machines come up from below, and cards of machines take a job, too. */
  spread() {
    const small = !this.gantt.box.offsetParent;
    this.best.classList.toggle("sheet", small);
    this.flag.classList.toggle("above", small);
    if (small) document.body.append(this.best); else this.gantt.box.before(this.best);
  }

  ranked() { return Object.entries(this.places.offers).map(([m, offer]) => [Number(m), offer]).sort((a, b) => b[1][0] - a[1][0]); }

  drawBest() {
    const five = this.ranked().slice(0, 5).map(([m, [money, , start]]) => make("span", { class: "g-target", "data-machine": m }, make("b", { "data-text": true }, this.board.machines[m].name), make("span", { class: money < 0 ? "minus" : "plus" }, delta(money)), make("small", {}, `${dayShort(Math.floor(start / 1440))} ${clock(start)}`)));
    this.best.replaceChildren(make("span", { class: "soft small" }, say(five.length ? "best_places" : "nowhere")), ...five);
    this.best.hidden = false;
  }

  over(at) {
    this.flag.style.transform = `translate(${at.clientX + 14}px, ${at.clientY + 12}px)`;
    const { box } = this.gantt;
    const edge = box.getBoundingClientRect();
    if (at.clientX > edge.left && at.clientX < edge.right) {
      if (at.clientY > edge.bottom - EDGE_PX && at.clientY < edge.bottom + EDGE_PX) box.scrollTop += 14;
      else if (at.clientY < edge.top + EDGE_PX + 30 && at.clientY > edge.top) box.scrollTop -= 14;
    }
    const chip = document.elementFromPoint(at.clientX, at.clientY)?.closest(".g-target, .a-card[data-machine]");
    for (const one of document.querySelectorAll(".g-target, .a-card")) one.classList.toggle("on", one === chip);
    if (this.best.classList.contains("sheet") && !chip?.closest(".g-best")) this.scroll(at.clientY);
    const row = chip ? -1 : this.gantt.rowAt(at.clientY);
    this.gantt.aim(row);
    const machine = chip ? this.board.machines[Number(chip.dataset.machine)] : row >= 0 ? this.gantt.rows[row] : null;
    this.aimed = machine;
    if (this.places) this.flag.replaceChildren(...this.words(machine));
  }

  scroll(y) { // a finger near the head of the page, or just above the sheet, moves on what lies between
    const floor = this.best.hidden ? window.innerHeight : this.best.getBoundingClientRect().top;
    if (y < 2 * EDGE_PX) window.scrollBy(0, -14);
    else if (y > floor - EDGE_PX && y < floor) window.scrollBy(0, 14);
  }

  words(machine) {
    const name = make("b", {}, `${this.job.operation} ${this.job.field[0]}`);
    if (!machine) return [name, make("span", {}, say("drop_hint"))];
    const offer = this.places.offers[machine.index];
    this.flag.classList.toggle("no", !offer);
    const said = offer ? `${delta(offer[0])} · ${when(offer[2])} · ${say("way_km", { km: offer[1] })} · ${offer[4]}` : this.places.cannot[machine.index] || say("cannot");
    return [name, make("span", {}, `${machine.name}: ${said}`)];
  }

  drop() {
    const { job, aimed } = this;
    const places = this.places;
    this.cancel();
    if (!aimed || !places) return;
    this.place(job, aimed, places);
  }

  async place(job, machine, places) {
    if (!places.offers[machine.index]) { window.nongshi.toast(`${machine.name}: ${places.cannot[machine.index] || say("cannot")}`, "late"); return; }
    const money = places.offers[machine.index][0];
    await this.onDone({ do: "move", jobs: [job.id], machine: machine.id }, say("moved", { job: job.field[0], machine: machine.name, money: delta(money) }));
  }

  step(by, first = false) {
    const can = this.gantt.rows.map((machine, row) => [machine, row]).filter(([machine]) => this.places.offers[machine.index]);
    if (!can.length) { this.live(say("nowhere")); window.nongshi.toast(say("nowhere"), "late"); this.cancel(); return; }
    let at;
    if (first) { const [best] = this.ranked().filter(([m]) => can.some(([machine]) => machine.index === m)); at = can.findIndex(([machine]) => machine.index === best?.[0]); } else { at = (can.findIndex(([, row]) => row === this.gantt.target) + by + can.length) % can.length; }
    const [machine, row] = can[Math.max(0, at)];
    this.gantt.showRow(row);
    this.gantt.aim(row);
    this.aimed = machine;
    this.live(this.words(machine).map((one) => one.textContent).join(" "));
  }

  key(event) {
    if (!this.job) return;
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.cancel(); this.live(say("let_go")); return; }
    if (this.how !== "keys" || !this.places) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); event.stopPropagation(); this.step(event.key === "ArrowDown" ? 1 : -1); }
    if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); this.drop(); }
  }

  cancel() {
    this.job = null;
    this.places = null;
    this.flag.hidden = true;
    this.flag.classList.remove("no");
    this.best.hidden = true;
    for (const one of document.querySelectorAll(".a-card.on")) one.classList.remove("on");
    document.body.classList.remove("carrying");
    this.gantt.carry(null);
  }
}
