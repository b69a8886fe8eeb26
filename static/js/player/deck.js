// One audio element fed by MediaSource: tracks stand one behind the other on its clock, cut to the sample, so that nothing is
// between them. Pieces come a minute ahead and go half a minute behind, whatever the length of a track.
import { BrokenTrack } from "./errors.js";
import { Feed } from "./feed.js";
import { Sounding } from "./sounding.js";
import { decodersOwn, planOf } from "./plans.js";
import { sleep, Tape } from "./tape.js";

const AHEAD_S = 45;
const BEHIND_S = 25;
const LOOK_MS = 500;
// Nothing begins at zero: what a decoder needs before the first sample must have a place.
const ZERO_S = 10;
const BORDER_S = 0.001;

export class Deck extends Sounding {
  #next;
  #tape = new Tape();
  #items = [];
  #pumping = new AbortController();
  #playing;
  #soon;

  constructor({ tell, next }) {
    super(tell);
    this.#next = next;
    for (const name of ["timeupdate", "seeked"]) this.element.addEventListener(name, () => this.#look());
    this.element.addEventListener("ended", () => { if (this.#items.at(-1)?.done) tell("ended", this.#items.at(-1)); });
    this.element.addEventListener("error", () => this.#broke(this.item));
  }

  get item() {
    return this.#items.findLast(({ start }) => start <= this.element.currentTime + BORDER_S) ?? this.#items[0];
  }

  get following() { return this.#items[this.#items.indexOf(this.item) + 1]; }
  get positionMs() { return this.item ? Math.max(0, (this.element.currentTime - this.item.start) * 1000) : 0; }
  get leftS() { return (this.item?.end ?? Infinity) - this.element.currentTime; }

  async open(item, fromMs = 0) {
    const signal = this.#begin();
    this.#items = [];
    await this.#tape.attach(this.element, signal);
    await this.#tape.remove(0, Infinity, signal);
    this.#tape.stretch();
    this.element.currentTime = ZERO_S + fromMs / 1000;
    this.#run({ entry: item.entry, track: item.track, start: ZERO_S, fromMs, first: true }, signal);
  }

  async seek(ms) {
    const { item } = this;
    if (!item) return;
    const time = item.start + Math.min(ms, Math.max(0, (item.end - item.start) * 1000 - 50)) / 1000;
    if (this.#holds(time)) this.element.currentTime = time;
    else await this.open(item, (time - item.start) * 1000);
  }

  // To what lies behind the current track already; false where it does not.
  skip(ms) {
    const time = (this.following?.start ?? Infinity) + ms / 1000;
    if (!this.#holds(time)) return false;
    this.element.currentTime = time;
    return true;
  }

  // What follows is another track than was thought: what stands behind this one goes.
  async reconsider() {
    const { item } = this;
    if (!item?.done) return;
    const signal = this.#begin();
    const [later] = this.#items.splice(this.#items.indexOf(item) + 1);
    if (later) await this.#tape.remove(later.start, Infinity, signal);
    this.#run(await this.#after(item, signal), signal, item);
  }

  close() {
    this.#begin();
    this.#items = [];
    clearTimeout(this.#soon);
    super.close();
  }

  #begin() {
    this.#pumping.abort();
    this.#pumping = new AbortController();
    return this.#pumping.signal;
  }

  // One track after the other, for as long as something follows; what cannot be played is told of and left out.
  async #run(item, signal, before) {
    try {
      for (let next = item; next; next = await this.#after(before, signal)) {
        if (await this.#taken(next, signal)) before = next;
        else if (!before) return;
      }
      this.#tape.end();
    } catch (error) {
      if (!signal.aborted) this.tell("stuck", error);
    }
  }

  async #taken(item, signal) {
    try {
      await this.#fill(item, signal);
      return true;
    } catch (error) {
      if (signal.aborted || !(error instanceof BrokenTrack)) throw error;
      this.#items = this.#items.filter((other) => other !== item);
      this.#broke(item);
      return false;
    }
  }

  async #after(item, signal) {
    const next = await this.#next(item);
    signal.throwIfAborted();
    return next && { ...next, start: item.end, fromMs: 0 };
  }

  async #fill(item, signal) {
    item.plan = await planOf(item.track);
    signal.throwIfAborted();
    if (!item.plan.as) throw new BrokenTrack("it has no pieces");
    item.end = item.start + item.plan.duration_ms / 1000;
    this.#items.push(item);
    this.#look();
    const feed = new Feed(item.track, item.plan, item.fromMs);
    while (!feed.done) {
      await this.#room(item.start + feed.nextMs / 1000, signal);
      const piece = await feed.next(signal);
      if (piece.bytes.byteLength) await this.#append(item, piece, signal);
      if (feed.done && piece.toMs > 0) item.end = Math.min(item.end, item.start + piece.toMs / 1000);
    }
    item.done = true;
  }

  #append(item, { bytes, fromMs }, signal) {
    const at = item.start + fromMs / 1000 + decodersOwn(item.plan);
    const makeRoom = () => this.#tape.remove(0, this.element.currentTime - 5, signal);
    const place = { mime: item.plan.mime, from: item.start, to: item.end, at };
    return this.#tape.append(bytes, { ...place, signal, makeRoom });
  }

  async #room(until, signal) {
    while (until - this.element.currentTime > AHEAD_S) await sleep(LOOK_MS, signal);
    const past = this.element.currentTime - BEHIND_S;
    await this.#tape.remove(0, past, signal);
    this.#items = this.#items.filter(({ end, done }) => !done || end > past);
  }

  #holds(time) {
    const { buffered } = this.element;
    return Array.from({ length: buffered.length }).some((_, place) => buffered.start(place) <= time && time < buffered.end(place) - 0.1);
  }

  #look() {
    const { item } = this;
    if (item && item !== this.#playing && this.element.currentTime >= item.start - BORDER_S) {
      this.#playing = item;
      this.tell("item", item);
    }
    this.tell("time", this.positionMs);
    clearTimeout(this.#soon);
    // The browser says four times a second where it is; the border between two tracks is looked at when it is there.
    if (!this.element.paused && this.leftS < 1) this.#soon = setTimeout(() => this.#look(), Math.max(0, this.leftS) * 1000 + 5);
  }

  #broke(item) {
    if (this.#playing === item) this.#playing = undefined;
    if (item) this.tell("broken", item);
  }
}
