// What readers' browsers get in place of the service worker where the operator has switched it off: it sends the messages that
// wait, and removes everything that was kept, and itself.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(retire()));
// Where a message could not be sent, it is tried again with each page.
addEventListener("fetch", (event) => event.request.mode === "navigate" && event.waitUntil(retire()));

async function retire() {
  const isEmpty = await sendWaiting();
  // A message that could not be sent is nowhere else.
  const own = (await caches.keys()).filter((name) => name.startsWith("pavise-") && (isEmpty || name !== "pavise-outbox"));
  await Promise.all(own.map((name) => caches.delete(name)));
  if (isEmpty) await registration.unregister();
}

async function sendWaiting() {
  const outbox = await caches.open("pavise-outbox");
  for (const request of await outbox.keys()) {
    const { pathname } = new URL(request.url);
    const body = new URLSearchParams(await (await outbox.match(request)).text());
    const answer = await fetch(pathname, { method: "POST", body }).catch(() => {});
    if (answer?.ok && new URL(answer.url).pathname === `${pathname}sent/`) await outbox.delete(request);
  }
  return (await outbox.keys()).length === 0;
}
