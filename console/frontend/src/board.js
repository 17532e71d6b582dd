// The board's slider through the last hours, and the screen on the wall that turns by itself. The
// field, the links and a plain reload do the same without this.

import { watchMaps } from "./maps.js";

export function watchBoard() {
  const form = document.querySelector("[data-board-moment]");
  if (form) addSlider(form);
  turn();
}

const HOUR_MS = 3_600_000;
const RETRY_MS = 5_000;

function addSlider(form) {
  const field = form.querySelector("[name=known_at]");
  const hours = Number(form.dataset.hours);
  const latest = local(field.max);
  const slider = document.createElement("input");
  slider.type = "range";
  slider.id = "board-slider";
  slider.min = -hours;
  slider.max = 0;
  slider.step = 1;
  slider.value = field.value ? Math.max(-hours, Math.round((local(field.value) - latest) / HOUR_MS)) : 0;
  const label = document.createElement("label");
  label.htmlFor = slider.id;
  label.textContent = form.dataset.slider;
  const said = () => slider.setAttribute("aria-valuetext", field.value.replace("T", " ") || field.max.replace("T", " "));
  slider.addEventListener("input", () => {
    const back = Number(slider.value);
    field.value = back ? written(latest + back * HOUR_MS) : "";
    said();
  });
  slider.addEventListener("change", () => show(form, field));
  said();
  const box = document.createElement("div");
  box.className = "field slider";
  box.append(label, slider);
  form.append(box);
}

// Times of the province, whatever the clock of this machine thinks: no zone is put to them.
const local = (text) => Date.parse(`${text}Z`);
const written = (ms) => new Date(Math.floor(ms / HOUR_MS) * HOUR_MS).toISOString().slice(0, 16);

let asked = 0;

async function show(form, field) {
  const mine = ++asked;
  const address = field.value ? `${form.action}?known_at=${encodeURIComponent(field.value)}` : form.action;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (mine !== asked) return;
  const elsewhere = answer?.headers.get("HX-Redirect");
  if (elsewhere) return location.assign(elsewhere);
  if (!answer?.ok) return form.requestSubmit();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("board").replaceWith(page.getElementById("board"));
  history.replaceState(null, "", address);
  watchMaps(document.getElementById("board"));
}

// The next page is fetched before this one goes: with the server away the old one stays, and says so.
function turn() {
  const main = document.querySelector("[data-turn]");
  if (!main) return;
  const again = (ms) => setTimeout(async () => {
    const answer = await fetch(main.dataset.turn, { redirect: "follow", cache: "no-store" }).catch(() => null);
    if (answer?.ok) return location.assign(answer.redirected ? answer.url : main.dataset.turn);
    document.getElementById("turn-state").textContent = main.dataset.turnLost;
    again(RETRY_MS);
  }, ms);
  again(Number(main.dataset.turnS) * 1000);
}
