// How fast each job went over the last minutes, drawn as a small line; kept for as long as this tab, pages come and go.
const WIDTH = 112;
const HEIGHT = 32;
const MOST = 90;
// A line of two or three says nothing yet.
const LEAST = 6;
// Room above the fastest: a steady job is a line in the middle, not a slab.
const ROOM = 1.5;
const KEPT = "rates";
const KEEP_MS = 10 * 60_000;
const WRITE_EVERY_MS = 2000;

export class Rates {
  #series = read();
  #written = 0;

  add(task, rate) {
    const { rates } = this.#series.get(task) ?? { rates: [] };
    rates.push(Number(rate) || 0);
    if (rates.length > MOST) rates.shift();
    this.#series.set(task, { rates, at: Date.now() });
    this.#write();
  }

  draw(svg) {
    const rates = this.#series.get(svg.dataset.spark)?.rates;
    if (!rates || rates.length < LEAST) return;
    const top = Math.max(...rates) * ROOM || 1;
    // The newest stands at the right, each of the same width: a line that has just begun is short.
    const left = (at) => WIDTH - (rates.length - 1 - at) * WIDTH / (MOST - 1);
    const points = rates.map((rate, at) => `${round(left(at))} ${round(HEIGHT - 2 - rate / top * (HEIGHT - 6))}`);
    const [ground, line] = svg.querySelectorAll("path");
    line.setAttribute("d", `M${points.join("L")}`);
    ground.setAttribute("d", `M${round(left(0))} ${HEIGHT}L${points.join("L")}L${WIDTH} ${HEIGHT}Z`);
  }

  #write() {
    const now = Date.now();
    if (now - this.#written < WRITE_EVERY_MS) return;
    this.#written = now;
    for (const [task, { at }] of this.#series) if (now - at > KEEP_MS) this.#series.delete(task);
    try { sessionStorage.setItem(KEPT, JSON.stringify([...this.#series])); } catch { /* private window, or full */ }
  }
}

function read() {
  try { return new Map(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]")); } catch { return new Map(); }
}

function round(value) {
  return Math.round(value * 10) / 10;
}
