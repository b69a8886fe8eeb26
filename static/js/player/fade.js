// Two tracks that sound together for some seconds, one becoming quieter as the other becomes louder; their sum stays as strong.
import { BrokenTrack } from "./errors.js";

const STEPS = 33;
const rising = Float32Array.from({ length: STEPS }, (_, step) => Math.sin((step / (STEPS - 1)) * Math.PI / 2));

export class Fade {
  #leaving;
  #timer;
  #over = false;

  // `made` gives the deck that the next track comes on; what cannot be played is left to whoever comes to it in its turn.
  constructor(next, seconds, made) {
    this.entry = next.entry;
    this.seconds = seconds;
    this.isReady = false;
    this.#open(next, made).catch((error) => {
      if (error.name !== "AbortError" && !(error instanceof BrokenTrack)) throw error;
    });
  }

  get isComing() { return !this.#leaving && this.isReady; }
  get isLeaving() { return this.#leaving !== undefined; }

  cross(leaving, factor, now, done) {
    this.#leaving = leaving;
    const seconds = Math.max(0.05, Math.min(this.seconds, leaving.leftS));
    Object.assign(this.deck.item, { first: false, faded: true });
    const from = leaving.gain.gain.value;
    curve(leaving.gain.gain, rising.map((value) => value * from).reverse(), now, seconds);
    curve(this.deck.gain.gain, rising.map((value) => value * factor), now, seconds);
    this.#timer = setTimeout(() => { this.#leave(); done(); }, seconds * 1000 + 100);
  }

  // Whatever of it sounds, or was to sound, does no longer.
  end() {
    this.#over = true;
    clearTimeout(this.#timer);
    if (this.#leaving) this.#leave();
    else this.deck?.close();
  }

  async #open(next, made) {
    const deck = await made();
    if (this.#over) return deck.close();
    this.deck = deck;
    await deck.open(next, 0);
    await deck.ready();
    this.isReady = !this.#over;
  }

  #leave() {
    this.#leaving.wanted = false;
    this.#leaving.close();
  }
}

function curve(param, values, now, seconds) {
  param.cancelScheduledValues(0);
  param.setValueCurveAtTime(values, now, seconds);
}
