/* Typing at the screen: a field is touched, keys open below it. Letters and strokes live here until they become text of
   the field; nothing is kept, and nothing outlives the page it was typed on. */
(() => {
  const page = () => document.getElementById("page");
  const keyboard = () => document.querySelector("#page .keyboard");
  const part = (name) => keyboard()?.querySelector(`[data-kb-${name}]`);
  let field = null; // where the text goes
  let [letters, found, first, strokes, stroke, asked, waiting] = ["", [], 0, [], null, 0, 0];
  const pages = []; // where the earlier pages of candidates begin

  const OPENED = { role: "combobox", "aria-expanded": "true", "aria-controls": "keyboard" }; // what a field says of itself meanwhile

  const placeOf = (input) => document.querySelector(`#page:not(.counter) .keyboard-place[data-keyboard-for="${CSS.escape(input.name)}"]`);

  async function open(input) {
    const place = placeOf(input);
    if (!place || place.childElementCount) return;
    const answer = await fetch("/typing/keyboard", { cache: "no-store" }).catch(() => null);
    const keys = answer?.ok ? await answer.text() : "";
    if (!keys || !document.contains(place) || place.childElementCount) return;
    place.replaceChildren(document.createRange().createContextualFragment(keys));
    field = input;
    page().classList.add("typing");
    show(place.dataset.keyboardKind === "number" ? "digits" : "pinyin");
    page().querySelector("main").scrollTop = 0;
    for (const [name, value] of Object.entries(OPENED)) input.setAttribute(name, value);
    window.dispatchEvent(new Event("resize"));
  }
  function close() {
    forget();
    keyboard()?.parentElement.replaceChildren();
    page()?.classList.remove("typing");
    for (const name of Object.keys(OPENED)) field?.removeAttribute(name);
    field = null;
    window.dispatchEvent(new Event("resize"));
  }
  function forget() { // what was not chosen is gone
    [letters, strokes, stroke] = ["", [], null];
    clearTimeout(waiting);
    offer([]);
    draw();
  }
  function show(tab) {
    forget();
    keyboard().dataset.tab = tab;
    for (const one of keyboard().querySelectorAll("[data-kb-tab]")) {
      one.classList.toggle("on", one.dataset.kbTab === tab);
      one.setAttribute("aria-pressed", String(one.dataset.kbTab === tab));
    }
    for (const face of keyboard().querySelectorAll("[data-kb-face]")) face.hidden = face.dataset.kbFace !== tab;
    part("found-row").hidden = tab === "digits";
    if (tab === "strokes") fit();
  }

  // Candidates: as many as the row holds, the others one page on
  function offer(next) {
    asked += 1; // an answer that comes later is of something else
    [found, first] = [next, 0];
    pages.length = 0;
    lay();
  }
  function lay() {
    const row = part("found");
    if (!row) return;
    row.replaceChildren();
    let at = first;
    for (; at < found.length; at += 1) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "key", textContent: found[at][0] });
      button.dataset.kbChoose = at;
      row.append(button);
      if (at > first && row.scrollWidth > row.clientWidth + 1) { button.remove(); break; }
    }
    const [before, after] = keyboard().querySelectorAll("[data-kb-turn]");
    before.disabled = first === 0;
    after.disabled = at >= found.length;
    after.dataset.next = at;
    part("letters").textContent = letters;
    part("said").textContent = letters && !found.length ? part("said").dataset.none : "";
  }
  function turn(way) {
    if (way > 0) { pages.push(first); first = Number(keyboard().querySelector("[data-kb-turn='1']").dataset.next); } else first = pages.pop() ?? 0;
    lay();
  }
  async function ask(path, body, headers, choices) {
    const mine = (asked += 1);
    const answer = await window.hall.post(path, body, { headers }).catch(() => null);
    if (mine !== asked || !keyboard()) return;
    if (answer?.ok) return offer(choices((await answer.json()).found));
    offer([]);
    if (answer?.status === 503) part("found").textContent = part("found").dataset.away;
  }
  const spell = () => (letters
    ? ask("/typing/pinyin", { letters }, {}, (words) => words)
    : offer([]));
  const read = () => ask("/typing/strokes", JSON.stringify({ strokes }), { "Content-Type": "application/json" }, (signs) => signs.map((sign) => [sign, 0]));

  // The field
  function put(text) {
    if (!field) return;
    const most = field.maxLength > 0 ? field.maxLength : 200;
    field.value = [...field.value + text].slice(0, most).join("");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.scrollLeft = field.scrollWidth;
  }
  function erase() {
    if (letters) { letters = letters.slice(0, -1); return void spell(); }
    if (strokes.length) { strokes.pop(); draw(); return void (strokes.length ? read() : offer([])); }
    field.value = [...field.value].slice(0, -1).join("");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function choose(at) {
    const [text, used] = found[at];
    put(text);
    letters = letters.slice(used);
    strokes = [];
    draw();
    spell();
  }
  function space() {
    if (letters && found.length) choose(first);
    else if (!letters) put(" ");
  }
  function finish() { // letters that became no characters are looked for as they are: dg finds 电工
    const rest = letters;
    forget();
    if (rest) put(rest);
  }
  const ACTS = {
    kbLetter: ({ kbLetter }) => { if (letters.length < 40) letters += kbLetter; spell(); },
    kbDigit: ({ kbDigit }) => put(kbDigit),
    kbChoose: ({ kbChoose }) => choose(Number(kbChoose)),
    kbTurn: ({ kbTurn }) => turn(Number(kbTurn)),
    kbTab: ({ kbTab }) => show(kbTab),
    kbErase: erase, kbSpace: space, kbClose: close, kbAgain: forget,
    kbSend: () => { finish(); field.form.requestSubmit(); },
  };

  // Writing by hand: one finger, one stroke after another; what is written is sent a moment after the last one
  const canvas = () => part("canvas");
  function fit() {
    const [area, box] = [canvas(), canvas().getBoundingClientRect()];
    [area.width, area.height] = [box.width * devicePixelRatio, box.height * devicePixelRatio].map(Math.round);
    draw();
  }
  function draw() {
    const pen = canvas()?.getContext("2d");
    if (!pen) return;
    const { width, height } = pen.canvas, unit = Math.max(width, height) / 1000, look = getComputedStyle(pen.canvas);
    pen.clearRect(0, 0, width, height);
    [pen.strokeStyle, pen.lineWidth] = [look.borderTopColor, 2];
    pen.setLineDash([10, 12]);
    line(pen, [[width / 2, 0], [width / 2, height]]);
    line(pen, [[0, height / 2], [width, height / 2]]);
    pen.setLineDash([]);
    Object.assign(pen, { strokeStyle: look.color, lineWidth: Math.max(6, Math.min(width, height) / 32), lineCap: "round", lineJoin: "round" });
    for (const one of stroke ? [...strokes, stroke] : strokes) line(pen, one.map(([x, y]) => [x * unit, y * unit]));
  }
  function line(pen, points) {
    pen.beginPath();
    pen.moveTo(...points[0]);
    for (const point of points) pen.lineTo(...point);
    if (points.length === 1) pen.lineTo(points[0][0] + 1, points[0][1]);
    pen.stroke();
  }
  function pointOf(event) { // in thousandths of the longer side, so that nothing is stretched
    const box = canvas().getBoundingClientRect(), unit = 1000 / Math.max(box.width, box.height);
    return [(event.clientX - box.x) * unit, (event.clientY - box.y) * unit].map((one) => Math.min(1000, Math.max(0, Math.round(one))));
  }
  document.addEventListener("pointerdown", (event) => {
    if (event.target !== canvas() || !event.isPrimary || stroke || strokes.length >= 40) return;
    canvas().setPointerCapture(event.pointerId);
    clearTimeout(waiting);
    stroke = [pointOf(event)];
    draw();
  });
  document.addEventListener("pointermove", (event) => {
    if (!stroke || !event.isPrimary || stroke.length >= 200) return;
    const point = pointOf(event), last = stroke.at(-1);
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < 6) return;
    stroke.push(point);
    draw();
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    document.addEventListener(kind, (event) => {
      if (!stroke || !event.isPrimary) return;
      strokes.push(stroke);
      stroke = null;
      draw();
      waiting = setTimeout(read, 300);
    });
  }

  document.addEventListener("click", (event) => {
    const input = event.target.closest?.("#page input");
    if (input && placeOf(input)) return void open(input);
    const key = event.target.closest?.(".keyboard button");
    const act = key && Object.keys(ACTS).find((name) => name in key.dataset);
    if (act) ACTS[act](key.dataset);
  });
  document.addEventListener("keydown", (event) => {
    const input = event.target.closest?.("#page input");
    if (event.key === "Escape" && keyboard()) {
      event.stopImmediatePropagation(); // the keys go, the page stays
      close();
    } else if (event.key === "Enter" && input && !input.value && placeOf(input) && !keyboard()) {
      event.preventDefault();
      open(input);
    }
  }, { capture: true });
  document.addEventListener("submit", (event) => { if (field && event.target === field.form) finish(); }, { capture: true });
  document.addEventListener("htmx:after:swap", () => { // another page: nothing of what was typed goes along
    if (keyboard()) return;
    [field, letters, strokes, stroke, found] = [null, "", [], null, []];
    clearTimeout(waiting);
  });
  window.addEventListener("resize", () => {
    if (!keyboard()) return;
    lay();
    if (keyboard().dataset.tab === "strokes") fit();
  });
})();
