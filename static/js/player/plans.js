// What a track is made of and how it reaches this browser: asked for once each, while it is fresh.
import { request } from "./request.js";

const FRESH_MS = 10 * 60_000;
const MP3_DECODER = 529;
const CHROMIUM = /Chrom(e|ium)\//.test(navigator.userAgent);
const known = new Map();

export function canAppend(mime) {
  return Boolean(mime) && "MediaSource" in window && MediaSource.isTypeSupported(mime);
}

// The answer of the server, with what of it this browser takes: `as` pieces as they are or turned into Opus (none: only as a
// whole), their `mime`, their exact length.
export function planOf(track) {
  const found = known.get(track);
  if (found && Date.now() - found.at < FRESH_MS) return found.plan;
  const plan = ask(track);
  known.set(track, { plan, at: Date.now() });
  plan.catch(() => known.delete(track));
  return plan;
}

async function ask(track) {
  const plan = await (await request(`/api/tracks/${track}/playback`)).json();
  const [as, pieces] = canAppend(plan.pieces?.mime) ? ["copy", plan.pieces] : ["opus", plan.opus_pieces];
  if (!canAppend(pieces?.mime)) return plan;
  return { ...plan, as, mime: pieces.mime, duration_ms: pieces.duration_ms };
}

// Chromium takes away by itself what a decoder of MPEG layer 3 adds (its part of a LAME file's delay); others leave it.
export function decodersOwn(plan) {
  return plan.mime === "audio/mpeg" && CHROMIUM ? MP3_DECODER / plan.sample_rate : 0;
}
