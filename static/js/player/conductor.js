// Brings together what the queue says and what sounds here: where this device is the one that plays, the engine follows.
import { albumOf, briefSoon } from "./briefs.js";
import { on, tell } from "./bus.js";
import { device, settleName } from "./device.js";
import { keep, recall } from "./kept.js";
import { modeFor } from "./gain.js";
import { Line } from "./socket.js";
import { Queue } from "./queue.js";

const REPORT_MS = 5_000;
// What is nearer than this is the same place: words take their time from one machine to another.
const SAME_MS = 1_500;
const MOST_BROKEN = 6;
const HEARD = new Set(["state", "change", "devices", "position"]);

export const queue = new Queue();
let line;
let engine;
let loading;
let sounding;
let stood = "";
let brokenInARow = 0;
const broken = new Set();

export async function begin() {
  await settleName();
  line = new Line({ hello: () => ({ device: device.id, name: device.name, kind: device.kind, ...known() }), hear });
  setInterval(report, REPORT_MS);
  window.addEventListener("pagehide", leave);
  on("item", arrived);
  on("ended", (item) => command("next", { entry: item.entry, ended: true }));
  on("broken", skip);
  on("state", () => report());
  on("forbidden", () => command("pause", { position_ms: Math.round(engine.positionMs) }));
  on("stuck", (error) => { console.warn(error); pause(); });
}

function known() {
  return queue.version >= 0 ? { version: queue.version } : {};
}

export function isHere() {
  return queue.shown.device === device.id;
}

// Where it is just now: what sounds here knows best.
export function positionMs() {
  return isHere() && engine?.item?.entry === queue.shown.current && engine.item ? engine.positionMs : queue.positionMs;
}

export function soundState() {
  return isHere() && queue.shown.state === "playing" ? engine?.state ?? "buffering" : queue.shown.state;
}

// Sound is allowed from a hand on a button on: to be called while it is there.
export async function engineAtHand() {
  loading ??= import("./engine.js").then(({ Engine }) => {
    engine = new Engine({ next: nextOf, modeOf, fadeOf });
    tell("engine", engine);
    return engine;
  });
  return loading;
}

// Shown at once; resolves with what the server made of it.
export function command(name, values) {
  const answer = line.command(name, values);
  refresh();
  answer.then((said) => { if (said.type === "refused") { refresh(); tell("refused", said); } });
  return answer;
}

export async function play() {
  await command("play", isHere() && engine?.item ? { position_ms: Math.round(engine.positionMs) } : {});
}

export function pause() {
  return command("pause", isHere() && engine?.item ? { position_ms: Math.round(engine.positionMs) } : {});
}

export function seek(ms) {
  const position = Math.max(0, Math.round(ms));
  if (isHere()) engine?.seek(position);
  return command("seek", { entry: queue.shown.current, position_ms: position });
}

function hear(message) {
  const own = line.commands.length > 0;
  if (HEARD.has(message.type) && !queue.take(message)) return line.say({ type: "sync", ...known() });
  // Its own reports tell whoever plays nothing new.
  if (message.type === "position" && isHere()) return;
  refresh(own);
}

function refresh(own = false) {
  line.settle(queue.version);
  queue.show(line.commands);
  follow(own).catch((error) => tell("stuck", error));
  tell("queue", queue);
}

async function follow(own) {
  const { current, state } = queue.shown;
  if (!isHere() || current === null || state === "stopped") return rest();
  if (state !== "playing") return engine?.pause();
  await engineAtHand();
  if (queue.shown.state !== "playing" || !isHere()) return;
  if (sounding !== queue.shown.current) return load();
  seekIfMoved(own);
  if (engine.state === "paused") await engine.play();
  await engine.reconsider(nextOf({ entry: sounding }));
}

function rest() {
  if (sounding !== undefined) engine?.stop();
  sounding = undefined;
  stood = "";
}

async function load() {
  const { current: entry } = queue.shown;
  sounding = entry;
  stood = standing();
  const left = recall("place", undefined, sessionStorage);
  keep("place", undefined, sessionStorage);
  const fromMs = left?.entry === entry ? left.ms : queue.positionMs;
  if (engine.skip(entry, fromMs)) return engine.play();
  await engine.load({ entry, track: queue.currentTrack }, { fromMs });
}

function standing() {
  const { current, position_ms: ms, at } = queue.shown;
  return `${current} ${ms} ${at}`;
}

// Somebody has moved it from elsewhere; what this device did itself is done already.
function seekIfMoved(own) {
  const now = standing();
  if (now === stood) return;
  stood = now;
  if (!own && Math.abs(queue.positionMs - engine.positionMs) > SAME_MS) engine.seek(queue.positionMs);
}

function nextOf(item) {
  let next = queue.after(item.entry, { ended: true });
  for (let tries = 0; next && broken.has(next[0]) && tries < queue.shown.order.length; tries += 1) next = queue.after(next[0]);
  return next && !broken.has(next[0]) ? { entry: next[0], track: next[1] } : undefined;
}

function arrived(item) {
  brokenInARow = 0;
  // Loaded for what was wanted a moment ago.
  if (item.first && item.entry !== queue.shown.current) return;
  const before = sounding;
  sounding = item.entry;
  const again = !item.first && before === item.entry && queue.shown.repeat === "one";
  const follows = queue.after(queue.shown.current, { ended: true })?.[0] === item.entry;
  if (again || (follows && item.entry !== queue.shown.current)) command("next", { entry: queue.shown.current, ended: true });
  // What stood between them could not be played.
  else if (item.entry !== queue.shown.current) command("jump", { entry: item.entry });
  report();
}

function skip(item) {
  if (!broken.has(item.entry)) tell("skipped", item);
  broken.add(item.entry);
  brokenInARow += 1;
  if (item.entry !== queue.shown.current) return;
  if (brokenInARow >= MOST_BROKEN) pause();
  else command("next", { entry: item.entry });
}

function modeOf(item) {
  const { order, shuffled } = queue.shown;
  const place = order.findIndex(([entry]) => entry === item.entry);
  const album = albumOf(item.entry);
  const neighbours = [order[place - 1], order[place + 1]].some((row) => row && album && albumOf(row[0]) === album);
  return modeFor(recall("gain", "auto"), { shuffled, neighbours });
}

// Tracks of one album stand as they were made to stand; what is to be the last one ends as it was made to end.
async function fadeOf(item, next) {
  const seconds = Number(recall("fade", 0));
  if (!seconds || isLast) return 0;
  const [one, other] = await Promise.all([item, next].map(({ entry }) => briefSoon(entry)));
  return one.track.album && one.track.album.id === other.track.album?.id ? 0 : seconds;
}

// Whether nothing is to follow what plays now.
export let isLast = false;

export function makeLast(yes) {
  isLast = yes;
}

function report() {
  if (!isHere() || !engine?.item || engine.item.entry !== queue.shown.current || queue.shown.state === "stopped") return;
  line.say({ type: "position", entry: queue.shown.current, position_ms: Math.round(engine.positionMs), state: queue.shown.state });
}

// A page that is loaded anew goes on where this one ends.
function leave() {
  if (!isHere() || !engine?.item) return;
  report();
  keep("place", { entry: engine.item.entry, ms: Math.round(engine.positionMs) }, sessionStorage);
}
