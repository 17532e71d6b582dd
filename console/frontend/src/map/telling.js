// One line above the map, where screen readers listen: what was clicked or selected.

export function telling(section) {
  const line = section.querySelector(".map-told");
  return {
    say(text, ...more) {
      line.replaceChildren(text, " ", ...more.flatMap((each) => [each, " "]));
    },
    clear() {
      line.replaceChildren();
    },
  };
}

export function link(address, text) {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = text;
  return made;
}

export function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "second";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}
