// Loaded before the first paint, so that nobody sees the other light flash.
// A signed-in listener's choice comes from the server; elsewhere this browser remembers it.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const read = () => { try { return localStorage.getItem("theme") || ""; } catch { return ""; } };
  const write = (theme) => { try { theme ? localStorage.setItem("theme", theme) : localStorage.removeItem("theme"); } catch { /* private window */ } };
  const isLight = () => root.dataset.theme ? root.dataset.theme === "light" : matchMedia("(prefers-color-scheme: light)").matches;
  const paintBrowser = () => {
    for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
      if (root.dataset.theme) meta.content = isLight() ? "#f6f8fa" : "#0b1118";
    }
  };

  if ("account" in root.dataset) write(root.dataset.theme || "");
  else if (read()) root.dataset.theme = read();
  paintBrowser();

  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-theme-switch]");
    if (!control) return;
    const theme = isLight() ? "dark" : "light";
    root.dataset.theme = theme;
    write(theme);
    paintBrowser();
    control.dispatchEvent(new CustomEvent("theme-chosen", { bubbles: true, detail: { theme, save: control.dataset.save } }));
  });
})();
