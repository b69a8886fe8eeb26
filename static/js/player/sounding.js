// What both kinds of decks are: an audio element that tells what it is doing.
const MOVES = ["playing", "waiting", "pause", "play"];

export class Sounding {
  wanted = false;

  constructor(tell) {
    this.tell = tell;
    this.element = new Audio();
    this.element.preload = "auto";
    for (const name of MOVES) this.element.addEventListener(name, () => tell("state", this.state));
  }

  get state() {
    const { paused, readyState, ended } = this.element;
    if (paused && this.wanted && !ended) return "buffering";
    return paused || ended ? "paused" : readyState < HTMLMediaElement.HAVE_FUTURE_DATA ? "buffering" : "playing";
  }

  // As soon as it could play without stopping at once.
  async ready() {
    const { element } = this;
    if (element.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) return;
    await new Promise((resolve) => { element.addEventListener("canplay", resolve, { once: true }); });
  }

  play() {
    return this.element.play();
  }

  pause() {
    this.element.pause();
  }

  close() {
    this.element.pause();
    this.element.removeAttribute("src");
    this.element.load();
  }
}
