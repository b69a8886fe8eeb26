// Which point lies under the hand, and which lie in a loop.
const CELLS = 96;

export class Finder {
  constructor(points) {
    this.points = points;
    const { left, right, top, bottom } = points.bounds;
    this.step = Math.max(right - left, bottom - top, 1) / CELLS;
    this.cells = new Map();
    for (let place = 0; place < points.count; place++) {
      const key = this.#key(points.x[place], points.y[place]);
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(place);
    }
  }

  #key(x, y) {
    const { left, top } = this.points.bounds;
    return Math.floor((x - left) / this.step) * 4096 + Math.floor((y - top) / this.step);
  }

  // The nearest within reach (in places of the map).
  near(x, y, reach) {
    let found = -1, least = reach * reach;
    const around = Math.max(1, Math.ceil(reach / this.step));
    for (let right = -around; right <= around; right++) {
      for (let below = -around; below <= around; below++) {
        for (const place of this.cells.get(this.#key(x + right * this.step, y + below * this.step)) ?? []) {
          const away = (this.points.x[place] - x) ** 2 + (this.points.y[place] - y) ** 2;
          if (away < least) [found, least] = [place, away];
        }
      }
    }
    return found;
  }

  inside(loop) {
    const found = [];
    for (let place = 0; place < this.points.count; place++) {
      if (holds(loop, this.points.x[place], this.points.y[place])) found.push(place);
    }
    return found;
  }
}

function holds(loop, x, y) {
  let inside = false;
  for (let one = 0, other = loop.length - 1; one < loop.length; other = one++) {
    const [ax, ay] = loop[one], [bx, by] = loop[other];
    if (ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
