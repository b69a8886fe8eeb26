// Asks the server until it answers: a network that is away for a while is waited for, and what is refused is said.
import { BrokenTrack, SignedOut } from "./errors.js";
import { tell } from "./bus.js";

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 10_000;
const ANSWER_MS = 20_000;
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
let failures = 0;

export async function request(address, { signal, tries = Infinity, ...options } = {}) {
  for (let attempt = 0; ; attempt += 1) {
    const { answer, wait } = await once(address, { ...options, signal });
    if (answer) return answer;
    if (attempt + 1 >= tries) throw new BrokenTrack(address);
    note(failures + 1);
    await pause(Math.max(wait, Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS)), signal);
  }
}

async function once(address, { signal, ...options }) {
  const late = AbortSignal.timeout(ANSWER_MS);
  try {
    const answer = await fetch(address, { ...options, signal: signal ? AbortSignal.any([signal, late]) : late });
    if (!PASSING.has(answer.status)) note(0);
    if (answer.ok) return { answer };
    if (answer.status === 401) throw new SignedOut(address);
    if (!PASSING.has(answer.status)) throw new BrokenTrack(address);
    return { wait: 1000 * (Number(answer.headers.get("Retry-After")) || 0) };
  } catch (error) {
    if (signal?.aborted || error instanceof BrokenTrack || error instanceof SignedOut) throw error;
    return { wait: 0 };
  }
}

// One failure is nothing to speak of.
function note(count) {
  if (failures < 2 && count >= 2) tell("network", false);
  if (failures >= 2 && count === 0) tell("network", true);
  failures = count;
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const done = () => { clearTimeout(timer); window.removeEventListener("online", done); resolve(); };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener("online", done);
    signal?.addEventListener("abort", () => { done(); reject(signal.reason); }, { once: true });
  });
}
