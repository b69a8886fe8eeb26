// Live events of the server, for as long as the page is looked at; what was missed meanwhile is caught up with.
//
//   const connection = connect({ channels, onEvent, onReset, onState });    connection.close();
//
// onEvent(event): an event's JSON.  onReset(channels): something was missed for good, fetch the page's content anew.
// onState(state): "connecting", "live" or "away".

const ADDRESS = "/api/events";
const EVENTS = ["progress", "notification"];
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;
// The server says something every 15 seconds; a connection that is silent for longer is one in name only.
const SILENCE_MS = 40_000;
const LOOK_EVERY_MS = 10_000;
// Browsers allow six connections to a server over plain HTTP: tabs in the background must not take them all.
const HIDDEN_MS = 15_000;
const RELOADED = "live-reloaded-at";
const RELOAD_EVERY_MS = 60_000;

export function connect(options) {
  return new Live(options);
}

class Live {
  #options;
  #source;
  #state;
  #lastId = "";
  #heardAt = 0;
  #failures = 0;
  #opening;
  #hiding;
  #looking;
  #ended = new AbortController();

  constructor({ channels = [], onEvent = () => {}, onReset = () => {}, onState = () => {} }) {
    this.#options = { channels, onEvent, onReset, onState };
    const { signal } = this.#ended;
    document.addEventListener("visibilitychange", () => this.#lookAtVisibility(), { signal });
    // A page that holds a connection is not kept for "back"; one that comes back from there needs a new one.
    window.addEventListener("pagehide", () => this.#rest(), { signal });
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.#openSoon(0), { signal });
    window.addEventListener("online", () => this.#openSoon(0), { signal });
    this.#looking = setInterval(() => this.#lookForSilence(), LOOK_EVERY_MS);
    this.#say("connecting");
    this.#open();
  }

  close() {
    this.#ended.abort();
    clearInterval(this.#looking);
    clearTimeout(this.#hiding);
    this.#rest();
  }

  #open() {
    this.#rest();
    const source = new EventSource(this.#address());
    this.#source = source;
    this.#heardAt = Date.now();
    source.addEventListener("error", () => this.#fail(source));
    source.addEventListener("keep-alive", () => { this.#heardAt = Date.now(); });
    this.#hear("stream-open", () => this.#welcome());
    // The server is there, and hears nothing of what happens; when it does again, it sends a reset.
    this.#hear("stream-away", () => this.#say("away"));
    this.#hear("stream-reset", (text) => {
      this.#say("live");
      this.#options.onReset(JSON.parse(text).channels);
    });
    for (const name of EVENTS) this.#hear(name, (text) => this.#options.onEvent(JSON.parse(text)));
  }

  #hear(name, handle) {
    const source = this.#source;
    source.addEventListener(name, ({ data, lastEventId }) => {
      if (source !== this.#source) return;
      this.#heardAt = Date.now();
      // Noted first: an event that a page cannot digest must not come back for ever.
      if (lastEventId) this.#lastId = lastEventId;
      handle(data);
    });
  }

  #address() {
    const query = new URLSearchParams(this.#options.channels.map((channel) => ["channel", channel]));
    if (this.#lastId) query.set("lastEventId", this.#lastId);
    return `${ADDRESS}?${query}`;
  }

  #welcome() {
    this.#failures = 0;
    this.#say("live");
  }

  // EventSource reconnects without end at one pace, or, after any answer but 200, never: we do it ourselves.
  async #fail(source) {
    if (source !== this.#source) return;
    const refused = source.readyState === EventSource.CLOSED;
    this.#rest();
    this.#failures += 1;
    this.#say(this.#failures > 1 ? "away" : "connecting");
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
    this.#openSoon(pause);
    if (refused) this.#answer(await this.#reason());
  }

  // EventSource does not tell why it was refused.
  async #reason() {
    const asking = new AbortController();
    try {
      const { status } = await fetch(this.#address(), { cache: "no-store", signal: asking.signal });
      return status;
    } catch {
      return 0;
    } finally {
      asking.abort();
    }
  }

  #answer(status) {
    if (this.#ended.signal.aborted) return;
    if (status === 401) signInAgain();
    if (status === 400 && this.#lastId) {
      this.#lastId = "";
      this.#options.onReset(this.#options.channels);
    }
  }

  #openSoon(pause) {
    clearTimeout(this.#opening);
    if (this.#ended.signal.aborted || document.hidden) return;
    this.#opening = setTimeout(() => this.#open(), pause);
  }

  #rest() {
    clearTimeout(this.#opening);
    this.#source?.close();
    this.#source = undefined;
  }

  #lookAtVisibility() {
    clearTimeout(this.#hiding);
    if (document.hidden) this.#hiding = setTimeout(() => this.#rest(), HIDDEN_MS);
    else if (!this.#source) this.#openSoon(0);
    else this.#lookForSilence();
  }

  #lookForSilence() {
    if (this.#source && Date.now() - this.#heardAt > SILENCE_MS) this.#fail(this.#source);
  }

  #say(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}

// The session is over: the page, asked for again, leads to the sign-in page and back. Once, should it not.
function signInAgain() {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - last < RELOAD_EVERY_MS) return;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
}
