// A field for a place: as one types, with or without accents, units are offered below it.
import { asked } from "./asking.js";

const WAIT_MS = 150;
let lists = 0;

export function watchPlaces(root) {
  for (const field of root.querySelectorAll(".place-field:not([data-watched])")) watch(field);
}

function watch(field) {
  field.dataset.watched = "";
  const input = field.querySelector("input");
  const list = document.createElement("ul");
  list.id = `places-${++lists}`;
  list.role = "listbox";
  list.hidden = true;
  list.setAttribute("aria-label", field.querySelector("label").textContent);
  field.append(list);
  input.role = "combobox";
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  let timer = 0;
  let last = 0;

  const options = () => [...list.children];
  const chosen = () => options().findIndex((each) => each.ariaSelected === "true");

  function show(found) {
    list.replaceChildren(...found.map((unit, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.role = "option";
      option.ariaSelected = "false";
      option.textContent = unit.name;
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(option);
      });
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  function choose(number) {
    options().forEach((each, at) => { each.ariaSelected = String(at === number); });
    if (options()[number]) input.setAttribute("aria-activedescendant", options()[number].id);
  }

  function take(option) {
    input.value = option.textContent;
    show([]);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function ask() {
    const mine = ++last;
    const address = `${field.dataset.places}?q=${encodeURIComponent(input.value)}`;
    const answer = await asked(address, { beside: true });
    if (answer.ok && mine === last) show(await answer.json());
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim()) timer = setTimeout(ask, WAIT_MS);
    else show([]);
  });
  input.addEventListener("blur", () => show([]));
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const last = options().length - 1;
    if (event.key === "ArrowDown") choose(chosen() >= last ? 0 : chosen() + 1);
    else if (event.key === "ArrowUp") choose(chosen() <= 0 ? last : chosen() - 1);
    else if (event.key === "Enter" && chosen() >= 0) take(options()[chosen()]);
    else if (event.key === "Escape") show([]);
    else return;
    event.preventDefault();
  });
}
