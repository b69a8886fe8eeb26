// The light of the cover that plays lies on every page that has no cover of its own.
import { on } from "./bus.js";
import { recall } from "./kept.js";

const COLOUR = /^#[0-9a-f]{6}$/;
const { style } = document.documentElement;
let light = recall("brief")?.track.cover;

export function hearLight() {
  on("brief", ({ track }) => { light = track.cover; shine(document.getElementById("main")); });
  shine(document.getElementById("main"));
}

export function shine(page) {
  if (page.hasAttribute("data-own-light") || !COLOUR.test(light?.color_1 ?? "")) return;
  style.setProperty("--ambient", light.color_1);
}
