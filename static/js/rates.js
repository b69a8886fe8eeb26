// How fast each job went over the last minutes, drawn as a small line; kept here, for pages come and go.
const WIDTH = 112;
const HEIGHT = 32;
const MOST = 90;

export class Rates {
  #series = new Map();

  add(task, rate) {
    const series = this.#series.get(task) ?? [];
    series.push(Number(rate) || 0);
    if (series.length > MOST) series.shift();
    this.#series.set(task, series);
  }

  draw(svg) {
    const series = this.#series.get(svg.dataset.spark);
    if (!series || series.length < 2) return;
    const top = Math.max(...series) || 1;
    const points = series.map((rate, at) => `${round(at * WIDTH / (series.length - 1))} ${round(HEIGHT - 2 - rate / top * (HEIGHT - 6))}`);
    const [ground, line] = svg.querySelectorAll("path");
    line.setAttribute("d", `M${points.join("L")}`);
    ground.setAttribute("d", `M0 ${HEIGHT}L${points.join("L")}L${WIDTH} ${HEIGHT}Z`);
  }
}

function round(value) {
  return Math.round(value * 10) / 10;
}
