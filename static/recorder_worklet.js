/* Hands every block of the microphone to the page that records (recorder.js). */
registerProcessor("ear", class extends AudioWorkletProcessor {
  process([input]) {
    if (input[0]) this.port.postMessage(input[0].slice());
    return true;
  }
});
