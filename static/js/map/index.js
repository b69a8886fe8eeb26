// The map is fetched only where there is one.
export async function watchMap(page) {
  const room = page.querySelector("[data-map]");
  if (!room || room.dataset.opened) return;
  room.dataset.opened = "yes";
  const { openChart } = await import("./chart.js");
  openChart(room);
}
