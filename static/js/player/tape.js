// A MediaSource and its one buffer: what is appended, cut, and taken away, one thing after the other.
const WAIT_MS = 500;
const LONGEST_S = 1_000_000;

export class Tape {
  #source;
  #buffer;
  #mime;

  get isOpen() { return this.#source?.readyState === "open"; }

  // After an error of the element nothing of it can be used again.
  async attach(element, signal) {
    if (this.#source && this.#source.readyState !== "closed" && !element.error) return;
    this.#source = new MediaSource();
    this.#buffer = this.#mime = undefined;
    const opened = once(this.#source, "sourceopen", signal);
    const address = URL.createObjectURL(this.#source);
    element.src = address;
    try {
      await opened;
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  // Between `from` and `to` of its clock; whatever the bytes say of time, their first sound stands at `at`.
  async append(bytes, { mime, from, to, at, signal, makeRoom }) {
    signal.throwIfAborted();
    if (!this.#buffer) this.#buffer = this.#source.addSourceBuffer(mime);
    await this.#idle(signal);
    this.#buffer.abort();
    if (this.#mime && this.#mime !== mime) this.#buffer.changeType(mime);
    this.#mime = mime;
    this.#buffer.mode = "sequence";
    this.#buffer.appendWindowEnd = to;
    this.#buffer.appendWindowStart = from;
    this.#buffer.timestampOffset = at;
    while (!(await this.#fits(() => this.#buffer.appendBuffer(bytes), signal))) {
      await makeRoom();
      await sleep(WAIT_MS, signal);
    }
  }

  async remove(from, to, signal) {
    if (!this.#buffer || this.#source.readyState === "closed") return;
    await this.#idle(signal);
    if (to > from) await this.#fits(() => this.#buffer.remove(from, to), signal);
  }

  // Its clock has no end as long as nobody has said so: a browser goes to no place behind it.
  stretch() {
    if (this.isOpen) this.#source.duration = LONGEST_S;
  }

  end() {
    if (this.isOpen && !this.#buffer?.updating) this.#source.endOfStream();
  }

  // False where the browser has no room for it now.
  async #fits(act, signal) {
    await this.#idle(signal);
    try {
      act();
    } catch (error) {
      if (error.name === "QuotaExceededError") return false;
      throw error;
    }
    await this.#idle(signal);
    return true;
  }

  async #idle(signal) {
    while (this.#buffer.updating) await once(this.#buffer, "updateend", signal);
    signal.throwIfAborted();
  }
}

function once(target, name, signal) {
  return new Promise((resolve, reject) => {
    target.addEventListener(name, resolve, { once: true });
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

export function sleep(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });
}
