// The line below the heading: is everything sent, and if not, why.
import { clock, day } from "./place.js";
import { othersWaiting, waiting } from "./queue.js";
import { line } from "./sender.js";

const text = (key, values) => window.nongshi.text(key, values);

export function drawLine() {
  const box = document.querySelector("[data-line]");
  const all = waiting();
  const refused = all.filter((one) => one.refused).length;
  const n = all.length - refused;
  const made = document.querySelector("[data-made]")?.dataset.made;
  const [state, words] =
    line.state === "out" ? ["bad", text("l_out", { n })]
    : line.state === "sending" ? ["wait", text("l_sending")]
    : n ? ["wait", text("l_waiting", { n })]
    : refused ? ["bad", text("l_refused", { n: refused })]
    : line.state === "nothing" ? ["wait", text("l_offline")]
    : ["ok", text("l_sent")];
  const others = othersWaiting();
  box.dataset.state = state;
  box.querySelector("[data-line-words]").textContent = [words, made ? text("as_of", { at: day(made) === day() ? clock(made) : `${day(made).slice(5)} ${clock(made)}` }) : "", others ? text("l_others", { n: others }) : ""]
    .filter(Boolean).join(" · ");
  box.querySelector("[data-send]").hidden = !(n && line.state !== "sending");
  document.body.dataset.line = line.state;
}
