// What this browser (or, in a tab's own drawer, this tab) remembers; a private window remembers nothing, and plays all the same.
export function recall(name, otherwise, drawer = localStorage) {
  try { return JSON.parse(drawer.getItem(`player-${name}`)) ?? otherwise; } catch { return otherwise; }
}

export function keep(name, value, drawer = localStorage) {
  try {
    if (value === undefined) drawer.removeItem(`player-${name}`);
    else drawer.setItem(`player-${name}`, JSON.stringify(value));
  } catch { /* full, or forbidden */ }
}
