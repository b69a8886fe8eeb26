// The drawer of the queue: what plays, what comes, what was; rows are chosen, moved and taken out by hand, keys and swipes.
import { command, engineAtHand, queue } from "./conductor.js";
import { hearDrags } from "./dragging.js";
import { number, say } from "../words.js";
import { on } from "./bus.js";
import { paintList, rowOf, scrollToCurrent } from "./list.js";
import { toast } from "../toast.js";

const UNDO_MS = 12_000;
const drawer = document.getElementById("drawer");
const view = document.getElementById("queue-view");
const part = (name) => drawer.querySelector(`[data-part=${name}]`);
let frame;

export function openDrawer() {
  for (const name of ["queue", "briefs"]) on(name, later);
  view.addEventListener("scroll", later, { passive: true });
  new ResizeObserver(later).observe(view);
  new MutationObserver(shown).observe(drawer, { attributeFilter: ["hidden"] });
  drawer.addEventListener("click", clicked);
  drawer.addEventListener("keydown", pressed);
  hearDrags();
  shown();
}

function shown() {
  if (drawer.hidden) return;
  paint();
  scrollToCurrent();
  paintList();
}

function later() {
  if (!drawer.hidden) frame ??= requestAnimationFrame(() => { frame = undefined; paint(); });
}

function paint() {
  const { order, origin } = queue.shown;
  const left = order.length - queue.currentPlace - 1;
  part("full").hidden = !order.length;
  part("empty").hidden = order.length > 0;
  part("count").textContent = order.length ? number(order.length) : "";
  part("origin").textContent = origin?.label ? say("from", { name: origin.label }) : say("up-next");
  part("left").textContent = left > 0 ? say(left === 1 ? "one-left" : "many-left", { count: number(left) }) : "";
  paintList();
}

async function clicked({ target }) {
  if (target.closest("[data-clear]")) return clear();
  const row = target.closest("[data-entry]");
  if (!row) return;
  const entry = Number(row.dataset.entry);
  if (target.closest("[data-part=remove]")) return takeOut(entry);
  if (!target.closest("[data-part=choose]")) return;
  (await engineAtHand()).wake();
  command("jump", { entry });
}

async function clear() {
  const { id, type } = await command("clear");
  if (type === "refused") return;
  toast(say("cleared"), { stays: UNDO_MS, action: { label: say("undo"), run: () => command("restore", { of: id }) } });
}

export async function takeOut(entry) {
  const place = queue.shown.order.findIndex(([one]) => one === entry);
  const hadFocus = rowOf(entry)?.contains(document.activeElement);
  const answer = command("remove", { entries: [entry] });
  if (hadFocus) focusAt(Math.min(place, queue.shown.order.length - 1));
  const { id, type } = await answer;
  if (type === "refused") return;
  toast(say("removed"), { stays: UNDO_MS, action: { label: say("undo"), run: () => command("restore", { of: id }) } });
}

// Alt with arrows moves a row; arrows alone go from row to row.
function pressed(event) {
  const row = event.target.closest("[data-entry]");
  if (!row) return;
  const entry = Number(row.dataset.entry);
  const place = queue.shown.order.findIndex(([one]) => one === entry);
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.key === "Delete") takeOut(entry);
  else if (by && event.altKey) moveBy(entry, place, by);
  else if (by) focusAt(place + by);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function moveBy(entry, place, by) {
  const { order } = queue.shown;
  const to = place + by;
  if (to < 0 || to >= order.length) return;
  const before = order[by < 0 ? to : to + 1]?.[0] ?? null;
  command("move", { entries: [entry], before });
  document.getElementById("announcer").textContent = say("moved-to", { place: number(to + 1), count: number(order.length) });
  paint();
}

function focusAt(place) {
  const entry = queue.shown.order[place]?.[0];
  if (entry === undefined) return;
  paint();
  const row = rowOf(entry);
  row?.scrollIntoView({ block: "nearest" });
  row?.querySelector("[data-part=choose]").focus();
}
