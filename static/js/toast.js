// Short answers above the player; each is read out, waits while it is looked at, and can be sent away.
import { say } from "./words.js";

const STAYS = { info: 4000, error: 10000 };
const STAYS_UNDO = 20000;

export function toast(text, { level = "info", action, stays = STAYS[level] ?? STAYS.info } = {}) {
  const box = document.createElement("div");
  box.className = level === "error" ? "toast failed" : "toast";
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words);
  if (action) box.append(button(action.label, () => { close(); action.run(); }));
  box.append(closer(() => close()));

  // Said again, it takes the place of what was said before.
  for (const said of document.querySelectorAll("#toasts > .toast")) if (said.firstChild.textContent === text) said.remove();
  let timer;
  const close = () => {
    clearTimeout(timer);
    box.classList.add("is-going");
    setTimeout(() => box.remove(), 220);
  };
  const wait = () => { if (Number.isFinite(stays)) timer = setTimeout(close, stays); };
  for (const stop of ["pointerenter", "focusin"]) box.addEventListener(stop, () => clearTimeout(timer));
  for (const go of ["pointerleave", "focusout"]) box.addEventListener(go, wait);
  wait();
  document.getElementById("toasts").append(box);
  return { close, say: (next) => { words.textContent = next; } };
}

// What the server said in passing stands in the page for those without scripts; here it is lifted out.
export function gather(root) {
  for (const message of root.querySelectorAll("[data-message]")) {
    const level = message.dataset.message === "error" ? "error" : "info";
    const undo = message.querySelector("form");
    const action = undo && { label: undo.querySelector("button").textContent, run: () => send(undo) };
    toast(message.querySelector("p").textContent.trim(), { level, action, stays: undo ? STAYS_UNDO : undefined });
    message.remove();
  }
}

// The form has left the page with its message, and must stand somewhere in order to be sent.
function send(form) {
  form.hidden = true;
  document.body.append(form);
  window.htmx.process(form);
  form.addEventListener("htmx:afterRequest", () => form.remove());
  form.requestSubmit();
}

function button(label, run) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = label;
  element.addEventListener("click", run);
  return element;
}

function closer(run) {
  const element = button("", run);
  element.className = "icon-btn";
  element.setAttribute("aria-label", say("close"));
  element.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-close"/></svg>';
  return element;
}
