// A recording's sound and its words together: the picture of the sound, the word that is heard, and
// both ways from one to the other.
import { drawWave } from "./wave.js";

const SEEK_S = 3;
let last = null;

const players = () => [...document.querySelectorAll("#report .heard")].filter((each) => each.querySelector("audio"));
const words = (heard) => [...heard.querySelectorAll(".said [data-at]")];
const current = () => (last?.isConnected ? last : players()[0]);

export function followWords(root) {
  for (const heard of root.querySelectorAll(".heard")) {
    const audio = heard.querySelector("audio");
    if (!audio) continue;
    heard.addEventListener("click", (event) => {
      const word = event.target.closest(".said [data-at]");
      if (word) hear(heard, Number(word.dataset.at));
    });
    audio.addEventListener("play", () => {
      last = heard;
      for (const other of players()) if (other !== heard) other.querySelector("audio").pause();
      follow(heard, audio);
    });
    audio.addEventListener("seeked", () => show(heard, audio));
    drawWave(heard, audio, (at) => hear(heard, at));
  }
  watchProposals(root);
}

// Whether the key was one of the player's.
export function playerKey(key, target) {
  const heard = current();
  if (!heard) return false;
  const audio = heard.querySelector("audio");
  if (key === " ") {
    if (target.closest("button, a, summary, audio, input, [tabindex='0']")) return false;
    if (audio.paused) play(audio);
    else audio.pause();
  } else if (key === "ArrowLeft" || key === "ArrowRight") {
    if (target.closest("audio")) return false;
    audio.currentTime = Math.max(0, audio.currentTime + (key === "ArrowLeft" ? -SEEK_S : SEEK_S));
  } else return doubtful(heard, audio, key === "," ? -1 : 1);
  last = heard;
  return true;
}

export function editWords() {
  const form = current()?.querySelector("details") ?? document.querySelector(".heard details");
  if (!form) return false;
  form.open = true;
  form.querySelector("textarea").focus();
  return true;
}

function doubtful(heard, audio, way) {
  const found = words(heard).filter((word) => word.classList.contains("doubtful"));
  if (!found.length) return false;
  const at = found.findIndex((word) => word.classList.contains("here"));
  const next = found[at < 0 ? (way > 0 ? 0 : found.length - 1) : (at + way + found.length) % found.length];
  for (const word of found) word.classList.toggle("here", word === next);
  next.scrollIntoView({ block: "nearest" });
  hear(heard, Number(next.dataset.at));
  return true;
}

function hear(heard, at) {
  const audio = heard.querySelector("audio");
  last = heard;
  const start = () => {
    audio.currentTime = at;
    play(audio);
  };
  if (audio.readyState > 0) start();
  else {
    audio.addEventListener("loadedmetadata", start, { once: true });
    audio.load();
  }
}

// A key that stops what has hardly begun is no failure; a sound that cannot be had, the player shows.
function play(audio) {
  audio.play().catch(() => {});
}

function follow(heard, audio) {
  show(heard, audio);
  if (!audio.paused && !audio.ended) requestAnimationFrame(() => follow(heard, audio));
}

function show(heard, audio) {
  const now = audio.currentTime;
  for (const word of words(heard)) {
    const spoken = now >= Number(word.dataset.at) && now < Number(word.dataset.end);
    word.classList.toggle("now", spoken && now > 0);
  }
  heard.dispatchEvent(new CustomEvent("heardat"));
}

// A proposal shows the words that it was made from.
function watchProposals(root) {
  for (const proposal of root.querySelectorAll(".proposal[data-told]")) {
    const light = (on) => {
      for (const word of document.querySelectorAll(".said [data-told]")) {
        if (word.dataset.told.split(" ").includes(proposal.dataset.told)) word.classList.toggle("lit", on);
      }
    };
    for (const name of ["mouseenter", "focusin"]) proposal.addEventListener(name, () => light(true));
    for (const name of ["mouseleave", "focusout"]) proposal.addEventListener(name, () => light(false));
  }
}
