/* Hands that shake, that press twice, or with the whole palm: a second tap in the same place is not meant for the page that
   came in between, and two fingers do not stretch the page. */
(() => {
  const hall = (window.hall ??= {});
  const NEAR = 60; // pixels
  const SOON = 400; // ms: nobody reads a new page so fast
  let [before, last, swapped] = [{ x: -999, y: -999, at: -SOON }, { x: -999, y: -999, at: -SOON }, -Infinity];
  const near = (one, other) => Math.hypot(one.x - other.x, one.y - other.y) < NEAR;
  const overtaken = (one, other) => near(one, other) && other.at - one.at < SOON && swapped > one.at;

  document.addEventListener("pointerdown", ({ clientX: x, clientY: y }) => { [before, last] = [last, { x, y, at: performance.now() }]; }, { capture: true });
  document.addEventListener("click", (event) => {
    if (event.detail === 0 || !overtaken(before, last)) return; // a key's click has no place
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
  document.addEventListener("htmx:after:swap", () => { swapped = performance.now(); });
  for (const kind of ["touchstart", "touchmove"]) {
    document.addEventListener(kind, (event) => { if (event.touches.length > 1 && event.cancelable) event.preventDefault(); }, { passive: false });
  }
  hall.unhurried = (el) => { // whether a tap on it now would be taken as meant for it
    const box = el.getBoundingClientRect();
    return !overtaken(last, { x: box.x + box.width / 2, y: box.y + box.height / 2, at: performance.now() });
  };
})();
