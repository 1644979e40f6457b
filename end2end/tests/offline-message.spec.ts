// A message that cannot be sent waits where the reader sees it, and arrives once.

import type { Page } from "@playwright/test";
import { accessible, expect, leaving, Server, test } from "../fixtures.js";
import { fill, isKept, lookForWorker, visit } from "../offline.js";
import { home, mark, topics } from "../pages.js";
import { Folder, run } from "../program.js";
import { Proxy } from "../proxy.js";

test.use({ serviceWorkers: "allow" });

const words = "The list of topics\nhas a gap & more.";

/** How often the words are in the store. */
async function arrived({ store }: Server): Promise<number> {
  await using folder = await Folder.make();
  const { code, stdout } = await run(folder, ["messages"], { DATABASE_URL: store });
  expect(code).toBe(0);
  return stdout.split("    The list of topics\n    has a gap & more.\n").length - 1;
}

const waiting = (page: Page) => page.getByRole("region", { name: "Waiting to be sent" });

const outbox = (page: Page) => page.evaluate(async () => (await (await caches.open("pavise-outbox")).keys()).length);

/** For each message in the outbox, whether it is marked as refused. */
const refused = (page: Page) =>
  page.evaluate(async () => {
    const cache = await caches.open("pavise-outbox");
    const all = await Promise.all((await cache.keys()).map((key) => cache.match(key)));
    return all.map((message) => message?.headers.has("x-refused"));
  });

const workers = (page: Page) => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);

/** How often a message was sent so far. */
const times = ({ requests }: Proxy) => requests.filter((request) => request === "POST /message/").length;

async function write(page: Page): Promise<void> {
  await page.getByLabel("Your message").fill(words);
  await page.getByRole("button", { name: "Send" }).click();
}

/** Writes what the site refuses: there is no such address for an answer. */
async function writeWrongly(page: Page): Promise<void> {
  const reply = page.getByLabel("Your e-mail address");
  await reply.evaluate((field: HTMLInputElement) => field.setAttribute("type", "text"));
  await reply.fill("nowhere");
  await write(page);
}

/** Writes a message while nothing is sent by way of `proxy`: it waits. */
async function queued(page: Page, proxy: Proxy, how = write): Promise<void> {
  await page.goto(`${proxy.url}/message/`);
  await isKept(page);
  proxy.instead = (method) => (method === "POST" ? 503 : undefined);
  await how(page);
  await expect(waiting(page)).toContainText("The list of topics");
}

for (const [where, path] of [
  ["a visit", topics],
  ["the list", "/offline/"],
] as const) {
  test(`on a full device ${where} sends what waits`, { tag: "@fails" }, async ({ page }) => {
    await using server = await Server.start();
    await using proxy = await Proxy.start(server.url);
    await using _ = leaving(page);
    await queued(page, proxy);
    await fill(page);
    proxy.instead = () => undefined;
    await page.goto(proxy.url + path);
    // The worker may load the list again when it is done.
    await expect.poll(() => outbox(page).catch(() => undefined)).toBe(0);
    expect(await arrived(server)).toBe(1);
  });
}

test("written without a network, it is shown as waiting, and goes out when the network is back", { tag: "@fails" }, async ({ page, context }) => {
  await using server = await Server.start();
  await using _ = leaving(page);
  await page.goto(`${server.url}/message/`);
  await isKept(page);
  await context.setOffline(true);
  await page.reload();
  await write(page);
  await expect(page.getByRole("status").filter({ hasText: "Your message is kept on this device" })).toBeVisible();
  await expect(waiting(page)).toContainText("The list of topics");
  await accessible(page);
  expect(await arrived(server)).toBe(0);
  await context.setOffline(false);
  await page.goto(`${server.url}${topics}`);
  await expect.poll(() => outbox(page)).toBe(0);
  expect(await arrived(server)).toBe(1);
  await page.goto(`${server.url}/offline/`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Reading offline");
  await expect(waiting(page)).toBeHidden();
});

test("an answer that is lost on its way does not make two of it", { tag: "@fails" }, async ({ page }) => {
  await using server = await Server.start();
  await using proxy = await Proxy.start(server.url);
  await using _ = leaving(page);
  await page.goto(`${proxy.url}/message/`);
  await isKept(page);
  proxy.fate = (method) => (method === "POST" ? "lost" : "whole");
  await write(page);
  await expect(waiting(page)).toContainText("The list of topics");
  expect(await arrived(server), "the site has it, and the reader cannot know").toBe(1);
  // Written and sent once more, it is the same message.
  await page.goto(`${proxy.url}/message/`);
  await write(page);
  await expect(waiting(page).getByRole("listitem")).toHaveCount(1);
  proxy.fate = () => "whole";
  await page.reload();
  await expect(page.getByRole("status").filter({ hasText: "Your message was sent." })).toBeVisible();
  await expect(waiting(page)).toBeHidden();
  expect(await outbox(page)).toBe(0);
  expect(proxy.requests.filter((request) => request === "POST /message/").length).toBeGreaterThanOrEqual(3);
  expect(await arrived(server)).toBe(1);
});

test("a site in trouble does not lose it, and a captive network's page is no answer", { tag: "@fails" }, async ({ page }) => {
  await using server = await Server.start();
  await using proxy = await Proxy.start(server.url);
  await using _ = leaving(page);
  await page.goto(`${proxy.url}/message/`);
  await isKept(page);
  for (const status of [200, 403, 502]) {
    proxy.instead = (method) => (method === "POST" ? status : undefined);
    await page.goto(`${proxy.url}/message/`);
    await page.getByLabel("Your message").fill(`${words} ${status}`);
    await page.getByRole("button", { name: "Send" }).click();
    await expect(waiting(page)).toContainText(String(status));
  }
  await expect(waiting(page).getByRole("listitem")).toHaveCount(3);
  await waiting(page).getByRole("listitem").filter({ hasText: "403" }).getByRole("button", { name: /^Remove/ }).click();
  await expect(waiting(page).getByRole("listitem")).toHaveCount(2);
  await mark(page);
  await page.getByRole("button", { name: "Remove everything" }).click();
  // The new list has tried to send them once more before it is shown.
  await page.waitForFunction(() => !("mark" in window));
  await expect(waiting(page).getByRole("listitem"), "what waits is no copy of anything").toHaveCount(2);
  proxy.instead = () => undefined;
  await waiting(page).getByRole("button", { name: "Send now The list of topics" }).first().click();
  // The worker sends what waits by itself as well, and may be faster: then the list says so.
  await expect(page).toHaveURL(/\/message\/sent\/$|\/offline\/\?told=sent$/);
});

test("where there is no room for it, it waits in the page", { tag: "@fails" }, async ({ page, context }) => {
  await using server = await Server.start();
  await using _ = leaving(page);
  await page.goto(`${server.url}/message/`);
  await isKept(page);
  await fill(page);
  await context.setOffline(true);
  await write(page);
  await expect(page.getByText("There is not enough room on this device.")).toBeVisible();
  await expect(waiting(page)).toContainText("The list of topics");
  await context.setOffline(false);
  await waiting(page).getByRole("button", { name: /^Send now/ }).click();
  await expect(page).toHaveURL(`${server.url}/message/sent/`);
  expect(await arrived(server)).toBe(1);
});

test("a worker that is switched off goes once it has sent what waits", { tag: "@fails" }, async ({ page }) => {
  await using before = await Server.start();
  await using server = await Server.start({ PAVISE_OFFLINE: "off" });
  await using proxy = await Proxy.start(before.url);
  await using _ = leaving(page);
  await queued(page, proxy);
  proxy.target = server.url;
  await page.goto(proxy.url + home);
  await lookForWorker(page);
  await expect.poll(() => page.evaluate(() => caches.keys())).toEqual(["pavise-outbox"]);
  expect(await outbox(page)).toBe(1);
  proxy.instead = () => undefined;
  await page.goto(proxy.url + topics);
  await expect.poll(() => workers(page)).toBe(0);
  expect(await page.evaluate(() => caches.keys())).toEqual([]);
  expect(await arrived(server)).toBe(1);
});

test("a worker that is switched off goes once the site has refused what waits, and leaves it", { tag: "@fails" }, async ({ page }) => {
  await using before = await Server.start();
  await using server = await Server.start({ PAVISE_OFFLINE: "off" });
  await using proxy = await Proxy.start(before.url);
  await using _ = leaving(page);
  await queued(page, proxy, writeWrongly);
  proxy.target = server.url;
  await page.goto(proxy.url + home);
  await lookForWorker(page);
  await expect.poll(() => page.evaluate(() => caches.keys())).toEqual(["pavise-outbox"]);
  expect(await workers(page), "it has no answer yet").toBe(1);
  proxy.instead = () => undefined;
  await page.goto(proxy.url + topics);
  await expect.poll(() => workers(page)).toBe(0);
  expect(await refused(page), "nobody else has these words").toEqual([true]);
  expect(await arrived(server)).toBe(0);
});

test("a worker that is switched off does not send again what was refused before", { tag: "@fails" }, async ({ page }) => {
  await using before = await Server.start();
  await using server = await Server.start({ PAVISE_OFFLINE: "off" });
  await using proxy = await Proxy.start(before.url);
  await using _ = leaving(page);
  await queued(page, proxy, writeWrongly);
  proxy.instead = () => undefined;
  await page.goto(proxy.url + home);
  await expect.poll(() => refused(page)).toEqual([true]);
  const sent = times(proxy);
  proxy.target = server.url;
  await page.goto(proxy.url + topics);
  await lookForWorker(page);
  await expect.poll(() => workers(page)).toBe(0);
  await expect.poll(() => page.evaluate(() => caches.keys())).toEqual(["pavise-outbox"]);
  expect(times(proxy)).toBe(sent);
  expect(await refused(page)).toEqual([true]);
});

test("what the site does not accept comes back with all that was written", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, "/message/");
  await context.setOffline(true);
  await writeWrongly(page);
  await expect(waiting(page)).toBeVisible();
  await context.setOffline(false);
  await page.goto(home);
  await expect.poll(() => refused(page)).toEqual([true]);
  await page.goto("/offline/");
  await expect(waiting(page)).toContainText("The site did not accept this message.");
  await waiting(page).getByRole("button", { name: /^Send now/ }).click();
  await expect(page.getByText("This is not an e-mail address.")).toBeVisible();
  await expect(page.getByLabel("Your message")).toHaveValue(words);
  expect(await outbox(page), "it is in the form now").toBe(0);
});

test("a message that is refused for a field that a person does not see is not here any more once it was sent", { tag: "@fails" }, async ({ page, context, server }) => {
  await visit(page, "/message/");
  await context.setOffline(true);
  await page.locator("#message-homepage").evaluate((field: HTMLInputElement) => (field.value = "https://example.org"));
  await write(page);
  await expect(waiting(page)).toBeVisible();
  await context.setOffline(false);
  await page.goto(home);
  await expect.poll(() => refused(page)).toEqual([true]);
  await page.goto("/offline/");
  await waiting(page).getByRole("button", { name: /^Send now/ }).click();
  await expect(page.getByLabel("Your message")).toHaveValue(words);
  expect(await outbox(page), "it is in the form now").toBe(0);
  await page.locator("#message-homepage").fill("");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page).toHaveURL(/\/message\/sent\/$/);
  expect(await arrived(server)).toBe(1);
});

test("what is too large for the site is not sent for ever, and its words stay here", { tag: "@fails" }, async ({ page }) => {
  await using server = await Server.start();
  await using proxy = await Proxy.start(server.url);
  await using _ = leaving(page);
  await queued(page, proxy);
  proxy.instead = (method) => (method === "POST" ? 413 : undefined);
  await page.goto(proxy.url + home);
  await expect.poll(() => refused(page)).toEqual([true]);
  const sent = times(proxy);
  // The list tries to send what waits before it is shown.
  await page.goto(`${proxy.url}/offline/`);
  await expect(waiting(page)).toContainText("The site did not accept this message.");
  expect(times(proxy)).toBe(sent);
  await waiting(page).getByRole("button", { name: /^Send now/ }).click();
  await expect(page.getByText("Elsewhere"), "the answer is shown").toBeVisible();
  await expect.poll(() => refused(page), "and has none of the words").toEqual([true]);
  proxy.instead = () => undefined;
  await page.goto(`${proxy.url}/offline/`);
  await waiting(page).getByRole("button", { name: /^Send now/ }).click();
  await expect(page).toHaveURL(`${proxy.url}/message/sent/`);
  expect(await arrived(server)).toBe(1);
});
