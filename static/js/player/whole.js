// A deck for browsers without MediaSource, and for what comes only as a whole: one element plays while a second one fetches
// what follows. It is the same to the engine as the other deck.
import { BrokenTrack } from "./errors.js";
import { Sounding } from "./sounding.js";
import { planOf } from "./plans.js";

export class Whole extends Sounding {
  #next;
  #ahead = new Audio();
  #aheadItem;
  #item;

  constructor({ tell, next }) {
    super(tell);
    this.#next = next;
    this.#ahead.preload = "auto";
    this.element.addEventListener("timeupdate", () => this.#look());
    this.element.addEventListener("ended", () => this.#end());
    this.element.addEventListener("error", () => { if (this.#item) tell("broken", this.#item); });
  }

  get item() { return this.#item; }
  get following() { return undefined; }
  get positionMs() { return (this.#item?.fromMs ?? 0) + this.element.currentTime * 1000; }
  get leftS() { return (this.#item?.plan.duration_ms ?? Infinity) / 1000 - this.positionMs / 1000; }

  async open(item, fromMs = 0, first = true) {
    const plan = await planOf(item.track);
    const { url, seekable } = this.#addressOf(plan);
    if (!url) throw new BrokenTrack("nothing to play");
    this.#item = { ...item, plan, fromMs: seekable ? 0 : fromMs, first };
    this.element.src = seekable || !fromMs ? url : `${url}${url.includes("?") ? "&" : "?"}start_ms=${Math.round(fromMs)}`;
    if (seekable) this.element.currentTime = fromMs / 1000;
    this.#aheadItem = undefined;
    this.tell("item", this.#item);
  }

  async seek(ms) {
    if (this.#item && this.#addressOf(this.#item.plan).seekable) this.element.currentTime = ms / 1000;
    else if (this.#item) {
      const { paused } = this.element;
      await this.open(this.#item, ms);
      if (!paused) await this.play();
    }
  }

  skip() { return false; }

  async reconsider() { this.#aheadItem = undefined; }

  close() {
    this.#item = undefined;
    this.#ahead.removeAttribute("src");
    super.close();
  }

  // The file as it is where the browser knows it, else made into something that it knows.
  #addressOf(plan) {
    if (this.element.canPlayType(plan.mimes?.original ?? "")) return { url: plan.stream, seekable: true };
    return { url: plan.transcode?.url, seekable: false };
  }

  // The first bytes of what follows are in the browser's cache when they are needed.
  async #look() {
    this.tell("time", this.positionMs);
    if (this.leftS > 20 || this.#aheadItem) return;
    const next = await this.#next(this.#item);
    if (!next) return;
    this.#aheadItem = next;
    const { url } = this.#addressOf(await planOf(next.track));
    if (url) this.#ahead.src = url;
  }

  async #end() {
    const ended = this.#item;
    const next = await this.#next(ended);
    if (!next) return this.tell("ended", ended);
    await this.open(next, 0, false);
    await this.play();
  }
}
