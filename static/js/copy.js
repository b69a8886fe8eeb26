// Copies a secret; over plain HTTP browsers have no clipboard, so the old way and then a plain selection must do.
import { say } from "./words.js";
import { toast } from "./toast.js";

export function hearCopies() {
  document.addEventListener("click", async (event) => {
    const control = event.target.closest("[data-copy]");
    if (!control) return;
    const field = document.getElementById(control.dataset.copy);
    toast(say(await copied(field) ? "copied" : "selected"));
  });
}

async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}
