// What lies where, as the server packs it: SBM1, the length of a text of JSON, the text, then one column behind the other.
const HEAD = 8;
export const UNKNOWN = 255;

export async function fetchPoints(address) {
  const answer = await fetch(address, { headers: { Accept: "application/octet-stream" } });
  if (!answer.ok) throw new Error(`the map answered ${answer.status}`);
  return unpacked(await answer.arrayBuffer());
}

export function unpacked(buffer) {
  const length = new DataView(buffer).getUint32(4, true);
  const said = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, HEAD, length)));
  const { count } = said;
  let at = HEAD + length;
  const column = (Kind) => {
    const found = new Kind(buffer.slice(at, at + count * Kind.BYTES_PER_ELEMENT));
    at += count * Kind.BYTES_PER_ELEMENT;
    return found;
  };
  const points = { count, legend: said.legend, ids: column(Uint32Array), x: column(Int16Array), y: column(Int16Array) };
  for (const name of said.columns) points[name] = column(Uint8Array);
  points.bounds = boundsOf(points);
  return points;
}

function boundsOf({ count, x, y }) {
  const found = { left: 0, right: 0, top: 0, bottom: 0 };
  for (let place = 0; place < count; place++) {
    found.left = Math.min(found.left, x[place]);
    found.right = Math.max(found.right, x[place]);
    found.top = Math.min(found.top, y[place]);
    found.bottom = Math.max(found.bottom, y[place]);
  }
  return found;
}

export async function fetchRegions(address) {
  const answer = await fetch(address);
  return answer.ok ? answer.json() : [];
}
