// What readers' browsers get in place of the service worker where the operator has switched it off: it removes everything that
// was kept, and itself.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(retire()));

async function retire() {
  const own = (await caches.keys()).filter((name) => name.startsWith("pavise-"));
  await Promise.all(own.map((name) => caches.delete(name)));
  await registration.unregister();
}
