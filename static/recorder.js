/* The recorder of the staff face: microphone to WAV (16 bits, one channel), heard before it is kept. What is recorded
   leaves this page only when somebody presses "keep"; nothing is stored in the browser. */
(() => {
  const form = document.querySelector("[data-recorder]");
  const said = document.querySelector("[data-recorder-said]");
  const part = (name) => form?.querySelector(`[data-${name}]`);
  const LONGEST = 30; // seconds
  let [context, stream, collected, clip] = [null, null, [], null];
  const tell = (words) => { if (said) said.textContent = words; };

  async function play(bytes) {
    context ??= new AudioContext();
    const source = context.createBufferSource();
    source.buffer = await context.decodeAudioData(bytes);
    source.connect(context.destination);
    source.start();
    return source.buffer.duration;
  }
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-listen]");
    if (!button) return;
    const answer = await fetch(button.dataset.listen, { cache: "no-store" });
    if (answer.status !== 200) return tell("现在放不出来");
    tell(`正在放，${(await play(await answer.arrayBuffer())).toFixed(1)} 秒`);
  });
  if (!form) return;

  function wav(samples, rate) {
    const [bytes, text] = [new DataView(new ArrayBuffer(44 + 2 * samples.length)), (at, words) => [...words].forEach((one, add) => bytes.setUint8(at + add, one.charCodeAt(0)))];
    text(0, "RIFF");
    bytes.setUint32(4, 36 + 2 * samples.length, true);
    text(8, "WAVEfmt ");
    bytes.setUint32(16, 16, true);
    bytes.setUint16(20, 1, true);
    bytes.setUint16(22, 1, true);
    bytes.setUint32(24, rate, true);
    bytes.setUint32(28, 2 * rate, true);
    bytes.setUint16(32, 2, true);
    bytes.setUint16(34, 16, true);
    text(36, "data");
    bytes.setUint32(40, 2 * samples.length, true);
    samples.forEach((one, at) => bytes.setInt16(44 + 2 * at, Math.round(Math.max(-1, Math.min(1, one)) * 32767), true));
    return new Blob([bytes], { type: "audio/wav" });
  }
  function able({ record = false, stop = false, mine = false }) {
    part("record").disabled = !record;
    part("stop").disabled = !stop;
    part("listen-mine").disabled = part("keep").disabled = !mine;
  }
  async function begin() {
    able({});
    [collected, clip] = [[], null];
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: true } });
    } catch {
      tell("没有话筒，或没有准许用话筒；可以选文件");
      return able({ record: true });
    }
    context ??= new AudioContext();
    await context.audioWorklet.addModule("/static/recorder_worklet.js");
    const ear = new AudioWorkletNode(context, "ear");
    ear.port.onmessage = ({ data }) => {
      if (!stream) return;
      collected.push(data);
      part("level").value = data.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      if (collected.length * data.length > LONGEST * context.sampleRate) end();
    };
    context.createMediaStreamSource(stream).connect(ear);
    tell("正在录，请念");
    return able({ stop: true });
  }
  function end() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    part("level").value = 0;
    const samples = new Float32Array(collected.reduce((sum, one) => sum + one.length, 0));
    collected.reduce((at, one) => { samples.set(one, at); return at + one.length; }, 0);
    clip = wav(samples, context.sampleRate);
    tell(`录了 ${(samples.length / context.sampleRate).toFixed(1)} 秒，先听一听`);
    able({ record: true, mine: true });
  }
  async function keep() {
    able({});
    const body = new FormData(form);
    body.set("clip", clip, "clip.wav");
    const answer = await fetch(form.action, { method: "POST", body });
    if (answer.ok && answer.redirected) return location.assign(answer.url);
    const words = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main .note, main h1");
    tell(words?.textContent.trim() || "没有存成");
    return able({ record: true, mine: true });
  }
  part("record").addEventListener("click", begin);
  part("stop").addEventListener("click", end);
  part("listen-mine").addEventListener("click", async () => play(await clip.arrayBuffer()));
  part("keep").addEventListener("click", keep);
})();
