// What was written on this device and is not with the hotline yet. Page and service worker share it.
// Words go first and alone, so that they arrive on the worst line; then each photo by itself. Every
// piece has an id: what is sent again, because its answer was lost, is taken once.
"use strict";

self.Unsent = (() => {
  const SOON_MS = 3500; // the server takes nothing that was written faster than people write
  const WORDS = "words";

  function open() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("hotline", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(WORDS, { keyPath: "id" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function within(mode, work) {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(WORDS, mode);
        const asked = work(transaction.objectStore(WORDS));
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  const put = (entry) => within("readwrite", (store) => store.put(entry));
  const get = (id) => within("readonly", (store) => store.get(id));
  const all = () => within("readonly", (store) => store.getAll());
  const remove = (id) => within("readwrite", (store) => store.delete(id));

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function wait(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  function form(fields) {
    const made = new FormData();
    for (const [name, value] of Object.entries(fields)) made.append(name, value);
    return made;
  }

  async function ask(url, body) {
    const answer = await fetch(url, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      credentials: "omit",
    });
    return [answer.status, await answer.json().catch(() => ({}))];
  }

  // Later: the line, or the server, is away, or asks for patience.
  const later = (status) => status === 429 || status >= 500;

  async function sendWords(entry) {
    let [status, told] = await ask(entry.sendUrl, form(entry.fields));
    if (told.again) {
      await wait(SOON_MS);
      entry.fields.began = told.began;
      [status, told] = await ask(entry.sendUrl, form(entry.fields));
    }
    if (later(status)) {
      entry.message = told.message || "";
      return false;
    }
    if (status === 201) {
      entry.filed = told;
      entry.state = entry.photos.length ? "photos" : "sent";
    } else {
      entry.state = "refused";
      entry.errors = told.errors || {};
      entry.message = told.message || "";
    }
    return true;
  }

  async function sendPhotos(entry) {
    while (entry.photos.length) {
      const photo = entry.photos[0];
      const body = form({
        reference: entry.filed.reference,
        pin: entry.filed.pin,
        client_id: photo.id,
      });
      body.append("photo", photo.blob, "photo");
      const [status, told] = await ask(entry.addUrl, body);
      // Thrown away only where this photo itself was refused, and is not asked for any more.
      if (later(status) || (status !== 200 && status !== 409 && !told.photo)) return;
      if (status !== 200) entry.lost = true;
      entry.photos.shift();
      await put(entry);
    }
    entry.state = "sent";
  }

  async function send(entry) {
    if (entry.state === "waiting" && !(await sendWords(entry))) return;
    await put(entry); // the codes are safe before anything else is tried
    if (entry.state === "photos") await sendPhotos(entry);
  }

  function tellOthers() {
    if (!self.BroadcastChannel) return; // Safari before 15.4
    const channel = new BroadcastChannel("unsent");
    channel.postMessage("changed");
    channel.close();
  }

  // Throws where something is left: whoever woke us shall do so again.
  async function sendWaiting() {
    let left = false;
    for (const entry of await all()) {
      if (entry.state !== "waiting" && entry.state !== "photos") continue;
      try {
        await send(entry);
      } catch {
        // One that cannot be sent keeps no other from it.
      }
      if (await get(entry.id)) await put(entry);
      left = left || entry.state === "waiting" || entry.state === "photos";
      tellOthers();
    }
    if (left) throw new Error("not everything was sent");
  }

  // One at a time: the page and the worker may both have noticed that there is a network.
  function sendAll() {
    if (!("locks" in navigator)) return sendWaiting();
    return navigator.locks.request("unsent", sendWaiting);
  }

  return { put, get, all, remove, newId, sendAll };
})();
