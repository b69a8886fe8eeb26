// Single letters as shortcuts; they can be switched off, for some people's voices and hands type letters unasked.
const dialog = document.getElementById("keys");
const PAUSE_MS = 1200;
let went = 0;

// Keys of others; each says false where it has nothing to do just now.
const deeds = new Map();

export function registerKeys(keys) {
  for (const [key, deed] of Object.entries(keys)) deeds.set(key, deed);
}

export function hearKeys() {
  const box = dialog.querySelector("[data-keys-switch]");
  box.checked = wanted();
  box.addEventListener("change", () => { try { localStorage.setItem("keys", box.checked ? "on" : "off"); } catch { /* private window */ } });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.addEventListener("keydown", press);
}

function press(event) {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) return act(event, () => open("/"));
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writing(event.target)) return;
  if (event.key === "?") return act(event, () => dialog.open ? dialog.close() : dialog.showModal());
  if (dialog.open || !wanted()) return;
  const destination = Date.now() - went < PAUSE_MS && document.querySelector(`#rail [data-key="${CSS.escape(event.key)}"]`);
  if (destination) return act(event, () => destination.click());
  went = event.key === "g" ? Date.now() : 0;
  if (document.querySelector(`#rail [data-shortcut="${CSS.escape(event.key)}"]`)) act(event, () => open(event.key));
  const deed = deeds.get(event.key);
  if (deed && !busy(event) && deed()) event.preventDefault();
  if (event.key === "q") act(event, () => document.getElementById("queue-switch").click());
}

// A page that is there already is not loaded again: its field is what was meant.
function open(key) {
  const field = document.querySelector(`#main [data-shortcut-field="${CSS.escape(key)}"]`);
  if (field) field.select();
  else document.querySelector(`#rail [data-shortcut="${CSS.escape(key)}"]`)?.click();
}

function act(event, run) {
  event.preventDefault();
  went = 0;
  run();
}

function wanted() {
  try { return localStorage.getItem("keys") !== "off"; } catch { return true; }
}

// Space and arrows belong to whatever has the focus and understands them.
function busy({ key, target }) {
  if (key.length > 1) return Boolean(target.closest?.("[role=slider], [role=tablist], .fold, [data-entry], input, summary, [tabindex='0']"));
  return key === " " && Boolean(target.closest?.("button, a, summary, input, [role=button], [data-entry]"));
}

function writing(element) {
  return element.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
}
