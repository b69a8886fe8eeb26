// The waterline of a track: one drawing, shown twice, the upper one cut at --p; as the server draws it (analysis/views/drawings).
const STEP = 4;
const ABOVE = { line: 63, reach: -60 };
const BELOW = { line: 67, reach: 32 };
const LOWEST = 1.5;
const FAINTEST_TOP = 24;
const known = new Map();
let drawn = 0;

export async function drawWave(place, track, bars) {
  if (place.dataset.track === String(track)) return;
  place.dataset.track = track ?? "";
  const channels = track ? await peaksOf(track) : [];
  if (place.dataset.track === String(track ?? "")) place.querySelector("[data-drawing]").innerHTML = drawing(channels, bars);
}

function peaksOf(track) {
  if (!known.has(track)) known.set(track, ask(track));
  return known.get(track);
}

async function ask(track) {
  try {
    const answer = await fetch(`/api/tracks/${track}/waveform`, { headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).peaks : [];
  } catch {
    known.delete(track);
    return [];
  }
}

function drawing(channels, bars) {
  const [above, below] = [channels[0], channels.at(-1)].map((levels) => barsOf(levels ?? [], bars));
  const loudest = Math.max(FAINTEST_TOP, ...above, ...below);
  const id = `wave-${drawn += 1}`;
  const open = `<svg viewBox="0 0 ${bars * STEP} 100" preserveAspectRatio="none" aria-hidden="true">`;
  const shape = (levels, { line, reach }) => levels.map((level, place) => {
    const height = level * reach / loudest;
    const end = Math.abs(height) > LOWEST ? height : Math.sign(reach) * LOWEST;
    return `M${STEP * place + 1} ${line}V${Math.round(line + end)}`;
  }).join("");
  return `${open}<g id="${id}"><path vector-effect="non-scaling-stroke" d="${shape(above, ABOVE)}"/>`
    + `<path vector-effect="non-scaling-stroke" opacity=".38" d="${shape(below, BELOW)}"/></g></svg>${open}<use href="#${id}"/></svg>`;
}

// The highest of each stretch.
function barsOf(levels, bars) {
  return Array.from({ length: bars }, (_, bar) => {
    const [begin, end] = [Math.floor(bar * levels.length / bars), Math.floor((bar + 1) * levels.length / bars)];
    return levels.slice(begin, Math.max(end, begin + 1)).reduce((most, level) => Math.max(most, level), 0);
  });
}
