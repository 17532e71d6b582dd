// Who else has a report open. A page tells that it is open, and of what it hears; nobody is kept out.
import { asked } from "./asking.js";

const EVERY_MS = 15_000;

export function watchPresence() {
  const report = document.querySelector("#report[data-beats]");
  if (report) stay(report);
  else if (document.querySelector("[data-presences]")) setInterval(look, EVERY_MS);
}

function stay(report) {
  const address = report.dataset.beats;
  // Another tab with the same report is another page: each says good-bye for itself.
  const page = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const say = async (doing, more = {}) => {
    const body = new URLSearchParams({ doing, page });
    const answer = await asked(address, { beside: true, method: "POST", body, ...more }).catch(() => null);
    if (answer?.ok && doing !== "left") show(report, await answer.json());
  };
  const beat = () => {
    if (!document.hidden) say(typed() ? "editing" : "looking");
  };
  let editing = false;
  document.addEventListener("input", () => {
    if (editing || !typed()) return;
    editing = true;
    beat();
  });
  addEventListener("pagehide", () => say("left", { keepalive: true }));
  addEventListener("pageshow", beat);
  document.addEventListener("visibilitychange", beat);
  setInterval(beat, EVERY_MS);
}

function typed() {
  const fields = "textarea, select, input:not([type=hidden])";
  return [...document.querySelectorAll(`#report :is(${fields})`)].some((field) => field.value !== before(field));
}

function before(field) {
  if (field.tagName !== "SELECT") return field.defaultValue;
  const options = [...field.options];
  return (options.find((option) => option.defaultSelected) ?? options[0])?.value ?? "";
}

function show(report, { there, version }) {
  const place = document.getElementById("there");
  if (place.textContent !== there) place.textContent = there;
  const newer = document.getElementById("newer");
  newer.hidden = version <= Number(report.dataset.version);
}

async function look() {
  const list = document.querySelector("[data-presences]");
  if (document.hidden || !list) return;
  const answer = await asked(list.dataset.presences, { beside: true }).catch(() => null);
  if (!answer?.ok) return;
  const there = await answer.json();
  for (const place of document.querySelectorAll(".presence")) {
    const told = there[place.dataset.reference] ?? "";
    if (place.textContent !== told) place.textContent = told;
  }
}
