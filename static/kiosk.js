/* The browser believes, the server corrects: one request stays parked, its answer says when the page is no longer true.
   Nothing about a resident is kept here; a lost connection covers the page until the server is back. */
(() => {
  const page = () => document.getElementById("page");
  const cover = document.getElementById("cover");
  const { post, token } = window.hall;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  // 1. The parked request
  let [parked, asked, warned] = [null, "", false]; // its AbortController, its address, and whether the warning stands
  const loaded = [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join("");

  const question = () => {
    const { parked: address, showing } = page().dataset;
    return address && `${address}?${new URLSearchParams({ showing, page: loaded, ...(warned && { warned: "1" }) })}`;
  };
  const follower = document.body.appendChild(document.createElement("i"));
  follower.setAttribute("hx-sync", "#page:abort"); // what the server wants shown gives way to what a finger asks for
  follower.hidden = true;
  const show = (path, source = follower) =>
    window.htmx.ajax("GET", path, { target: "#page", swap: "outerHTML", select: "#page", source });

  async function showNext(path) { // the session is over: nothing of it stays, whatever is still on its way
    hide(page().dataset.wait);
    page().replaceChildren();
    await show(path, cover); // the cover's hx-sync ends the request in flight
    if (!page().childElementCount) location.replace("/");
    else if (cover) cover.hidden = true;
  }

  async function askOnce() {
    asked = question();
    if (!asked) return "idle";
    const mine = (parked = new AbortController());
    const answer = await fetch(asked, { signal: mine.signal, headers: { "X-Parked": "1" }, cache: "no-store" });
    if (answer.status === 401 || answer.status === 403) return "refused";
    if (answer.status === 204) return "true";
    if (answer.status === 429 || answer.status === 503) return "full";
    if (!answer.ok) throw new Error(`parked: ${answer.status}`);
    const order = await answer.json();
    if (mine.signal.aborted) return "overtaken";
    if (order.covered) return "covered";
    warned = order.warn_seconds != null;
    if (order.go) await (order.over ? showNext(order.go) : show(order.go));
    else warn(order.warn_seconds, order);
    return "obeyed";
  }
  async function park() {
    for (let hasty = 0; ; ) {
      const began = performance.now();
      const said = await askOnce().catch((error) => (error.name === "AbortError" ? "overtaken" : "lost"));
      if (said === "lost") return recover();
      if (said === "refused") return hide(page().dataset.stranger);
      if (said === "covered") return giveWay();
      if (said === "idle") return undefined;
      hasty = said !== "overtaken" && performance.now() - began < 50 ? hasty + 1 : 0;
      if (said === "full") await pause(1000);
      else if (hasty > 3) await pause(250); // answers at once, again and again, must not become a storm
    }
  }
  function hide(words) {
    if (!cover) return;
    if (words) cover.querySelector("[data-words]").textContent = words;
    cover.hidden = false;
  }
  function giveWay() { // a newer page of this window: this one shows nothing more until somebody wants it back
    page().replaceChildren();
    hide(page().dataset.elsewhere);
    cover.addEventListener("click", () => location.replace("/"), { once: true });
  }
  async function recover() {
    await pause(1500);
    for (;;) {
      const answer = await fetch("/health", { cache: "no-store" }).catch(() => null); // null: still away
      if (answer?.ok) return location.replace("/");
      hide();
      await pause(1000);
    }
  }

  // 2. After a swap: a new page is believed, its title is read first
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    ctx.request.headers["X-CSRFToken"] = token();
    if (!ctx.sourceElement.matches("[data-pad]")) return;
    ctx.request.body.set("pin", digits); // the form as the page holds it has no PIN
    setPad("");
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx.text && !ctx.text.includes('id="page"')) return event.preventDefault() ?? recover();
    const answer = ctx.response?.raw;
    if (answer?.ok && (ctx.request.method === "GET" || answer.redirected)) {
      const { pathname, search } = new URL(answer.url);
      history.replaceState(null, "", pathname + search);
    }
    return undefined;
  });
  document.addEventListener("htmx:after:swap", () => {
    Object.assign(document.documentElement, { lang: page().lang || "zh-CN", dir: page().dir || "ltr" });
    arrive();
    if (question() !== asked) parked?.abort(); // the same question may stay where it is
  });
  document.addEventListener("htmx:error", () => recover());

  function arrive() {
    warn(null);
    setClock();
    setPad("");
    window.scrollTo(0, 0);
    const title = document.querySelector("#page h1") ?? page();
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    measure();
  }

  // 3. A public screen: no menus, no dragging, no second tap
  for (const kind of ["contextmenu", "dragstart", "selectstart"]) {
    document.addEventListener(kind, (event) => {
      if (page().matches(".page:not(.counter), .display") && !event.target.closest?.("input")) event.preventDefault();
    });
  }
  let running = null; // what a finger asked for
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement === follower) return;
    running = ctx;
    page().classList.add("busy");
    ctx.stilled = [...(ctx.sourceElement.closest("form")?.querySelectorAll("button:not([disabled])") ?? [])];
    for (const button of ctx.stilled) button.disabled = true;
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (running === ctx) page()?.classList.remove("busy");
    for (const button of ctx.stilled ?? []) button.disabled = false;
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // 4. The clock: the server's time, carried on without the network
  let drift = 0;
  function setClock() {
    const now = document.querySelector("#page [data-now]")?.dataset.now;
    if (now) drift = Date.parse(`${now.slice(0, 19)}Z`) - performance.now();
    tick();
  }
  function tick() {
    const face = document.querySelector("#page [data-now] [data-time]");
    if (face) face.textContent = new Date(performance.now() + drift).toISOString().slice(11, 16);
  }
  setInterval(tick, 10000);

  // 5. The shade: an amount is seen only while a finger or a key rests on it
  function lift(event) {
    const shade = event.target.closest?.("[data-amount]");
    if (!shade || (event.type === "keydown" && ![" ", "Enter"].includes(event.key))) return;
    event.preventDefault();
    shade.querySelector("[data-veil]").textContent = shade.dataset.amount;
    shade.classList.add("lifted");
  }
  const lower = () => document.querySelectorAll("#page .lifted").forEach((shade) => {
    shade.querySelector("[data-veil]").textContent = "＊＊＊＊＊";
    shade.classList.remove("lifted");
  });
  for (const kind of ["pointerdown", "keydown"]) {
    document.addEventListener(kind, lift);
    document.addEventListener(kind, touch);
  }
  for (const kind of ["pointerup", "pointercancel", "keyup", "visibilitychange"]) document.addEventListener(kind, lower);
  window.addEventListener("blur", lower);

  // 6. Somebody is here. Ghosts of a broken panel are nobody: again and again in one place, faster than any hand
  const last = { x: -99, y: -99, here: 0, times: [] };
  const ghostly = () => last.times.filter((at) => performance.now() - at < 1000).length > 8;
  document.addEventListener("pointerdown", ({ clientX: x, clientY: y }) => {
    const same = Math.hypot(x - last.x, y - last.y) < 24;
    Object.assign(last, { x, y, here: same ? last.here + 1 : 1, times: [...(same ? last.times.slice(-8) : []), performance.now()] });
  }, { capture: true });
  document.addEventListener("click", (event) => {
    if (!ghostly()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
  let [touched, counting] = [-15000, 0];
  async function touch(event) {
    const urgent = warned;
    if (event.type === "pointerdown" && (ghostly() || last.here > 10)) return;
    if (page().dataset.parked !== "/desk" || !page().childElementCount || (!urgent && performance.now() - touched < 15000)) return;
    touched = performance.now();
    warn(null);
    await post("/desk/touch").catch(() => undefined);
    if (urgent) parked?.abort(); // parked again as not warned, after the server has heard of the touch
  }
  function warn(seconds, how = {}) {
    clearInterval(counting);
    const bar = document.getElementById("still-there");
    if (bar) bar.hidden = seconds == null;
    document.dispatchEvent(new CustomEvent("hall:warns", { detail: { seconds, ...how } })); // leaving.js: bar, voice
    if (!bar || seconds == null) { warned = false; return; }
    const ends = performance.now() + seconds * 1000;
    const count = () => { bar.querySelectorAll("[data-count]").forEach((face) => { face.textContent = Math.max(0, Math.ceil((ends - performance.now()) / 1000)); }); };
    count();
    counting = setInterval(count, 500);
  }

  // 7. The PIN pad: digits live here until they are sent, the page holds dots only
  let digits = "";
  function setPad(next) {
    digits = next;
    const pad = document.querySelector("#page [data-pad]");
    const length = Number(pad?.dataset.pad ?? 0);
    digits = digits.slice(0, length);
    if (!pad) return;
    pad.querySelectorAll("[data-dot]").forEach((dot, at) => dot.classList.toggle("full", at < digits.length));
    const said = pad.querySelector("[data-said]");
    said.textContent = said.dataset.typed.replace("{typed}", digits.length).replace("{length}", length);
    pad.querySelector("[data-send]").disabled = digits.length !== length;
  }
  document.addEventListener("click", (event) => {
    const key = event.target.closest?.("[data-digit], [data-erase], [data-scroll], [data-print]");
    if (!key) return;
    if ("print" in key.dataset) return window.print();
    if ("scroll" in key.dataset) document.querySelector("#page main").scrollBy({ top: innerHeight * 0.5 });
    else setPad("erase" in key.dataset ? digits.slice(0, -1) : digits + key.dataset.digit);
  });
  document.addEventListener("keydown", (event) => {
    const pad = document.querySelector("#page [data-pad]");
    if (event.key === "Escape") document.querySelector("#page [data-back]")?.click();
    if (!pad || event.target.closest?.("input")) return;
    if (/^[0-9]$/.test(event.key)) setPad(digits + event.key);
    else if (event.key === "Backspace") setPad(digits.slice(0, -1));
    else if (event.key === "Enter" && !event.target.closest?.("a, .button")) {
      event.preventDefault(); // else Enter presses again the digit that was clicked last
      if (!pad.querySelector("[data-send]").disabled) pad.requestSubmit();
    }
  });
  // 8. Is there more below? Say so
  function measure() {
    const main = document.querySelector("#page main");
    if (main) page().classList.toggle("more", main.scrollHeight - main.clientHeight - main.scrollTop > 24);
  }
  document.addEventListener("scroll", measure, { capture: true, passive: true });
  window.addEventListener("resize", measure);
  // 9. The touch test: every touch is told, with its place in thousandths of the window and how far it is off
  let told = 0;
  document.addEventListener("pointerdown", ({ clientX, clientY }) => {
    const test = document.querySelector("#page [data-tell]");
    told = test ? told + 1 : 0;
    if (!test || told > 300) return;
    const dot = test.querySelector("[data-dot-target]").getBoundingClientRect();
    const off = Math.hypot(clientX - dot.x - dot.width / 2, clientY - dot.y - dot.height / 2);
    post(test.dataset.tell, {
      x: Math.round((1000 * clientX) / innerWidth), y: Math.round((1000 * clientY) / innerHeight), off: Math.round(off),
      hit: off <= dot.width / 2 ? "1" : "0", target: test.dataset.target,
    }).catch(() => undefined);
  });
  arrive(); park();
})();
