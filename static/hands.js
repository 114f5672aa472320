/* Hands that shake, that press twice, or with the whole palm: a second tap in the same place is not meant for the page that
   came in between, no tap is meant for a page that came by itself this very moment, and two fingers do not stretch a page. */
(() => {
  const hall = (window.hall ??= {});
  const NEAR = 60; // pixels
  const SOON = 400; // ms between two taps of one wish: nobody reads a new page so fast
  const SEEN = 250; // ms until a page that nobody asked for is seen
  const NEVER = { x: -999, y: -999, at: -Infinity };
  let [before, last, swapped, surprised, title] = [NEVER, NEVER, -Infinity, -Infinity, ""];
  const near = (one, other) => Math.hypot(one.x - other.x, one.y - other.y) < NEAR;
  const again = (one, other) => near(one, other) && other.at - one.at < SOON && swapped > one.at;
  const early = ({ at }) => at - surprised < SEEN;
  const heading = () => document.querySelector("#page h1")?.textContent ?? "";

  document.addEventListener("pointerdown", ({ clientX: x, clientY: y }) => { [before, last] = [last, { x, y, at: performance.now() }]; }, { capture: true });
  document.addEventListener("click", (event) => {
    if (event.detail === 0 || !(again(before, last) || early(last))) return; // a key's click has no place
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
  document.addEventListener("htmx:before:swap", () => { title = heading(); });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    swapped = performance.now();
    if (!ctx?.sourceElement?.matches?.("a, button, form, input") && heading() !== title) surprised = swapped;
  });
  for (const kind of ["touchstart", "touchmove"]) {
    document.addEventListener(kind, (event) => { if (event.touches.length > 1 && event.cancelable) event.preventDefault(); }, { passive: false });
  }
  hall.unhurried = (el) => { // whether a tap on it now would be taken as meant for it
    const box = el.getBoundingClientRect();
    const tap = { x: box.x + box.width / 2, y: box.y + box.height / 2, at: performance.now() };
    return !again(last, tap) && !early(tap);
  };
})();
