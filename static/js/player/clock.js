// 3:41 · 1:02:09, as the server writes it; and so that ears understand it.
export function clock(ms) {
  if (!Number.isFinite(ms)) return "–:––";
  const all = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all % 3600 / 60), all % 60];
  const two = (value) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
