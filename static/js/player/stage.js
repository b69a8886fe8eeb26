// The page of what plays: drawn by the server, drawn anew when the track changes; lyrics follow the sound.
import { drawWave } from "./wave.js";
import { on } from "./bus.js";
import { paint } from "./painter.js";
import { positionMs, queue } from "./conductor.js";
import { repaintVolume } from "./transport.js";

const BARS = { least: 60, most: 270, wide: 3.6 };
const still = matchMedia("(prefers-reduced-motion: reduce)");
let lines = [];
let sung;
let from;

export function hearStage() {
  on("queue", renew);
  on("time", sing);
  setInterval(sing, 200);
  document.addEventListener("click", (event) => {
    const words = event.target.closest?.("[data-words]");
    if (words) hideWords(words);
    if (!event.target.closest?.("[data-leave]") || !from) return;
    // Back to where one came from, as it was.
    event.preventDefault();
    event.stopPropagation();
    history.back();
  }, true);
}

function hideWords(button) {
  const shown = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(shown));
  document.querySelector(".scene").classList.toggle("wordless", !shown);
  document.querySelector(".lyrics").hidden = !shown;
}

export function arriveOnStage(page) {
  from ||= !stage();
  paint();
  repaintVolume();
  for (const place of page.querySelectorAll("[data-wave]")) {
    delete place.dataset.track;
    drawWave(place, Number(place.dataset.wave) || undefined, barsFor(place.clientWidth));
  }
  lines = [...page.querySelectorAll(".lyrics [data-at]")];
  sung = undefined;
  sing();
}

function barsFor(width) {
  return Math.min(BARS.most, Math.max(BARS.least, Math.round(width / BARS.wide)));
}

function stage() {
  return document.querySelector("#main.stage");
}

// Another track, or other ones behind it: the server draws them; what is heard does not wait for it.
function renew() {
  const page = stage();
  if (!page || page.dataset.asked === signature()) return;
  const known = page.dataset.asked ?? page.dataset.shows;
  page.dataset.asked = signature();
  if (known === signature()) return;
  window.htmx.ajax("get", location.pathname, { target: "#main", select: "#main", swap: still.matches ? "outerHTML" : "outerHTML transition:true" }).catch(() => {});
}

function signature() {
  const { order, current } = queue.shown;
  const place = queue.currentPlace;
  return [current ?? "", ...order.slice(place + 1, place + 4).map(([entry]) => entry)].join(",");
}

function sing() {
  if (!lines.length || document.hidden) return;
  const position = positionMs();
  const now = lines.findLast(({ dataset }) => Number(dataset.at) <= position);
  if (now === sung) return;
  sung = now;
  const place = lines.indexOf(now);
  lines.forEach((line, at) => {
    line.classList.toggle("past", at < place);
    if (at === place) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  });
  const list = lines[0].parentElement;
  const line = now ?? lines[0];
  list.scrollTo({ top: line.offsetTop - (list.clientHeight - line.offsetHeight) / 2, behavior: still.matches ? "instant" : "smooth" });
}
