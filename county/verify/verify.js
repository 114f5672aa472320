// Checks the token of a receipt (contract/receipt_token.py says what it holds). Nothing leaves the page: the policy
// allows no request at all. Ed25519 by the browser; by the library that is handed in where the browser has none.
export function start(verifyAsync) {
  const known = JSON.parse(document.getElementById("keys").textContent);
  const shape = new RegExp(
    "^(HALL2\\.([A-Z]{2})\\.([0-9A-Za-z-]{1,24})\\.([0-9]{1,11})([sdu])\\.([0-9]{6,12})\\.([A-Z])\\.([0-9a-f]{16})" +
    "\\.([0-9A-Za-z_-]{0,8})\\.([0-9a-f]{0,2}))\\.([0-9A-Za-z_-]{86})$");
  const words = new TextEncoder();
  const token = document.getElementById("token");
  const number = document.getElementById("number");
  const button = document.getElementById("check");
  const found = document.getElementById("found");

  function bytesOf(text) {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  }

  async function signedBy(kiosk, signature, content) {
    const key = bytesOf(kiosk.public_key);
    try {
      const own = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
      return await crypto.subtle.verify({ name: "Ed25519" }, own, signature, content);
    } catch {
      return await verifyAsync(signature, content, key, { zip215: false });
    }
  }

  async function issuerOf(read) {
    const signature = bytesOf(read[11]);
    const content = words.encode("hall-receipt\n" + read[1]);
    for (const kiosk of known.kiosks) {
      if (kiosk.key_id.startsWith(read[8]) && await signedBy(kiosk, signature, content)) {
        return kiosk;
      }
    }
    return null;
  }

  async function codeOf(text, salt) {
    const raw = await crypto.subtle.importKey("raw", words.encode(text), "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: words.encode("hall-receipt " + salt), iterations: known.rounds };
    const bits = new Uint8Array(await crypto.subtle.deriveBits(how, raw, 256));
    return bits[0].toString(16).padStart(2, "0");
  }

  function put(tag, text, parent, name) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) { made.className = name; }
    parent.append(made);
    return made;
  }

  function note(mood, title, ...lines) {
    const box = put("div", "", found, "note " + mood);
    put("h2", title, box);
    for (const line of lines) { put("p", line, box); }
    return box;
  }

  function timeOf(read) {
    const at = new Date(Number(read[4]) * 1000);
    const local = at.toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });
    return local + (read[5] === "s" ? "" : "（机器的钟不准，时间待核）");
  }

  function facts(read, kiosk, box) {
    const rows = [
      ["办什么", known.kinds[read[2]] || "本页不认得的业务，请换新的一页"], ["结果", known.results[read[7]] || "本页不认得，请换新的一页"],
      ["编号", read[3]], ["时间", timeOf(read)], ["机器", kiosk.name + "（" + read[6] + "）"],
    ];
    const list = put("dl", "", box);
    for (const [label, value] of rows) { put("dt", label, list); put("dd", value, list); }
  }

  async function whose(read) {
    const wanted = number.value.normalize("NFKC").replace(/\s/g, "").toUpperCase();
    if (!wanted) { return; }
    if (!/^[0-9]{17}[0-9X]$/.test(wanted)) {
      note("wait", "证件号要十八位", "请对着证件再填一次。");
    } else if (!read[10]) {
      note("wait", "这张凭条上没有写是谁的");
    } else if (await codeOf(wanted, read[9]) === read[10]) {
      note("good", "和这个证件号对得上", "二百五十六人里也会有一个碰巧对得上，请再对姓名和后四位。");
    } else {
      note("stop", "不是这个证件号的凭条");
    }
  }

  async function tell() {
    found.replaceChildren();
    const text = token.value.replace(/\s/g, "");
    const read = shape.exec(text.slice(text.lastIndexOf("#") + 1));
    if (!read) {
      note("stop", "这不是办事凭条上的码", "请把码扫全；岗位信息上的码不能在这里核对。");
      return;
    }
    if (!globalThis.crypto || !crypto.subtle) {
      note("wait", "这个浏览器现在算不了", "请用 https 打开，或下载这一页再打开。");
      return;
    }
    const kiosk = await issuerOf(read);
    if (!kiosk) {
      note("stop", "不能确认是真的", "不是本页认得的机器开的，或者被改过。", "新装的机器要用新的一页核对；还不行，请到窗口问。");
      return;
    }
    if (kiosk.until && Number(read[4]) * 1000 >= Date.parse(kiosk.until)) {
      facts(read, kiosk, note("stop", "不能算数", "开这张凭条的时候，这台机器的密钥已经停用。"));
      return;
    }
    facts(read, kiosk, note("good", "是真的，没有改过", "纸上写的应当和下面一样。"));
    await whose(read);
  }

  async function check(event) {
    event?.preventDefault();
    button.disabled = true;
    try {
      await tell();
    } catch {
      found.replaceChildren();
      note("wait", "这个浏览器算不了", "请换一个浏览器，或到大厅核对。");
    } finally {
      button.disabled = false;
    }
  }

  document.getElementById("ask").addEventListener("submit", check);
  token.addEventListener("keydown", (event) => { if (event.key === "Enter") { check(event); } });
  if (location.hash.includes("HALL2.")) {
    token.value = location.hash.slice(1);
    check();
  }
}
