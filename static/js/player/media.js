// The keys of keyboards and headphones, the lock screen of phones: what plays, where it is, and what can be done.
import { act, STEP_MS } from "./transport.js";
import { briefOf } from "./briefs.js";
import { isHere, pause, play, positionMs, queue, seek } from "./conductor.js";
import { on } from "./bus.js";

const SIDES = [96, 320, 800];

export function hearMediaKeys() {
  const { mediaSession } = navigator;
  if (!mediaSession) return;
  const deeds = {
    play, pause, nexttrack: () => act("next"), previoustrack: () => act("previous"), stop: pause,
    seekbackward: ({ seekOffset }) => seek(positionMs() - (seekOffset ? seekOffset * 1000 : 2 * STEP_MS)),
    seekforward: ({ seekOffset }) => seek(positionMs() + (seekOffset ? seekOffset * 1000 : 2 * STEP_MS)),
    seekto: ({ seekTime }) => seek(seekTime * 1000),
  };
  for (const [name, deed] of Object.entries(deeds)) {
    try { mediaSession.setActionHandler(name, deed); } catch { /* one that this browser does not know */ }
  }
  for (const name of ["queue", "briefs", "item"]) on(name, () => tellBrowser(mediaSession));
  tellBrowser(mediaSession);
}

function tellBrowser(session) {
  const brief = isHere() ? briefOf(queue.shown.current) : undefined;
  if (!brief) {
    session.metadata = null;
    session.playbackState = "none";
    return;
  }
  const { title, artist_credit: artist, album, cover, duration_ms: length } = brief.track;
  if (session.metadata?.title !== title || session.metadata?.artist !== artist) {
    const artwork = cover ? SIDES.map((side) => ({ src: `/covers/${cover.digest}/${side}.webp`, sizes: `${side}x${side}`, type: "image/webp" })) : [];
    session.metadata = new MediaMetadata({ title, artist, album: album?.title ?? "", artwork });
  }
  session.playbackState = queue.shown.state === "playing" ? "playing" : "paused";
  if (length > 0) session.setPositionState?.({ duration: length / 1000, position: Math.min(positionMs(), length) / 1000, playbackRate: 1 });
}
