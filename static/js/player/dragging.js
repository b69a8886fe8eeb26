// Rows of the drawer in the hand: moved by mouse or by their grip, swiped away on touch; tracks and albums dropped between them.
import { addThing } from "./enqueue.js";
import { command, queue } from "./conductor.js";
import { KIND } from "./lifting.js";
import { ROW_PX } from "./list.js";
import { takeOut } from "./drawer.js";

const FREE_PX = 6;
const SWIPE_PART = 0.4;
const EDGE_PX = 48;
const view = document.getElementById("queue-view");
const line = document.getElementById("queue-line");

export function hearDrags() {
  view.addEventListener("pointerdown", grasp);
  view.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes(KIND)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    mark(placeAt(event.clientY));
  });
  view.addEventListener("dragleave", (event) => { if (!view.contains(event.relatedTarget)) mark(); });
  view.addEventListener("drop", (event) => {
    const thing = event.dataTransfer.getData(KIND);
    if (!thing) return;
    event.preventDefault();
    mark();
    addThing(thing, "last", queue.shown.order[placeAt(event.clientY)]?.[0]);
  });
}

function placeAt(y) {
  const place = Math.round((y - view.getBoundingClientRect().top + view.scrollTop) / ROW_PX);
  return Math.min(queue.shown.order.length, Math.max(0, place));
}

function mark(place) {
  line.hidden = place === undefined;
  line.style.setProperty("--y", `${(place ?? 0) * ROW_PX}px`);
}

function grasp(down) {
  const row = down.target.closest("[data-entry]");
  if (!row || down.button !== 0 || down.target.closest("[data-part=remove]")) return;
  const byGrip = down.target.closest("[data-part=grip]");
  const swipes = down.pointerType === "touch" && !byGrip;
  if (byGrip) down.preventDefault();
  const hand = new Hand(row, down, swipes);
  hand.follow();
}

class Hand {
  #row;
  #down;
  #swipes;
  #held = false;
  #let = new AbortController();

  constructor(row, down, swipes) {
    this.#row = row;
    this.#down = down;
    this.#swipes = swipes;
  }

  follow() {
    const { signal } = this.#let;
    document.addEventListener("pointermove", (event) => this.#move(event), { signal });
    document.addEventListener("pointerup", (event) => this.#drop(event), { signal });
    document.addEventListener("pointercancel", () => this.#release(), { signal });
  }

  #move({ clientX, clientY }) {
    const [x, y] = [clientX - this.#down.clientX, clientY - this.#down.clientY];
    if (!this.#held && !this.#takes(x, y)) return;
    this.#row.style.setProperty(this.#swipes ? "--dx" : "--dy", `${this.#swipes ? Math.min(0, x) : y}px`);
    if (this.#swipes) return;
    const box = view.getBoundingClientRect();
    if (clientY < box.top + EDGE_PX) view.scrollTop -= 12;
    if (clientY > box.bottom - EDGE_PX) view.scrollTop += 12;
    mark(placeAt(clientY));
  }

  // A swipe goes sideways; a finger that goes up or down scrolls.
  #takes(x, y) {
    if (Math.hypot(x, y) < FREE_PX) return false;
    if (this.#swipes && Math.abs(x) < Math.abs(y)) return this.#release();
    this.#held = true;
    this.#row.classList.add("is-held");
    return true;
  }

  #drop(event) {
    const [held, swipes, row] = [this.#held, this.#swipes, this.#row];
    const entry = Number(row.dataset.entry);
    this.#release();
    if (!held) return;
    // The click that ends a drag chooses nothing.
    const swallow = (click) => { click.stopPropagation(); click.preventDefault(); };
    document.addEventListener("click", swallow, { capture: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 0);
    if (swipes && this.#down.clientX - event.clientX > SWIPE_PART * row.clientWidth) takeOut(entry);
    if (!swipes) command("move", { entries: [entry], before: this.#before(entry, placeAt(event.clientY)) });
  }

  // Before itself is where it is: then the one behind it.
  #before(entry, place) {
    const { order } = queue.shown;
    return (order[place]?.[0] === entry ? order[place + 1] : order[place])?.[0] ?? null;
  }

  #release() {
    this.#let.abort();
    this.#row.classList.remove("is-held");
    for (const name of ["--dx", "--dy"]) this.#row.style.removeProperty(name);
    mark();
    return false;
  }
}
