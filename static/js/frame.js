// Follows navigation: htmx replaces #main alone, the rest of the page is told where we are.
import { growing } from "./library.js";

const hooks = [];

export function follow(functions) {
  hooks.push(...functions);
  // The first page is as the server made it.
  for (const hook of hooks) hook(main());
  document.addEventListener("htmx:beforeSwap", keepFrame);
  document.addEventListener("htmx:beforeRequest", ({ detail }) => { if (detail.boosted) wait(true); });
  document.addEventListener("htmx:afterRequest", ({ detail }) => { if (detail.boosted) wait(false); });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target?.id === "main" || detail.elt?.id === "main") arrive();
    else for (const hook of hooks) hook(main());
  });
  document.addEventListener("htmx:historyRestore", arrive);
}

function main() {
  return document.getElementById("main");
}

// htmx looks for hx-select around the link only when the answer comes; a list that was renewed meanwhile has taken the
// link with it, and the whole page would land inside of #main.
function keepFrame({ detail }) {
  if (!detail.boosted && !detail.requestConfig?.boosted) return;
  detail.target = main();
  detail.selectOverride = "#main";
  detail.swapOverride = `outerHTML show:window:top${growing() ? " transition:true" : ""}`;
}

function wait(waiting) {
  document.documentElement.classList.toggle("is-waiting", waiting);
  main().toggleAttribute("aria-busy", waiting);
}

function arrive() {
  const page = main();
  const { section, ambient, ambient2 } = page.dataset;
  for (const link of document.querySelectorAll("#rail [data-section], #tabbar [data-section]")) {
    if (link.dataset.section === section) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.querySelector("#tabbar details")?.removeAttribute("open");
  const { style } = document.documentElement;
  if (ambient) style.setProperty("--ambient", ambient);
  if (ambient2) style.setProperty("--ambient-2", ambient2);
  else style.removeProperty("--ambient-2");
  wait(false);
  for (const hook of hooks) hook(page);
  // Who reads with the ears or the keyboard arrives at the head of the new page.
  const field = page.querySelector("[autofocus], .wrong input");
  (field ?? page.querySelector("h1[tabindex]") ?? page).focus({ preventScroll: !field });
  document.getElementById("announcer").textContent = document.title;
}
