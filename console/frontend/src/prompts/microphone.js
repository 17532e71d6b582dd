// A recording as WAV, with nothing between the microphone and us. A MediaRecorder would give WebM or
// MP4, each browser its own, which a server reads only with another codec; and it squeezes.

export class Denied extends Error {}

export async function openMicrophone(workletAddress, heard) {
  let stream;
  try {
    // What helps in a conference (echo, noise, level) damages a voice that is recorded.
    const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    stream = await navigator.mediaDevices.getUserMedia({ audio: { ...plain, channelCount: 1 } });
  } catch (error) {
    throw new Denied(error.name);
  }
  const context = new AudioContext();
  const close = () => {
    for (const track of stream.getTracks()) track.stop();
    return context.close();
  };
  let node;
  try {
    await context.audioWorklet.addModule(workletAddress);
    node = new AudioWorkletNode(context, "taker", { numberOfOutputs: 0 });
  } catch (error) {
    await close(); // or the browser would show an open microphone until the page is left
    throw error;
  }
  const source = context.createMediaStreamSource(stream);
  const pieces = [];
  let ended;
  const all = new Promise((resolve) => (ended = resolve));
  node.port.onmessage = ({ data }) => {
    if (data === null) return ended();
    pieces.push(data);
    heard(data, pieces.reduce((sum, piece) => sum + piece.length, 0) / context.sampleRate);
  };
  source.connect(node);
  return {
    async stop() {
      node.port.postMessage("rest");
      await all;
      source.disconnect();
      const rate = context.sampleRate;
      await close();
      return { samples: joined(pieces), rate };
    },
  };
}

export function loudest(samples) {
  return samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

// 16 bits, one channel.
export function wav({ samples, rate }) {
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const text = (at, letters) => [...letters].forEach((l, i) => view.setUint8(at + i, l.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((value, index) => {
    view.setInt16(44 + 2 * index, Math.round(Math.max(-1, Math.min(1, value)) * 32767), true);
  });
  return new Blob([view], { type: "audio/wav" });
}

function joined(pieces) {
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
