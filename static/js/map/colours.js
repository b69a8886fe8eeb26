// Colours of points: by genre, mood, decade or key, out of the tokens of the theme that is on.
import { UNKNOWN } from "./data.js";

const SERIES = ["--m1", "--m2", "--m3", "--m4", "--m5", "--m6"];

export class Palette {
  constructor(room) {
    const style = getComputedStyle(room);
    const token = (name) => style.getPropertyValue(name).trim();
    this.series = SERIES.map(token);
    this.ink = token("--ink");
    this.text = token("--text");
    this.muted = token("--muted");
    this.faint = token("--wave");
    this.tide = token("--tide");
    this.line = token("--line");
    this.water = token("--c2");
    this.serif = token("--serif");
    this.light = token("--key-l");
    this.strong = token("--key-c");
    this.steps = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6"].map(token);
  }

  // One colour for each place in the legend.
  of(kind, legend) {
    if (kind === "key") return legend.keys.map((key) => this.#ofKey(key));
    if (kind === "decade") return legend.decades.map((_, place) => this.steps[Math.floor(place * this.steps.length / legend.decades.length)]);
    return (kind === "mood" ? legend.moods : legend.genres).map((_, place) => this.series[place % this.series.length]);
  }

  #ofKey(key) {
    return `oklch(${this.light} ${key.endsWith("B") ? 0.125 : this.strong} ${parseInt(key, 10) * 30 + 20})`;
  }
}

// Places of points by their colour, so that each colour is set once a drawing.
export function grouped(points, kind, colours, faint) {
  const found = new Map();
  for (let place = 0; place < points.count; place++) {
    const said = points[kind][place];
    const colour = said === UNKNOWN ? faint : colours[said] ?? faint;
    if (!found.has(colour)) found.set(colour, []);
    found.get(colour).push(place);
  }
  return found;
}
