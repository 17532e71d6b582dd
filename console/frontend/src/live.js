// The live view: what has changed on the server replaces what is on the page. It reads the stream by
// fetch, not by EventSource, which tells neither why it was refused nor that a line has gone dead.

const RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 15_000;
const AGAIN_MS = 200;
const FULL_RETRY_MS = 10_000;
// The server says something every five seconds, whatever happens.
const DEAD_MS = 12_000;
const BACK_MS = 5_000; // so long it says that it is back
const TICK_MS = 1_000;

let root = null;
let position = "";
let ahead_ms = 0; // of our clock, the server's

export function watchLive() {
  root = document.querySelector("[data-live]");
  if (!root) return;
  position = root.dataset.position;
  ahead_ms = new Date(root.dataset.now) - Date.now();
  setInterval(tick, TICK_MS);
  tick();
  stay();
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Whoever has too many windows open looks at one of them: that one goes on.
function somebody() {
  return new Promise((resolve) => {
    const done = new AbortController();
    const found = (event) => {
      if (event.type === "visibilitychange" && document.hidden) return;
      done.abort();
      resolve();
    };
    for (const sign of ["visibilitychange", "keydown", "pointerdown"]) {
      document.addEventListener(sign, found, { signal: done.signal });
    }
  });
}

async function stay() {
  let pause_ms = RETRY_MS;
  let was = "connecting";
  for (;;) {
    let ended;
    try {
      ended = await follow(() => {
        pause_ms = RETRY_MS;
        if (was === "on") return;
        say(was === "connecting" ? "on" : "back");
        was = "on";
        setTimeout(() => was === "on" && say("on"), BACK_MS);
      });
    } catch {
      ended = "lost";
    }
    if (ended === "gone") return;
    if (ended === "again") {
      await pause(AGAIN_MS);
      continue;
    }
    was = ended;
    say(ended);
    if (ended === "displaced") {
      await somebody();
      continue;
    }
    await pause(ended === "full" ? FULL_RETRY_MS : pause_ms);
    pause_ms = Math.min(LONGEST_RETRY_MS, pause_ms * 1.5);
  }
}

// One stream, to its end; what the end means.
async function follow(onNews) {
  const breaker = new AbortController();
  let dead = setTimeout(() => breaker.abort(), DEAD_MS);
  try {
    const answer = await fetch(root.dataset.live, {
      headers: { "HX-Request": "true", "Last-Event-ID": position },
      cache: "no-store",
      signal: breaker.signal,
    });
    if (answer.headers.has("HX-Redirect")) return leave(answer.headers.get("HX-Redirect"));
    if (answer.status === 503 && (await answer.text()) === "full") return "full";
    if (answer.status === 403) return leave(location.href);
    if (!answer.ok) return "lost";
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return "lost";
      clearTimeout(dead);
      dead = setTimeout(() => breaker.abort(), DEAD_MS);
      text += value;
      let end;
      while ((end = text.indexOf("\n\n")) >= 0) {
        const meaning = take(text.slice(0, end));
        text = text.slice(end + 2);
        if (meaning === "again" || meaning === "displaced") return meaning;
        if (meaning === "over") return leave(location.href);
        onNews();
      }
    }
  } finally {
    clearTimeout(dead);
    breaker.abort();
  }
}

function leave(where) {
  location.assign(where);
  return "gone";
}

function take(block) {
  const fields = {};
  for (const line of block.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 2);
  }
  if (fields.id) position = fields.id;
  if (fields.event === "state" || fields.event === "change") {
    show(JSON.parse(fields.data), fields.event === "state");
  }
  return fields.event;
}

function show({ now, put, gone }, whole) {
  ahead_ms = new Date(now) - Date.now();
  const calls = document.getElementById("live-calls");
  for (const [key, html] of put) {
    const made = document.createElement("template");
    made.innerHTML = html;
    const fresh = made.content.firstElementChild;
    const old = document.getElementById(fresh.id);
    if (old) replace(old, fresh);
    else if (key.startsWith("call-")) calls?.append(fresh);
  }
  for (const key of gone) document.getElementById(`live-${key}`)?.remove();
  if (whole && calls) {
    const there = new Set(put.map(([key]) => `live-${key}`));
    for (const row of [...calls.children]) if (!there.has(row.id)) row.remove();
  }
  tick();
}

// Whoever stands on a link in it goes on standing there.
function replace(old, fresh) {
  const at = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  old.replaceWith(fresh);
  if (at) [...fresh.querySelectorAll("a")].find((each) => each.getAttribute("href") === at)?.focus();
}

function say(what) {
  const state = document.getElementById("live-state");
  if (state.dataset.is === what) return;
  state.dataset.is = what;
  state.textContent = JSON.parse(state.dataset.states)[what] ?? "";
}

function tick() {
  const now = Date.now() + ahead_ms;
  for (const each of root.querySelectorAll("[data-since]")) {
    const text = span(Math.max(0, now - new Date(each.dataset.since)));
    if (each.textContent !== text) each.textContent = text;
  }
  const clock = root.querySelector("[data-clock]");
  if (clock) clock.textContent = new Date(now).toLocaleTimeString("vi", { timeZone: clock.dataset.clock, hour: "2-digit", minute: "2-digit" });
}

function span(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
