// The row of the list that keys are about. It is remembered by its report, through every swap.

let current = null;

export const rows = () => [...document.querySelectorAll("tr.report")];

export function currentRow() {
  return rows().find((row) => row.dataset.reference === current) ?? null;
}

export function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(currentRow());
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  current = next.dataset.reference;
  markCurrent();
  next.querySelector("a").focus();
  next.scrollIntoView({ block: "nearest" });
}

export function markCurrent() {
  for (const row of rows()) row.classList.toggle("current", row.dataset.reference === current);
}
