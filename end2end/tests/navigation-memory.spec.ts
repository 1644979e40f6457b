import type { CDPSession } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { home } from "../pages.js";
import { seed } from "../seed.js";

const MB = 1024 * 1024;

/** Follows links from the front page to a post, to the plans, to a plan and back, so many pages in all. */
async function wander(post: string, pages: number): Promise<void> {
  const ways: [link: string, title: string][] = [
    [".post-card a", `${post} · Pavise`],
    [`.site-nav a[href="/action-plan/"]`, "Action Plan · Pavise"],
    ["main h2 a", "Action Plan 2023 · Pavise"],
    [`.site-nav a[href="/"]`, "Our Internet, Our Future · Pavise"],
  ];
  for (let page = 0; page < pages; page++) {
    const [link, title] = ways[page % ways.length] ?? ["", ""];
    const before = document.querySelector("main");
    document.querySelector<HTMLElement>(link)?.click();
    await new Promise<void>((done, failed) => {
      const deadline = performance.now() + 30_000;
      const look = () => {
        if (document.title === title && document.querySelector("main") !== before) done();
        else if (performance.now() > deadline) failed(new Error(`page ${page} never came: ${title}`));
        else setTimeout(look, 2);
      };
      look();
    });
  }
}

async function heap(browser: CDPSession): Promise<number> {
  await browser.send("HeapProfiler.collectGarbage");
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await browser.send("Runtime.getHeapUsage");
  return (usedSize + embedderHeapUsedSize + backingStorageSize) / MB;
}

test("a thousand pages later the heap is where it was", async ({ page }) => {
  test.setTimeout(900_000);
  const post = seed.posts[0]?.title ?? "";
  await page.goto(home);
  await awake(page);
  const browser = await page.context().newCDPSession(page);
  await page.evaluate(`(${wander})(${JSON.stringify(post)}, 12)`);
  const before = await heap(browser);
  await page.evaluate(`(${wander})(${JSON.stringify(post)}, 1000)`);
  const after = await heap(browser);
  expect(after - before).toBeLessThan(5);
  await expect(page).toHaveURL(home);
});
