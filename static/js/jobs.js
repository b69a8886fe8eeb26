// Jobs that move by themselves: numbers are written in place, anything else fetches the list anew.
import { connect } from "./live.js";
import { megabytes, number, say, timeLeft } from "./words.js";
import { Rates } from "./rates.js";

const FETCH_AFTER_MS = 250;
const rates = new Rates();
const heard = new Map();
let connection;
let state = "connecting";
let timer;
let deeds = 0;

// While somebody does something to a job the list stays: renewed under its answer, it would take the answer's place away.
export function hearDeeds() {
  document.addEventListener("htmx:beforeRequest", ({ detail }) => { if (detail.requestConfig.verb !== "get") deeds += 1; });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.requestConfig.verb === "get") return;
    deeds = Math.max(0, deeds - 1);
    fetchAnew();
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (deeds && detail.requestConfig.verb === "get" && "moving" in detail.target.dataset) detail.shouldSwap = false;
  });
}

// One connection, and only while a page shows something that moves.
export function watchJobs() {
  const boards = document.querySelectorAll("[data-moving]");
  if (!boards.length) {
    connection?.close();
    connection = undefined;
    return;
  }
  connection ??= connect({ channels: ["progress"], onEvent: hear, onReset: fetchAnew, onState: note });
  note(state);
  for (const svg of document.querySelectorAll("[data-moving] [data-spark]")) rates.draw(svg);
}

function hear(event) {
  if (event.type !== "progress") return;
  if (event.metrics?.rate_per_s !== undefined) rates.add(event.task_id, event.metrics.rate_per_s);
  const isNews = heard.get(event.task_id) !== event.state;
  heard.set(event.task_id, event.state);
  const rows = document.querySelectorAll(`[data-task="${CSS.escape(event.task_id)}"]`);
  if (!rows.length) {
    // A job's own page hears only about itself, some boards only about one kind; others hear of a job that they leave out
    // as it begins and as it ends.
    const { kind } = document.querySelector("[data-moving]")?.dataset ?? {};
    if (isNews && !document.getElementById("job") && (!kind || kind === event.kind)) fetchAnew();
    return;
  }
  for (const row of rows) {
    if (row.dataset.state === event.state) write(row, event);
    else fetchAnew();
  }
}

function write(row, event) {
  const { metrics = {}, current, total } = event;
  put(row, "step", "stopping" in row.dataset ? "" : step(row, event));
  put(row, "done", total ? say("of", { done: number(current), total: number(total) }) : current ? number(current) : "");
  put(row, "rate", metrics.rate_per_s === undefined ? "" : say("rate", { rate: number(Math.round(metrics.rate_per_s * 60)), unit: row.dataset.unit }));
  put(row, "left", metrics.left_s === undefined ? "" : timeLeft(metrics.left_s));
  put(row, "memory", metrics.memory_mb === undefined ? "" : megabytes(metrics.memory_mb));
  put(row, "errors", number(event.errors));
  for (const bar of document.querySelectorAll(`[data-bar="${CSS.escape(event.task_id)}"]`)) {
    bar.style.setProperty("--p", event.percent);
    bar.classList.toggle("adrift", !total);
    if (total && bar.role === "progressbar") bar.ariaValueNow = String(event.percent);
  }
  for (const svg of row.querySelectorAll("[data-spark]")) rates.draw(svg);
}

function step(row, event) {
  const words = JSON.parse(row.dataset.steps ?? "{}")[event.step] ?? event.step;
  return [words, event.metrics?.item].filter(Boolean).join(" · ");
}

function put(row, name, text) {
  const place = row.querySelector(`[data-figure="${name}"]`);
  if (!place || (name === "step" && !text)) return;
  const inner = place.querySelector("bdi") ?? place;
  if (inner.textContent !== text) inner.textContent = text;
  const part = row.querySelector(`[data-part="${name}"]`);
  if (part) part.hidden = !text;
}

function fetchAnew() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (deeds) return;
    for (const board of document.querySelectorAll("[data-moving]")) {
      // What fails is said by failures.js.
      window.htmx.ajax("get", board.dataset.refresh, { target: board, select: `#${board.id}`, swap: "outerHTML" }).catch(() => {});
    }
  }, FETCH_AFTER_MS);
}

function note(next) {
  // What happened between the making of the page and the opening of the connection was told to nobody.
  const opened = state !== "live" && next === "live";
  state = next;
  const line = document.getElementById("live-line");
  if (line) {
    line.classList.toggle("is-away", next === "away");
    line.classList.toggle("is-connecting", next === "connecting");
    line.querySelector("[data-live-state]").textContent = say(next);
  }
  if (opened) fetchAnew();
}
