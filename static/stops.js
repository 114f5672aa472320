/* What can be heard of a page, in reading order: hall.stops(root) gives stops, each with its element, whether it acts, and
   what is said of it. Read-only rows, facts and notes are stops like links and buttons: nothing on a page is for eyes only. */
(() => {
  const hall = (window.hall ??= {});
  const CONTROL = "a[href], button, input:not([type=hidden]), select, textarea, [role=button][tabindex], canvas[tabindex]";
  const WHOLE = "header, h1, h2, h3, p, tr, li, .note, .slot, .steps, .choice, [role=img], [role=status], [role=alert]";
  const MARKS = [
    [/([\u3400-\u9fff·])[*＊]+(?![*＊\d])/g, "$1某"], // a masked name, as people say it: 李某
    [/(\d)?[*＊]{2,}(?=\d)/g, (_, before) => (before ? `${before}，中间遮住，` : "尾号")], // a masked number
    [/[›×⌫↓＊*▸▾✓]+/g, ""], [/[·|]/g, "，"], [/[〔〕【】「」“”]/g, ""],
    [/\s*，[\s，]*/g, "，"], [/([。？！：；、（])，/g, "$1"], [/，([。？！：；、）])/g, "$1"], [/^[，\s]+|[，\s]+$/g, ""], [/\s+/g, " "],
  ];
  const clean = (text) => MARKS.reduce((said, [mark, instead]) => said.replace(mark, instead), text);
  const boxed = (el) => getComputedStyle(el).display === "contents" || el.checkVisibility({ visibilityProperty: true });
  const shown = (el) => boxed(el) && el.getAttribute("aria-hidden") !== "true" && !el.matches("template, script");
  const inline = (el) => ["inline", "contents"].includes(getComputedStyle(el).display);

  // The words of an element, its blocks apart; ``bare``: without what can be pressed in it
  function text(el, bare = false) {
    if (el.matches("[role=img][aria-label], svg[aria-label]")) return `，${el.getAttribute("aria-label")}，`;
    let said = "";
    for (const node of el.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) said += node.data;
      if (node.nodeType !== Node.ELEMENT_NODE || node.tagName === "svg" && !node.hasAttribute("aria-label")) continue;
      if (node.tagName === "BR") said += "，";
      else if (shown(node) && !(bare && node.matches(CONTROL))) said += inline(node) ? text(node, bare) : `，${text(node, bare)}，`;
    }
    return said;
  }
  const words = (el, bare) => clean(text(el, bare));
  const own = (el) => [...el.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());

  // A row of a table: every cell with the head of its column, the first as the name of the row
  const head = (cell) => {
    const heads = cell.closest("table")?.querySelectorAll("thead th") ?? [];
    return cell.tagName === "TD" && heads[cell.cellIndex] ? words(heads[cell.cellIndex]) : "";
  };
  function row(tr) {
    return [...tr.cells].map((cell, at) => {
      const said = words(cell, true);
      return !said || said === "–" ? "" : at && head(cell) ? `${head(cell)}${said}` : said;
    }).filter(Boolean).join("，");
  }
  const personal = (el) => Boolean(el.closest("[data-personal]") || el.querySelector("[data-personal]"));

  function gather(el, found, label = "") {
    let name = label; // what a control in here belongs to: a fact's name, a row's first cell
    for (const child of el.children) {
      if (!shown(child)) continue;
      const beside = "amount" in child.dataset && child.previousElementSibling; // what the amount is stands before it
      if (child.matches(CONTROL)) found.push({ el: child, acts: true, label: name || (beside ? words(beside, true) : "") });
      else if (child.tagName === "DT") name = words(child);
      else if (child.tagName === "DD") fact(child, found, name);
      else if (child.tagName === "TR") line(child, found);
      else if (!child.querySelector(CONTROL) && (child.matches(WHOLE) || own(child))) heard(child, found, words(child));
      else {
        if (own(child)) heard(child, found, words(child, true));
        gather(child, found, name);
      }
    }
    return found;
  }
  const heard = (el, found, said) => { if (said) found.push({ el, acts: false, said, personal: personal(el) }); };
  function fact(dd, found, name) {
    const said = words(dd, true);
    if (said) heard(dd, found, clean(`${name}，${said}`));
    for (const el of dd.querySelectorAll(CONTROL)) if (shown(el)) found.push({ el, acts: true, label: name });
  }
  function line(tr, found) {
    heard(tr, found, row(tr));
    for (const cell of tr.cells) {
      const name = clean(`${words(tr.cells[0], true)}，${head(cell)}`);
      for (const el of cell.querySelectorAll(CONTROL)) if (shown(el)) found.push({ el, acts: true, label: name });
    }
  }

  // What a control is called: its label, else its words; a digit and an amount are for the ear alone
  function called(el) {
    const label = el.getAttribute("aria-label") ?? (el.labels?.[0] && words(el.labels[0]));
    return clean(label ?? "") || words(el) || clean(el.getAttribute("placeholder") ?? el.title ?? "");
  }
  const fill = (pattern, values) => Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), pattern);

  function state(el, say) {
    const said = [];
    if (el.matches("input, textarea, select")) {
      const value = el.matches("select") ? el.selectedOptions[0]?.text : el.value;
      said.push(say.field, value ? fill(say.value, { value }) : say.empty);
    } else said.push(say.button);
    const pressed = el.getAttribute("aria-pressed") ?? el.getAttribute("aria-expanded") ?? el.getAttribute("aria-selected");
    if (pressed != null) said.push(pressed === "true" ? say.on : say.off);
    if (el.getAttribute("aria-current") && el.getAttribute("aria-current") !== "false") said.push(say.chosen);
    if (el.disabled || el.getAttribute("aria-disabled") === "true") said.push(say.disabled);
    return said;
  }

  // What is said of a stop: stretches of the page {text, personal}, and words of our own as plain texts. say: the words of templates/layouts/_keys.html
  function speech(stop, at, many, say) {
    const place = fill(say.position, { n: at + 1, total: many });
    if ("digit" in stop.el.dataset) { // its place would give it away
      return [{ text: fill(say.digit, { digit: stop.el.dataset.digit }), personal: true }];
    }
    if (!stop.acts) return [{ text: stop.said, personal: stop.personal }, place];
    if ("amount" in stop.el.dataset) return [{ text: stop.label, personal: false }, say.veiled, place];
    const name = called(stop.el);
    const label = stop.label && !name.includes(stop.label) ? [stop.label] : [];
    return [{ text: [...label, name].join("，"), personal: personal(stop.el) }, ...state(stop.el, say), place];
  }

  hall.stops = (root) => gather(root, []);
  hall.speech = speech;
  hall.words = words;
  hall.fill = fill;
})();
