// What entries of the queue are called and look like: asked for when somebody wants to see them, many at a time.
import { once, tell } from "./bus.js";

const MOST = 60;
const GATHER_MS = 15;
const AGAIN_MS = 3_000;
const known = new Map();
const asked = new Set();
let timer;

// Nothing yet: then "briefs" is told when it is there.
export function briefOf(entry) {
  if (!known.has(entry) && entry !== null && entry !== undefined) want(entry);
  return known.get(entry);
}

// As soon as it is there.
export async function briefSoon(entry) {
  while (!briefOf(entry)) await once("briefs");
  return known.get(entry);
}

export function albumOf(entry) {
  return known.get(entry)?.track.album?.id;
}

// The same track may stand at many places.
export function noteOfTrack(track, changes) {
  for (const brief of known.values()) if (brief.track.id === track) Object.assign(brief.track, changes);
  tell("briefs");
}

function want(entry) {
  asked.add(entry);
  timer ??= setTimeout(fetchThem, GATHER_MS);
}

async function fetchThem() {
  const entries = [...asked].slice(-MOST);
  const query = new URLSearchParams(entries.map((entry) => ["entries", entry]));
  try {
    const answer = await fetch(`/api/queue/entries?${query}`);
    if (!answer.ok) throw new Error(answer.status);
    for (const item of (await answer.json()).items) known.set(item.entry, item);
    for (const entry of entries) asked.delete(entry);
    timer = asked.size ? setTimeout(fetchThem, 0) : undefined;
    tell("briefs");
  } catch {
    timer = setTimeout(fetchThem, AGAIN_MS);
  }
}
