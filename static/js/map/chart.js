// The map of the library: put together from what the server sends, drawn on a canvas, answering to hands and keys.
import { fetchPoints, fetchRegions, UNKNOWN } from "./data.js";
import { Palette, grouped } from "./colours.js";
import { bandsOf, depthOf } from "./depth.js";
import { draw } from "./draw.js";
import { Finder } from "./finding.js";
import { hear } from "./hands.js";
import { number } from "../words.js";
import { View } from "./view.js";

const REACH = 12;
const FAR = 120;
const HOVER_MS = 140;
const NEAR = 6;
const MOST_PLAYED = 2000;

export async function openChart(room) {
  const [points, regions] = await Promise.all([fetchPoints(room.dataset.map), fetchRegions(room.dataset.regions)]);
  if (room.isConnected && points.count) new Chart(room, points, regions);
}

class Chart {
  constructor(room, points, regions) {
    Object.assign(this, { room, points, regions, kind: "genre", path: null, loop: null, chosen: null, begins: null });
    points.legend.moods = room.dataset.moods.split("|");
    this.canvas = room.querySelector("canvas");
    this.context = this.canvas.getContext("2d");
    this.view = new View(points.bounds);
    this.depth = depthOf(points);
    this.finder = new Finder(points);
    this.places = new Map(Array.from(points.ids, (id, place) => [id, place]));
    this.recolour();
    hear(this.canvas, this.view, this);
    room.addEventListener("click", (event) => this.#pressed(event));
    new ResizeObserver(() => this.#resize()).observe(room);
    document.addEventListener("theme-chosen", () => requestAnimationFrame(() => this.recolour()));
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.recolour());
    this.#resize();
    this.#begin();
  }

  // --- drawing -------------------------------------------------------------------------------------------------------

  recolour() {
    if (!this.room.isConnected) return;
    this.palette = new Palette(this.room);
    this.bands = bandsOf(this.depth, this.palette.water);
    this.#group();
  }

  #group() {
    const { palette, points, kind } = this;
    this.colours = palette.of(kind, points.legend);
    this.groups = grouped(points, kind, this.colours, palette.faint);
    const byName = new Map(points.legend.genres.map((name, place) => [name, palette.series[place % palette.series.length]]));
    this.colourOfName = (name) => `color-mix(in oklab, ${byName.get(name) ?? palette.muted} 55%, ${palette.text})`;
    this.#legend();
    this.redraw();
  }

  #legend() {
    const list = this.room.querySelector(".legend");
    list.hidden = this.kind === "genre";
    const { legend } = this.points;
    const said = { mood: legend.moods, decade: legend.decades, key: [] }[this.kind] ?? [];
    list.hidden = !said.length;
    list.replaceChildren(...said.map((name, place) => {
      const item = document.createElement("li"), dot = document.createElement("i");
      dot.style.setProperty("--dot", this.colours[place]);
      item.append(dot, String(name));
      return item;
    }));
  }

  #resize() {
    const { clientWidth, clientHeight } = this.room;
    if (!clientWidth || !clientHeight) return;
    const fine = Math.min(devicePixelRatio || 1, 2);
    this.canvas.width = clientWidth * fine;
    this.canvas.height = clientHeight * fine;
    this.context.setTransform(fine, 0, 0, fine, 0, 0);
    this.view.resize(clientWidth, clientHeight);
    this.redraw();
  }

  redraw() {
    if (this.due) return;
    this.due = requestAnimationFrame(() => {
      this.due = 0;
      if (!this.room.isConnected) return;
      draw(this.context, this);
      this.room.dataset.drawn = "yes";
    });
  }

  // --- what hands do ------------------------------------------------------------------------------------------------

  isLooping() { return this.room.classList.contains("is-looping"); }

  moved(moving) {
    this.room.classList.toggle("is-moving", moving);
    this.redraw();
  }

  over(across, down) {
    const place = this.#under(across, down);
    this.room.classList.toggle("is-over", place >= 0);
    clearTimeout(this.hover);
    if (place < 0 || this.loop) return;
    this.hover = setTimeout(() => this.#show(place), HOVER_MS);
  }

  left() { clearTimeout(this.hover); }

  clicked(across, down, shift, reach = REACH) {
    const place = this.#under(across, down, reach);
    if (place < 0) return this.forget();
    if (this.begins !== null && this.begins !== place) return this.#lead(this.begins, place);
    if (shift) return this.#begins(place);
    this.#show(place);
  }

  looping(places) {
    this.loop = places;
    this.redraw();
  }

  looped(places) {
    const inside = this.finder.inside(places.map(([across, down]) => this.view.there(across, down)));
    this.#toggleLoop(false);
    if (!inside.length) return this.forget();
    this.loop = null;
    this.#tell(inside);
    this.redraw();
  }

  lining(places) {
    this.path = places.map(([across, down]) => { const [x, y] = this.view.there(across, down); return { x, y }; });
    this.redraw();
  }

  lined(places) {
    const [one, other] = places.map(([across, down]) => this.#under(across, down, FAR));
    this.path = null;
    if (one >= 0 && other >= 0 && one !== other) this.#lead(one, other);
    else this.redraw();
  }

  forget() {
    for (const part of this.room.querySelectorAll(".tip, .route")) part.hidden = true;
    Object.assign(this, { path: null, loop: null, chosen: null, begins: null });
    this.redraw();
  }

  // --- what comes of it ---------------------------------------------------------------------------------------------

  #under(across, down, reach = REACH) {
    const [x, y] = this.view.there(across, down);
    return this.finder.near(x, y, reach / this.view.scale);
  }

  #point(place) { return { x: this.points.x[place], y: this.points.y[place] }; }

  async #show(place) {
    if (this.shown === place && this.chosen) return;
    this.shown = place;
    this.chosen = this.#point(place);
    this.redraw();
    const html = await this.#ask(this.room.dataset.card.replace("/0/", `/${this.points.ids[place]}/`));
    if (html === null || this.shown !== place) return;
    this.#fill(this.room.querySelector(".tip:not(.loop)"), html);
  }

  #begins(place) {
    this.begins = place;
    this.chosen = this.#point(place);
    const said = document.createElement("p");
    said.textContent = this.room.dataset.wordsPath;
    const tip = this.room.querySelector(".tip:not(.loop)");
    tip.replaceChildren(said);
    tip.hidden = false;
    this.redraw();
  }

  async #lead(one, other) {
    this.begins = null;
    this.path = [this.#point(one), this.#point(other)];
    this.redraw();
    const { ids } = this.points;
    const html = await this.#ask(`${this.room.dataset.path}?from=${ids[one]}&to=${ids[other]}`);
    if (html === null) return this.forget();
    const margin = this.room.querySelector(".route");
    this.#fill(margin, html);
    const stations = margin.querySelector("[data-ids]").dataset.ids.split(",").map((id) => this.places.get(Number(id)));
    this.path = stations.filter((place) => place !== undefined).map((place) => this.#point(place));
    this.chosen = null;
    this.redraw();
  }

  #tell(inside) {
    const { dataset } = this.room, { ids, legend, genre, decade } = this.points;
    const panel = this.room.querySelector(".loop"), part = (name) => panel.querySelector(`[data-part=${name}]`);
    part("count").textContent = inside.length === 1 ? dataset.wordsLoopOne : dataset.wordsLoop.replace("{count}", number(inside.length));
    const years = inside.map((place) => legend.decades[decade[place]]).filter(Boolean);
    const [from, to] = [Math.min(...years), Math.max(...years)];
    const most = commonest(inside.map((place) => genre[place]));
    const said = [most === undefined ? "" : dataset.wordsMostly.replace("{name}", legend.genres[most]), years.length ? `${from}–${Math.min(to + 9, new Date().getFullYear())}` : ""];
    part("mostly").textContent = said.filter(Boolean).join(", ");
    const thing = `tracks:${inside.slice(0, MOST_PLAYED).map((place) => ids[place]).join(",")}`;
    part("play").value = part("queue").value = thing;
    this.room.querySelector(".tip:not(.loop)").hidden = true;
    panel.hidden = false;
  }

  async #ask(address) {
    const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
    return answer?.ok ? answer.text() : null;
  }

  #fill(place, html) {
    place.innerHTML = html;
    window.htmx?.process(place);
    place.hidden = false;
  }

  #toggleLoop(on) {
    this.room.classList.toggle("is-looping", on);
    this.room.querySelector("[data-lasso]").setAttribute("aria-pressed", String(on));
  }

  #pressed({ target }) {
    const button = target.closest("button");
    if (!button) return;
    const { zoom, colour, begin } = button.dataset;
    if (zoom) {
      if (zoom === "all") this.view.showAll();
      else this.view.zoom(zoom === "in" ? 1.5 : 1 / 1.5);
      this.redraw();
    } else if (colour) {
      for (const other of this.room.querySelectorAll("[data-colour]")) other.setAttribute("aria-pressed", String(other === button));
      this.kind = colour;
      this.#group();
    } else if ("lasso" in button.dataset) {
      this.forget();
      this.#toggleLoop(!this.isLooping());
    } else if (begin) {
      this.#begins(this.places.get(Number(begin)));
    }
  }

  // An address may name a track: /map/#track=12
  #begin() {
    const place = this.places.get(Number(new URLSearchParams(location.hash.slice(1)).get("track")));
    if (place === undefined) return;
    this.view.show(this.points.x[place], this.points.y[place], NEAR);
    this.#show(place);
  }
}

function commonest(values) {
  const counts = new Map();
  for (const value of values) if (value !== UNKNOWN) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0];
}
