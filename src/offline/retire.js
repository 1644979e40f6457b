// What readers' browsers get in place of the service worker where the operator has switched it off: it sends the messages that
// wait, and removes everything that was kept, and itself. A message that the site has refused stays, as it is nowhere else; it is
// not sent again, and a worker of a later day shows it.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(retire()));
// Where a message could not be sent, it is tried again with each page.
addEventListener("fetch", (event) => event.request.mode === "navigate" && event.waitUntil(retire()));

async function retire() {
  const waits = await sendWaiting();
  const isEmpty = (await (await caches.open("pavise-outbox")).keys()).length === 0;
  const own = (await caches.keys()).filter((name) => name.startsWith("pavise-") && (isEmpty || name !== "pavise-outbox"));
  await Promise.all(own.map((name) => caches.delete(name)));
  if (!waits) await registration.unregister();
}

/** Sends what waits, and says whether something waits still: what the site has neither taken nor refused. */
async function sendWaiting() {
  const outbox = await caches.open("pavise-outbox");
  let waits = false;
  for (const request of await outbox.keys()) {
    const message = await outbox.match(request);
    // Another page may have sent it by now.
    if (!message || message.headers.has("x-refused")) continue;
    const { pathname } = new URL(request.url);
    const body = new URLSearchParams(await message.text());
    const answer = await fetch(pathname, { method: "POST", body }).catch(() => {});
    if (answer?.ok && new URL(answer.url).pathname === `${pathname}sent/`) await outbox.delete(request);
    // The same refusals as in worker.js. Where there is no room for the mark, the message stays as it is.
    else if ([413, 415, 422].includes(answer?.status)) await outbox.put(request, new Response(body, { headers: { "x-refused": "1" } })).catch(() => {});
    else waits = true;
  }
  return waits;
}
