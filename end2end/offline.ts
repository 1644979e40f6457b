// What a reader's browser keeps, and how one knows that it does.

import { type Page, expect } from "@playwright/test";

/** What is kept: the paths in each cache, by the name without what says the release. */
export async function kept(page: Page): Promise<Record<string, string[]>> {
  return page.evaluate(async () => {
    const all: Record<string, string[]> = {};
    for (const name of await caches.keys()) {
      const requests = await (await caches.open(name)).keys();
      const paths = requests.map(({ url }) => url.slice(location.origin.length)).filter((path) => path !== "/?unwanted");
      all[name.replace(/^pavise-/, "").replace(/-.*/, "")] = paths.sort();
    }
    return all;
  });
}

/** Waits until the service worker answers for this page and keeps `path`, or the page itself. */
export async function isKept(page: Page, path = new URL(page.url()).pathname): Promise<void> {
  await page.waitForFunction(() => Boolean(navigator.serviceWorker.controller));
  const pages = async () => {
    const { visited = [], saved = [] } = await kept(page);
    return [...visited, ...saved];
  };
  await expect.poll(pages, `${path} is kept`).toContain(path);
  await expect.poll(async () => (await kept(page)).shell ?? [], "there are words for what is not").not.toEqual([]);
}

/** Whether the search of what is kept has come, which comes last by itself. */
export async function hasSearch(page: Page): Promise<boolean> {
  return ((await kept(page)).files ?? []).some((path) => path.startsWith("/pkg/search."));
}

/** Goes to a page, and waits until it is kept. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await isKept(page);
}

/** Lets the browser see whether the site has another service worker, as it does by itself from time to time. */
export const lookForWorker = (page: Page) => page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));

/** Leaves the site of the page no room for anything more; gives back what makes the room as it was. */
export async function fill(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
  return async () => void (await session.send("Storage.overrideQuotaForOrigin", { origin }));
}
