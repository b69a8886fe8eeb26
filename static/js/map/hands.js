// Hands on the map: dragging, wheel, two fingers, keys; loops and lines where they are asked for.
const A_CLICK = 5;
const A_KEY = 64;
const NEARER = 1.35;

export function hear(canvas, view, chart) {
  const hands = new Map();
  let line = null, moved = 0, before = null;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    canvas.setPointerCapture(event.pointerId);
    hands.set(event.pointerId, at(event));
    moved = 0;
    before = spanOf(hands);
    if (hands.size > 1) line = null;
    else if (chart.isLooping()) line = { kind: "loop", places: [at(event)] };
    else if (event.shiftKey) line = { kind: "path", places: [at(event), at(event)] };
  });

  canvas.addEventListener("pointermove", (event) => {
    const here = at(event), last = hands.get(event.pointerId);
    if (!last) return chart.over(...here);
    moved += Math.hypot(here[0] - last[0], here[1] - last[1]);
    hands.set(event.pointerId, here);
    if (hands.size === 2) pinch();
    else if (line?.kind === "loop") { line.places.push(here); chart.looping(line.places); }
    else if (line) { line.places[1] = here; chart.lining(line.places); }
    else if (moved > A_CLICK) { view.move(here[0] - last[0], here[1] - last[1]); chart.moved(true); }
  });

  canvas.addEventListener("pointerup", (event) => {
    const here = at(event);
    hands.delete(event.pointerId);
    before = spanOf(hands);
    if (line?.kind === "loop" && moved > A_CLICK) chart.looped(line.places);
    else if (line && moved > A_CLICK) chart.lined(line.places);
    else if (moved <= A_CLICK && event.type === "pointerup") chart.clicked(...here, event.shiftKey);
    line = null;
    chart.moved(false);
  });
  canvas.addEventListener("pointercancel", (event) => { hands.delete(event.pointerId); line = null; chart.moved(false); });
  canvas.addEventListener("pointerleave", () => chart.left());

  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    view.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), ...at(event));
    chart.redraw();
  }, { passive: false });
  canvas.addEventListener("dblclick", (event) => { view.zoom(NEARER ** 2, ...at(event)); chart.redraw(); });

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    // The arrows are the player's elsewhere; here they move the map.
    event.stopPropagation();
    act(view, chart);
    chart.redraw();
  });

  function pinch() {
    const now = spanOf(hands);
    if (before) {
      view.move(now.across - before.across, now.down - before.down);
      view.zoom(now.wide / Math.max(before.wide, 1), now.across, now.down);
    }
    before = now;
    chart.redraw();
  }
}

function spanOf(hands) {
  if (hands.size !== 2) return null;
  const [[ax, ay], [bx, by]] = hands.values();
  return { across: (ax + bx) / 2, down: (ay + by) / 2, wide: Math.hypot(ax - bx, ay - by) };
}

const KEYS = {
  ArrowLeft: (view) => view.move(A_KEY, 0),
  ArrowRight: (view) => view.move(-A_KEY, 0),
  ArrowUp: (view) => view.move(0, A_KEY),
  ArrowDown: (view) => view.move(0, -A_KEY),
  "+": (view) => view.zoom(NEARER),
  "=": (view) => view.zoom(NEARER),
  "-": (view) => view.zoom(1 / NEARER),
  0: (view) => view.showAll(),
  Enter: (view, chart) => chart.clicked(view.wide / 2, view.high / 2, false, 120),
  Escape: (view, chart) => chart.forget(),
};
