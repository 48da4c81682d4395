// Asking the server from a script: session and CSRF go with it, a fault comes back as an Error with words and status.
import { text } from "./texts.js";

export const csrf = () => document.querySelector("meta[name=csrf]")?.content || "";

export async function fetchJson(url, { method = "GET", body, headers = {}, signal } = {}) {
  const sent = { Accept: "application/json", ...headers };
  if (method !== "GET") sent["X-CSRFToken"] = csrf();
  if (body !== undefined && !(body instanceof FormData)) {
    sent["Content-Type"] = "application/json";
    body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(url, { method, body, headers: sent, signal, credentials: "same-origin" });
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw Object.assign(new Error(text("no_network")), { status: 0 });
  }
  const json = /json/.test(answer.headers.get("Content-Type") || "");
  const data = json ? await answer.json() : await answer.text();
  if (answer.ok) return data;
  const words = (json && (data.detail || data.title)) || text("failed", { status: answer.status });
  throw Object.assign(new Error(typeof words === "string" ? words : JSON.stringify(words)), { status: answer.status, data });
}
