// How a track sounds: who changes a value by keyboard or ear stays beside it when the panel comes back.
let field;

export function hearSound() {
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    const place = detail.elt.closest?.("#sound [data-field]");
    if (place) field = place.dataset.field;
  });
}

export function keepPlace(page) {
  if (!field) return;
  const { activeElement } = document;
  const place = page.querySelector(`#sound [data-field="${CSS.escape(field)}"] summary`);
  field = undefined;
  if (place && (activeElement === document.body || !activeElement)) place.focus({ preventScroll: true });
}
