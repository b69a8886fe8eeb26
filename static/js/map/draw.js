// One picture of the map: water and lines of depth, points, names of regions, a path, a loop.
const GRATICULE = 102;
const ROUND = 6_000;

export function draw(context, { view, points, depth, bands, palette, groups, regions, path, loop, chosen, colourOfName }) {
  context.clearRect(0, 0, view.wide, view.high);
  graticule(context, view, palette);
  water(context, view, depth, bands, palette);
  dots(context, view, points, groups);
  if (loop) looped(context, loop, palette);
  names(context, view, regions, palette, colourOfName);
  if (path) route(context, view, path, palette);
  if (chosen) mark(context, view.across(chosen.x), view.down(chosen.y), palette);
}

function graticule(context, view, palette) {
  context.strokeStyle = palette.line;
  context.lineWidth = 0.5;
  context.beginPath();
  const [left, top] = [view.across(0) % GRATICULE, view.down(0) % GRATICULE];
  for (let across = left; across < view.wide; across += GRATICULE) { context.moveTo(across, 0); context.lineTo(across, view.high); }
  for (let down = top; down < view.high; down += GRATICULE) { context.moveTo(0, down); context.lineTo(view.wide, down); }
  context.stroke();
}

function water(context, view, depth, bands, palette) {
  const unit = depth.step * view.scale;
  context.save();
  context.translate(view.across(depth.left), view.down(depth.top));
  context.scale(unit, unit);
  context.imageSmoothingEnabled = true;
  context.drawImage(bands, 0, 0, depth.cells, depth.cells);
  context.strokeStyle = palette.water;
  context.lineWidth = 1 / unit;
  depth.lines.forEach((line, place) => {
    context.globalAlpha = 0.32 + 0.04 * place;
    context.stroke(line);
  });
  context.restore();
}

function dots(context, view, points, groups) {
  const size = Math.min(1.15 * view.nearness ** 0.35 * (points.count < 100 ? 3 : points.count < 400 ? 1.7 : 1), 6);
  const round = points.count < ROUND || view.nearness > 4;
  for (const [colour, places] of groups) {
    context.fillStyle = colour;
    context.beginPath();
    for (const place of places) {
      const across = view.across(points.x[place]), down = view.down(points.y[place]);
      if (across < -size || down < -size || across > view.wide + size || down > view.high + size) continue;
      if (round) { context.moveTo(across + size, down); context.arc(across, down, size, 0, 7); }
      else context.rect(across - size, down - size, 2 * size, 2 * size);
    }
    context.fill();
  }
}

function names(context, view, regions, palette, colourOfName) {
  context.font = `italic 20px ${palette.serif}`;
  context.textAlign = "center";
  context.lineJoin = "round";
  const taken = [];
  for (const region of regions) {
    const across = view.across(region.x), down = view.down(region.y - region.reach * 0.9);
    const half = context.measureText(region.name).width / 2;
    const box = [across - half, down - 20, across + half, down + 6];
    if (box[2] < 0 || box[0] > view.wide || box[3] < 0 || box[1] > view.high) continue;
    if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    taken.push(box);
    context.globalAlpha = 0.6;
    context.lineWidth = 3;
    context.strokeStyle = palette.ink;
    context.strokeText(region.name, across, down);
    context.globalAlpha = 1;
    context.fillStyle = colourOfName(region.name);
    context.fillText(region.name, across, down);
  }
}

function route(context, view, path, palette) {
  const stations = path.map(({ x, y }) => [view.across(x), view.down(y)]);
  context.strokeStyle = palette.text;
  context.lineWidth = 1.5;
  context.setLineDash([2, 4]);
  context.beginPath();
  stations.forEach(([across, down], place) => (place ? context.lineTo(across, down) : context.moveTo(across, down)));
  context.stroke();
  context.setLineDash([]);
  stations.forEach(([across, down], place) => mark(context, across, down, palette, place > 0 && place < stations.length - 1));
}

function mark(context, across, down, palette, between = false) {
  context.beginPath();
  context.arc(across, down, between ? 5 : 7, 0, 7);
  context.fillStyle = between ? palette.ink : palette.tide;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = palette.text;
  context.stroke();
}

function looped(context, loop, palette) {
  context.beginPath();
  loop.forEach(([across, down], place) => (place ? context.lineTo(across, down) : context.moveTo(across, down)));
  context.closePath();
  context.fillStyle = palette.tide;
  context.globalAlpha = 0.14;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash([6, 5]);
  context.lineWidth = 1.5;
  context.strokeStyle = palette.tide;
  context.stroke();
  context.setLineDash([]);
}
