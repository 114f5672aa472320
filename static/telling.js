/* Telling: hall.telling.tell(...) says something to whoever uses the four keys (keys.js), by the voice (voice.js); what comes
   later cuts off what is being said. The last sentences are kept for tests and nobody else, until forget(), with the visit. */
(() => {
  const hall = (window.hall ??= {});
  const KEPT = 300;
  const SETTLE = 120; // ms: who presses on quickly hears the last stop only
  let [log, telling] = [[], 0];

  // A text of our own words, or stretches {text, personal} of the page; each stretch is judged by itself (/voice/say)
  function tell(...said) {
    const parts = [];
    for (const one of said.flat()) {
      const part = typeof one === "string" ? { text: one, personal: false, ours: true } : one;
      if (part.text && part.ours && parts.at(-1)?.ours) parts.at(-1).text += joint(parts.at(-1).text) + part.text;
      else if (part.text) parts.push({ ...part });
    }
    const text = parts.reduce((all, part) => all + (all && joint(all)) + part.text, "");
    log = [...log, { parts, text, at: (log.at(-1)?.at ?? 0) + 1 }].slice(-KEPT);
    hall.hush?.();
    clearTimeout(telling);
    const from = hall.whose?.(); // the page may be another when it is said
    telling = setTimeout(() => Promise.resolve(hall.say?.(parts, { force: true, from })).catch(() => undefined), SETTLE);
  }
  const joint = (text) => (/[。？！：，；]$/.test(text) ? "" : "，");

  const forget = () => { log = []; };
  hall.telling = { tell, forget, get log() { return log; } };
})();
