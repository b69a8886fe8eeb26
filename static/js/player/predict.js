// What a command will have done, shown at once; what the server makes of it takes its place.
import { moved, without } from "./queue.js";

const GUESSES = {
  move: (state, { entries, before }) => ({ ...state, order: moved(state.order, entries, before) }),
  remove: (state, { entries }) => left(state, without(state.order, entries)),
  clear: (state, { keep_current: keeps }) => left(state, keeps ? state.order.filter(([entry]) => entry === state.current) : []),
  repeat: (state, { repeat }) => ({ ...state, repeat }),
  jump: (state, { entry, position_ms: ms = 0 }) => at({ ...state, current: entry, state: "playing" }, ms),
  seek: (state, { position_ms: ms }) => at(state, ms),
  play: (state, { position_ms: ms }) => at({ ...state, state: "playing" }, ms ?? state.position_ms),
  pause: (state, { position_ms: ms }) => at({ ...state, state: "paused" }, ms ?? state.position_ms),
  next: (state, { entry, ended }) => step(state, entry, 1, ended),
  previous: (state, { entry }) => step(state, entry, -1),
};

export function predict(state, message) {
  return GUESSES[message.command]?.(state, message) ?? state;
}

function at(state, ms) {
  return { ...state, position_ms: ms, at: Date.now() };
}

// What plays is gone: the one behind it has its place.
function left(state, order) {
  if (order.some(([entry]) => entry === state.current)) return { ...state, order };
  const place = state.order.findIndex(([entry]) => entry === state.current);
  const kept = new Set(order.map(([entry]) => entry));
  const next = state.order.slice(place + 1).find(([entry]) => kept.has(entry))?.[0] ?? null;
  return at({ ...state, order, current: next, state: next ? state.state : "stopped" }, 0);
}

function step(state, entry, by, ended = false) {
  if (entry !== undefined && entry !== state.current) return state;
  const { order, repeat, current } = state;
  if (ended && repeat === "one") return at(state, 0);
  const place = order.findIndex(([one]) => one === current);
  const next = order[place + by] ?? (repeat === "all" ? order.at(by > 0 ? 0 : -1) : undefined);
  if (next) return at({ ...state, current: next[0] }, 0);
  return by > 0 ? at({ ...state, state: "stopped" }, 0) : at(state, 0);
}
