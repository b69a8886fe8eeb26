// Requests that fail say what happened and what was kept; reading is tried again by itself, writing never.
import { say } from "./words.js";
import { toast } from "./toast.js";

const MOST_TRIES = 8;
const FIRST_WAIT_S = 3;
const tries = new Map();
let shown;

export function hearFailures() {
  document.addEventListener("htmx:responseError", ({ detail }) => failed(detail, detail.xhr.status));
  document.addEventListener("htmx:sendError", ({ detail }) => failed(detail, 0));
  document.addEventListener("htmx:timeout", ({ detail }) => failed(detail, 0));
  document.addEventListener("htmx:afterOnLoad", ({ detail }) => {
    if (detail.xhr.status < 500) tries.delete(detail.pathInfo.requestPath);
  });
}

function failed(detail, status) {
  const { verb, path } = detail.requestConfig;
  document.querySelectorAll(".is-leaving").forEach((row) => row.classList.remove("is-leaving"));
  shown?.close();
  const what = reason(detail.xhr, status);
  const wait = Number(detail.xhr.getResponseHeader?.("Retry-After")) || FIRST_WAIT_S;
  const away = status === 0 || status === 503 || status === 502 || status === 504;
  const count = (tries.get(path) ?? 0) + 1;
  if (away && verb === "get" && count <= MOST_TRIES) {
    tries.set(path, count);
    countDown(what, wait, () => again(detail));
  } else {
    const later = away ? ` ${say("wait", { seconds: wait })}` : "";
    shown = toast(what + later, { level: "error" });
  }
}

function countDown(what, seconds, run) {
  let left = seconds;
  const stop = () => clearInterval(timer);
  const go = () => { stop(); note.close(); run(); };
  const line = () => `${what} ${say("again", { seconds: left })}`;
  const note = toast(line(), { level: "error", stays: Infinity, action: { label: say("try"), run: go } });
  const timer = setInterval(() => { left -= 1; if (left <= 0) go(); else note.say(line()); }, 1000);
  shown = { close: () => { stop(); note.close(); } };
}

// Whoever went elsewhere meanwhile has taken the link or the list away, and wants its answer no more.
function again({ requestConfig: { boosted, path }, elt, target }) {
  if (boosted && elt.isConnected) elt.matches("form") ? elt.requestSubmit() : elt.click();
  else if (!boosted && target?.isConnected) window.htmx.ajax("get", path, { target, select: `#${target.id}`, swap: "outerHTML" }).catch(() => {});
}

function reason(xhr, status) {
  if (status === 0) return say("unreachable");
  try {
    const { message, hint } = JSON.parse(xhr.responseText);
    if (message) return [message, hint].filter(Boolean).join(" ");
  } catch { /* a page, not JSON */ }
  return status === 503 || status === 502 || status === 504 ? say("unavailable") : say("failed");
}
