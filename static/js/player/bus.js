// What the parts of the player tell each other, by name.
const hub = new EventTarget();

export function on(name, hear) {
  hub.addEventListener(name, ({ detail }) => hear(detail));
}

export function tell(name, detail) {
  hub.dispatchEvent(new CustomEvent(name, { detail }));
}

export function once(name) {
  return new Promise((resolve) => { hub.addEventListener(name, resolve, { once: true }); });
}
