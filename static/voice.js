/* The voice: hall.say(text, {personal, force}) asks the server for the sound of some words and plays it; a new one
   interrupts the old. hall.hush() ends it. The server decides what a loudspeaker may say: for personal words it
   sends no sound unless headphones are in, and "please look at the screen" is said instead. Nothing is kept of a visit that ended.
   Speaks while the page says data-sound="on", or when forced (the four-key pad). */
(() => {
  const hall = (window.hall ??= {});
  const page = () => document.getElementById("page");
  const mode = (name) => page()?.dataset[name] ?? "";
  const token = () => document.querySelector("#page [name=csrf_token]")?.value ?? document.querySelector("meta[name=csrf-token]")?.content ?? "";
  const KEPT = 60; // texts remembered of this visit, for tests and for "say that again"
  const GESTURE = 1500; // ms a sound waits for a browser that wants a touch before it plays
  hall.asked = []; // what was handed over to be said
  hall.spoken = []; // what was really begun to be heard
  let [context, turn, ending] = [null, 0, null];

  const on = (force) => force || mode("sound") === "on";
  const loud = () => (Number(mode("volume") || 3) / 5) ** 1.6; // steps of like size for an ear
  const remember = (list, text) => list.splice(0, list.length, ...[...list, text].slice(-KEPT));

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
  const post = (path, fields, signal) => fetch(path, {
    method: "POST", headers: { "X-CSRFToken": token() }, body: new URLSearchParams(fields), cache: "no-store", signal,
  });

  // One stretch of words, all personal or all not: "said", "hushed", "silent" (no engine, no sound), or what to say {instead}
  async function one(text, personal, mine) {
    const stop = new AbortController();
    let ended = null;
    const hushed = new Promise((done) => { ended = done; });
    ending = (why) => { stop.abort(); ended(why); };
    const answer = await post("/voice/say", { text, personal: personal ? "1" : "0" }, stop.signal).catch(() => null);
    if (mine !== turn) return "hushed";
    if (answer?.status !== 200) return "silent";
    if (answer.headers.get("content-type") === "application/json") return { instead: (await answer.json()).say };
    const sound = await answer.arrayBuffer();
    if (!(await ready()) || mine !== turn) return mine === turn ? "silent" : "hushed";
    const source = context.createBufferSource();
    const gain = context.createGain();
    source.buffer = await context.decodeAudioData(sound).catch(() => null);
    if (!source.buffer || mine !== turn) return mine === turn ? "silent" : "hushed";
    gain.gain.value = loud();
    source.connect(gain).connect(context.destination);
    source.onended = () => ended("said");
    source.start();
    remember(hall.spoken, text);
    document.dispatchEvent(new CustomEvent("hall:speaks", { detail: { personal } }));
    const how = await hushed;
    source.onended = null;
    source.stop();
    source.disconnect();
    return how;
  }
  async function say(words, { personal = false, force = false } = {}) {
    const parts = (Array.isArray(words) ? words : [{ text: words, personal }]).filter((part) => part.text?.trim());
    hush();
    if (!on(force) || !parts.length) return "silent";
    const mine = turn;
    let [how, sent] = ["said", false];
    for (const part of parts) {
      remember(hall.asked, part.text);
      how = await one(part.text, Boolean(part.personal), mine);
      if (how.instead && !sent && mine === turn) await one(how.instead, false, mine);
      if (how.instead) [how, sent] = ["screen", true];
      if (mine !== turn) return "hushed";
    }
    ending = null;
    return how;
  }
  Object.assign(hall, { say, hush });
  for (const [target, kind] of [[window, "pagehide"], [document, "visibilitychange"]]) target.addEventListener(kind, hush);
  document.addEventListener("htmx:after:swap", hush);
})();
