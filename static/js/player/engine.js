// What sounds: a deck at a time (two while they are faded into each other), behind it gain and volume.
import { keep, recall } from "./kept.js";
import { factorOf } from "./gain.js";
import { Deck } from "./deck.js";
import { Whole } from "./whole.js";
import { planOf } from "./plans.js";
import { sleep } from "./tape.js";
import { tell } from "./bus.js";
import { BrokenTrack } from "./errors.js";

const FADE_IN_S = 0.02;
const WAKE_MS = 3000;

export class Engine {
  #context;
  #deck;
  #next;
  #modeOf;
  #scheduled;
  #volume = recall("volume", 1);
  #muted = recall("muted", false);

  // next(item): what follows it; modeOf(item): whose gain counts for it.
  constructor({ next, modeOf }) {
    this.#next = next;
    this.#modeOf = modeOf;
  }

  get item() { return this.#deck?.item; }
  get positionMs() { return this.#deck?.positionMs ?? 0; }
  get durationMs() { return this.item?.plan?.duration_ms; }
  get state() { return this.#deck?.state ?? "paused"; }
  get volume() { return this.#volume; }
  get muted() { return this.#muted; }

  // Called while a hand is on a button: later a browser may no longer allow sound.
  wake() {
    this.#context ??= new AudioContext();
    return this.#context.state === "running" ? undefined : this.#context.resume().catch(() => {});
  }

  async load(item, { fromMs = 0, playing = true } = {}) {
    try {
      this.#use(await this.#kindFor(item.track));
      const opened = this.#deck.open(item, fromMs);
      if (playing) this.play();
      await opened;
    } catch (error) {
      if (error instanceof BrokenTrack) tell("broken", item);
      else if (error.name !== "AbortError") throw error;
    }
  }

  // What was asked for lies behind the current track already: it begins at once.
  skip(entry, fromMs) {
    return this.#deck?.following?.entry === entry && this.#deck.skip(fromMs);
  }

  // What sounds before the context runs, or before there is enough to go on with, is lost: the beginning of a track.
  async play() {
    const deck = this.#deck;
    if (!deck) return;
    deck.wanted = true;
    // Where nobody has touched the page yet, the context never runs.
    if (navigator.userActivation?.hasBeenActive !== false) await Promise.race([this.wake(), sleep(WAKE_MS)]);
    await deck.ready();
    if (deck !== this.#deck || !deck.wanted) return;
    try {
      await deck.play();
    } catch (error) {
      if (error.name === "NotAllowedError" && deck === this.#deck) tell("forbidden");
    }
  }

  pause() {
    if (!this.#deck) return;
    this.#deck.wanted = false;
    this.#deck.pause();
  }

  async seek(ms) {
    await this.#deck?.seek(ms).catch((error) => { if (error.name !== "AbortError") throw error; });
  }

  // The queue has changed: what was laid behind the current track may be another.
  async reconsider(expected) {
    if (this.#deck?.following?.entry === expected?.entry) return;
    await this.#deck?.reconsider().catch((error) => { if (error.name !== "AbortError") throw error; });
  }

  stop() {
    this.#deck?.close();
    this.#deck = undefined;
  }

  setVolume(volume, muted = false) {
    this.#volume = Math.min(1, Math.max(0, volume));
    this.#muted = muted;
    keep("volume", this.#volume);
    keep("muted", muted);
    if (this.#deck) this.#loud(this.#deck);
    tell("volume", { volume: this.#volume, muted });
  }

  // Down to nothing in so long; the volume that was chosen stays what it is.
  fadeOut(milliseconds) {
    const gain = this.#deck?.gain.gain;
    gain?.setTargetAtTime(0, this.#context.currentTime, milliseconds / 5000);
    return sleep(milliseconds);
  }

  // After another choice of ReplayGain.
  level() {
    this.#scheduled = undefined;
    if (this.#deck?.item) this.#setGain(this.#deck, this.#deck.item);
  }

  async #kindFor(track) {
    return (await planOf(track)).as ? Deck : Whole;
  }

  #use(Kind) {
    if (this.#deck?.constructor === Kind) return;
    this.#deck?.close();
    const deck = new Kind({
      next: (item) => this.#next(item),
      tell: (name, detail) => { if (deck === this.#deck) this.#hear(name, detail); },
    });
    this.#deck = deck;
    this.wake();
    deck.gain = this.#context.createGain();
    this.#context.createMediaElementSource(deck.element).connect(deck.gain).connect(this.#context.destination);
    this.#loud(deck);
  }

  #loud(deck) {
    // Ears hear in proportions: a slider at a half is to sound half as loud.
    deck.element.volume = this.#muted ? 0 : this.#volume ** 2;
  }

  #hear(name, detail) {
    if (name === "item") this.#setGain(this.#deck, detail);
    if (name === "time") this.#prepareGain();
    tell(name, detail);
  }

  #factor(item) {
    return factorOf(item.plan?.gain, this.#modeOf(item));
  }

  #setGain(deck, item) {
    if (this.#scheduled === item) return;
    deck.gain.gain.cancelScheduledValues(0);
    deck.gain.gain.setTargetAtTime(this.#factor(item), this.#context.currentTime, FADE_IN_S);
  }

  // The next track has its own gain from its first sample on.
  #prepareGain() {
    const { following, leftS, element } = this.#deck;
    if (!following?.plan || leftS > 1 || element.paused || this.#scheduled === following) return;
    this.#scheduled = following;
    this.#deck.gain.gain.setValueAtTime(this.#factor(following), this.#context.currentTime + leftS);
  }
}
