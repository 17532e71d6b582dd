// The report's page with script: draft, photos, position, choosing by typing, sending later.
"use strict";

(() => {
  const say = JSON.parse(document.body.dataset.words);
  const { send, add, follow, worker, scope, language } = document.body.dataset;
  const form = document.getElementById("report");
  const field = (name) => form.elements.namedItem(name);
  const at = (id) => document.getElementById(id);
  const DRAFT = "draft";
  const KEPT_FIELDS = ["words", "place_words", "address", "latitude", "longitude", "place",
    "category", "number"];
  const PAUSE_MS = 400;
  const MOST_PHOTOS = 3;
  let photos = []; // {id, blob}
  const AGAIN_MS = 60_000; // a server that is away, or asks for patience
  let sending = false;
  let keeping = false;
  let again;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  function element(name, text, more = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    return Object.assign(made, more);
  }

  for (const each of document.querySelectorAll(".scripted")) each.hidden = false;
  for (const each of document.querySelectorAll(".unscripted")) each.hidden = true;

  // --- Draft ---------------------------------------------------------------------------------

  function typed() {
    const values = {};
    for (const name of KEPT_FIELDS) values[name] = field(name)?.value ?? "";
    return values;
  }

  async function keepDraft() {
    const fields = typed();
    const anything = photos.length || Object.values(fields).some(Boolean);
    if (!anything) return forgetDraft();
    await Unsent.put({ id: DRAFT, state: DRAFT, fields, photos });
    at("draft").textContent = say.kept_draft;
    at("forget").hidden = false;
  }

  async function forgetDraft() {
    await Unsent.remove(DRAFT);
    at("draft").textContent = "";
    at("forget").hidden = true;
  }

  function restore(entry) {
    for (const name of KEPT_FIELDS) {
      if (field(name) && entry.fields[name]) field(name).value = entry.fields[name];
    }
    photos = entry.photos;
    showPhotos();
    showPosition();
  }

  function emptyForm() {
    form.reset();
    field("latitude").value = field("longitude").value = "";
    photos = [];
    for (const each of form.querySelectorAll(".found")) each.replaceChildren();
    showPhotos();
    showPosition();
  }

  let pause;
  function changed() {
    clearTimeout(pause);
    pause = setTimeout(() => keepDraft().catch(() => {}), PAUSE_MS);
  }

  form.addEventListener("input", changed);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keepDraft().catch(() => {});
  });
  at("forget").addEventListener("click", async () => {
    emptyForm();
    await forgetDraft();
    at("words").focus();
  });

  // --- Photos --------------------------------------------------------------------------------

  async function showPhotos() {
    const list = at("photos");
    const rows = [];
    for (const [index, photo] of photos.entries()) {
      const row = document.createElement("li");
      const canvas = document.createElement("canvas");
      canvas.setAttribute("aria-hidden", "true");
      const title = fill(say.photo_remove, { number: index + 1 });
      const button = element("button", title, { type: "button", className: "second" });
      button.addEventListener("click", () => {
        photos = photos.filter((one) => one !== photo);
        showPhotos();
        changed();
        at("photo").focus();
      });
      row.append(canvas, button);
      rows.push(row);
      drawSmall(photo.blob, canvas);
    }
    list.replaceChildren(...rows);
  }

  async function drawSmall(blob, canvas) {
    try {
      const picture = await createImageBitmap(blob);
      canvas.height = 80;
      canvas.width = Math.round((picture.width / picture.height) * 80);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
    } catch {
      canvas.remove(); // not shown, but sent
    }
  }

  at("photo").addEventListener("change", async () => {
    const files = [...at("photo").files];
    at("photo").value = "";
    if (photos.length + files.length > MOST_PHOTOS) {
      showErrors({ photo: fill(say.problem_photos, { photos_most: MOST_PHOTOS }) });
    }
    for (const file of files.slice(0, MOST_PHOTOS - photos.length)) {
      photos.push({ id: Unsent.newId(), blob: await Shrink.shrink(file) });
    }
    await keepDraft().catch(() => {}); // at once: it takes longer to take them again
    showPhotos();
  });

  // --- Position ------------------------------------------------------------------------------

  function showPosition(text = "") {
    const known = Boolean(field("latitude").value);
    at("located").textContent = text || (known ? `${field("latitude").value}, ${field("longitude").value}` : "");
    at("unlocate").hidden = !known;
  }

  at("locate").hidden = !("geolocation" in navigator);
  at("locate").addEventListener("click", () => {
    at("located").textContent = say.locating;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field("latitude").value = coords.latitude.toFixed(5);
        field("longitude").value = coords.longitude.toFixed(5);
        showPosition(fill(say.located, { metres: Math.round(coords.accuracy) }));
        changed();
      },
      () => { at("located").textContent = say.unlocated; },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 }
    );
  });
  at("unlocate").addEventListener("click", () => {
    field("latitude").value = field("longitude").value = "";
    showPosition();
    changed();
    at("locate").focus();
  });

  // --- Choosing by typing --------------------------------------------------------------------

  function byTyping(input, place, select, choices, clears) {
    input.addEventListener("input", () => {
      const found = Choose.matching(choices, input.value);
      const title = !input.value.trim() ? ""
        : found.length ? fill(say.found, { count: found.length }) : say.nothing_found;
      Choose.offer(place, found, title, (one) => {
        select.value = one.value;
        if (clears) input.value = "";
        select.focus();
        changed();
      });
    });
  }

  async function makeChoosable() {
    const told = await (await fetch(form.dataset.choices)).json();
    if (at("place")) {
      byTyping(at("place_words"), at("place-found"), at("place"), Choose.prepare(told.places), true);
    }
    if (at("category")) {
      const categories = Choose.prepare(told.categories);
      byTyping(at("category_words"), at("category-found"), at("category"), categories, true);
      at("words").addEventListener("change", suggest);
    }
  }

  async function suggest() {
    if (!at("words").value.trim() || at("category").value || !navigator.onLine) return;
    const body = new FormData();
    body.append("words", at("words").value);
    try {
      const answer = await fetch(form.dataset.suggest, { method: "POST", body });
      const { categories } = await answer.json();
      if (!categories?.length) return;
      const named = categories.map((one) => ({ ...one, group: "" }));
      Choose.offer(at("category-found"), named, say.category_found, (one) => {
        at("category").value = one.value;
        at("category").focus();
        changed();
      });
    } catch {
      // A help and no more: the list is there.
    }
  }

  // --- Sending -------------------------------------------------------------------------------

  function showErrors(errors, message = "") {
    const list = document.createElement("ul");
    for (const [name, text] of Object.entries(errors)) {
      const item = document.createElement("li");
      const target = at(name) ? name : "send";
      item.append(element("a", text, { href: `#${target}` }));
      if (at(name)) at(name).setAttribute("aria-invalid", "true");
      list.append(item);
    }
    const heading = element("p", message || say.refused, { className: "wrong" });
    at("wrong").replaceChildren(heading, list);
    at("wrong").scrollIntoView({ block: "center" });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (keeping) return; // a double tap is one report
    clearTimeout(pause);
    at("wrong").replaceChildren();
    for (const each of form.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
    if (!form.reportValidity()) return;
    const fields = typed();
    // Asked at once, and not when there is a network again and nobody is there to answer.
    if (!["place", "place_words", "address", "latitude"].some((name) => fields[name].trim())) {
      showErrors({ place: say.problem_place });
      return;
    }
    fields.consent = field("consent").checked ? "yes" : "";
    fields.began = field("began").value;
    fields.website = field("website").value;
    fields.client_id = Unsent.newId();
    const entry = {
      id: fields.client_id, state: "waiting", language, written: Date.now(),
      sendUrl: send, addUrl: add, fields, photos,
    };
    keeping = true;
    try {
      await Unsent.put(entry);
      await forgetDraft();
      emptyForm();
    } catch {
      sendAsWithoutScript(); // nothing can be kept on this device
      return;
    } finally {
      keeping = false;
    }
    await trySending();
    at("unsent").scrollIntoView({ block: "center" });
  });

  function sendAsWithoutScript() {
    const files = new DataTransfer();
    for (const { blob } of photos) files.items.add(new File([blob], "photo.jpg"));
    at("photo").files = files.files;
    form.submit();
  }

  async function trySending() {
    sending = true;
    clearTimeout(again);
    await showUnsent();
    try {
      await Unsent.sendAll();
    } catch {
      // No network, or the server wants patience: the browser wakes us, or this page tries again.
      registerSync();
      again = setTimeout(trySending, AGAIN_MS);
    } finally {
      sending = false;
      await showUnsent();
    }
  }

  async function registerSync() {
    try {
      const ready = await navigator.serviceWorker?.ready;
      await ready?.sync?.register("unsent");
    } catch {
      // Without it, it is sent when the page is next open with a network.
    }
  }

  async function showUnsent() {
    const entries = (await Unsent.all()).filter((one) => one.state !== DRAFT);
    entries.sort((left, right) => right.written - left.written);
    const place = at("unsent");
    place.hidden = !entries.length;
    place.replaceChildren(element("h2", say.unsent), ...entries.map(shown));
  }

  function shown(entry) {
    const row = document.createElement("section");
    row.className = entry.state;
    row.setAttribute("role", "status");
    const words = entry.fields.words ?? "";
    if (entry.filed) showFiled(row, entry);
    else if (entry.state === "refused") showRefused(row, entry, words);
    else {
      row.append(element("p", sending ? say.sending : say.kept, { className: "well" }));
      if (entry.message) row.append(element("p", entry.message, { className: "wrong" }));
      row.append(element("p", words, { className: "said" }));
      // What is on its way is not taken back.
      if (!sending) row.append(button(say.send_now, trySending), button(say.edit, () => mend(entry)));
    }
    return row;
  }

  function showFiled(row, entry) {
    row.append(element("h3", say.done));
    if (entry.filed.urgent) {
      const danger = document.querySelector(".danger").cloneNode(true);
      danger.className = "wrong";
      row.append(danger);
    }
    const codes = document.createElement("dl");
    codes.className = "codes";
    codes.append(
      element("dt", say.reference), element("dd", entry.filed.reference, { className: "reference" }),
      element("dt", say.pin), element("dd", entry.filed.pin, { className: "pin" })
    );
    if (entry.filed.due) codes.append(element("dt", say.due), element("dd", entry.filed.due));
    row.append(codes, element("p", say.done_note));
    if (entry.state === "photos") row.append(element("p", say.photos_waiting, { className: "wrong" }));
    if (entry.lost) row.append(element("p", say.photo_lost, { className: "wrong" }));
    row.append(element("a", say.follow, { href: follow }));
    if (entry.state === "sent") row.append(button(say.noted_down, () => drop(entry)));
  }

  function showRefused(row, entry, words) {
    row.append(element("p", say.refused, { className: "wrong" }));
    const texts = [...Object.values(entry.errors ?? {}), entry.message].filter(Boolean);
    for (const text of texts) row.append(element("p", text));
    row.append(element("p", words, { className: "said" }));
    row.append(button(say.edit, () => mend(entry)));
  }

  function button(text, act) {
    const made = element("button", text, { type: "button", className: "second" });
    made.addEventListener("click", act);
    return made;
  }

  async function mend(entry) {
    if (at("words").value.trim()) {
      showErrors({ words: say.draft_first });
      return;
    }
    restore(entry);
    field("consent").checked = false;
    await drop(entry);
    await keepDraft();
    if (Object.keys(entry.errors ?? {}).length) showErrors(entry.errors);
    at("words").focus();
  }

  async function drop(entry) {
    await Unsent.remove(entry.id);
    await showUnsent();
  }

  // --- Beginning -----------------------------------------------------------------------------

  async function begin() {
    const draft = await Unsent.get(DRAFT);
    if (draft && !at("words").value) {
      restore(draft);
      at("draft").textContent = say.kept_draft;
      at("forget").hidden = false;
    }
    await showUnsent();
    const waiting = (await Unsent.all()).some((one) => ["waiting", "photos"].includes(one.state));
    if (waiting) await trySending();
  }

  self.addEventListener("online", trySending);
  if (self.BroadcastChannel) {
    new BroadcastChannel("unsent").addEventListener("message", () => showUnsent());
  }
  navigator.serviceWorker?.register(worker, { scope }).catch(() => {});
  makeChoosable().catch(() => {});
  begin().catch(() => {});
})();
