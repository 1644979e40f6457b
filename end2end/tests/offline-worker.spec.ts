// The service worker itself: a new release takes over whole and keeps what readers have; switched off, it removes itself.

import type { Page } from "@playwright/test";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accessible, awake, expect, leaving, root, Server, test } from "../fixtures.js";
import { isKept, kept, lookForWorker } from "../offline.js";
import { home, isMarked, mark, post, topics } from "../pages.js";
import { Folder } from "../program.js";
import { Proxy } from "../proxy.js";

test.use({ serviceWorkers: "allow" });

/** The browser's files of an older release. */
async function older(folder: Folder): Promise<string> {
  const site = join(folder.path, "site");
  await cp(join(root, "target/site"), site, { recursive: true });
  const js = join(site, "pkg/pavise.js");
  await writeFile(js, `${await readFile(js, "utf8")}\n// older\n`);
  return site;
}

/** Starts a server where the one before was, for the same readers. */
async function at(url: string, env: Record<string, string> = {}): Promise<Server> {
  return Server.start({ LEPTOS_SITE_ADDR: new URL(url).host, ...env });
}

const release = (page: Page) => page.locator("script[data-release]").getAttribute("data-release");

/** Loads the page until the worker of another release than `before` has taken over. */
async function updated(page: Page, before: string): Promise<void> {
  const shells = async () => {
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    return page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("pavise-shell-")));
  };
  await expect.poll(async () => (await shells()).length).toBe(1);
  await expect.poll(async () => (await shells()).includes(`pavise-shell-${before}`)).toBe(false);
}

/** Has the browser look for a new worker, and waits until that one has given up. */
async function refused(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const gone = new Promise<void>((done) => {
      const look = (worker: ServiceWorker) => worker.state === "redundant" && done();
      registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", ({ target }) => look(target as ServiceWorker)));
    });
    await registration.update();
    await gone;
  });
}

// In about one of thirty runs Chromium keeps the page that is asked for while its worker is being replaced waiting for ever, though
// the site has answered. Neither half is known to be at fault; a second try tells that from a defect of ours, which would be there again.
test.describe("a new release", () => {
  test.describe.configure({ retries: 2 });

  test("a new release takes over, mixes nothing, and keeps what was saved with the code it needs", { tag: "@fails" }, async ({ page, context }) => {
    await using folder = await Folder.make();
    const before = await Server.start({ LEPTOS_SITE_ROOT: await older(folder) });
    const { url } = before;
    await page.goto(`${url}${post}`);
    await isKept(page);
    const old = (await release(page)) ?? "";
    await page.getByRole("button", { name: "Save for offline" }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
    await page.goto(`${url}${home}`);
    await awake(page);
    await mark(page);
    await before.stop();

    await using server = await at(url);
    await using _ = leaving(page);
    // What is shown is of the old release: a page of the new one comes with a load, not in place.
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Topics" }).click();
    await expect(page).toHaveURL(`${server.url}${topics}`);
    await expect.poll(() => release(page)).not.toBe(old);
    expect(await isMarked(page)).toBe(false);
    await updated(page, old);
    const { files = [], saved = [] } = await kept(page);
    expect(saved).toContain(post);
    expect(files.filter((path) => /^\/pkg\/pavise\..*\.js$/.test(path)), "the code of both").toHaveLength(2);

    await context.setOffline(true);
    await page.goto(`${url}${post}`);
    await awake(page);
    expect(await release(page), "the copy is what it was, and works").toBe(old);
    await page.goto(`${url}/authors/`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is not kept here");
    expect(await release(page)).not.toBe(old);
    await accessible(page);

    // Read again with the network, the saved copy is of this release, and the old code has nobody left.
    await context.setOffline(false);
    await page.goto(`${url}${post}`);
    expect(await release(page)).not.toBe(old);
    for (const path of [home, topics]) {
      await page.goto(`${url}${path}`);
      await isKept(page, path);
    }
    await page.goto(`${url}${home}`);
    await expect.poll(async () => (await kept(page)).files?.filter((path) => /^\/pkg\/pavise\..*\.js$/.test(path)).length).toBe(1);
  });
});

test("a release that cannot come whole leaves the one that is there", { tag: "@fails" }, async ({ page, server }) => {
  await using folder = await Folder.make();
  await using before = await Server.start({ LEPTOS_SITE_ROOT: await older(folder) });
  await using proxy = await Proxy.start(before.url);
  await using _ = leaving(page);
  await page.goto(`${proxy.url}${home}`);
  await isKept(page);
  const old = (await release(page)) ?? "";
  const shells = () => page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("pavise-shell-")));
  expect(await shells()).toEqual([`pavise-shell-${old}`]);
  // The new worker comes, but not the words that it needs.
  proxy.target = server.url;
  proxy.fate = (_, path) => (path === "/offline/" ? "lost" : "whole");
  await refused(page);
  // While a site is renewed, the words may come from a machine that is behind.
  proxy.target = (path) => (path === "/offline/" ? before.url : server.url);
  proxy.fate = () => "whole";
  await refused(page);
  expect((await shells()).includes(`pavise-shell-${old}`)).toBe(true);
  proxy.target = "http://127.0.0.1:9";
  await page.goto(`${proxy.url}${topics}`);
  await expect(page.getByRole("heading", { level: 1 }), "the old one answers").toHaveText("This page is not kept here");
  expect(await release(page)).toBe(old);
});

test("switched off, it removes what was kept, and itself", { tag: "@fails" }, async ({ page }) => {
  const before = await Server.start();
  const { url } = before;
  await page.goto(`${url}${home}`);
  await isKept(page);
  await before.stop();

  await using server = await at(url, { PAVISE_OFFLINE: "off" });
  await using _ = leaving(page);
  await page.goto(`${server.url}${home}`);
  await expect(page.locator("script[data-release]")).not.toHaveAttribute("data-worker", /./);
  await lookForWorker(page);
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  await expect.poll(() => page.evaluate(() => caches.keys())).toEqual([]);
  await page.goto(`${server.url}/offline/`);
  await expect(page.getByText("This site does not keep pages in browsers at present.")).toBeVisible();
});
