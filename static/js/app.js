// What every page needs, loaded once: the player's half of the page is never replaced.
import { follow } from "./frame.js";
import { hearFailures } from "./failures.js";
import { hearKeys } from "./keys.js";
import { hearDrawer } from "./drawer.js";
import { hearCopies } from "./copy.js";
import { gather } from "./toast.js";
import { watchBoards } from "./boards.js";
import { hearCovers, hearMenus, watchLists } from "./library.js";
import { watchMap } from "./map/index.js";
import { watchMemory } from "./memory.js";
import { hearSound, keepPlace } from "./sound.js";
import { token } from "./csrf.js";
import { arrive, startPlayer } from "./player/index.js";

follow([gather, watchBoards, watchMemory, watchLists, keepPlace, watchMap, arrive]);
hearFailures();
hearKeys();
hearDrawer();
hearCopies();
hearMenus();
hearCovers();
hearSound();
startPlayer();

document.addEventListener("htmx:configRequest", ({ detail }) => { detail.headers["X-CSRFToken"] = token(); });
document.addEventListener("theme-chosen", ({ detail }) => {
  if (!detail.save) return;
  // The light has changed already; that the account remembers it may fail quietly.
  fetch(detail.save, { method: "POST", body: new URLSearchParams({ theme: detail.theme }), headers: { "X-CSRFToken": token() } }).catch(() => {});
});
