// Tracks, albums and artists that are lifted from a page, to be dropped into the queue.
export const KIND = "application/x-soniquebay";

// Of anything on the pages that says what it is: a row of a table, a card of an album.
export function hearLifts() {
  document.addEventListener("dragstart", (event) => {
    const lifted = event.target.closest?.("[data-thing]");
    if (!lifted) return;
    event.dataTransfer.setData(KIND, lifted.dataset.thing);
    event.dataTransfer.effectAllowed = "copyLink";
    document.body.classList.add("is-lifting");
  });
  document.addEventListener("dragend", () => document.body.classList.remove("is-lifting"));
}
