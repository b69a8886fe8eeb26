// The machine's memory, beside "Live" and as young; what fails is silent, for the rest of the page says it.
const EVERY_MS = 10_000;
let timer;

export function watchMemory(page) {
  clearInterval(timer);
  const place = page.querySelector("[data-memory]");
  if (place) timer = setInterval(() => look(place), EVERY_MS);
}

async function look(place) {
  if (document.hidden) return;
  try {
    const answer = await fetch(place.dataset.memory, { redirect: "error" });
    if (answer.ok) place.textContent = await answer.text();
  } catch { /* the server is away */ }
}
