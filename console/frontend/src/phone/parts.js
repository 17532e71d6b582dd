// The parts of the page that come from the server: the state, the story, colleagues. A part is put in
// anew where it has changed, but not under the hands of somebody who is typing in it: unless it is
// about another call by now. What was typed for the former one then waits in a place of its own.
import { asked } from "../asking.js";
import { watchDrafts } from "../drafts.js";

const KEPT = "[data-keep]";
const EVERY_MS = 2000;

export function show(page, fresh) {
  const known = new Map([...page.children].filter((each) => each.id).map((each) => [each.id, each]));
  const coming = [...fresh.querySelectorAll("[id]")].filter((each) => isPart(each, fresh));
  let before = null;
  for (const part of coming) {
    const here = known.get(part.id);
    known.delete(part.id);
    if (!here) before ? before.after(part) : page.prepend(part);
    else if (!here.matches(KEPT) && isAnother(here, part)) replace(here, part);
    else if (!here.matches(KEPT) && here.innerHTML !== part.innerHTML && !isTypedIn(here)) {
      replace(here, part);
    }
    before = document.getElementById(part.id);
  }
  for (const [id, gone] of known) {
    if (!id.startsWith("phone-") || gone.matches(KEPT)) continue;
    setAside(gone);
    gone.remove();
  }
  watchDrafts(page);
  takeBack(page);
}

// After a note was taken: its form is empty, or gone where it had been set aside.
export function wasSent(form) {
  const unsent = form.closest("#phone-unsent");
  if (!unsent) return;
  form.remove();
  unsent.hidden = !unsent.querySelector("form");
}

function replace(here, part) {
  const focused = here.contains(document.activeElement) ? document.activeElement : null;
  if (isAnother(here, part)) setAside(here);
  const isAside = focused && !here.contains(focused);
  here.replaceWith(part);
  if (isAside) focused.focus();
  else if (focused) sameField(part, focused)?.focus();
}

function isAnother(here, part) {
  return (here.dataset.about ?? "") !== (part.dataset.about ?? "");
}

function sameField(part, field) {
  if (field.id) return part.querySelector(`#${CSS.escape(field.id)}`);
  if (!field.name) return null;
  const named = `[name="${CSS.escape(field.name)}"]`;
  return part.querySelector(field.matches("button") ? `${named}[value="${CSS.escape(field.value)}"]` : named);
}

function setAside(part) {
  const unsent = document.getElementById("phone-unsent");
  for (const field of part.querySelectorAll("form[data-draft] textarea")) {
    if (field.value === field.defaultValue) continue;
    const { form, selectionStart, selectionEnd } = field;
    form.querySelector(`label[for="${CSS.escape(field.id)}"]`)?.setAttribute("for", `unsent-${field.id}`);
    field.id = `unsent-${field.id}`;
    unsent.append(form);
    unsent.hidden = false;
    field.setSelectionRange(selectionStart, selectionEnd);
  }
}

// The same report is there again: its note goes on where it was begun.
function takeBack(page) {
  for (const form of page.querySelectorAll("#phone-unsent form")) {
    const back = page.querySelector(`#phone-about form[data-draft="${CSS.escape(form.dataset.draft)}"]`);
    if (!back || form.contains(document.activeElement)) continue;
    back.querySelector("textarea").value = form.querySelector("textarea").value;
    wasSent(form);
  }
}

export async function refresh(page) {
  const answer = await asked(page.dataset.now);
  if (!answer.ok) return;
  show(page, new DOMParser().parseFromString(await answer.text(), "text/html").body);
}

export function keepFresh(page, told) {
  let lost = false;
  setInterval(async () => {
    try {
      await refresh(page);
      if (lost) told(false);
      lost = false;
    } catch {
      if (!lost) told(true);
      lost = true;
    }
  }, EVERY_MS);
}

function isPart(part, fresh) {
  return part.id.startsWith("phone-") && !part.parentElement.closest("[id^=phone-]")
    && (part.parentElement === fresh || part.parentElement.id === "phone");
}

function isTypedIn(part) {
  const field = document.activeElement;
  if (part.contains(field) && field.matches("input, select, textarea")) return true;
  return [...part.querySelectorAll("textarea")].some((each) => each.value !== each.defaultValue)
    || [...part.querySelectorAll("select")].some(isChosen);
}

function isChosen(field) {
  const before = [...field.options].findIndex((each) => each.defaultSelected);
  return field.selectedIndex !== Math.max(before, 0);
}
