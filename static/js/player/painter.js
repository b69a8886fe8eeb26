// Whatever on the page shows how playing stands: buttons, times, the place on the waterline; in the bar and on any page.
import { briefOf } from "./briefs.js";
import { clock } from "./clock.js";
import { on } from "./bus.js";
import { positionMs, queue, soundState } from "./conductor.js";
import { say } from "../words.js";

const EVERY_MS = 250;
const root = document.documentElement;
let shownSecond;

export function hearPainter() {
  for (const name of ["queue", "state", "engine"]) on(name, paint);
  for (const name of ["item", "briefs", "time"]) on(name, paintTimes);
  setInterval(() => { if (!document.hidden && queue.shown.state === "playing") paintTimes(); }, EVERY_MS);
  document.addEventListener("visibilitychange", paintTimes);
}

export function lengthMs() {
  return briefOf(queue.shown.current)?.track.duration_ms ?? NaN;
}

export function paint() {
  const { state, repeat, shuffled, current, order } = queue.shown;
  const playing = state === "playing";
  root.dataset.playing = state;
  root.toggleAttribute("data-buffering", soundState() === "buffering");
  for (const button of document.querySelectorAll("[data-do]")) {
    const what = button.dataset.do;
    button.disabled = !order.length || (current === null && what !== "toggle");
    if (what === "toggle") name(button, playing ? "pause" : "play");
    if (what === "shuffle") button.setAttribute("aria-pressed", String(shuffled));
    if (what === "repeat") {
      button.setAttribute("aria-pressed", String(repeat !== "off"));
      button.classList.toggle("is-one", repeat === "one");
      label(button, say(`repeat-${repeat}`));
    }
  }
  markRows();
  shownSecond = undefined;
  paintTimes();
}

export function paintTimes() {
  const [position, length] = [positionMs(), lengthMs()];
  const second = `${queue.shown.current} ${Math.floor(position / 1000)} ${length}`;
  const part = length > 0 ? Math.min(100, 100 * position / length) : 0;
  for (const place of document.querySelectorAll("[data-place]")) place.style.setProperty("--p", part.toFixed(2));
  if (second === shownSecond) return;
  shownSecond = second;
  const there = queue.shown.current !== null;
  const texts = { time: clock(there ? position : NaN), length: clock(length), left: there ? `−${clock(length - position)}` : "" };
  for (const [what, text] of Object.entries(texts)) {
    for (const element of document.querySelectorAll(`[data-now=${what}]`)) element.textContent = text;
  }
  for (const slider of document.querySelectorAll("[data-seek]")) {
    slider.setAttribute("aria-valuemax", String(Math.round((length || 0) / 1000)));
    slider.setAttribute("aria-valuenow", String(Math.round(position / 1000)));
    slider.setAttribute("aria-valuetext", say("position", { time: texts.time, length: texts.length }));
  }
}

// The rows of tables in which the current track stands.
function markRows() {
  const track = String(queue.currentTrack ?? "");
  for (const row of document.querySelectorAll("tr[data-track]")) {
    if (track && row.dataset.track === track) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

// A button with words keeps them for as long as they are true.
function name(button, what) {
  button.querySelector("use").setAttribute("href", `#i-${what}`);
  const words = button.querySelector("span");
  if (!words) label(button, say(what));
  else if (what === "pause" || button.dataset.was === "pause") words.textContent = say(what);
  button.dataset.was = what;
}

export function label(button, text) {
  button.setAttribute("aria-label", text);
  button.title = text;
}
