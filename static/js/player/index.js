// Starts the player: what of it shows how things stand; what sounds, the drawer's list and the menu are loaded when needed.
import { arriveOnStage, hearStage } from "./stage.js";
import { begin } from "./conductor.js";
import { briefSoon } from "./briefs.js";
import { hearBar } from "./bar.js";
import { hearButtons } from "./enqueue.js";
import { hearLifts } from "./lifting.js";
import { hearLight, shine } from "./light.js";
import { hearListens } from "./listens.js";
import { hearLove } from "./love.js";
import { hearPainter } from "./painter.js";
import { hearPlayerKeys } from "./keys.js";
import { hearTransport } from "./transport.js";
import { hearMore } from "./more.js";
import { keepShell } from "./shell.js";
import { on } from "./bus.js";
import { say } from "../words.js";
import { toast } from "../toast.js";

const drawer = document.getElementById("drawer");
const menu = document.getElementById("player-menu");
let away;

export function startPlayer() {
  for (const hear of [hearBar, hearPainter, hearTransport, hearButtons, hearLifts, hearMore, hearLove, hearPlayerKeys, hearListens, hearStage, hearLight]) hear();
  whenFirst(drawer, "hidden", async () => (await import("./drawer.js")).openDrawer());
  menu.addEventListener("toggle", async () => (await import("./settings.js")).hearSettings(), { once: true });
  on("engine", async () => (await import("./media.js")).hearMediaKeys());
  on("refused", ({ reason, hint }) => toast([reason, hint].filter(Boolean).join(" "), { level: "error" }));
  on("skipped", async ({ entry }) => toast(say("skipped", { title: (await briefSoon(entry)).track.title || say("untitled") }), { level: "error" }));
  on("forbidden", () => toast(say("forbidden"), { action: { label: say("play"), run: () => document.querySelector("#player [data-do=toggle]").click() } }));
  on("network", (there) => { if (there) away?.close(); else away = toast(say("no-network"), { level: "error", stays: Infinity }); });
  begin();
  keepShell();
}

export function arrive(page) {
  arriveOnStage(page);
  shine(page);
}

function whenFirst(element, attribute, act) {
  const watcher = new MutationObserver(() => { watcher.disconnect(); act(); });
  watcher.observe(element, { attributeFilter: [attribute] });
}
