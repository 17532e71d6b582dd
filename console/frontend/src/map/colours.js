// The page's own colours, as the map needs them: of the scheme that holds now.

const NAMES = ["ink", "quiet", "paper", "raised", "line", "edge", "accent", "warn", "bad", "good"];

export function colours() {
  const probe = document.createElement("span");
  document.body.append(probe);
  const found = {};
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}
