// Listening to prompts, and recording them.
import { TYPED } from "../typed.js";
import { watchRecorder } from "./recorder.js";

const players = () => [...document.querySelectorAll("audio")];

// One voice at a time.
document.addEventListener(
  "play",
  (event) => players().filter((each) => each !== event.target).forEach((each) => each.pause()),
  true,
);

const box = document.querySelector("[data-recorder]");
if (box) watchRecorder(box);

// A browser may want a click first; the player is there all the same.
document.querySelector("audio[data-aloud]")?.play().catch(() => {});

const KEYS = {
  1: () => compared(0),
  2: () => compared(1),
  r: () => box?.querySelector("[data-take]"),
  t: () => document.querySelector("[data-next]"),
};

function compared(place) {
  const audio = document.querySelectorAll("[data-compare] > div")[place]?.querySelector("audio");
  if (!audio) return null;
  if (audio.paused) {
    audio.currentTime = 0;
    audio.play();
  } else audio.pause();
  return audio;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest(TYPED)) return;
  const found = KEYS[event.key]?.();
  if (!found) return;
  event.preventDefault();
  if (!(found instanceof HTMLMediaElement)) found.click();
});
