// A recording that was not sent yet, kept by the browser: neither a reload nor the end of the session
// costs it. One for each prompt: { samples, rate, words }, with the words that were read. It is its
// user's alone: signing out removes it, and so does another user's sign-in.

const STORE = "takes";

function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("prompts", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(mode, work) {
  try {
    const opened = await database();
    return await new Promise((resolve, reject) => {
      const change = opened.transaction(STORE, mode);
      const asked = work(change.objectStore(STORE));
      change.oncomplete = () => {
        opened.close();
        resolve(asked.result);
      };
      change.onerror = () => reject(change.error);
    });
  } catch {
    return undefined; // a private window may keep nothing: the recording is in the page all the same
  }
}

const mine = () => `${document.body.dataset.user} `;
const key = (name) => mine() + name;

export const keep = (name, sound) => within("readwrite", (store) => store.put(sound, key(name)));
export const kept = (name) => within("readonly", (store) => store.get(key(name)));
export const forget = (name) => within("readwrite", (store) => store.delete(key(name)));

export async function watchTakes() {
  document.addEventListener("submit", (event) => {
    // Sent before the next page comes; should the browser leave it undone, the next user's page does it.
    if ("signOut" in event.target.dataset) within("readwrite", (store) => store.clear());
  });
  if (!document.body.dataset.user) return; // nobody is signed in: the same user may come back
  for (const each of (await within("readonly", (store) => store.getAllKeys())) ?? []) {
    if (!each.startsWith(mine())) await within("readwrite", (store) => store.delete(each));
  }
}
