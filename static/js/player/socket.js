// The line to the queue: opened again when it breaks, in step with its version, and no command is lost or given twice.
import { makeId } from "./ids.js";
import { tell } from "./bus.js";

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 15_000;
const PING_MS = 20_000;
const SILENCE_MS = 45_000;

export class Line {
  #address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/queue`;
  #socket;
  #failures = 0;
  #heardAt = 0;
  #opening;
  #hello;
  #hear;
  // By id, in the order in which they were given.
  #waiting = new Map();

  // hello(): who we are, and which version we know. hear(message): everything that the queue says.
  constructor({ hello, hear }) {
    this.#hello = hello;
    this.#hear = hear;
    window.addEventListener("online", () => this.#openSoon(0));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#look(); });
    // Whoever comes back to a kept page has no line any more.
    window.addEventListener("pageshow", ({ persisted }) => { if (persisted) this.#openSoon(0); });
    setInterval(() => this.#look(), PING_MS);
    this.#open();
  }

  get commands() {
    return [...this.#waiting.values()].map(({ message }) => message);
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  // Resolves with what was done, or with what was refused.
  command(command, values = {}) {
    const message = { type: "command", id: makeId(), command, ...values };
    return new Promise((resolve) => {
      this.#waiting.set(message.id, { message, resolve });
      this.say(message);
    });
  }

  say(message) {
    if (this.isOpen) this.#socket.send(JSON.stringify(message));
  }

  // It stands in what we know by now: nothing has to be predicted any more.
  settle(version) {
    for (const [id, { answer, resolve }] of this.#waiting) {
      if (!answer || answer.version > version) continue;
      this.#waiting.delete(id);
      resolve(answer);
    }
  }

  #open() {
    clearTimeout(this.#opening);
    this.#socket?.close();
    const socket = this.#socket = new WebSocket(this.#address);
    this.#heardAt = Date.now();
    socket.addEventListener("open", () => this.#greet());
    socket.addEventListener("message", ({ data }) => { if (socket === this.#socket) this.#take(JSON.parse(data)); });
    socket.addEventListener("close", ({ code }) => { if (socket === this.#socket) this.#fail(code); });
  }

  #greet() {
    this.#failures = 0;
    this.say({ type: "hello", ...this.#hello() });
    for (const message of this.commands) this.say(message);
    tell("line", true);
  }

  #take(message) {
    this.#heardAt = Date.now();
    if (message.type === "done" && this.#waiting.has(message.id)) this.#waiting.get(message.id).answer = message;
    if (message.type === "refused" && this.#waiting.has(message.id)) {
      const { resolve } = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      resolve(message);
    }
    this.#hear(message);
  }

  #fail(code) {
    this.#socket = undefined;
    this.#failures += 1;
    if (this.#failures > 1) tell("line", false);
    // 4401: the session is over; asking again and again would not change it.
    const longest = code === 4401 ? 60_000 : LONGEST_PAUSE_MS;
    const pause = code === 4401 ? longest : Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, longest);
    this.#openSoon(pause * (0.5 + Math.random() / 2));
  }

  #openSoon(pause) {
    clearTimeout(this.#opening);
    if (!this.isOpen) this.#opening = setTimeout(() => this.#open(), pause);
  }

  #look() {
    if (!this.#socket) return this.#openSoon(0);
    if (Date.now() - this.#heardAt > SILENCE_MS) return this.#open();
    this.say({ type: "ping" });
  }
}
