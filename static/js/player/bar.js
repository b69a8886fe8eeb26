// The bar along the foot: what plays, its cover and colours, its waterline; remembered, so that a page begins with it.
import { briefOf } from "./briefs.js";
import { drawWave } from "./wave.js";
import { isHere, queue } from "./conductor.js";
import { keep, recall } from "./kept.js";
import { label } from "./painter.js";
import { on, tell } from "./bus.js";
import { say } from "../words.js";

const BARS = 150;
const bar = document.getElementById("player");
const part = (name) => bar.querySelector(`[data-part=${name}]`);
let shown;

export function hearBar() {
  const last = recall("brief");
  if (last) paintBrief(last);
  for (const name of ["queue", "briefs"]) on(name, paintBar);
}

function paintBar() {
  const { current, order, devices, device } = queue.shown;
  bar.classList.toggle("is-empty", !order.length);
  if (!order.length) return paintNothing();
  const brief = briefOf(current);
  if (brief) paintBrief(brief);
  const elsewhere = device && !isHere() && devices.find(({ id, here }) => id === device && here);
  part("where").textContent = elsewhere ? say("plays-on", { name: elsewhere.name }) : "";
}

function paintNothing() {
  if (!shown) return;
  shown = undefined;
  keep("brief", undefined);
  part("title").textContent = say("nothing");
  part("artist").textContent = say("still");
  part("cover").replaceChildren(blank());
  part("facts").replaceChildren();
  part("love").hidden = true;
  drawWave(part("wave"), undefined, BARS);
}

function paintBrief(brief) {
  const { track } = brief;
  const looks = JSON.stringify(brief);
  if (looks === shown) return;
  const other = !shown || JSON.parse(shown).track.id !== track.id;
  shown = looks;
  keep("brief", brief);
  bar.classList.remove("is-empty");
  part("title").replaceChildren(link(`/tracks/${track.id}/`, track.title));
  part("artist").replaceChildren(...credits(track));
  part("facts").replaceChildren(...facts(track));
  paintLove(part("love"), track);
  if (!other) return;
  part("cover").replaceChildren(track.cover ? picture(track.cover.digest, 56) : blank());
  bar.style.setProperty("--ambient", track.cover?.color_1 || "");
  drawWave(part("wave"), track.id, BARS);
  tell("brief", brief);
}

export function paintLove(button, track) {
  button.hidden = false;
  button.dataset.love = track.id;
  button.classList.toggle("loved", track.loved);
  button.setAttribute("aria-pressed", String(track.loved));
  label(button, say(track.loved ? "loved" : "love"));
}

export function credits({ artists, artist_credit: otherwise }) {
  if (!artists?.length) return [otherwise];
  return artists.flatMap(({ id, name, join_phrase: join }, place) =>
    [link(`/artists/${id}/`, name), place < artists.length - 1 ? join || ", " : ""]);
}

export function picture(digest, side) {
  const image = new Image(side, side);
  image.src = `/covers/${digest}/${side > 96 ? 320 : 96}.webp`;
  image.alt = "";
  image.decoding = "async";
  return image;
}

export function blank() {
  const box = document.createElement("span");
  box.className = "no-cover";
  box.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-wave"/></svg>';
  return box;
}

function link(address, text) {
  const element = document.createElement("a");
  element.className = "under";
  element.href = address;
  element.textContent = text || say("untitled");
  return element;
}

function facts({ bpm, camelot }) {
  const found = [];
  if (bpm) found.push(Object.assign(document.createElement("span"), { className: "small muted", textContent: `${Math.round(bpm)}\u00a0BPM` }));
  if (camelot) {
    const chip = Object.assign(document.createElement("span"), { className: "key", textContent: camelot });
    chip.style.setProperty("--k", camelot.slice(0, -1));
    if (camelot.endsWith("B")) chip.style.setProperty("--key-c", ".125");
    found.push(chip);
  }
  return found;
}
