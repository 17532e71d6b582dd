// What the operator hears when it rings: two soft tones, made here.

const TONE_HZ = [440, 523];
const EVERY_MS = 2500;
let context = null;
let timer = 0;

export function ring() {
  stop();
  timer = setInterval(sound, EVERY_MS);
  sound();
}

export function stop() {
  clearInterval(timer);
  timer = 0;
}

function sound() {
  context ??= new AudioContext();
  TONE_HZ.forEach((hz, number) => {
    const at = context.currentTime + number * 0.35;
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.frequency.value = hz;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.2, at + 0.02);
    loudness.gain.linearRampToValueAtTime(0, at + 0.3);
    tone.connect(loudness).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.32);
  });
}
