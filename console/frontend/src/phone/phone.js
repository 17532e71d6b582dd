// The telephone's page: what the line tells is shown, what is pressed goes to the line or the server.
import { asked } from "../asking.js";
import { forgetDraft } from "../drafts.js";
import { tell } from "../toasts.js";
import * as bell from "./bell.js";
import { Line } from "./line.js";
import { keepFresh, refresh, show, wasSent } from "./parts.js";

const EDITABLE = "input, select, textarea, [contenteditable]";
const TYPING_MS = 1000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const page = document.getElementById("phone");
const words = JSON.parse(page.dataset.say);
const title = document.title;
const find = (name) => document.getElementById(`phone-${name}`);
let wanted = find("state").dataset.duty; // what the operator said last; Asterisk may forget it
let clock = 0;
let deafUntil = 0; // single keys do nothing so long: they were meant for a field
let opening = ""; // which opening of our telephone is this page's
let pause = FIRST_PAUSE_MS;

const line = new Line({
  open() {
    state("open");
    pause = FIRST_PAUSE_MS;
    if (wanted !== "away" && find("state").dataset.duty !== wanted) setDuty(wanted);
  },
  lost: () => state("lost"),
  // Opened elsewhere, or forgotten by a switchboard that began anew: the server knows which.
  refused: () => openAgain(),
  rings() {
    shown("rings", ["answer", "hang-up"]);
    document.title = `● ${words.phone_rings}`;
    bell.ring();
    refresh(page);
    // Whoever types in a field goes on typing: the bell and the title tell.
    if (document.activeElement?.matches(EDITABLE)) deafUntil = Date.now() + TYPING_MS;
    else find("buttons").querySelector("[data-do=answer]").focus();
  },
  talking() {
    bell.stop();
    deafUntil = 0;
    const since = Date.now();
    clearInterval(clock);
    clock = setInterval(() => elapsed(since), 1000);
    shown("talking", ["hold", "mute", "hang-up"]);
    find("keys").hidden = false;
    refresh(page);
    // Whoever has talked writes it up first: the next call waits for "ready".
    setDuty("after_call");
  },
  ended() {
    bell.stop();
    clearInterval(clock);
    find("sound").srcObject = null;
    find("keys").hidden = true;
    shown("idle", []);
    refresh(page);
  },
  changed() {
    const { session } = line;
    const held = session.isOnHold().local;
    const muted = Boolean(session.isMuted().audio);
    pressed("hold", held);
    pressed("mute", muted);
    say(held ? "on_hold" : muted ? "muted" : "talking");
  },
  sound(stream) {
    find("sound").srcObject = stream;
    find("sound").play().catch(() => {}); // it plays by itself once somebody has touched the page
  },
});

const doing = {
  answer: () => line.answer(),
  hold: () => line.hold(),
  mute: () => line.mute(),
  "hang-up": () => line.hangUp(),
};

function state(name) {
  find("line").textContent = words[`phone_line_${name}`];
  page.dataset.state = name;
}

function say(name) {
  find("talk").textContent = words[`phone_${name}`];
  page.dataset.talk = name;
}

function shown(name, buttons) {
  say(name);
  document.title = title;
  for (const each of find("buttons").querySelectorAll("[data-do]")) {
    each.hidden = !buttons.includes(each.dataset.do);
  }
  pressed("hold", false);
  pressed("mute", false);
}

function pressed(name, on) {
  find("buttons").querySelector(`[data-do=${name}]`)?.setAttribute("aria-pressed", String(on));
}

function elapsed(since) {
  const seconds = Math.round((Date.now() - since) / 1000);
  document.title = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} ${title}`;
}

const post = (address, body) => asked(address, { method: "POST", body });

// One after the other: what was pressed last is to hold.
let sending = Promise.resolve();
function send(address, body, taken = () => {}) {
  sending = sending.then(() => sendNow(address, body, taken)).catch(() => {
    tell(document.body.dataset.lost, true);
    return false;
  });
  return sending;
}

// The server answers with the whole page: its parts are taken, and what it says.
async function sendNow(address, body, taken) {
  let answer;
  try {
    answer = await post(address, body);
  } catch {
    tell(document.body.dataset.lost, true);
    return false;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const came = fresh.getElementById("phone");
  const done = answer.ok && Boolean(came) && !answer.headers.has("HX-Redirect");
  if (done) taken();
  if (came) show(page, came);
  const said = fresh.querySelector("#toasts .toast");
  if (said) tell(said.textContent, !done);
  else if (!done) tell(words.phone_not_sent, true);
  return done;
}

function setDuty(duty) {
  const body = new FormData();
  body.set("duty", duty);
  wanted = duty;
  return send(page.dataset.setDuty, body);
}

async function openLine() {
  state("opening");
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    stream.getTracks().forEach((track) => track.stop());
  } catch {
    state("no_microphone");
    return;
  }
  const body = new FormData();
  if (opening) body.set("opening", opening);
  let access;
  try {
    access = await (await post(page.dataset.line, body)).json();
  } catch {
    access = { away: true };
  }
  if (access.taken) state("taken");
  else if (access.away) openAgain();
  else {
    ({ opening } = access);
    line.open(access);
  }
}

// With growing pauses; a talk that goes on is not cut off for it.
function openAgain() {
  state("lost");
  setTimeout(() => {
    if (line.session) {
      openAgain();
      return;
    }
    line.close();
    openLine();
  }, pause);
  pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
}

function listen() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do], [data-digit]");
    if (!button || !page.contains(button)) return;
    if (button.dataset.digit) line.press(button.dataset.digit);
    else doing[button.dataset.do]();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, dialog")) return;
    if (Date.now() < deafUntil && event.key.length === 1) return;
    const button = page.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button || button.hidden || button.disabled) return;
    event.preventDefault();
    event.stopPropagation();
    button.click();
  }, true);
  page.addEventListener("submit", (event) => {
    if ("whole" in event.target.dataset) return;
    event.preventDefault();
    event.stopPropagation(); // what was sent is told below
    const { submitter, target: form } = event;
    const duty = submitter?.name === "duty" ? submitter.value : null;
    if (duty) wanted = duty;
    const address = submitter?.getAttribute("formaction") ?? form.action;
    const texts = [...form.querySelectorAll("textarea")].map((field) => [field, field.value]);
    submitter?.blur();
    send(address, new FormData(form, submitter), () => {
      // What was typed on meanwhile is still to be sent.
      if (texts.some(([field, text]) => field.value !== text)) return;
      for (const [field] of texts) field.value = field.defaultValue;
      forgetDraft(form);
      wasSent(form);
    });
  });
  addEventListener("pagehide", () => line.leave());
  addEventListener("beforeunload", (event) => {
    if (line.session) event.preventDefault();
  });
}

listen();
keepFresh(page, (lost) => tell(lost ? document.body.dataset.lost : words.phone_line_open, lost));
if (!page.dataset.desk) {
  // One tab has the telephone: a second one would take the call away from the first.
  if (!navigator.locks) state("no_microphone");
  else {
    const waits = setTimeout(() => state("elsewhere"), 1500); // a reload is quicker than that
    navigator.locks.request("hotline telephone", () => {
      clearTimeout(waits);
      openLine();
      return new Promise(() => {}); // until this tab is closed
    });
  }
}
