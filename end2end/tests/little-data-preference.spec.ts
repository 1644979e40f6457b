// Little data where the browser says it in the page alone: no header asks for it, so the first answer is that for everybody.

import type { Page } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { home, post } from "../pages.js";

// Chromium knows this preference behind a flag only.
test.use({
  launchOptions: [
    async ({ launchOptions }, use) => use({ ...launchOptions, args: [...(launchOptions.args ?? []), "--enable-blink-features=PrefersReducedData"] }),
    { scope: "worker" },
  ],
});

async function prefer(page: Page, value: "reduce" | "no-preference"): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-reduced-data", value }] });
}

/** What the page asks for from now on beside pages: of each the kind, and of code the ending. */
function asked(page: Page): string[] {
  const all: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    const kind = /\.(js|wasm)$/.exec(pathname)?.[1] ?? request.resourceType();
    if (kind !== "document" && pathname !== "/favicon.svg") all.push(kind);
  });
  return all;
}

test("who prefers little data gets no font, no code and no pictures, from the first page on", async ({ page }) => {
  await prefer(page, "reduce");
  const first = asked(page);
  // The page is loaded once more on its way.
  await page.goto(post, { waitUntil: "commit" });
  await expect(page.getByText("This site uses little data")).toBeVisible();
  await page.waitForLoadState("networkidle");
  // The picture at the top Chromium asks for while no script has run yet.
  expect(first.join()).toMatch(/^(image)?$/);
  await expect(page.getByRole("article").getByRole("link", { name: /Show the picture/ }).first()).toBeVisible();
  const next = asked(page);
  await page.goto(home, { waitUntil: "networkidle" });
  expect(next).toEqual([]);
  await page.getByRole("contentinfo").getByRole("button").first().focus();
  await awake(page);
  expect(next.toSorted()).toEqual(["js", "wasm"]);
  await page.getByRole("contentinfo").getByRole("button", { name: "Show everything again" }).click();
  await expect(page.getByText("This site uses little data")).toBeHidden();
  await page.goto(post);
  await expect(page.getByRole("article").getByRole("img").first(), "the reader's own choice wins").toBeVisible();
});

test("who does not prefer it any more has everything again", async ({ page }) => {
  await prefer(page, "reduce");
  await page.goto(post);
  await expect(page.getByText("This site uses little data")).toBeVisible();
  await prefer(page, "no-preference");
  await page.goto(home);
  await expect(page.getByText("This site uses little data")).toBeHidden();
  await page.goto(post);
  await expect(page.getByRole("article").getByRole("img").first()).toBeVisible();
});

test("who does not prefer it gets all of that with the first page", async ({ page }) => {
  await prefer(page, "no-preference");
  const first = asked(page);
  await page.goto(post);
  await awake(page);
  await page.waitForLoadState("networkidle");
  expect(first).toEqual(expect.arrayContaining(["font", "image", "js", "wasm"]));
  await expect(page.getByText("This site uses little data")).toBeHidden();
});
