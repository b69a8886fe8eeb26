// The one menu of all rows of tables: it opens beside the button that asked for it.
const menu = document.getElementById("row-menu");
let opener;

export function hearMore() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-more]");
    if (button && button !== opener) open(button);
    else close();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && opener) close(true); });
  menu.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget && !menu.contains(relatedTarget)) close(); });
  window.addEventListener("scroll", () => close(), { passive: true });
}

function open(button) {
  opener = button;
  for (const item of menu.querySelectorAll("button[value]")) item.value = button.dataset.more;
  const { bottom, right } = button.getBoundingClientRect();
  menu.hidden = false;
  menu.style.setProperty("--x", `${right}px`);
  menu.style.setProperty("--y", `${Math.min(bottom, innerHeight - menu.offsetHeight - 16)}px`);
  menu.querySelector("button").focus();
}

function close(back = false) {
  if (menu.hidden) return;
  menu.hidden = true;
  if (back) opener?.focus();
  opener = undefined;
}
