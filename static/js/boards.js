// What moves by itself is fetched only with a page that shows something of the kind.
let jobs;
let heard = false;

export async function watchBoards(page) {
  if (!jobs && !page.querySelector("[data-moving]")) return;
  jobs ??= import("./jobs.js");
  const { hearDeeds, watchJobs } = await jobs;
  if (!heard) hearDeeds();
  heard = true;
  watchJobs();
}
