/** Keeps the page itself, so that it opens without a network. What athletes write is not its business. */
const CACHE = 'coach-page-1';
const PAGE = ['.', 'app.js', 'wasm-worker.js', 'sqlite3.wasm', 'style.css', 'icon.svg', 'manifest.webmanifest'];

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(PAGE))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

/** The network first, so that a new version shows at once; what is kept where there is none. */
self.addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  const name = pathname.split('/').at(-1) || '.';
  if (event.request.method !== 'GET' || !PAGE.includes(name)) return;
  event.respondWith(
    fetch(event.request).catch(async () => (await (await caches.open(CACHE)).match(name)) ?? Response.error()),
  );
});
