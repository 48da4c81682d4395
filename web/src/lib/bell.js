// The bell in the head of every page: how many messages were not read, as it is now.
import { live } from "./live.js";
import { text } from "./texts.js";

const MANY = 99;

export function wireBell() {
  const bell = document.querySelector("[data-bell]");
  if (!bell) return;
  const count = bell.querySelector("b");
  live({
    unread({ rows: [{ unread }] }) {
      const before = Number(bell.dataset.bell);
      if (unread === before) return;
      bell.dataset.bell = String(unread);
      count.textContent = unread > MANY ? `${MANY}+` : String(unread);
      count.hidden = unread === 0;
      bell.setAttribute("aria-label", unread ? text("bell_n", { n: unread }) : text("bell_none"));
      if (unread > before) bell.querySelector("[role=status]").textContent = text("bell_n", { n: unread });
      document.body.dispatchEvent(new CustomEvent("messages-changed"));
    },
  });
}
