// This tab, as the others see it: one device, under a name of its own that a reload does not change.
import { makeId } from "./ids.js";
import { keep, recall } from "./kept.js";

const BROWSERS = [["Firefox", /Firefox\//], ["Edge", /Edg\//], ["Opera", /OPR\//], ["Chrome", /Chrom(e|ium)\//], ["Safari", /Safari\//]];
const SYSTEMS = [["Android", /Android/], ["iPhone", /iPhone/], ["iPad", /iPad/], ["Windows", /Windows/], ["macOS", /Mac OS/], ["Linux", /Linux/]];
const known = ([, pattern]) => pattern.test(navigator.userAgent);

// A tab that was made a copy of another one brings its drawer along: who was there first keeps the name.
const sameTab = "BroadcastChannel" in window ? new BroadcastChannel("player-devices") : undefined;
const reloaded = performance.getEntriesByType("navigation")[0]?.type !== "navigate";

export const device = {
  id: recall("device", undefined, sessionStorage) ?? makeId(),
  name: `${BROWSERS.find(known)?.[0] ?? "Browser"} · ${SYSTEMS.find(known)?.[0] ?? "?"}`,
  kind: /Android|iPhone|iPad/.test(navigator.userAgent) ? "phone" : "web",
};
keep("device", device.id, sessionStorage);

// Resolves when nobody else bears our name.
export async function settleName() {
  if (!sameTab) return;
  sameTab.addEventListener("message", ({ data }) => { if (data.ask === device.id) sameTab.postMessage({ taken: device.id }); });
  if (reloaded) return;
  const taken = new Promise((resolve) => {
    sameTab.addEventListener("message", ({ data }) => { if (data.taken === device.id) resolve(true); });
    setTimeout(resolve, 60);
  });
  sameTab.postMessage({ ask: device.id });
  if (!(await taken)) return;
  device.id = makeId();
  keep("device", device.id, sessionStorage);
}
