// Single keys, as the help page lists them. They rest while somebody types, and in the dialog.
import { alertKey } from "./alerts.js";
import { asked } from "./asking.js";
import { close, isOpen, open } from "./dialog.js";
import { watchDrafts } from "./drafts.js";
import { bulkField, dropPicks, pick, picked } from "./picks.js";
import { watchPlaces } from "./places.js";
import { editWords, playerKey } from "./player.js";
import { currentRow, step } from "./rows.js";
import { TYPED } from "./typed.js";

const FORMS = { a: "assign", c: "category", p: "place", s: "status", d: "duplicate" };
const PLAYER = new Set([" ", "ArrowLeft", "ArrowRight", ",", "."]);
const OF_ALL = { a: "agency", c: "category", s: "status" };

export function watchKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isOpen()) return;
    if (event.target.closest(TYPED)) {
      // Out of a field, to where keys mean something; what was typed stays.
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.target.blur();
      event.preventDefault();
      return;
    }
    if (act(event.key, event.target)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) close();
    const help = event.target.closest("[data-keys-help]");
    if (help) {
      event.preventDefault();
      showHelp(help.href);
    }
  });
}

function act(key, target) {
  if (alertKey(key)) return true;
  if (PLAYER.has(key)) return playerKey(key, target);
  if (key === "e") return editWords();
  if (key === "?") return showHelp(document.querySelector("[data-keys-help]").href);
  if (key === "/") return focus(document.querySelector("input[type=search]"));
  if (key === "j") return step(1) ?? true;
  if (key === "k") return step(-1) ?? true;
  if (key === "x" || key === "X") return pick(key === "X");
  if (key === "Escape") return dropPicks();
  if (picked() && key in OF_ALL) return focus(bulkField(OF_ALL[key]));
  if (key === "u") return press(document.querySelector(".undo button"));
  if (key === "n") return press(document.querySelector("[data-new]"));
  if (key === "l") return press(document.querySelector("[data-back]"));
  if (key === "Enter") return document.activeElement === document.body && press(currentRow()?.querySelector("a"));
  if (key >= "1" && key <= "9") return accept(key);
  if (key in FORMS) return showForm(FORMS[key]);
  return false;
}

function press(element) {
  element?.click();
  return Boolean(element);
}

function focus(element) {
  element?.focus();
  return Boolean(element);
}

async function part(address, selector) {
  const answer = await asked(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(selector);
}

function showHelp(address) {
  part(address, "#keys").then((found) => {
    if (!found) return;
    found.querySelector("h1").id = "dialog-title";
    open(found, closeButton());
  });
  return true;
}

// On a report's page the proposal itself; in the list, that of the current row's report.
function accept(number) {
  if (document.getElementById("report")) return press(document.querySelector(`[data-accept="${number}"]`));
  const row = currentRow();
  if (!row) return false;
  part(row.querySelector("a").href, `form:has([data-accept="${number}"])`).then((form) => {
    if (!form) return;
    form.setAttribute("hx-post", form.getAttribute("action"));
    form.setAttribute("hx-swap", "none");
    form.hidden = true;
    document.getElementById("dialog-body").replaceChildren(form);
    window.htmx.process(form);
    form.requestSubmit();
  });
  return true;
}

// On a report's page its own form is opened; in the list, the same form in the dialog.
function showForm(name) {
  const here = document.getElementById(`form-${name}`);
  if (here) {
    here.open = true;
    here.querySelector("select, textarea, input:not([type=hidden]), button").focus();
    return true;
  }
  const row = currentRow();
  if (!row) return false;
  part(row.querySelector("a").href, `#form-${name}`).then((found) => {
    if (!found) return;
    const form = found.querySelector("form");
    const title = document.createElement("h2");
    title.id = "dialog-title";
    title.textContent = `${found.querySelector("summary").textContent}: ${row.querySelector("a").textContent}`;
    form.setAttribute("hx-post", form.getAttribute("action"));
    form.setAttribute("hx-swap", "none");
    form.querySelector(".buttons").append(closeButton());
    open(title, form);
    window.htmx.process(form);
    watchPlaces(form);
    watchDrafts(form);
  });
  return true;
}

function closeButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second";
  button.dataset.close = "";
  button.textContent = document.body.dataset.close;
  return button;
}
