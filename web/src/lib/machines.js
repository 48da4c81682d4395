// Where machines are now: kept as told, with the age of each position, and drawn as a layer of any map.
// Used by bundles of desks: what the page shares, its line above all, comes from `window.nongshi`.
const SILENT_MS = 15 * 60 * 1000; // as nongshi.tracks.live says of a terminal
const AGAIN_MS = 15000;
export const COLOURS = { work: "#2463c9", free: "#ffffff", silent: "#9aa5a0" };

export class Machines {
  constructor() {
    this.rows = new Map(); // machine -> what was told, with `heard`: the moment of the position by this clock
    this.heard = new Set();
    setInterval(() => { if (this.rows.size) this.tell(); }, AGAIN_MS);
  }

  listen() {
    window.nongshi.live({ machines: (told) => this.take(told) }, { topics: ["machines"] });
    return this;
  }

  take({ now, rows }) {
    const ahead = Date.now() - Date.parse(now); // clocks of phones go wrong
    for (const row of rows) this.rows.set(row.machine, { ...row, heard: Date.parse(row.at) + ahead });
    this.tell();
  }

  on(hear) { this.heard.add(hear); }
  tell() { for (const hear of this.heard) hear(); }
  get generated() { return [...this.rows.values()].some((row) => row.source === "generated"); }
}

export function stateOf(row) {
  if (Date.now() - row.heard > SILENT_MS) return "silent";
  return row.job ? "work" : "free";
}
/** How many are in work, not in work and silent, in words; and that positions are generated, where any is. */
export function nowWords(machines) {
  const count = { work: 0, free: 0, silent: 0 };
  for (const row of machines.rows.values()) count[stateOf(row)] += 1;
  const { text } = window.nongshi;
  const words = Object.entries(count).filter(([, n]) => n).map(([state, n]) => text(`now_${state}_n`, { n }));
  return [text("now"), words.join(" · "), machines.generated ? `(${text("now_made")})` : ""].filter(Boolean).join(" ");
}
export const ageWords = (row) => window.nongshi.ago(row.heard);

/** A layer that follows; `wanted(row)` says which are shown. */
export function addMachines(map, machines, { wanted = () => true, chosen = () => false } = {}) {
  map.addLayer("machines", {
    zIndex: 5,
    style: {
      fill: (p) => COLOURS[p.state], stroke: (p) => (p.state === "silent" ? "#5c6a63" : "#0c3a26"), width: (p) => (p.on ? 4 : 2), radius: (p) => (p.on ? 10 : 7),
      label: (p) => (p.on ? p.name : ""), z: (p) => (p.on ? 2 : 1),
    },
  });
  const draw = () => {
    for (const row of machines.rows.values()) {
      const id = `now${row.machine}`;
      if (wanted(row)) map.move("machines", id, [row.lon, row.lat], { machine: row.machine, name: row.name, state: stateOf(row), on: chosen(row) });
      else map.remove("machines", id);
    }
  };
  machines.on(draw);
  draw();
  return draw;
}
