// Opens the page without a network, and sends what is waiting when there is one again.
const KEPT = {{ kept|tojson }};
importScripts(...KEPT.scripts);

const CACHE = "hotline-" + KEPT.version;
const PATIENCE_MS = 4000; // on a bad line a kept page is better than none

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([...KEPT.pages, ...KEPT.files]))
      .then(() => self.skipWaiting())
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      // Another language's worker has the same version, and with it the same cache.
      .then((names) => names.filter((name) => name.startsWith("hotline-") && name !== CACHE))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (KEPT.files.includes(url.pathname + url.search)) {
    event.respondWith(fromCache(request).then((kept) => kept || fetch(request)));
  } else if (KEPT.pages.includes(url.pathname)) {
    event.respondWith(fresh(request, url.pathname));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "unsent") event.waitUntil(Unsent.sendAll());
});

async function fromCache(request) {
  return (await caches.open(CACHE)).match(request);
}

async function fresh(request, name) {
  const kept = await fromCache(name);
  const asked = fetch(request).then(async (answer) => {
    if (!answer.ok) return kept || answer;
    await (await caches.open(CACHE)).put(name, answer.clone());
    return answer;
  });
  if (!kept) return asked;
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  return Promise.race([asked.catch(() => kept), late]);
}
