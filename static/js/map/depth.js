// Where many lie the water is deep: a grid of how many, blurred, as bands of depth and the lines between them.
const CELLS = 144;
const FINE = 5;
const ROOM = 0.16;
const LEVELS = [0.012, 0.035, 0.075, 0.13, 0.2, 0.29, 0.4, 0.53, 0.68, 0.84];

export function depthOf({ count, x, y, bounds }) {
  const wide = Math.max(bounds.right - bounds.left, 1), high = Math.max(bounds.bottom - bounds.top, 1);
  const step = Math.max(wide, high) * (1 + 2 * ROOM) / CELLS;
  const left = (bounds.left + bounds.right) / 2 - step * CELLS / 2, top = (bounds.top + bounds.bottom) / 2 - step * CELLS / 2;
  let grid = new Float32Array(CELLS * CELLS);
  for (let place = 0; place < count; place++) {
    const column = Math.floor((x[place] - left) / step), row = Math.floor((y[place] - top) / step);
    grid[row * CELLS + column] += 1;
  }
  const radius = Math.max(2, Math.round(15 / count ** 0.14));
  for (let pass = 0; pass < 3; pass++) grid = blurred(grid, radius);
  const most = grid.reduce((one, other) => Math.max(one, other), 0) || 1;
  // The root lets small places be seen beside the great ones.
  for (let place = 0; place < grid.length; place++) grid[place] = Math.sqrt(grid[place] / most);
  const levels = LEVELS.map(Math.sqrt);
  return { left, top, step, cells: CELLS, levels, lines: levels.map((level) => lineOf(grid, level)), grid };
}

function blurred(grid, radius) {
  return turned(alongRows(turned(alongRows(grid, radius)), radius));
}

function alongRows(grid, radius) {
  const found = new Float32Array(grid.length);
  for (let row = 0; row < CELLS; row++) {
    let sum = 0;
    for (let column = -radius; column < CELLS; column++) {
      if (column + radius < CELLS) sum += grid[row * CELLS + column + radius];
      if (column - radius - 1 >= 0) sum -= grid[row * CELLS + column - radius - 1];
      if (column >= 0) found[row * CELLS + column] = sum / (2 * radius + 1);
    }
  }
  return found;
}

function turned(grid) {
  const found = new Float32Array(grid.length);
  for (let row = 0; row < CELLS; row++) for (let column = 0; column < CELLS; column++) found[column * CELLS + row] = grid[row * CELLS + column];
  return found;
}

// Marching squares: each square of four cells holds a piece of the line, or none, or two.
function lineOf(grid, level) {
  const path = new Path2D();
  const between = (one, other) => (level - one) / (other - one || 1);
  for (let row = 0; row < CELLS - 1; row++) {
    for (let column = 0; column < CELLS - 1; column++) {
      const at = row * CELLS + column;
      const [a, b, c, d] = [grid[at], grid[at + 1], grid[at + CELLS + 1], grid[at + CELLS]];
      const kind = (a >= level) | (b >= level) << 1 | (c >= level) << 2 | (d >= level) << 3;
      if (kind === 0 || kind === 15) continue;
      const x = column + 0.5, y = row + 0.5;
      const sides = [[x + between(a, b), y], [x + 1, y + between(b, c)], [x + between(d, c), y + 1], [x, y + between(a, d)]];
      for (const [one, other] of PIECES[kind]) {
        path.moveTo(...sides[one]);
        path.lineTo(...sides[other]);
      }
    }
  }
  return path;
}

// Sides: 0 above, 1 right, 2 below, 3 left.
const PIECES = {
  1: [[3, 0]], 2: [[0, 1]], 3: [[3, 1]], 4: [[1, 2]], 5: [[3, 0], [1, 2]], 6: [[0, 2]], 7: [[3, 2]],
  8: [[2, 3]], 9: [[0, 2]], 10: [[0, 1], [2, 3]], 11: [[1, 2]], 12: [[1, 3]], 13: [[0, 1]], 14: [[3, 0]],
};

// A picture of the bands, finer than the grid, in the colour of the water.
export function bandsOf({ grid, cells, levels }, water) {
  const side = cells * FINE;
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext("2d");
  const picture = context.createImageData(side, side);
  const [red, green, blue] = coloursOf(water);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const depth = sampled(grid, cells, (column + 0.5) / FINE - 0.5, (row + 0.5) / FINE - 0.5);
      const band = levels.findLastIndex((level) => depth >= level);
      picture.data.set([red, green, blue, band < 0 ? 0 : 26 + 15 * band], 4 * (row * side + column));
    }
  }
  context.putImageData(picture, 0, 0);
  return canvas;
}

function sampled(grid, cells, x, y) {
  const column = Math.min(Math.max(Math.floor(x), 0), cells - 2), row = Math.min(Math.max(Math.floor(y), 0), cells - 2);
  const right = Math.min(Math.max(x - column, 0), 1), below = Math.min(Math.max(y - row, 0), 1);
  const at = row * cells + column;
  const above = grid[at] * (1 - right) + grid[at + 1] * right;
  const under = grid[at + cells] * (1 - right) + grid[at + cells + 1] * right;
  return above * (1 - below) + under * below;
}

function coloursOf(colour) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}
