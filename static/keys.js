/* Without touch or sight: back, next, choose and help reach everything that stands on a page (stops.js), and no key is
   pressed without an answer for the ear. The first press begins it; it ends with the visit, and nothing said is kept then.
   The words stand in templates/layouts/_keys.html, the keys in [keypad] of the settings. */
(() => {
  const hall = (window.hall ??= {});
  const { tell, forget } = hall.telling;
  const page = () => document.getElementById("page");
  let known; // an emptied page has no words: those of the page before
  const words = () => (known = document.getElementById("keys-words")?.dataset ?? known);
  const pad = document.querySelector("meta[name=keypad]")?.dataset ?? {};
  const keyOf = (code) => Object.keys(pad).find((name) => pad[name].split(" ").includes(code)) ?? "";
  const HOLD = 1500;
  const TWICE = 1500;
  const SLOW = 7000;
  const MEANT = 400;
  let on = false; // somebody uses the keys
  let settled = Promise.resolve(); // the server knows of it
  let [list, here, ended] = [[], null, false]; // the stops, the element of the present one, the end was told
  let before = null; // the page as it was last heard
  let [acting, waiting, slow] = [null, false, 0];
  let [arrived, presses] = [-Infinity, 0];
  const keys = {
    get on() { return on; }, get here() { return here; }, get log() { return hall.telling.log; },
    get stops() { return hall.stops(page()); }, tell,
  };

  // 1. Where one is
  const look = () => { list = hall.stops(page()); return list.findIndex((stop) => stop.el === here); };
  const stopWords = (at) => (list[at] ? hall.speech(list[at], at, list.length, words()) : words().wait);
  function stand(at) {
    document.querySelectorAll("#page .here").forEach((el) => el.classList.remove("here"));
    here = list[at]?.el ?? null;
    if (!here) return;
    if (!list[at].acts) here.setAttribute("tabindex", "-1");
    here.classList.add("here");
    here.focus({ preventScroll: true });
    here.scrollIntoView({ block: "center", inline: "nearest" });
  }
  function move(step) {
    arrived = -Infinity;
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

  // 2. What a page says when it comes
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
  function news(now, still) { // the same page again: what was not heard before, and where one stands
    const old = new Set(before.heard.map((stop) => stop.said));
    const fresh = now.heard.filter((stop) => !old.has(stop.said) && stop.el !== here).slice(0, 4).map(part);
    const title = now.heard.find((stop) => stop.el.matches("h1")) ?? { said: now.title, personal: false };
    if (acting) tell(fresh, still ? stopWords(look()) : fresh.length ? "" : part(title));
    else if (fresh.length) tell(fresh);
  }
  const twin = (el) => (el ? [el.tagName, el.getAttribute("href") ?? el.getAttribute("name") ?? "", el.dataset.digit ?? "", el.closest("form")?.getAttribute("action") ?? "", el.getAttribute("href") || el.name ? "" : hall.words(el)].join() : "");
  function again() { // the present stop on the page as it is drawn now; the title where it is gone
    const old = twin(here);
    const found = list.findIndex((stop) => twin(stop.el) === old);
    stand(found >= 0 ? found : list.findIndex((stop) => stop.el.matches("h1")));
    return found >= 0;
  }
  function arrive() {
    if (!words()) return;
    const was = on;
    on = page().dataset.keys === "on";
    [waiting, arrived] = [false, acting ? performance.now() : -Infinity];
    clearInterval(slow);
    if (on || was) hear(was && !on);
    acting = null;
    if (!on) [before, here, list] = [null, null, []];
  }
  function hear(over) {
    const now = snapshot();
    if (over) forget();
    if (over && location.pathname === "/") tell(words().over, now.heard.filter((stop) => stop.el.closest(".note")).map(part));
    else if (!over && before && before.title === now.title && before.address === now.address) {
      news(now, again());
    } else {
      stand(list.findIndex((stop) => stop.el.matches("h1")));
      tell(announcement(now));
    }
    before = now;
  }

  // 3. The keys
  function start() {
    if (on || !words()) return;
    on = true;
    page().dataset.keys = "on";
    settled = hall.choose({ keys: "on" });
    before = snapshot();
    stand(list.findIndex((stop) => stop.el.matches("h1")));
    tell(words().start, announcement(before));
  }
  function refusal(el) {
    const missing = el.matches("[data-send]") && page().querySelector("[data-said]")?.textContent;
    return [hall.words(el), words().disabled, missing || ""];
  }
  async function choose() {
    const at = look();
    if (at < 0) return tell(announcement(snapshot()));
    const [stop, { el }] = [list[at], list[at]];
    if (performance.now() - arrived < MEANT) return tell(stopWords(at)); // the same press twice, meant for the page before
    if (!stop.acts) return tell(part(stop), words().only);
    if (el.disabled || el.getAttribute("aria-disabled") === "true") return tell(refusal(el));
    if ("amount" in el.dataset) return tell(stop.label ?? "", { text: el.dataset.amount, personal: true });
    await settled;
    if ("digit" in el.dataset || "erase" in el.dataset) {
      el.click();
      hall.beep();
      return tell(page().querySelector("[data-said]")?.textContent ?? words().done);
    }
    return act(el);
  }
  const drawn = () => list.map((stop) => twin(stop.el)).join();
  function act(el) {
    acting = el;
    before = snapshot();
    const stood = drawn();
    const types = el.matches(".keyboard button:not([data-kb-send], [data-kb-close])"); // a word that was chosen is gone then
    el.focus();
    el.click();
    if (types) setTimeout(() => typed(el), 450);
    else setTimeout(() => outcome(el, stood, performance.now() + (el.matches("input") ? 3000 : 0)), 350);
    return undefined;
  }
  function outcome(el, stood, until) { // what came of it where no page came: a field's keyboard takes a moment
    if (acting !== el || waiting) return;
    const at = look();
    if (stood === drawn() && performance.now() < until) { setTimeout(() => outcome(el, stood, until), 150); return; }
    acting = null;
    if (page().classList.contains("busy")) tell(words().wait);
    else if (at >= 0 && stood === drawn()) tell(words().done, stopWords(at));
    else if (at >= 0) tell(words().more, stopWords(at), hall.fill(words().many, { n: list.length }));
    else { before = null; hear(false); }
  }
  function typed(el, mine = presses, heard = "", until = performance.now() + 3000) { // the on-screen keyboard: letters, what they may mean, the field
    if (presses !== mine || performance.now() > until) return;
    acting = null;
    const of = (name) => page().querySelector(`.keyboard [data-kb-${name}]`);
    const found = [...(of("found")?.querySelectorAll("button") ?? [])].slice(0, 5).map((button) => button.textContent);
    const letters = [...(of("letters")?.textContent ?? "")].join(" ");
    const value = page().querySelector("input[aria-expanded]")?.value;
    if (look() < 0) stand(list.findIndex((stop) => stop.el === of("send")));
    const at = look();
    const now = [letters, found, value].join();
    setTimeout(() => typed(el, mine, now, until), 250); // words come a moment after their letters
    if (now !== heard) tell(letters, found.length ? hall.fill(words().found, { words: found.join("、") }) : of("said")?.textContent, letters || found.length ? "" : value ? hall.fill(words().value, { value }) : words().empty, at >= 0 ? stopWords(at) : "");
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
    help.timer = setTimeout(() => { help.held = true; hall.curtain(page().dataset.curtain !== "on"); }, HOLD);
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
    presses += 1;
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
      setTimeout(() => { hall.beep(); tell(page().querySelector("[data-said]")?.textContent); });
    }
    return undefined;
  }, { capture: true });
  window.addEventListener("keyup", (event) => { if (on && keyOf(event.code) === "help" && help.timer) helpUp(); }, { capture: true });
  document.addEventListener("focusin", ({ target }) => { if (on && target.matches?.("a, button, input")) here = target; });

  // 4. What happens by itself is heard too
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
  if (cover) new MutationObserver(() => { if (on && !cover.hidden && !waiting) tell(cover.textContent.trim()); }).observe(cover, { attributeFilter: ["hidden"] });

  document.addEventListener("hall:warns", ({ detail: { seconds } }) => {
    const asks = document.querySelector("#still-there [data-say]:not([hidden])")?.dataset.say;
    if (on && seconds != null && asks) tell(asks, words().any);
  });
  document.addEventListener("htmx:after:swap", arrive);
  hall.keys = keys;
  arrive();
})();
