// What scripts say, in the reader's language; the server writes it into the page.
const words = document.getElementById("words")?.dataset ?? {};
const language = document.documentElement.lang || "en";
const plain = new Intl.NumberFormat(language);
const NBSP = "\u00a0";

export function say(name, values = {}) {
  const key = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  return (words[key] ?? name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

export function number(value) {
  return plain.format(value);
}

// The same as the server's filter `time_left`.
export function timeLeft(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}${NBSP}s`;
  if (whole < 3600) return `${Math.round(whole / 60)}${NBSP}min`;
  return `${number(Math.floor(whole / 3600))}${NBSP}h${NBSP}${String(Math.floor(whole % 3600 / 60)).padStart(2, "0")}`;
}

// The same as the server's filter `megabytes`.
export function megabytes(value) {
  return value >= 1000 ? say("gigabytes", { size: number(Math.round(value / 100) / 10) }) : say("megabytes", { size: number(value < 10 ? Math.round(value * 10) / 10 : Math.round(value)) });
}
