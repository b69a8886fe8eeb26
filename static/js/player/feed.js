// The pieces of one track, one after the other; each begins where the last one ended.
import { request } from "./request.js";

// The first piece is short, so that it sounds soon; the others are long enough to be few.
const FIRST_MS = 4_000;
const PIECE_MS = 15_000;
// Decoders need a little of what comes before; it is cut off again, and not heard.
const RUN_UP_MS = 150;

export class Feed {
  constructor(track, plan, fromMs) {
    this.track = track;
    this.plan = plan;
    this.nextMs = Math.max(0, fromMs - RUN_UP_MS);
    this.length = FIRST_MS;
    this.done = false;
  }

  async next(signal) {
    const query = new URLSearchParams({ from_ms: this.nextMs, for_ms: this.length, as: this.plan.as });
    const answer = await request(`/api/tracks/${this.track}/pieces?${query}`, { signal });
    const number = (name) => Number(answer.headers.get(name));
    const piece = { fromMs: number("X-Piece-From-Ms"), toMs: number("X-Piece-To-Ms"), bytes: await answer.arrayBuffer() };
    this.length = PIECE_MS;
    this.done = answer.headers.get("X-Piece-Last") === "1" || piece.toMs <= this.nextMs;
    this.nextMs = piece.toMs;
    return piece;
  }
}
