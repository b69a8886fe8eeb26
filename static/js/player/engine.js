// What sounds: a deck at a time (two while they are faded into each other), behind it gain and volume.
import { Fade } from "./fade.js";
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
const READY_S = 12;

export class Engine {
  #context;
  #deck;
  #next;
  #modeOf;
  #scheduled;
  #fadeOf;
  #fade;
  #fades = new Map();
  #volume = recall("volume", 1);
  #muted = recall("muted", false);

  // next(item): what follows it; modeOf(item): whose gain counts for it; fadeOf(item, next): how long both are to sound.
  constructor({ next, modeOf, fadeOf }) {
    this.#next = next;
    this.#modeOf = modeOf;
    this.#fadeOf = fadeOf;
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
      this.#endFade();
      this.#fades.clear();
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
    this.#endFade();
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
    this.#endFade();
    this.#deck?.close();
    this.#deck = undefined;
  }

  setVolume(volume, muted = false) {
    this.#volume = Math.min(1, Math.max(0, volume));
    this.#muted = muted;
    keep("volume", this.#volume);
    keep("muted", muted);
    for (const deck of [this.#deck, this.#fade?.deck]) if (deck) this.#loud(deck);
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
    this.#deck = this.#made(Kind);
  }

  #made(Kind) {
    const deck = new Kind({
      next: (item) => this.#joined(item),
      tell: (name, detail) => { if (deck === this.#deck) this.#hear(name, detail); },
    });
    this.wake();
    deck.gain = this.#context.createGain();
    this.#context.createMediaElementSource(deck.element).connect(deck.gain).connect(this.#context.destination);
    this.#loud(deck);
    return deck;
  }

  // What stands on the same deck, without anything between; what is faded into comes on another one.
  async #joined(item) {
    const next = await this.#next(item);
    const seconds = next ? await this.#fadeOf(item, next) : 0;
    this.#fades.delete(item.entry);
    if (seconds) this.#fades.set(item.entry, { entry: next.entry, seconds });
    return seconds ? undefined : next;
  }

  #loud(deck) {
    // Ears hear in proportions: a slider at a half is to sound half as loud.
    deck.element.volume = this.#muted ? 0 : this.#volume ** 2;
  }

  #hear(name, detail) {
    if (name === "item") this.#setGain(this.#deck, detail);
    if (name === "time") {
      this.#prepareGain();
      this.#prepareFade();
    }
    // What is faded into has come already; its own clock goes on.
    if (name === "ended" && this.#fade?.isComing) return this.#cross();
    tell(name, detail);
  }

  // The next track stands ready on a deck of its own before the two have to sound together.
  #prepareFade() {
    const deck = this.#deck;
    if (!deck.item || deck.following || this.#fade?.isLeaving) return;
    const next = this.#next(deck.item);
    const planned = this.#fades.get(deck.item.entry);
    if (this.#fade && this.#fade.entry !== next?.entry) this.#endFade();
    if (!planned || planned.entry !== next?.entry || deck.leftS > planned.seconds + READY_S) return;
    this.#fade ??= new Fade(next, planned.seconds, async () => this.#made(await this.#kindFor(next.track)));
    if (deck.leftS <= this.#fade.seconds && !deck.element.paused) this.#cross();
  }

  // From here on the other deck is the one that plays; this one is heard out.
  #cross() {
    const fade = this.#fade;
    if (!fade.isReady) return;
    const leaving = this.#deck;
    this.#deck = fade.deck;
    this.#deck.wanted = true;
    fade.cross(leaving, this.#factor(this.#deck.item), this.#context.currentTime, () => { if (this.#fade === fade) this.#fade = undefined; });
    this.play();
    tell("item", this.#deck.item);
  }

  #endFade() {
    this.#fade?.end();
    this.#fade = undefined;
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
