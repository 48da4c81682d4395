// Jobs of a season as dots: done, in time, late, without a place, or later, at the end of a day.
export const COLORS = { done: "#2b8a57", planned: "#2463c9", late: "#b26a00", short: "#c42f2f", later: "#b9c2bc" };
const RADIUS_PX = 6;

export const jobStyle = (day) => ({ fill: (p) => COLORS[kindOf(p, day())], stroke: "#fff", width: 1, radius: RADIUS_PX });

// Late: it ends after its due day, or is over due on that day and has no end.
export function kindOf(p, day) {
  if (p.done && p.end !== null && p.end <= day) return "done";
  if (p.end === null) return p.why || p.due < day ? "short" : "later";
  if (p.end > p.due && p.due < day) return "late";
  return p.end <= day ? "planned" : "later";
}
