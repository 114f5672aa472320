/* The voice: hall.say(words, {personal, force}) asks the server for the sound of some words and plays it; a new one
   interrupts the old. hall.hush() ends it. words: a text, or parts [{text, personal}]. Every page is read when it comes
   (title and notes), while it says data-sound="on"; where the four keys are in use, keys.js says what is said.
   The server decides what a loudspeaker may say: for personal words it sends no sound unless headphones are in, and
   "please look at the screen" is said once instead. While personal words are heard, the plug is watched.
   What was said is remembered for this visit only, for tests and for "say that again"; never in any storage. */
(() => {
  const hall = (window.hall ??= {});
  const page = () => document.getElementById("page");
  const mode = (name) => page()?.dataset[name] ?? "";
  const KEPT = 60;
  const GESTURE = 4000; // ms a sound waits for a browser that wants a touch before it plays
  const SLOWER = { slow: 0.85, normal: 1, fast: 1.15 }; // recorded clips; the engine speaks at the speed asked for
  hall.asked = []; // what was handed over to be said
  hall.spoken = []; // what was really begun to be heard
  let [context, turn, ending, visit, read] = [null, 0, null, "", ""];

  const on = (force) => force || mode("sound") === "on";
  const loud = () => (Number(mode("volume") || 3) / 5) ** 1.6; // steps of like size for an ear
  const remember = (list, text) => list.splice(0, list.length, ...[...list, text].slice(-KEPT));

  // 1. Saying
  function hush() {
    turn += 1;
    ending?.("hushed");
    ending = null;
  }
  async function ready() {
    context ??= new AudioContext();
    if (context.state !== "running") {
      await Promise.race([context.resume(), new Promise((done) => setTimeout(done, GESTURE))]);
    }
    return context.state === "running";
  }
  // The sound of one part: {buffer, recorded}, {instead} for what only headphones may hear, or null
  async function made({ text, personal }, whose, signal) {
    const answer = await hall.post("/voice/say", { ...whose, text, personal: personal ? "1" : "0" }, { signal }).catch(() => null);
    if (answer?.status !== 200) return null;
    if (answer.headers.get("content-type") === "application/json") return { instead: (await answer.json()).say };
    const bytes = await answer.arrayBuffer().catch(() => null);
    if (!bytes || !(await ready())) return null;
    const buffer = await context.decodeAudioData(bytes).catch(() => null);
    const said = decodeURIComponent(answer.headers.get("voice-said") ?? ""); // without what only headphones may hear
    return buffer && { buffer, said, recorded: answer.headers.get("voice-recorded") === "1" };
  }
  async function play(sound, { text, personal }, stopped) {
    const [source, gain] = [context.createBufferSource(), context.createGain()];
    source.buffer = sound.buffer;
    source.playbackRate.value = sound.recorded ? (SLOWER[mode("speed")] ?? 1) : 1;
    gain.gain.value = loud();
    source.connect(gain).connect(context.destination);
    const over = new Promise((done) => { source.onended = () => done("said"); });
    source.start();
    remember(hall.spoken, sound.said || text);
    if (personal) watchPlug(turn);
    const how = await Promise.race([over, stopped]);
    source.onended = null;
    source.stop();
    source.disconnect();
    return how;
  }
  const whose = () => ({ showing: mode("showing"), page: location.pathname }); // on which page the words stand
  async function say(words, { personal = false, force = false, from = whose() } = {}) {
    const parts = (Array.isArray(words) ? words : [{ text: words, personal }]).filter((part) => part.text?.trim());
    hush();
    if (!on(force) || !parts.length) return "silent";
    const [mine, stop] = [turn, new AbortController()];
    const stopped = new Promise((done) => { ending = (why) => { stop.abort(); done(why); }; });
    parts.forEach((part) => remember(hall.asked, part.text));
    const heard = await all(parts, mine, (part) => made(part, from, stop.signal), stopped);
    if (mine === turn) ending = null;
    return heard;
  }
  async function all(parts, mine, ask, stopped) { // "said", "hushed", "silent" (no engine, no sound) or "screen"
    let [how, told] = ["said", false];
    let next = ask(parts[0]);
    for (const [at, part] of parts.entries()) {
      let sound = await next;
      const after = parts[at + 1];
      next = after && !after.personal ? ask(after) : null; // personal words are asked for when it is their turn
      if (mine !== turn) return "hushed";
      const instead = sound?.instead;
      if (instead) sound = told ? null : await ask({ text: instead, personal: false });
      if (mine !== turn) return "hushed";
      how = !sound?.buffer ? "silent" : await play(sound, instead ? { text: instead } : part, stopped);
      if (instead) [how, told] = [how === "hushed" ? how : "screen", true];
      if (how === "hushed") return how;
      next ??= after && ask(after);
    }
    return how;
  }
  async function watchPlug(mine) { // a plug pulled out in mid-sentence ends it
    while (mine === turn && ending) {
      const answer = await hall.post("/voice/ears", { in: "1" }).then((got) => got.json()).catch(() => ({ in: false }));
      if (mine === turn && !answer.in) hush();
    }
  }

  // 2. A page is read when it comes
  const READ = "h1, .lead, .note, .slot, .steps, [data-say]";
  const HIDDEN = "[hidden], [aria-hidden=true], footer, header, #still-there, .shade";
  function words(one) {
    if (one.dataset.say) return one.dataset.say;
    if (hall.words) return hall.words(one, true);
    return one.innerText.replace(/\s+/g, " ").trim();
  }
  function contents() {
    const found = [...page().querySelectorAll(READ)].filter((one) => !one.closest(HIDDEN) && one.checkVisibility?.() !== false);
    found.sort((one, other) => other.matches("h1") - one.matches("h1")); // the title first, else in reading order
    return found.filter((one) => !found.some((other) => other !== one && other.contains(one))).map((one) => ({
      text: words(one), personal: Boolean(one.closest("[data-personal]") || one.querySelector("[data-personal]")),
    })).filter((part) => part.text);
  }
  function arrive() {
    const whose = mode("showing").split("~")[0].split(".")[0]; // the word of the visit, without its scenes and devices
    if (whose !== visit) [visit, read, hall.asked.length, hall.spoken.length] = [whose, "", 0, 0];
    if (mode("keys") === "on" || !on(false)) {
      read = "";
      return hush();
    }
    const parts = contents();
    const now = JSON.stringify([location.pathname, parts]);
    if (now === read) return undefined; // the same words again: let them go on
    read = now;
    return say(parts).catch(() => undefined);
  }

  // 3. Short sounds: a key of the PIN pad is a beep, the same for every digit; a lifted amount is said, to headphones only
  async function beep() {
    if (!(await ready())) return;
    const [source, gain] = [context.createOscillator(), context.createGain()];
    source.frequency.value = 880;
    gain.gain.value = 0.3 * loud();
    source.connect(gain).connect(context.destination);
    source.start();
    source.stop(context.currentTime + 0.07);
    hall.beeps = (hall.beeps ?? 0) + 1;
  }
  document.addEventListener("click", (event) => {
    if (on(false) && mode("keys") !== "on" && event.target.closest?.("[data-pad] [data-digit], [data-pad] [data-erase]")) beep();
  });
  document.addEventListener("pointerdown", (event) => {
    const amount = event.target.closest?.("[data-amount]")?.dataset.amount;
    if (amount && on(false) && mode("keys") !== "on") say(amount, { personal: true });
  });

  Object.assign(hall, { say, hush, whose, beep });
  window.addEventListener("pagehide", hush);
  document.addEventListener("visibilitychange", () => { if (document.hidden) hush(); });
  document.addEventListener("htmx:after:swap", arrive);
  const cover = document.getElementById("cover"); // the session is over, or the server away: nobody goes on speaking
  if (cover) new MutationObserver(() => { if (!cover.hidden) hush(); }).observe(cover, { attributeFilter: ["hidden"] });
  document.addEventListener("DOMContentLoaded", arrive, { once: true }); // all scripts of the page are there
})();
