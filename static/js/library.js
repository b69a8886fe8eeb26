// Lists that grow before their end is reached, menus that close by themselves, covers that grow from grid to page.
const NEAR = "800px";
const still = matchMedia("(prefers-reduced-motion: reduce)");
const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    window.htmx.trigger(target, "near");
  }
}, { rootMargin: NEAR });
const asked = new WeakSet();
let grown;

export function watchLists(root) {
  for (const link of root.querySelectorAll("[data-near]")) watcher.observe(link);
  // What was typed while the page was still being put together is asked now.
  const field = root.querySelector("[data-shortcut-field]");
  if (field && field.value !== field.defaultValue && document.activeElement === field && !asked.has(field)) {
    window.htmx.trigger(field, "late");
  }
  if (field) asked.add(field);
}

export function hearMenus() {
  document.addEventListener("click", ({ target }) => closeMenus(target.closest?.(".menu")));
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector(".menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

function closeMenus(but) {
  for (const menu of document.querySelectorAll(".menu[open]")) if (menu !== but) menu.open = false;
}

// The cover under the hand is the one that grows: only one thing on a page may bear the name.
export function hearCovers() {
  document.addEventListener("click", (event) => {
    const card = event.target.closest?.("a") && event.target.closest(".card, [data-grow]");
    const cover = card?.querySelector("img.cover");
    grown = undefined;
    if (!cover || still.matches || !document.startViewTransition || event.ctrlKey || event.metaKey) return;
    for (const other of document.querySelectorAll(".grows")) other.classList.remove("grows");
    cover.classList.add("grows");
    grown = cover;
  });
}

// Whether what is coming takes the place of a cover that was chosen here.
export function growing() {
  return grown?.isConnected ?? false;
}
