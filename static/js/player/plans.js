// What a track is made of and how it reaches this browser: asked for once each, while it is fresh.
import { request } from "./request.js";

const FRESH_MS = 10 * 60_000;
export const OPUS = 'audio/mp4; codecs="opus"';
const known = new Map();

export function canAppend(mime) {
  return "MediaSource" in window && MediaSource.isTypeSupported(mime);
}

// The answer of the server, with `as` (pieces as they are, or turned into Opus; none: as a whole) and `mime` of what will come.
export function planOf(track, signal) {
  const found = known.get(track);
  if (found && Date.now() - found.at < FRESH_MS) return found.plan;
  const plan = ask(track, signal);
  known.set(track, { plan, at: Date.now() });
  plan.catch(() => known.delete(track));
  return plan;
}

async function ask(track, signal) {
  const plan = await (await request(`/api/tracks/${track}/playback`, { signal })).json();
  const mime = plan.pieces?.mime;
  if (mime && canAppend(mime)) return { ...plan, as: "copy", mime };
  return canAppend(OPUS) ? { ...plan, as: "opus", mime: OPUS } : plan;
}
