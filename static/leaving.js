/* Leaving: the question whether somebody is there, its bar and its voice; the call for a card that was left in the slot.
   The session clock runs on the server; kiosk.js says what the server wants shown, this file shows it. Nothing is kept. */
(() => {
  const hall = (window.hall ??= {});
  const page = () => document.getElementById("page");
  hall.chimes = 0; // how often the chime was begun, for tests and for whoever listens
  let [context, chime, shrinking] = [null, null, null];

  // A page that no finger asked for says so: it keeps nobody here
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    if (!ctx.sourceElement.matches("a, button, form, input, select")) ctx.request.headers["X-By-Itself"] = "1";
  });

  const say = (text) => hall.say?.(text, { personal: false })?.catch?.(() => undefined);

  // 1. The warning: words, a number and a bar that grows shorter; motion without meaning of its own stops where asked
  document.addEventListener("hall:warns", ({ detail: { seconds, last, of } }) => {
    const asked = document.getElementById("still-there");
    const bar = asked?.querySelector(".left");
    if (!bar) return;
    shrinking?.cancel(); // what runs is remembered: to ask the page would have it drawn once more
    if (seconds == null) return;
    const steps = matchMedia("(prefers-reduced-motion: reduce)").matches ? `steps(${Math.max(2, Math.ceil(seconds / 10))})` : "linear";
    shrinking = bar.animate([{ transform: `scaleX(${Math.min(1, seconds / (of || seconds))})` }, { transform: "scaleX(0)" }],
      { duration: seconds * 1000, easing: steps, fill: "forwards" });
    for (const words of asked.querySelectorAll("[data-when]")) words.hidden = (words.dataset.when === "last") !== Boolean(last);
    asked.querySelector("button").hidden = Boolean(last);
    say(asked.querySelector("[data-when]:not([hidden])").dataset.say);
  });

  // 2. The card that is to be taken: a chime and its words each time this page comes, and it comes again until it is taken
  async function ring(address) {
    try {
      context ??= new AudioContext();
      if (context.state !== "running") await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 1500))]);
      if (context.state !== "running") return; // a browser that was never touched stays silent; the words stand there
      chime ??= await context.decodeAudioData(await (await fetch(address, { cache: "force-cache" })).arrayBuffer());
      const [source, gain] = [context.createBufferSource(), context.createGain()];
      source.buffer = chime;
      gain.gain.value = (Number(page()?.dataset.volume ?? 3) / 5) ** 1.6;
      source.connect(gain).connect(context.destination);
      source.start();
      hall.chimes += 1;
    } catch { /* no sound card: the picture and the words are enough */ }
  }
  let called = "";
  function arrive() {
    const call = document.querySelector("#page [data-chime]");
    const word = page()?.dataset.showing ?? "";
    if (!call) called = "";
    else if (word !== called) {
      called = word;
      ring(call.dataset.chime);
    }
  }
  document.addEventListener("htmx:after:swap", arrive);
  arrive();
})();
