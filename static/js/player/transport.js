// Buttons of the transport, wherever they stand; seeking on the waterline by hand and by keys; volume.
import { command, engineAtHand, pause, play, positionMs, queue, seek } from "./conductor.js";
import { recall } from "./kept.js";
import { label, lengthMs, paintTimes } from "./painter.js";
import { on } from "./bus.js";
import { say } from "../words.js";

export const STEP_MS = 5_000;
const REPEATS = ["off", "all", "one"];
const DEEDS = {
  toggle: () => (queue.shown.state === "playing" ? pause() : play()),
  next: () => command("next", { entry: queue.shown.current }),
  previous: () => command("previous", { entry: queue.shown.current }),
  shuffle: () => command(queue.shown.shuffled ? "unshuffle" : "shuffle"),
  repeat: () => command("repeat", { repeat: REPEATS[(REPEATS.indexOf(queue.shown.repeat) + 1) % REPEATS.length] }),
  mute: async () => { const engine = await engineAtHand(); engine.setVolume(engine.volume, !engine.muted); },
};
const SEEK_KEYS = { ArrowLeft: -STEP_MS, ArrowRight: STEP_MS, PageDown: -30_000, PageUp: 30_000 };
let volumeBefore;

export async function act(what) {
  // Before anything is awaited: browsers let sound begin only in a hand's time.
  (await engineAtHand()).wake();
  return DEEDS[what]();
}

export async function louder(by) {
  const engine = await engineAtHand();
  engine.setVolume(engine.volume + by);
}

export function hearTransport() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-do]");
    if (button && !button.disabled) act(button.dataset.do);
  });
  document.addEventListener("pointerdown", beginDrag);
  document.addEventListener("keydown", pressOnSlider);
  document.addEventListener("input", async ({ target }) => {
    if (target.matches("[data-volume]")) (await engineAtHand()).setVolume(target.valueAsNumber / 100);
  });
  on("volume", paintVolume);
  paintVolume({ volume: recall("volume", 1), muted: recall("muted", false) });
}

export function paintVolume({ volume, muted }) {
  volumeBefore = { volume, muted };
  for (const slider of document.querySelectorAll("[data-volume]")) {
    slider.value = muted ? 0 : Math.round(100 * volume);
    slider.style.setProperty("--p", slider.value);
  }
  for (const button of document.querySelectorAll("[data-do=mute]")) {
    button.setAttribute("aria-pressed", String(muted));
    button.querySelector("use").setAttribute("href", muted ? "#i-mute" : "#i-volume");
    label(button, say(muted ? "unmute" : "mute"));
  }
}

export function repaintVolume() {
  if (volumeBefore) paintVolume(volumeBefore);
}

function pressOnSlider(event) {
  const slider = event.target.closest?.("[data-seek]");
  if (!slider || event.ctrlKey || event.metaKey || event.altKey) return;
  const to = { Home: 0, End: lengthMs() - 1000 }[event.key] ?? (event.key in SEEK_KEYS ? positionMs() + SEEK_KEYS[event.key] : undefined);
  if (!Number.isFinite(to)) return;
  event.preventDefault();
  seek(to);
}

// The line follows the hand; the sound follows when it lets go.
function beginDrag(event) {
  const slider = event.target.closest?.("[data-seek]");
  if (!slider || event.button !== 0 || !Number.isFinite(lengthMs()) || queue.shown.current === null) return;
  event.preventDefault();
  slider.setPointerCapture(event.pointerId);
  slider.classList.add("is-held");
  const box = slider.getBoundingClientRect();
  const part = ({ clientX }) => Math.min(1, Math.max(0, (clientX - box.left) / box.width));
  const show = (move) => slider.style.setProperty("--p", (100 * part(move)).toFixed(2));
  const end = (up) => {
    slider.removeEventListener("pointermove", show);
    for (const name of ["pointerup", "pointercancel"]) slider.removeEventListener(name, end);
    slider.classList.remove("is-held");
    slider.style.removeProperty("--p");
    if (up.type === "pointerup") seek(part(up) * lengthMs());
    paintTimes();
  };
  slider.addEventListener("pointermove", show);
  for (const name of ["pointerup", "pointercancel"]) slider.addEventListener(name, end);
  show(event);
}
