// Hands on what the microphone gives, as it is: in pieces of a quarter of a second or so.
const SIZE = 8192;

class Taker extends AudioWorkletProcessor {
  piece = new Float32Array(SIZE);
  filled = 0;

  process([input]) {
    const heard = input[0];
    if (!heard) return true;
    for (const value of heard) {
      this.piece[this.filled++] = value;
      if (this.filled === SIZE) this.hand(SIZE);
    }
    return true;
  }

  constructor() {
    super();
    this.port.onmessage = () => {
      this.hand(this.filled);
      this.port.postMessage(null);
    };
  }

  hand(count) {
    this.port.postMessage(this.piece.slice(0, count));
    this.filled = 0;
  }
}

registerProcessor("taker", Taker);
