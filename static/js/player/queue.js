// The queue as the server knows it, and as it is shown: with what was asked for and not yet answered.
import { predict } from "./predict.js";

const EMPTY = {
  version: -1, order: [], current: null, position_ms: 0, at: 0, state: "stopped", repeat: "off", shuffled: false, device: null,
  devices: [], origin: null,
};

export class Queue {
  #known = EMPTY;
  #drift = 0;
  shown = EMPTY;

  get version() { return this.#known.version; }

  get currentPlace() { return this.shown.order.findIndex(([entry]) => entry === this.shown.current); }

  get currentTrack() { return this.shown.order[this.currentPlace]?.[1]; }

  // Where it is just now: what plays has gone on since it was said.
  get positionMs() {
    const { position_ms: position, at, state } = this.shown;
    return state === "playing" ? position + Math.max(0, Date.now() - at) : position;
  }

  // What comes after an entry, as the queue is shown; the same one where one is repeated.
  after(entry, { ended = false } = {}) {
    const { order, repeat } = this.shown;
    const place = order.findIndex(([one]) => one === entry);
    if (place < 0) return undefined;
    if (ended && repeat === "one") return order[place];
    return order[place + 1] ?? (repeat === "all" ? order[0] : undefined);
  }

  // False where something was missed.
  take(message) {
    if (message.type === "state") this.#takeState(message);
    else if (message.type === "devices") this.#known = { ...this.#known, devices: message.devices };
    else if (message.type === "position") return this.#takePosition(message);
    else if (message.type === "change") {
      if (message.base !== undefined && message.version <= this.version) return true;
      if ((message.base ?? message.version - 1) !== this.version) return false;
      this.#known = message.ops.reduce((state, op) => this.#apply(state, op), { ...this.#known, version: message.version });
    }
    return true;
  }

  show(commands) {
    this.shown = commands.reduce(predict, this.#known);
  }

  #takeState({ type, now, ...state }) {
    // The clocks of two machines are never the same.
    this.#drift = now ? Date.now() - Date.parse(now) : 0;
    this.#known = { ...state, at: this.#local(state.at) };
  }

  #takePosition({ entry, position_ms, at, state }) {
    if (entry === this.#known.current) this.#known = { ...this.#known, position_ms, state, at: this.#local(at) };
    return true;
  }

  #local(at) {
    return Date.parse(at) + this.#drift;
  }

  #apply(state, { op, ...values }) {
    if (op === "set") return { ...state, ...values, at: values.at ? this.#local(values.at) : state.at };
    return { ...state, order: changed(state.order, op, values) };
  }
}

function changed(order, op, { entries, before, order: wanted }) {
  if (op === "insert") return put(order, entries, before);
  if (op === "remove") return without(order, entries);
  if (op === "move") return moved(order, entries, before);
  const tracks = new Map(order);
  return wanted.map((entry) => [entry, tracks.get(entry)]);
}

export function without(order, entries) {
  const gone = new Set(entries);
  return order.filter(([entry]) => !gone.has(entry));
}

export function moved(order, entries, before) {
  const tracks = new Map(order);
  return put(without(order, entries), entries.filter((entry) => tracks.has(entry)).map((entry) => [entry, tracks.get(entry)]), before);
}

function put(order, rows, before) {
  const place = before === null || before === undefined ? -1 : order.findIndex(([entry]) => entry === before);
  return place < 0 ? [...order, ...rows] : [...order.slice(0, place), ...rows, ...order.slice(place)];
}
