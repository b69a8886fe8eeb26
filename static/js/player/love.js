// Hearts and stars: they change at once, and change back, with a word, where the server does not take it.
import { briefOf, noteOfTrack } from "./briefs.js";
import { label } from "./painter.js";
import { queue } from "./conductor.js";
import { request } from "./request.js";
import { say } from "../words.js";
import { toast } from "../toast.js";
import { token } from "../csrf.js";

export function hearLove() {
  document.addEventListener("click", ({ target }) => {
    const heart = target.closest?.("[data-love]");
    if (heart) love(Number(heart.dataset.love), heart.getAttribute("aria-pressed") !== "true");
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-rate] input")) rate(Number(target.closest("[data-rate]").dataset.rate), Number(target.value) || null);
  });
  document.addEventListener("submit", (event) => { if (event.target.matches("[data-rate]")) event.preventDefault(); }, true);
}

export function loveCurrent() {
  const brief = briefOf(queue.shown.current);
  if (brief) love(brief.track.id, !brief.track.loved);
}

async function love(track, loved) {
  paintHearts(track, loved);
  if (!(await put(`/api/tracks/${track}/love`, { loved }))) paintHearts(track, !loved);
}

function rate(track, rating) {
  noteOfTrack(track, { rating });
  return put(`/api/tracks/${track}/rating`, { rating });
}

async function put(address, body) {
  try {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
    await request(address, { method: "PUT", headers, body: JSON.stringify(body), tries: 3 });
    return true;
  } catch {
    toast(say("failed"), { level: "error" });
    return false;
  }
}

function paintHearts(track, loved) {
  for (const heart of document.querySelectorAll(`[data-love="${track}"]`)) {
    heart.classList.toggle("loved", loved);
    heart.classList.toggle("beats", loved);
    heart.setAttribute("aria-pressed", String(loved));
    label(heart, say(loved ? "loved" : "love"));
  }
  noteOfTrack(track, { loved });
}
