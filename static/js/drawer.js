// The drawer at the right: what comes next.
const drawer = document.getElementById("drawer");
const switcher = document.getElementById("queue-switch");

export function hearDrawer() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-drawer-switch]")) show(drawer.hidden);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !drawer.hidden && !document.querySelector("dialog[open]")) show(false);
  });
}

function show(open) {
  drawer.hidden = !open;
  document.body.classList.toggle("with-drawer", open);
  switcher.setAttribute("aria-expanded", String(open));
  (open ? drawer : switcher).focus({ preventScroll: true });
}
