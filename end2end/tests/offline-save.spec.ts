// What a reader saves stays until they remove it: a post with its pictures in the size of that device, the plan.

import type { Page } from "@playwright/test";
import { accessible, awake, expect, leaving } from "../fixtures.js";
import { fill, hasSearch, isKept, kept, visit } from "../offline.js";
import { commitments, home, plan } from "../pages.js";
import { photograph, png } from "../pictures.js";
import { Proxy } from "../proxy.js";
import { projectContent, testOf, writtenPost } from "../sites.js";

const test = testOf(() => ({
  "posts/photo/index.md": writtenPost("Photo", "2024-01-04", `${"Words.\n\n".repeat(60)}![An inner sea](inner.png "Seen from above")`, [
    "picture:",
    `  file: "photo.png"`,
    `  alt: "A photograph"`,
  ]),
  "posts/photo/photo.png": photograph(1400, 700),
  // Stripes: some kilobytes in every format.
  "posts/photo/inner.png": png(700, 350, (x) => [(x * 97) % 256, (x * 57) % 256, (x * 13) % 256, 255]),
  "posts/other/index.md": writtenPost("Other", "2024-01-03", "Words."),
  "plan/2023.md": projectContent()["plan/2023.md"] ?? "",
}));

test.use({ serviceWorkers: "allow" });

const post = "/blog/2024/01/photo/";
const other = "/blog/2024/01/other/";

const button = (page: Page) => page.getByRole("button", { name: "Save for offline" });

async function save(page: Page): Promise<void> {
  await button(page).click();
  await expect(page.getByText("Saved. It is listed under")).toBeVisible();
  await expect(button(page)).toHaveAttribute("aria-pressed", "true");
}

test("a post is saved with its pictures as this device shows them, read, and removed again", { tag: "@fails" }, async ({ page, context }) => {
  await page.setViewportSize({ width: 360, height: 700 });
  await visit(page, post);
  await save(page);
  const { saved = [], visited = [] } = await kept(page);
  expect(saved).toHaveLength(3);
  expect(saved).toContain(post);
  expect(saved.filter((path) => /^\/media\/[0-9a-f]{16}\/(photo|inner)-\d+\.avif$/.test(path))).toHaveLength(2);
  expect(visited).not.toContain(post);
  await context.setOffline(true);
  await page.goto("/offline/");
  await accessible(page);
  const list = page.getByRole("region", { name: "Saved" });
  await expect(list).toContainText(/Photo\s*\d+ kB/);
  await list.getByRole("link", { name: "Photo" }).click();
  await expect(page).toHaveURL(post);
  for (const name of ["A photograph", "An inner sea"]) {
    const picture = page.getByRole("article").getByRole("img", { name });
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
  }
  await awake(page);
  await expect(button(page), "it is known to be saved").toHaveAttribute("aria-pressed", "true");
  await page.goto("/offline/");
  await list.getByRole("button", { name: "Remove Photo" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Removed from this device." })).toBeVisible();
  await expect(list).toContainText("Nothing is saved.");
  expect((await kept(page)).saved).toEqual([]);
  await page.goto(post);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is not kept here");
});

test("a plan is saved, which has no pictures, and read and narrowed", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, plan);
  await save(page);
  const { saved, visited = [] } = await kept(page);
  expect(saved).toEqual([plan]);
  expect(visited).not.toContain(plan);
  await expect(page.getByRole("main").getByRole("img")).toHaveCount(0);
  await context.setOffline(true);
  await page.goto("/offline/");
  const list = page.getByRole("region", { name: "Saved" });
  await expect(list).toContainText(/Action Plan 2023\s*\d+ kB/);
  await list.getByRole("link", { name: "Action Plan 2023" }).click();
  await expect(page).toHaveURL(plan);
  await expect(page.getByText("You are reading the copy")).toBeVisible();
  await awake(page);
  await expect(button(page)).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("combobox", { name: "Area" }).selectOption("Make the network worth trusting");
  await expect(commitments(page)).toHaveCount(2);
  await button(page).click();
  await expect(page.getByText("Removed from this device.")).toBeVisible();
  expect((await kept(page)).saved).toEqual([]);
});

test("on a screen of another size a kept picture does as well", { tag: "@fails" }, async ({ page, context }) => {
  await page.setViewportSize({ width: 360, height: 700 });
  await visit(page, post);
  await save(page);
  await context.setOffline(true);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(post);
  const picture = page.getByRole("article").getByRole("img", { name: "A photograph" });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
});

test("pressing again removes it, with the keyboard as well", async ({ page }) => {
  await visit(page, post);
  await button(page).focus();
  await page.keyboard.press("Enter");
  await expect(button(page)).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Space");
  await expect(page.getByText("Removed from this device.")).toBeVisible();
  await expect(button(page)).toHaveAttribute("aria-pressed", "false");
  expect((await kept(page)).saved).toEqual([]);
});

test("a saved page follows the site, and is not pushed out by others", async ({ page }) => {
  await visit(page, post);
  await save(page);
  await page.evaluate(async (post) => {
    const saved = await caches.open("pavise-saved");
    const headers = (await saved.match(post))?.headers;
    await saved.put(post, new Response("old", headers ? { headers } : {}));
  }, post);
  await page.reload();
  const copy = () => page.evaluate(async (post) => (await (await caches.open("pavise-saved")).match(post))?.text(), post);
  await expect.poll(copy).toContain("<h1>Photo</h1>");
  expect((await kept(page)).saved).toHaveLength(3);
});

test("where there is no room the reader is told, nothing is kept by halves, and nothing is lost for it", async ({ page }) => {
  await visit(page, other);
  await visit(page, post);
  await expect(button(page)).toBeVisible();
  const { files = [] } = await kept(page);
  const makeRoom = await fill(page);
  await button(page).click();
  await expect(page.getByText("There is not enough room on this device.")).toBeVisible();
  await expect(button(page)).toHaveAttribute("aria-pressed", "false");
  const after = await kept(page);
  expect(after.saved).toEqual([]);
  expect(after.visited, "all of it would not have been enough").toEqual([other, post]);
  expect(after.files).toEqual(expect.arrayContaining(files));
  await makeRoom();
  await save(page);
});

test("the oldest pages of visits make room for what is saved, as many as it takes", async ({ page, context }) => {
  await visit(page, home);
  const old = Array.from({ length: 8 }, (_, n) => `/old-${n}/`);
  await page.evaluate(async (old) => {
    await caches.delete("pavise-visited");
    const visited = await caches.open("pavise-visited");
    for (const path of old) await visited.put(path, new Response("x".repeat(200_000), { headers: { "content-type": "text/html" } }));
  }, old);
  await visit(page, other);
  await expect(button(page)).toBeVisible();
  await expect.poll(() => hasSearch(page), "nothing large comes any more").toBe(true);
  let usage = -1;
  const isCounted = async () => {
    const before = usage;
    usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
    return usage === before;
  };
  await expect.poll(isCounted, { intervals: [500] }).toBe(true);
  const session = await context.newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(page.url()).origin, quotaSize: usage + 5_000 });
  await save(page);
  const { saved, visited = [] } = await kept(page);
  expect(saved).toEqual([other]);
  expect(visited).not.toContain(old[0]);
  // The browser counts what it removes a little later: one may go too much.
  expect(visited).toEqual(expect.arrayContaining(old.slice(2)));
});

test("a picture that stops half way neither keeps the button waiting nor what comes after", { tag: "@fails" }, async ({ page, server }) => {
  // It is given up by the page, and then by the worker.
  await using proxy = await Proxy.start(server.url, (_, path) => (path.includes("/inner-") ? { part: 0.5 } : "whole"));
  await using _ = leaving(page);
  await page.goto(proxy.url + other);
  await isKept(page);
  await save(page);
  await page.goto(proxy.url + post);
  await isKept(page);
  await button(page).click();
  await expect(page.getByText("Saving …")).toBeVisible();
  await expect(page.getByText("That did not work: the network could not be reached.")).toBeVisible({ timeout: 50_000 });
  await expect(button(page)).toHaveAttribute("aria-pressed", "false");
  expect((await kept(page)).saved).toEqual([other]);
  await page.goto(`${proxy.url}/offline/`);
  await page.getByRole("region", { name: "Saved" }).getByRole("button", { name: "Remove Other" }).click();
  await expect(page.getByText("Removed from this device.")).toBeVisible();
});

test("a saved page whose pictures are others now has those", async ({ page, context }) => {
  await visit(page, post);
  await save(page);
  await page.evaluate(async (post) => {
    const saved = await caches.open("pavise-saved");
    for (const request of await saved.keys()) if (request.url.includes("/media/")) await saved.delete(request);
    await saved.put("/media/0123456789abcdef/old-640.avif", new Response("old"));
    const headers = new Headers((await saved.match(post))?.headers);
    headers.set("x-files", '["/media/0123456789abcdef/old-640.avif"]');
    await saved.put(post, new Response("old", { headers }));
    await caches.delete("pavise-files");
  }, post);
  await page.reload();
  const pictures = async () => (await kept(page)).saved?.filter((path) => /^\/media\/.*\/(photo|inner)-\d+\.jpg$/.test(path)).length;
  await expect.poll(pictures).toBe(2);
  await expect.poll(async () => (await kept(page)).saved?.length).toBe(3);
});

test("a save that the network breaks off leaves the copy of the visit", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, post);
  await expect(button(page)).toBeVisible();
  await page.evaluate(() => caches.delete("pavise-files"));
  await context.setOffline(true);
  await button(page).click();
  await expect(page.getByText("That did not work: the network could not be reached.")).toBeVisible();
  const { saved = [], visited = [] } = await kept(page);
  expect(saved).toEqual([]);
  expect(visited).toContain(post);
});

test("a page that is saved without a network is of the day on which it was read", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, plan);
  await expect(button(page)).toBeVisible();
  await page.evaluate(async (path) => {
    const visited = await caches.open("pavise-visited");
    const copy = await visited.match(path);
    const headers = new Headers(copy?.headers);
    headers.set("x-kept", String(Date.UTC(2024, 0, 4, 12)));
    await visited.put(path, new Response(await copy?.text(), { headers }));
  }, plan);
  await context.setOffline(true);
  await save(page);
  await page.reload();
  await expect(page.getByText("You are reading the copy of January 4, 2024:")).toBeVisible();
});

test("a save that the network breaks off is told, and leaves nothing", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, post);
  await expect(button(page)).toBeVisible();
  await page.evaluate(() => caches.delete("pavise-files"));
  await page.evaluate(() => caches.delete("pavise-visited"));
  await context.setOffline(true);
  await button(page).click();
  await expect(page.getByText("That did not work: the network could not be reached.")).toBeVisible();
  expect((await kept(page)).saved ?? []).toEqual([]);
});

/** How many bytes each cache has, by path. */
const sizes = (page: Page) =>
  page.evaluate(async () => {
    const all: Record<string, Record<string, number>> = {};
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      const measured = (await cache.keys()).map(async (request) => {
        const body = await (await cache.match(request))?.arrayBuffer();
        return [new URL(request.url).pathname, body?.byteLength ?? 0] as const;
      });
      all[name.replace("pavise-", "")] = Object.fromEntries(await Promise.all(measured));
    }
    return all;
  });

test("the list says how much each thing takes, and what is removed takes nothing", async ({ page }) => {
  await visit(page, home);
  for (const path of [other, post]) {
    await visit(page, path);
    await save(page);
  }
  await page.goto("/offline/");
  await page.getByRole("button", { name: "Get the latest posts" }).click();
  await expect(page.getByText("The latest posts are here now.")).toBeVisible();
  const region = (name: string) => page.getByRole("region", { name });
  const sized = (texts: string[]) => texts.map((text) => /\d+ kB/.exec(text)?.[0]);
  const shown = async () => ({
    saved: sized(await region("Saved").getByRole("listitem").allInnerTexts()),
    visited: sized(await region("From your visits").getByRole("listitem").allInnerTexts()),
    pack: sized(await region("The latest posts as text").getByText("Posts:").allInnerTexts()),
    all: sized(await page.getByText("All of it takes").allInnerTexts()),
  });
  const sum = (sizes: Record<string, number>) => Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1_000)} kB`;
  const { saved = {}, visited = {}, packs = {}, files = {} } = await sizes(page);
  const pictures = sum(Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith("/media/"))));
  const { [other]: small = 0, ...withPictures } = saved;
  expect(Object.keys(withPictures)).toHaveLength(3);
  expect(await shown()).toEqual({
    saved: [kilobytes(sum(withPictures)), kilobytes(small)],
    visited: [kilobytes(sum(visited))],
    pack: [kilobytes(sum(packs))],
    all: [kilobytes(sum(saved) + sum(visited) + sum(packs) + pictures)],
  });
  for (const name of ["Remove Photo", /^Remove Our Internet/, "Remove these posts"]) {
    await page.getByRole("button", { name }).click();
    await expect(page.getByRole("button", { name })).toHaveCount(0);
  }
  await expect.poll(shown).toEqual({ saved: [kilobytes(small)], visited: [], pack: [], all: [kilobytes(small + pictures)] });
  expect(await kept(page)).toMatchObject({ saved: [other], visited: [], packs: [] });
});

test("everything is removed at once", async ({ page }) => {
  await visit(page, other);
  await visit(page, post);
  await save(page);
  await page.goto("/offline/");
  await page.getByRole("button", { name: "Get the latest posts" }).click();
  await expect(page.getByText("The latest posts are here now.")).toBeVisible();
  await page.getByRole("button", { name: "Remove everything" }).click();
  await expect(page.getByText("Removed from this device.")).toBeVisible();
  const { visited = [], saved = [], packs = [], files = [] } = await kept(page);
  expect([visited, saved, packs]).toEqual([[], [], []]);
  expect(files.filter((path) => path.startsWith("/media/"))).toEqual([]);
});

test("another site can neither remove nor save anything", { tag: "@fails" }, async ({ page, baseURL }) => {
  await visit(page, post);
  await save(page);
  for (const [path, fields] of [["/offline/", `<input name="do" value="remove-all">`], ["/message/", `<input name="message" value="unwanted">`]]) {
    await page.goto(`data:text/html,<form method="post" action="${baseURL}${path}">${encodeURIComponent(fields ?? "")}<button>Go</button></form>`);
    await page.getByRole("button").click();
    await expect(page).toHaveURL(`${baseURL}${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(path === "/offline/" ? "Reading offline" : "This request cannot be answered");
  }
  await page.goto("/offline/");
  await expect(page.getByRole("region", { name: "Saved" }).getByRole("link", { name: "Photo" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Waiting to be sent" })).toBeHidden();
});

test("the list is there from the first visit on", async ({ page }) => {
  await page.goto("/offline/");
  await expect(page.getByRole("region", { name: "Saved" }), "it is filled in as soon as the worker is there").toContainText("Nothing is saved.");
  await accessible(page);
  await page.goto("/offline/");
  await expect(page.getByText("No page has been kept yet.")).toBeVisible();
});

test("without JavaScript it says what is needed, and leads on", { tag: "@plain" }, async ({ page }) => {
  test.skip(test.info().project.name !== "no-javascript", "this is for readers without JavaScript");
  await page.goto("/offline/");
  await expect(page.getByText("Nothing can be listed here yet.")).toBeVisible();
  await page.goto(post);
  await expect(button(page)).toBeHidden();
});
