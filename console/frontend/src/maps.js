// A map's script is large: it is fetched when somebody is about to see the map.

export function watchMaps(root) {
  const soon = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      soon.unobserve(target);
      import(target.dataset.map).then(({ draw }) => draw(target)).catch((error) => without(target, error));
    }
  }, { rootMargin: "200px" });
  for (const map of root.querySelectorAll("[data-map]")) {
    map.hidden = false;
    soon.observe(map);
  }
}

// The script did not come, or could not go on: what stands beside the map says the same.
function without(section, error) {
  const told = document.createElement("p");
  told.textContent = JSON.parse(section.dataset.words).absent;
  told.setAttribute("role", "status");
  section.before(told);
  section.hidden = true;
  console.warn("no map:", error.message);
}
