// The menu beside the volume: devices to hand over to, a timer to fall asleep by, evenness of loudness, tracks that overlap.
import { command, engineAtHand, isLast, makeLast, pause, queue } from "./conductor.js";
import { device } from "./device.js";
import { keep, recall } from "./kept.js";
import { number, say } from "../words.js";
import { on } from "./bus.js";
import { toast } from "../toast.js";

const MINUTE_MS = 60_000;
const FADE_MS = 8_000;
const menu = document.getElementById("player-menu");
let sleeping;

export function hearSettings() {
  menu.querySelector("[name=gain]").value = recall("gain", "auto");
  menu.querySelector("[name=fade]").value = recall("fade", "0");
  menu.addEventListener("change", async ({ target }) => {
    if (target.name === "sleep") return sleepIn(target.value);
    keep(target.name, target.value);
    (await engineAtHand()).level();
  });
  menu.addEventListener("submit", (event) => event.preventDefault());
  menu.addEventListener("click", ({ target }) => {
    const to = target.closest("[data-device]")?.dataset.device;
    if (to) handOver(to);
  });
  on("queue", paintDevices);
  paintDevices();
  // Chosen while this was still on its way.
  const { value } = menu.querySelector("[name=sleep]");
  if (value) sleepIn(value);
  on("item", ({ first }) => { if (isLast && !first) { sleepIn(""); pause(); } });
}

async function handOver(to) {
  if (to === device.id) (await engineAtHand()).wake();
  command(to === device.id ? "take" : "hand_over", to === device.id ? {} : { to });
  menu.open = false;
}

function paintDevices() {
  const { devices, device: playing } = queue.shown;
  const here = devices.filter((one) => one.here);
  const looks = JSON.stringify([here.map(({ id, name }) => [id, name]), playing]);
  const list = menu.querySelector("[data-part=devices]");
  if (list.dataset.shows === looks) return;
  list.dataset.shows = looks;
  list.replaceChildren(...here.map(({ id, name }) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: id === device.id ? say("this-device", { name }) : name });
    button.dataset.device = id;
    button.setAttribute("aria-pressed", String(id === playing));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

function sleepIn(value) {
  clearTimeout(sleeping);
  makeLast(value === "end");
  menu.querySelector("[name=sleep]").value = value;
  menu.classList.toggle("is-set", value !== "");
  if (!value) return;
  if (!isLast) sleeping = setTimeout(fallAsleep, Number(value) * MINUTE_MS - FADE_MS);
  toast(isLast ? say("sleep-end") : say("sleep-in", { minutes: number(Number(value)) }));
}

// Quieter and quieter, then still; the volume is for the next morning what it was.
async function fallAsleep() {
  const engine = await engineAtHand();
  await engine.fadeOut(FADE_MS);
  await pause();
  engine.level();
  sleepIn("");
}
