/* Without touch or sight: back, next, choose and help reach everything that stands on a page (stops.js), and no key is
   pressed without an answer for the ear. The first press begins it; it ends with the visit, and nothing said is kept then.
   The words stand in templates/layouts/_keys.html, the keys in [keypad] of the settings. */
(() => {
  const hall = (window.hall ??= {});
  const page = () => document.getElementById("page");
  const words = () => document.getElementById("keys-words")?.dataset;
  const token = () => document.querySelector("#page [name=csrf_token]")?.value ?? document.querySelector("meta[name=csrf-token]")?.content ?? "";
  const pad = document.querySelector("meta[name=keypad]")?.dataset ?? {};
  const keyOf = (code) => Object.keys(pad).find((name) => pad[name].split(" ").includes(code)) ?? "";
  const KEPT = 300; // what was said, for tests and nobody else; forgotten with the visit
  const SETTLE = 60; // ms: who presses on quickly hears the last stop only
  const HOLD = 1500;
  const TWICE = 1500;
  const SLOW = 7000;
  let on = false; // somebody uses the keys
  let settled = Promise.resolve(); // the server knows of it
  let [list, here, place, ended] = [[], null, -1, false]; // the stops, the present one's element and number, the end was told
  let before = null; // the page as it was last heard
  let [acting, waiting, slow, telling] = [null, false, 0, 0];
  let log = [];
  const keys = {
    get on() { return on; }, get log() { return log; }, get here() { return here; },
    get stops() { return hall.stops(page()); },
  };

  // 1. Saying
  function tell(...said) {
    const parts = [];
    for (const part of said.flat().map((one) => (typeof one === "string" ? { text: one, personal: false } : one))) {
      if (!part.text) continue;
      if (parts.at(-1)?.personal === part.personal) parts.at(-1).text += /[。？！：，]$/.test(parts.at(-1).text) ? part.text : `，${part.text}`;
      else parts.push({ ...part });
    }
    log = [...log, { parts, text: parts.map((part) => part.text).join("，"), at: log.length ? log.at(-1).at + 1 : 1 }].slice(-KEPT);
    hall.hush?.();
    clearTimeout(telling);
    telling = setTimeout(() => hall.say?.(parts, { force: true }), SETTLE);
  }
  let tone = null;
  function beep() {
    tone ??= new AudioContext();
    const [source, gain] = [tone.createOscillator(), tone.createGain()];
    source.frequency.value = 880;
    gain.gain.value = 0.06 * Number(page().dataset.volume || 3);
    source.connect(gain).connect(tone.destination);
    source.start();
    source.stop(tone.currentTime + 0.09);
  }

  // 2. Where one is
  const look = () => { list = hall.stops(page()); return list.findIndex((stop) => stop.el === here); };
  const stopWords = (at) => hall.speech(list[at], at, list.length, words());
  function stand(at) {
    document.querySelectorAll("#page .here").forEach((el) => el.classList.remove("here"));
    [here, place] = [list[at]?.el ?? null, at];
    if (!here) return;
    if (!list[at].acts) here.setAttribute("tabindex", "-1");
    here.classList.add("here");
    here.focus({ preventScroll: true });
    here.scrollIntoView({ block: "center", inline: "nearest" });
  }
  function move(step) {
    const at = look() + step;
    if (at < 0) return tell(words().first);
    if (at < list.length || ended) {
      ended = false;
      stand(at < list.length ? at : 0);
      return tell(stopWords(at < list.length ? at : 0));
    }
    ended = true;
    return tell(words().last);
  }

  // 3. What a page says when it comes
  const FIRST = ".slot, .steps, .note, .panel.centre p, [data-announce]";
  function snapshot() {
    look();
    const title = page().querySelector("h1");
    const heard = list.filter((stop) => !stop.acts && !stop.el.closest("header"));
    return { title: title ? hall.words(title) : document.title, address: location.pathname + location.search, heard };
  }
  const part = (stop) => ({ text: `${stop.said}。`.replace(/([。？！])。$/, "$1"), personal: stop.personal });
  function announcement({ title, heard }) {
    const main = heard.find((stop) => stop.el.matches("h1"));
    const more = heard.filter((stop) => stop !== main && stop.el.closest(FIRST));
    const { many, pin } = words();
    const private_ = page().querySelector("[data-pad]") ? [pin] : [];
    return [part(main ?? { said: title, personal: false }), ...more.map(part), ...private_, hall.fill(many, { n: list.length })];
  }
  function news(now) { // the same page again: what was not heard before, and where one stands
    const old = new Set(before.heard.map((stop) => stop.said));
    const fresh = now.heard.filter((stop) => !old.has(stop.said) && stop.el !== here).slice(0, 4).map(part);
    const at = list.findIndex((stop) => stop.el === here);
    if (acting) tell(fresh, at < 0 ? part({ said: now.title, personal: false }) : stopWords(at));
    else if (fresh.length) tell(fresh);
  }
  const twin = (el) => (el ? [el.tagName, el.getAttribute("href") ?? el.getAttribute("name") ?? "", el.dataset.digit ?? "", el.closest("form")?.getAttribute("action") ?? "", el.getAttribute("href") || el.name ? "" : hall.words(el)].join() : "");
  function again() { // the present stop on the page as it is drawn now: by what it is, else by its place
    const old = twin(here);
    const found = list.findIndex((stop) => twin(stop.el) === old);
    stand(found >= 0 ? found : Math.min(place, list.length - 1));
  }
  function arrive() {
    if (!words()) return;
    const was = on;
    on = page().dataset.keys === "on";
    waiting = false;
    clearInterval(slow);
    if (on || was) hear(was && !on);
    acting = null;
    if (!on) [before, here, list] = [null, null, []];
  }
  function hear(over) {
    const now = snapshot();
    if (over) log = [];
    if (over && location.pathname === "/") tell(words().over, announcement(now));
    else if (!over && before && before.title === now.title && before.address === now.address) {
      again();
      news(now);
    } else {
      stand(list.findIndex((stop) => stop.el.matches("h1")));
      tell(announcement(now));
    }
    before = now;
  }

  // 4. The keys
  const mode = (fields) => fetch("/modes", {
    method: "POST", headers: { "X-CSRFToken": token() }, body: new URLSearchParams({ ...fields, quiet: "1" }), cache: "no-store",
  }).catch(() => undefined);
  function start() {
    if (on || !words()) return;
    on = true;
    page().dataset.keys = "on";
    settled = mode({ keys: "on" });
    before = snapshot();
    stand(list.findIndex((stop) => stop.el.matches("h1")));
    tell(words().start, announcement(before));
  }
  function refusal(el) {
    const missing = el.matches("[data-send]") && page().querySelector("[data-said]")?.textContent;
    return [hall.words(el), words().disabled, missing || ""];
  }
  async function choose() {
    const stop = list[look()];
    if (!stop) return tell(announcement(snapshot()));
    const { el } = stop;
    if (!stop.acts) return tell(part(stop), words().only);
    if (el.disabled || el.getAttribute("aria-disabled") === "true") return tell(refusal(el));
    if ("amount" in el.dataset) return tell(stop.label ?? "", { text: el.dataset.amount, personal: true });
    await settled;
    if ("digit" in el.dataset || "erase" in el.dataset) {
      el.click();
      beep();
      return tell(page().querySelector("[data-said]")?.textContent ?? words().done);
    }
    return act(el);
  }
  function act(el) {
    acting = el;
    before = snapshot();
    const stood = list.map((stop) => twin(stop.el)).join();
    el.focus();
    el.click();
    setTimeout(() => {
      if (acting !== el || waiting) return;
      acting = null;
      const at = look();
      if (page().classList.contains("busy")) tell(words().wait);
      else if (at >= 0 && stood === list.map((stop) => twin(stop.el)).join()) tell(words().done, stopWords(at));
      else if (at >= 0) tell(words().more, stopWords(at), hall.fill(words().many, { n: list.length }));
      else { before = null; hear(false); }
    }, 350);
    return undefined;
  }
  function explain() {
    const at = look();
    const title = snapshot().title;
    return tell(hall.fill(words().where, { page: title }), at >= 0 ? stopWords(at) : "", words().help);
  }
  function callStaff() {
    const link = page().querySelector("a[href='/help']");
    if (!link) return tell(words().shout);
    return act(link);
  }
  const help = { last: -TWICE, timer: 0, held: false };
  function helpDown() {
    clearTimeout(help.timer);
    help.held = false;
    help.timer = setTimeout(() => { help.held = true; curtain(page().dataset.curtain !== "on"); }, HOLD);
  }
  function helpUp() {
    clearTimeout(help.timer);
    help.timer = 0;
    if (help.held) return;
    const twice = performance.now() - help.last < TWICE;
    help.last = twice ? -TWICE : performance.now();
    if (twice) callStaff();
    else explain();
  }
  const somebody = () => document.dispatchEvent(new KeyboardEvent("keydown", { key: "Unidentified" })); // kiosk.js counts time by it
  const asked = () => { const bar = document.getElementById("still-there"); return bar && !bar.hidden; };
  function pressed(name) {
    if (!on || name === "headphones") return start();
    if (name === "help") return helpDown();
    if (asked()) return tell(words().here);
    return name === "choose" ? choose() : move(name === "next" ? 1 : -1);
  }
  window.addEventListener("keydown", (event) => {
    if (!words() || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const tab = on && event.key === "Tab" ? (event.shiftKey ? "back" : "next") : "";
    const name = tab || keyOf(event.code);
    if (name && !(!on && event.target.matches?.("input, textarea"))) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.repeat) return;
      const shade = on && name === "choose" && here?.matches("[data-amount]");
      pressed(name);
      somebody();
      if (shade) here.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true })); // seen while the key rests on it
    } else if (on && page().querySelector("[data-pad]") && /^([0-9]|Backspace)$/.test(event.key)) {
      setTimeout(() => { beep(); tell(page().querySelector("[data-said]")?.textContent); });
    }
    return undefined;
  }, { capture: true });
  window.addEventListener("keyup", (event) => { if (on && keyOf(event.code) === "help" && help.timer) helpUp(); }, { capture: true });
  document.addEventListener("focusin", ({ target }) => { if (on && target.matches?.("a, button, input")) here = target; });

  // 5. What happens by itself is heard too
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (!acting || !(ctx.sourceElement === acting || ctx.sourceElement.contains?.(acting))) return;
    waiting = true;
    tell(words().wait);
    slow = setInterval(() => tell(words().slow), SLOW);
  });
  document.addEventListener("htmx:finally:request", () => {
    const mine = acting;
    clearInterval(slow);
    setTimeout(() => { if (on && mine && acting === mine) { [acting, waiting] = [null, false]; tell(words().failed); } }, 400);
  });
  const cover = document.getElementById("cover");
  if (cover) new MutationObserver(() => { if (on && !cover.hidden) tell(cover.textContent.trim()); }).observe(cover, { attributeFilter: ["hidden"] });

  // 6. The curtain: dark for whoever looks on, lifted by any touch
  function curtain(down) {
    page().dataset.curtain = down ? "on" : "off";
    mode({ curtain: down ? "on" : "off" });
    if (on) tell(down ? words().covered : words().uncovered);
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-lower]")) curtain(page().dataset.curtain !== "on");
    else if (event.target.closest?.(".curtain")) curtain(false);
  });
  document.addEventListener("htmx:after:swap", arrive);
  hall.keys = keys;
  arrive();
})();
