/* The curtain: the screen is dark for whoever looks on, until any touch lifts it. It ends with the visit.
   hall.choose(modes) tells the server of modes that this window has drawn itself already. */
(() => {
  const hall = (window.hall ??= {});
  const page = () => document.getElementById("page");
  const send = (modes) => hall.post("/modes", { ...modes, quiet: "1" }).catch(() => undefined);
  let sent = Promise.resolve(); // one behind the other, so that the last wish is the last heard
  hall.choose = (modes) => (sent = sent.then(() => send(modes)));
  hall.curtain = (down) => {
    page().dataset.curtain = down ? "on" : "off";
    tick();
    hall.choose({ curtain: page().dataset.curtain });
    const words = document.getElementById("keys-words")?.dataset;
    if (hall.keys?.on) hall.keys.tell(down ? words.covered : words.uncovered);
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-lower]")) hall.curtain(page().dataset.curtain !== "on");
    else if (event.target.closest?.(".curtain")) hall.curtain(false);
  });
  function tick() {
    const [clock, here] = [document.querySelector("#page [data-time]"), document.querySelector("#page [data-curtain-time]")];
    if (clock && here) here.textContent = clock.textContent;
  }
  setInterval(tick, 5000);
  document.addEventListener("htmx:after:swap", () => { if (page().dataset.curtain === "on") tick(); });
})();
