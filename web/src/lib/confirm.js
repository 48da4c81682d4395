// Questions as a dialog of the page. data-confirm="words" on a form or button asks before it is sent;
// data-dialog="id" opens <dialog id>, data-close closes the dialog it stands in.
import { text } from "./texts.js";

export function confirm(words, { ok = text("ok"), danger = false } = {}) {
  return new Promise((answer) => {
    const box = document.createElement("dialog");
    const said = document.createElement("p");
    said.id = "confirm-words";
    said.textContent = words;
    box.setAttribute("aria-labelledby", said.id);
    const actions = document.createElement("div");
    actions.className = "actions";
    const no = button(text("cancel"), "");
    const yes = button(ok, danger ? "primary danger" : "primary");
    actions.append(no, yes);
    box.append(said, actions);
    document.body.append(box);
    let said_yes = false;
    yes.addEventListener("click", () => { said_yes = true; box.close(); });
    no.addEventListener("click", () => box.close());
    box.addEventListener("close", () => { box.remove(); answer(said_yes); });
    box.showModal();
    yes.focus();
  });
}

function button(words, kind) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = words;
  return made;
}

export function dialogs() {} // openers and closers are delegated below, so fragments need no wiring

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const asking = event.submitter?.dataset.confirm || form.dataset.confirm;
  if (!asking || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const danger = (event.submitter || form).classList.contains("danger");
  const ok = event.submitter?.textContent.trim() || text("ok");
  if (!(await confirm(asking, { ok, danger }))) return;
  form.dataset.confirmed = "1";
  form.requestSubmit(event.submitter || undefined);
  delete form.dataset.confirmed;
}, true);
