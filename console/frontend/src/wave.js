// The picture of a sound: how loud it is along its length, where doubtful words are, and how far it
// was heard. It is for the eye and the mouse; the browser's own player does the same for everybody.

export function drawWave(heard, audio, hear) {
  const canvas = heard.querySelector("canvas.wave");
  if (!canvas) return;
  const draw = (peaks) => () => paint(canvas, peaks, heard, audio);
  fetch(canvas.dataset.peaks).then(async (answer) => {
    if (!answer.ok) return;
    const peaks = new Uint8Array(await answer.arrayBuffer());
    if (!peaks.length) return;
    canvas.hidden = false;
    draw(peaks)();
    heard.addEventListener("heardat", draw(peaks));
    audio.addEventListener("loadedmetadata", draw(peaks));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw(peaks));
    canvas.addEventListener("click", (event) => {
      const share = event.offsetX / canvas.clientWidth;
      hear(share * lengthOf(canvas, audio));
    });
  }).catch(() => {}); // without it there is still the player
}

function lengthOf(canvas, audio) {
  return Number.isFinite(audio.duration) ? audio.duration : Number(canvas.dataset.length);
}

function paint(canvas, peaks, heard, audio) {
  const pen = canvas.getContext("2d");
  const { width, height } = canvas;
  const length = lengthOf(canvas, audio);
  const colour = (name) => getComputedStyle(canvas).getPropertyValue(name);
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = colour("--wave-doubtful");
  for (const word of heard.querySelectorAll(".doubtful[data-at]")) {
    const at = (Number(word.dataset.at) / length) * width;
    pen.fillRect(at, 0, Math.max(2, ((Number(word.dataset.end) - Number(word.dataset.at)) / length) * width), height);
  }
  const played = (audio.currentTime / length) * width;
  const step = width / peaks.length;
  peaks.forEach((peak, number) => {
    const tall = Math.max(1, (peak / 255) * height);
    pen.fillStyle = colour(number * step < played ? "--wave-heard" : "--wave-left");
    pen.fillRect(number * step, (height - tall) / 2, Math.max(1, step - 0.3), tall);
  });
}
