// Buttons that play, play next or queue something: without scripts they send the form #enqueue, with them a command.
import { command, engineAtHand, queue } from "./conductor.js";
import { number, say } from "../words.js";
import { toast } from "../toast.js";

const UNDO_MS = 12_000;
const MOST_AT_ONCE = 2_000;
const WHERE = { next: "next", last: "last" };

export function hearButtons() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[form=enqueue]");
    if (!button || event.defaultPrevented) return;
    event.preventDefault();
    button.closest("details.menu")?.removeAttribute("open");
    if (button.name in WHERE) return addThing(button.value, WHERE[button.name]);
    (await engineAtHand()).wake();
    playThing(button.value, { shuffled: button.name === "shuffled", table: button.closest("table.tracks") });
  });
}

export async function addThing(thing, where, before) {
  const answer = await command("add", { ...meant(thing), ...(before ? { before } : { where }) });
  if (answer.type === "refused") return;
  const count = answer.entries.length;
  const words = say(where === "next" ? "added-next" : "added", { tracks: say(count === 1 ? "one-track" : "many-tracks", { count: number(count) }) });
  toast(words, { stays: UNDO_MS, action: { label: say("undo"), run: () => command("remove", { entries: answer.entries }) } });
}

async function playThing(thing, { shuffled, table }) {
  const wasLong = queue.shown.order.length - queue.currentPlace > 1 && queue.shown.current !== null;
  const answer = await command("replace", { ...(inItsTable(thing, table) ?? meant(thing)), ...(shuffled && { shuffled }) });
  if (answer.type === "refused" || !wasLong) return;
  toast(say("replaced"), { stays: UNDO_MS, action: { label: say("undo"), run: () => command("restore", { of: answer.id }) } });
}

// A track of a table is played among those that stand around it.
function inItsTable(thing, table) {
  const [kind, id] = thing.split(":");
  if (kind !== "track" || !table) return undefined;
  if (table.dataset.from) return { ...meant(table.dataset.from), start: Number(id) };
  const tracks = [...table.querySelectorAll("tr[data-track]:not(.is-missing)")].map((row) => Number(row.dataset.track));
  const place = tracks.indexOf(Number(id));
  const origin = { kind: "list", label: document.querySelector("#main h1")?.textContent.trim().slice(0, 200) ?? "", url: location.pathname + location.search };
  return { tracks: tracks.slice(Math.max(0, place - MOST_AT_ONCE / 2)).slice(0, MOST_AT_ONCE), start: Number(id), origin };
}

export function meant(thing) {
  const [kind, ids] = thing.split(":");
  return kind === "tracks" ? { tracks: ids.split(",").map(Number) } : { from: { kind, id: Number(ids) } };
}
