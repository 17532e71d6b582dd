// Deadlines count down while the list lies open, in the page's own words.

const EVERY_MS = 30_000;
const DAY_S = 86_400;
const HOUR_S = 3_600;

export function countDown() {
  setInterval(() => document.querySelectorAll("[data-due]").forEach(tell), EVERY_MS);
}

function say(key, values) {
  const words = JSON.parse(document.body.dataset.words)[key];
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function tell(badge) {
  const left = (new Date(badge.dataset.due) - Date.now()) / 1000;
  badge.textContent = say(left < 0 ? "overdue_by" : "due_in", { time: span(Math.abs(left)) });
  badge.classList.toggle("due-late", left < 0);
  badge.classList.toggle("due-soon", left >= 0 && left < DAY_S);
  badge.classList.toggle("due-later", left >= DAY_S);
}

function span(seconds) {
  if (seconds >= 2 * DAY_S) return say("days", { count: Math.floor(seconds / DAY_S) });
  if (seconds >= HOUR_S) return say("hours", { count: Math.floor(seconds / HOUR_S) });
  return say("minutes", { count: Math.floor(seconds / 60) });
}
