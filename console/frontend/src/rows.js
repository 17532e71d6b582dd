// The row of the list that keys are about. It is remembered by its report or alert, through every swap.

let current = null;

const name = (row) => row.dataset.reference ?? row.dataset.alert;

export const rows = () => [...document.querySelectorAll("tr.report, tr.alert")];

export function currentRow() {
  return rows().find((row) => name(row) === current) ?? null;
}

export function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(currentRow());
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  current = name(next);
  markCurrent();
  next.querySelector("a").focus();
  next.scrollIntoView({ block: "nearest" });
}

export function markCurrent() {
  for (const row of rows()) row.classList.toggle("current", name(row) === current);
}
