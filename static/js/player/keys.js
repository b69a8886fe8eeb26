// Keys of the player; like all single letters they can be switched off in the list of keys.
import { act, louder, STEP_MS } from "./transport.js";
import { loveCurrent } from "./love.js";
import { positionMs, queue, seek } from "./conductor.js";
import { registerKeys } from "../keys.js";

const LOUDER = 0.05;

export function hearPlayerKeys() {
  const withMusic = (deed) => () => { if (queue.shown.current === null) return false; deed(); return true; };
  registerKeys({
    " ": withMusic(() => act("toggle")),
    ArrowLeft: withMusic(() => seek(positionMs() - STEP_MS)),
    ArrowRight: withMusic(() => seek(positionMs() + STEP_MS)),
    ArrowUp: withMusic(() => louder(LOUDER)),
    ArrowDown: withMusic(() => louder(-LOUDER)),
    l: withMusic(loveCurrent),
    m: withMusic(() => act("mute")),
    n: withMusic(() => act("next")),
    p: withMusic(() => act("previous")),
  });
}
