// Choosing by typing, with or without accents and without a network: what fits is offered as
// buttons, and a press sets the list below, which works by itself as well.
"use strict";

self.Choose = (() => {
  const MOST = 6;

  function fold(text) {
    return text
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/đ/g, "d")
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
  }

  // Every typed word has to begin a word of what is found; names count before what is said of them.
  function matching(choices, typed) {
    const wanted = fold(typed).split(" ").filter(Boolean);
    if (!wanted.length) return [];
    const fits = (text) => {
      const words = text.split(" ");
      return wanted.every((part) => words.some((word) => word.startsWith(part)));
    };
    const rank = (one) => (fits(one.named) ? 0 : fits(one.said) ? 1 : 2);
    return choices
      .map((one) => [rank(one), one])
      .filter(([found]) => found < 2)
      .sort(([left], [right]) => left - right)
      .map(([, one]) => one)
      .slice(0, MOST);
  }

  function prepare(choices) {
    return choices.map((one) => {
      const named = fold(one.name);
      return { ...one, named, said: [named, fold(one.group), ...one.also.map(fold)].join(" ") };
    });
  }

  function offer(place, choices, title, take) {
    place.replaceChildren();
    if (title) {
      const heading = document.createElement("p");
      heading.textContent = title;
      place.append(heading);
    }
    for (const one of choices) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "second";
      button.textContent = one.group ? `${one.name} (${one.group})` : one.name;
      button.addEventListener("click", () => {
        place.replaceChildren();
        take(one);
      });
      place.append(button);
    }
  }

  return { fold, matching, prepare, offer };
})();
