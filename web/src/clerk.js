// The clerk's grid: rows typed, pasted or read from text; checked and priced by the server; posted all or none.
const { nongshi } = window;
const { text, toast, fetchJson } = nongshi;
const settings = JSON.parse(document.getElementById("clerk-settings").textContent);
const $ = (id) => document.getElementById(id);
const body = document.querySelector("#grid tbody");
const COLUMNS = ["grower", "place", "area", "work", "since", "until", "note"];
const CELL = { field: "place", work: "work" }; // the server's name of a cell -> our column
let state = { rows: [], how: "", who: "", key: crypto.randomUUID() };

const make = (tag, props = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), props);
  made.append(...inside);
  return made;
};
const shownArea = (ha) => (ha === null || ha === undefined || ha === "" ? "" : typeof ha === "string" ? ha : String(Number((ha * settings.perHa).toFixed(2))));
const readArea = (typed) => {
  const plain = typed.normalize("NFKC").trim().replace(",", ".");
  return plain === "" ? null : Number.isFinite(Number(plain)) ? Number(plain) / settings.perHa : typed;
};
const empty = () => ({ grower: "", phone: "", place: "", field_id: null, new: false, area_ha: null, operation: "", since: "", until: "", note: "", urgent: false, pool: "" });
const blank = (row) => !(row.grower || row.place || row.operation || row.area_ha || row.field_id || row.note);

// the draft
function keep() {
  const rows = state.rows.map(({ checked, ...row }) => row);
  try {
    localStorage.setItem(settings.draft, JSON.stringify({ ...state, rows }));
    $("kept").textContent = state.rows.length ? text("kept") : "";
  } catch { $("kept").textContent = ""; }
}
function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(settings.draft));
    if (kept && Array.isArray(kept.rows)) state = { ...state, ...kept };
  } catch { localStorage.removeItem(settings.draft); }
  if (state.how) document.querySelector(`input[name=how][value="${state.how}"]`)?.click();
  $("who").value = state.who || "";
}

// drawing
function draw() {
  body.replaceChildren(...state.rows.map(drawRow));
  $("nothing").hidden = state.rows.length > 0;
  $("grid").hidden = state.rows.length === 0;
  counted();
}
function counted() {
  const n = state.rows.filter((row) => !blank(row)).length;
  $("count").textContent = n;
  $("post").querySelector("span").textContent = text("post_n", { n });
  $("post").disabled = n === 0;
  $("check").disabled = n === 0;
}
function drawRow(row, n) {
  const cells = COLUMNS.map((column) => {
    const td = make("td", { className: column }, make("div", { className: "box" }, field(row, n, column)));
    td.dataset.label = text(column === "place" ? "field" : column);
    return td;
  });
  const price = make("td", { className: "price" }, make("div", { className: "box" }));
  price.dataset.label = text("price");
  const out = make("button", { type: "button", className: "square", title: text("remove", { n: n + 1 }) });
  out.setAttribute("aria-label", text("remove", { n: n + 1 }));
  out.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-close"/></svg>';
  out.addEventListener("click", () => { state.rows.splice(n, 1); changed(); draw(); recheck(); });
  const tr = make("tr", { className: row.pool ? "pooled" : "" }, make("td", { className: "n", textContent: n + 1 }), ...cells, price, make("td", { className: "full" }, out));
  tell(tr, row, n);
  return tr;
}
function field(row, n, column) {
  let input;
  if (column === "work") {
    input = make("select", {}, make("option", { value: "", textContent: text("choose_work") }), ...settings.works.map((w) => make("option", { value: w.code, textContent: w.name })));
    input.value = row.operation || "";
  } else {
    input = make("input", { type: column === "since" || column === "until" ? "date" : "text", autocomplete: "off", spellcheck: false });
    if (column === "area") input.inputMode = "decimal";
    input.value = column === "area" ? shownArea(row.area_ha) : row[column] || "";
  }
  input.dataset.row = n;
  input.dataset.column = column;
  input.setAttribute("aria-label", `${text(column === "place" ? "field" : column)} ${n + 1}`);
  return input;
}

// what the server says, beside the cells
function tell(tr, row, n) {
  for (const td of tr.querySelectorAll("td")) { td.classList.remove("fault", "doubt"); td.querySelectorAll(".say").forEach((one) => one.remove()); }
  const at = (cell) => tr.querySelector(`td.${CELL[cell] || cell}`) || tr.querySelector("td.note");
  const say = (td, kind, words) => { const p = make("div", { className: `say ${kind}`, textContent: words }); td.querySelector(".box").append(p); return p; };
  const checked = row.checked || {};
  const found = tr.querySelector("td.place");
  if (checked.field && !row.new) say(found, "known", `✓ ${checked.field}`).setAttribute("data-text", "");
  if (row.new) {
    const p = say(found, "known", text("new_words"));
    p.append(" ", act(text("not_new"), () => { row.new = false; changed(); recheck(); }));
  }
  const faults = checked.faults || [];
  for (const one of faults) { at(one.cell).classList.add("fault"); say(at(one.cell), "fault", one.words); }
  const wrong = new Set(faults.map((one) => one.cell)); // where something is wrong, that is said alone
  for (const one of [...(checked.doubts || []), ...(row.doubts || [])].filter((one) => !wrong.has(one.cell))) { at(one.cell).classList.add("doubt"); say(at(one.cell), "doubt", one.words); }
  for (const input of tr.querySelectorAll("input, select")) input.removeAttribute("aria-invalid");
  for (const td of tr.querySelectorAll("td.fault")) td.querySelector("input, select")?.setAttribute("aria-invalid", "true");
  if (!row.new && !checked.field && checked.faults) choose(found, row, checked.choices || [], n);
  const box = tr.querySelector("td.price .box");
  box.replaceChildren();
  if (checked.price) box.append(make("b", { textContent: checked.price }));
  if (checked.hours) box.append(make("span", { textContent: checked.hours }));
  else if (checked.price) { const none = make("span", { className: "soft", textContent: text("no_machine") }); none.title = checked.why; box.append(none); }
  if (row.pool) box.append(make("span", { className: "badge blue", textContent: text("round") }));
}
function act(words, then) {
  const button = make("button", { type: "button", textContent: words });
  button.addEventListener("click", then);
  return button;
}
function choose(td, row, choices, n) {
  const box = make("div", { className: "say" });
  if (choices.length) {
    const select = make("select", {}, make("option", { value: "", textContent: text("which_field") }),
      ...choices.map((c) => make("option", { value: c.id, textContent: `${c.name} · ${shownArea(c.area_ha)} · ${c.grower}` })),
      make("option", { value: "new", textContent: text("new_field", { name: row.place || row.grower }) }));
    select.setAttribute("aria-label", `${text("which_field")} ${n + 1}`);
    select.addEventListener("change", () => {
      row.new = select.value === "new";
      row.field_id = row.new ? null : Number(select.value) || null;
      changed();
      recheck();
    });
    box.append(select);
  } else if (row.grower || row.place) box.append(act(text("make_new"), () => { row.new = true; changed(); recheck(); }));
  td.querySelector(".box").append(box);
}
function retell() {
  [...body.rows].forEach((tr, n) => { tr.className = state.rows[n].pool ? "pooled" : ""; tell(tr, state.rows[n], n); });
}

// changes
function changed() { counted(); keep(); }
body.addEventListener("input", (event) => {
  const { row: n, column } = event.target.dataset;
  if (n === undefined) return;
  const row = state.rows[n];
  const value = event.target.value;
  if (column === "area") row.area_ha = readArea(value);
  else if (column === "work") row.operation = value;
  else row[column] = value;
  if (column === "grower" || column === "place") row.field_id = null;
  if (column === "since" || column === "until") row.pool = "";
  row.doubts = (row.doubts || []).filter((one) => (CELL[one.cell] || one.cell) !== column);
  changed();
  later();
});
let timer;
function later() { clearTimeout(timer); timer = setTimeout(recheck, 600); }

let turn = 0;
async function recheck(quote = false) {
  clearTimeout(timer);
  const sent = state.rows.filter((row) => !blank(row));
  const mine = ++turn;
  if (!sent.length) return show({ rows: [], rounds: [], area: "", price: "", placed: 0, faults: 0 }, sent, false);
  $("busy").classList.toggle("htmx-request", true);
  try {
    const told = await fetchJson(settings.urls.check, { method: "POST", body: { rows: sent.map(bare), quote: quote === true } });
    if (mine === turn) show(told, sent, quote === true);
    return told;
  } catch (fault) {
    toast(fault.message, "bad");
  } finally {
    $("busy").classList.toggle("htmx-request", false);
  }
}
const bare = ({ checked, doubts, choices, said, ...row }) => row;
function show(told, sent, priced) {
  told.rows.forEach((one, i) => {
    const before = sent[i].checked || {};
    sent[i].checked = priced ? one : { ...one, price: "", hours: "", why: "" };
    if (!priced && before.price && JSON.stringify(bare(sent[i])) === before.of) Object.assign(sent[i].checked, { price: before.price, hours: before.hours, why: before.why, of: before.of });
    if (priced) sent[i].checked.of = JSON.stringify(bare(sent[i]));
  });
  $("sum-area").textContent = told.area || "—";
  if (priced || !told.rows.length) {
    $("sum-price").textContent = told.price || "—";
    $("sum-placed").textContent = told.price ? `${told.placed} / ${told.jobs}` : "—";
  }
  drawRounds(told.rounds, sent);
  retell();
  $("fault").hidden = true;
}
function drawRounds(rounds, sent) {
  $("rounds").hidden = !rounds.length;
  $("rounds").querySelector("ul").replaceChildren(...rounds.map((one) => {
    const names = make("span", { className: "grow", textContent: one.names.join("、") });
    names.setAttribute("data-text", "");
    const button = act(text("pool_words", { n: one.rows.length }), () => {
      const key = crypto.randomUUID().slice(0, 18);
      for (const i of one.rows) Object.assign(sent[i], { pool: key, since: one.since, until: one.until });
      toast(text("pooled"), "ok");
      changed();
      draw();
      recheck();
    });
    return make("li", { className: "item" }, make("b", { textContent: one.work }), names, make("span", { textContent: one.area }), make("span", { textContent: `${one.since} – ${one.until}` }), button);
  }));
}

// reading
async function readText(said, at = state.rows.length) {
  if (!said.trim()) return;
  $("busy").classList.toggle("htmx-request", true);
  try {
    const { rows } = await fetchJson(settings.urls.read, { method: "POST", body: { text: said } });
    if (!rows.length) { toast(text("nothing_read"), "late"); return; }
    state.rows = state.rows.filter((row) => !blank(row));
    state.rows.splice(Math.min(at, state.rows.length), 0, ...rows.map(({ choices, ...row }) => row));
    $("text").value = "";
    changed();
    draw();
    toast(text("rows_read", { n: rows.length }), "ok");
    await recheck(true);
  } catch (fault) {
    toast(fault.message, "bad");
  } finally {
    $("busy").classList.toggle("htmx-request", false);
  }
}
body.addEventListener("paste", (event) => {
  const said = event.clipboardData?.getData("text/plain") || "";
  if (!/[\t\n]./.test(said.trim())) return; // one cell: as everywhere
  event.preventDefault();
  readText(said, Number(event.target.dataset.row) || 0);
});

// keys
body.addEventListener("keydown", (event) => {
  const { target } = event;
  if (target.dataset.row === undefined || event.isComposing) return;
  const n = Number(target.dataset.row);
  const c = COLUMNS.indexOf(target.dataset.column);
  const caret = target.type === "text" ? [target.selectionStart, target.selectionEnd, target.value.length] : null;
  const go = (row, column) => {
    if (row === state.rows.length && row > n) { state.rows.push(empty()); changed(); draw(); }
    const found = body.querySelector(`[data-row="${row}"][data-column="${COLUMNS[column]}"]`);
    if (!found) return;
    event.preventDefault();
    found.focus();
    if (found.type === "text") found.select();
  };
  if (event.key === "Enter") return go(n + (event.shiftKey ? -1 : 1), c);
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "d") {
    event.preventDefault();
    if (n === 0) return;
    target.value = body.querySelector(`[data-row="${n - 1}"][data-column="${COLUMNS[c]}"]`).value;
    target.dispatchEvent(new Event("input", { bubbles: true }));
    return go(n + 1 < state.rows.length ? n + 1 : n, c);
  }
  if (!caret) return;
  if (event.key === "ArrowDown" && n + 1 < state.rows.length) go(n + 1, c);
  else if (event.key === "ArrowUp") go(n - 1, c);
  else if (event.key === "ArrowRight" && caret[0] === caret[2]) go(n, c + 1);
  else if (event.key === "ArrowLeft" && caret[1] === 0) go(n, c - 1);
});

// posting
$("read").addEventListener("click", () => readText($("text").value));
$("add").addEventListener("click", () => { state.rows.push(empty()); changed(); draw(); body.querySelector(`[data-row="${state.rows.length - 1}"]`).focus(); });
$("clear").addEventListener("click", async () => {
  if (state.rows.length && !(await nongshi.confirm(text("sure"), { danger: true }))) return;
  state = { ...state, rows: [], key: crypto.randomUUID() };
  changed();
  draw();
  recheck();
});
$("check").addEventListener("click", async () => {
  const told = await recheck(true);
  if (told) toast(told.faults ? text("to_mend", { n: told.faults }) : text("all_sound"), told.faults ? "late" : "ok");
});
for (const input of document.querySelectorAll("input[name=how]")) input.addEventListener("change", () => { state.how = input.value; keep(); });
$("who").addEventListener("input", () => { state.who = $("who").value; keep(); });
$("post").addEventListener("click", async () => {
  const sent = state.rows.filter((row) => !blank(row));
  $("post").disabled = true;
  try {
    const made = await fetchJson(settings.urls.post, { method: "POST", body: { key: state.key, rows: sent.map(bare), how: state.how, who: state.who, org: $("org")?.value || "" } });
    localStorage.removeItem(settings.draft);
    location.assign(made.url);
  } catch (fault) {
    if (fault.data?.rows) show({ ...fault.data, rounds: [] }, sent, false);
    $("fault").textContent = fault.message;
    $("fault").hidden = false;
    if (fault.data?.how === false) document.querySelector("input[name=how]").focus();
    else body.querySelector("[aria-invalid]")?.focus();
    $("post").disabled = false;
    if (fault.status === 400) { state.key = crypto.randomUUID(); keep(); }
  }
});

recall();
draw();
if (state.rows.length) recheck();
