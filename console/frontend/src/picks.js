// Several rows of the list are picked, by `x`, by Shift over a stretch, or by the mouse.
import { currentRow, rows } from "./rows.js";

let last = null;

const boxes = () => [...document.querySelectorAll("input.pick")];
const boxOf = (row) => row?.querySelector("input.pick");

export function picked() {
  return boxes().filter((box) => box.checked).length;
}

export function watchPicks() {
  document.addEventListener("click", (event) => {
    if (!event.target.matches?.("input.pick")) return;
    if (event.shiftKey) stretch(event.target, event.target.checked);
    last = event.target;
    tellPicked();
  });
  tellPicked();
}

// The current row, or with `whole` everything from the row that was picked last.
export function pick(whole) {
  const box = boxOf(currentRow() ?? rows()[0]);
  if (!box) return false;
  if (whole && last?.isConnected) stretch(box, true);
  else box.checked = !box.checked;
  last = box;
  tellPicked();
  return true;
}

export function dropPicks() {
  if (!picked()) return false;
  for (const box of boxes()) box.checked = false;
  last = null;
  tellPicked();
  return true;
}

// What is done to all of them stands in the page; the key leads there.
export function bulkField(name) {
  const field = document.getElementById(`bulk-${name}`);
  if (!field) return null;
  document.getElementById("bulk-bar").open = true;
  return field;
}

export function tellPicked() {
  if (!last?.isConnected) last = null; // its row was swapped
  const told = document.getElementById("picked");
  if (!told) return;
  const count = picked();
  told.textContent = count || told.dataset.none;
  for (const box of boxes()) box.closest("tr").classList.toggle("picked", box.checked);
  if (!count && document.activeElement?.closest("#bulk-bar") === null) {
    document.getElementById("bulk-bar").open = false;
  }
}

function stretch(box, checked) {
  const all = boxes();
  const [from, to] = [all.indexOf(last?.isConnected ? last : box), all.indexOf(box)].sort((a, b) => a - b);
  for (const each of all.slice(Math.max(0, from), to + 1)) each.checked = checked;
}
