// What was heard is told to the server, each once under an id of its own; without a network it waits here until it can be.
import { device } from "./device.js";
import { isHere, queue } from "./conductor.js";
import { keep, recall } from "./kept.js";
import { makeId } from "./ids.js";
import { on } from "./bus.js";
import { token } from "../csrf.js";

const LEAST_MS = 250;
const MOST_WAITING = 500;
const TRY_MS = 60_000;
const AT_ONCE = 100;
// A break longer than this ends a listen, even if the same track goes on afterwards.
const BREAK_MS = 30 * 60_000;
// At the end of a track a few moments are missing for ever: the browser says four times a second where it is.
const END_MS = 2_000;
let heard = recall("heard", undefined, sessionStorage);
let engine;
let last;

export function hearListens() {
  if (heard && Date.now() - heard.seen > BREAK_MS) end("stopped");
  on("engine", (made) => { engine = made; });
  on("time", tick);
  on("item", begin);
  on("ended", () => end("finished"));
  on("queue", () => { if (heard && (!isHere() || queue.shown.state === "stopped")) end("stopped"); });
  window.addEventListener("pagehide", () => keep("heard", heard, sessionStorage));
  window.addEventListener("online", send);
  setInterval(send, TRY_MS);
  send();
}

function begin(item) {
  if (heard?.entry === item.entry && item.first) return;
  // What was faded out was heard to its end, or nearly.
  end(item.faded ? "finished" : "skipped");
  heard = { id: makeId(), entry: item.entry, track_id: item.track, started_at: new Date().toISOString(), played_ms: 0, seen: Date.now() };
  last = undefined;
}

// Only what has sounded counts: what was jumped over and what stood still does not.
function tick(position) {
  if (!heard || engine?.item?.entry !== heard.entry) return;
  const step = last === undefined ? 0 : position - last;
  if (engine.state === "playing" && step > 0 && step < 2_000) heard.played_ms += step;
  heard.duration_ms = Math.round(engine.durationMs ?? 0);
  heard.position = position;
  heard.seen = Date.now();
  last = position;
}

function end(how) {
  if (!heard) return;
  const { entry, seen, position, ...listen } = heard;
  heard = undefined;
  keep("heard", undefined, sessionStorage);
  if (listen.played_ms < LEAST_MS) return;
  const finished = listen.duration_ms && position > listen.duration_ms - END_MS;
  const said = { ...listen, played_ms: Math.round(listen.played_ms), ended: finished ? "finished" : how, device: device.id };
  keep("listens", [...recall("listens", []), said].slice(-MOST_WAITING));
  send();
}

async function send() {
  const waiting = recall("listens", []).slice(0, AT_ONCE);
  if (!waiting.length || navigator.onLine === false) return;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
  try {
    const answer = await fetch("/api/listens", { method: "POST", headers, body: JSON.stringify({ listens: waiting }), keepalive: true });
    // What it will never take is not sent for ever.
    if (!answer.ok && answer.status !== 422) return;
    const sent = new Set(waiting.map(({ id }) => id));
    keep("listens", recall("listens", []).filter(({ id }) => !sent.has(id)));
  } catch { /* the next time */ }
}
