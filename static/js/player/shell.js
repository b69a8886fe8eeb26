// A page for when there is no network; offered only where the browser allows it (https, or this very machine).
export function keepShell() {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/service-worker.js").catch(() => {});
}
