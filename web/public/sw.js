// Keeps the pages of the application, never its data: they open where the network is weak, and say so.
const KEPT = "lotbook-pages-1";
/** Files of this and of the last versions; the oldest go first. */
const FILES_MAX = 240;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(KEPT)
      .then((kept) => kept.addAll(["/", "/theme.js", "/icon.svg", "/icon-192.png", "/manifest.webmanifest"]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const others = caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))));
  event.waitUntil(others.then(() => self.clients.claim()));
});

async function keep(key, response) {
  const kept = await caches.open(KEPT);
  await kept.put(key, response);
  const keys = await kept.keys();
  const files = keys.filter((one) => new URL(one.url).pathname.startsWith("/assets/"));
  for (const file of files.slice(0, Math.max(0, files.length - FILES_MAX))) await kept.delete(file);
}

/** What the server has now; where it cannot be reached, what it had last. */
async function fresh(event, key, isKept) {
  try {
    const response = await fetch(event.request);
    if (response.ok && isKept(response)) event.waitUntil(keep(key, response.clone()));
    return response;
  } catch (error) {
    const kept = await caches.match(key);
    if (kept) return kept;
    throw error;
  }
}

const isPage = (response) => (response.headers.get("Content-Type") ?? "").startsWith("text/html");

/** A file with its content in its name never changes. */
async function file(event) {
  const kept = await caches.match(event.request);
  if (kept) return kept;
  const response = await fetch(event.request);
  if (response.ok) event.waitUntil(keep(event.request, response.clone()));
  return response;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (!url.pathname.startsWith("/docs") && !url.pathname.startsWith("/v1/")) event.respondWith(fresh(event, "/", isPage));
  } else if (url.pathname.startsWith("/assets/")) event.respondWith(file(event));
  else if (url.pathname === "/theme.js" || url.pathname === "/icon.svg") event.respondWith(fresh(event, url.pathname, () => true));
});
