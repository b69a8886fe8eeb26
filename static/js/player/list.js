// The queue as a list in the drawer: only the rows that can be seen are there, however many thousands there are.
import { blank, credits, picture } from "./bar.js";
import { briefOf } from "./briefs.js";
import { clock } from "./clock.js";
import { queue } from "./conductor.js";
import { say } from "../words.js";

export const ROW_PX = 52;
const MORE_ROWS = 8;
const rows = new Map();
const list = document.getElementById("queue-list");
const view = document.getElementById("queue-view");
const form = document.getElementById("queue-row");

export function paintList() {
  const { order } = queue.shown;
  list.style.height = `${order.length * ROW_PX}px`;
  const first = Math.max(0, Math.floor(view.scrollTop / ROW_PX) - MORE_ROWS);
  const last = Math.min(order.length, Math.ceil((view.scrollTop + view.clientHeight) / ROW_PX) + MORE_ROWS);
  const wanted = new Map(order.slice(first, last).map(([entry], place) => [entry, first + place]));
  for (const [entry, row] of rows) {
    // Who has a row in the hand or under the keyboard keeps it.
    if (wanted.has(entry) || (row.contains(document.activeElement) && order.some(([one]) => one === entry))) continue;
    row.remove();
    rows.delete(entry);
  }
  for (const [entry, place] of wanted) paintRow(entry, place, order.length);
  inOrder();
}

export function scrollToCurrent() {
  view.scrollTop = Math.max(0, queue.currentPlace * ROW_PX);
}

export function rowOf(entry) {
  return rows.get(entry);
}

function paintRow(entry, place, count) {
  const row = rows.get(entry) ?? newRow(entry);
  const current = queue.currentPlace;
  row.style.setProperty("--y", `${place * ROW_PX}px`);
  row.dataset.at = place;
  row.setAttribute("aria-posinset", place + 1);
  row.setAttribute("aria-setsize", count);
  row.classList.toggle("is-past", place < current);
  if (place === current) row.setAttribute("aria-current", "true");
  else row.removeAttribute("aria-current");
  const brief = briefOf(entry);
  if (brief && row.dataset.brief !== String(brief.track.id)) fillRow(row, brief.track);
}

function newRow(entry) {
  const row = form.content.firstElementChild.cloneNode(true);
  row.dataset.entry = entry;
  rows.set(entry, row);
  list.append(row);
  return row;
}

function fillRow(row, track) {
  const part = (name) => row.querySelector(`[data-part=${name}]`);
  row.dataset.brief = track.id;
  row.classList.remove("is-waiting");
  part("cover").replaceChildren(track.cover ? picture(track.cover.digest, 40) : blank());
  part("title").textContent = track.title || say("untitled");
  part("artist").textContent = credits(track).map((one) => one.textContent ?? one).join("");
  part("length").textContent = clock(track.duration_ms);
  part("remove").setAttribute("aria-label", say("remove-track", { title: track.title }));

}

// Ears and the tab key go through rows as they stand in the page.
function inOrder() {
  const there = [...list.children];
  const sorted = there.toSorted((one, other) => one.dataset.at - other.dataset.at);
  if (there.some((row, place) => row !== sorted[place]) && !list.contains(document.activeElement)) list.append(...sorted);
}
