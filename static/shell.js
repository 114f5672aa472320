// Shuts what a browser offers beside the page: keys of its own, menus, second windows, other places. The policy file of
// deploy/shell shuts the rest; each way out stands in docs/ways-out.md with its proof. At a clerk's counter this is still.
(() => {
  "use strict";
  const publicly = () => document.querySelector(".page:not(.counter), .display");
  const refuse = (event) => {
    if (!publicly()) return;
    event.preventDefault();
    if (event.type === "dragover" && event.dataTransfer) event.dataTransfer.dropEffect = "none";
  };
  const mine = ["Control", "Alt", "Meta", "Shift"];
  document.addEventListener("keydown", (event) => {
    const held = event.ctrlKey || event.altKey || event.metaKey;
    const command = /^(F\d+|BrowserBack|BrowserForward|BrowserHome|BrowserSearch|ContextMenu|PrintScreen|Launch.*)$/.test(event.key);
    if ((held && !mine.includes(event.key)) || command || (event.shiftKey && event.key === "Escape")) refuse(event);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const elsewhere = link && (!/^https?:$/.test(link.protocol) || link.matches("[target], [download], [ping]"));
    const dialog = event.target.closest?.("input[type=file], input[type=color]");
    if (elsewhere || dialog || event.ctrlKey || event.shiftKey || event.metaKey || event.altKey) refuse(event);
  });
  for (const kind of ["auxclick", "contextmenu", "dragstart", "dragover", "drop"]) document.addEventListener(kind, refuse);
  document.addEventListener("wheel", (event) => { if (event.ctrlKey) refuse(event); }, { passive: false });
  for (const act of ["open", "moveTo", "moveBy", "resizeTo", "resizeBy"]) {
    const given = window[act].bind(window);
    window[act] = (...words) => (publicly() ? null : given(...words));
  }
  window.navigation?.addEventListener("navigate", (event) => {
    const { origin, protocol } = new URL(event.destination.url);
    if (!/^https?:$/.test(protocol) || origin !== location.origin || event.downloadRequest !== null) {
      if (event.cancelable) refuse(event);
    }
  });
})();
