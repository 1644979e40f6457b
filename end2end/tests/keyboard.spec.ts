// Everything that a reader can do, by keyboard alone.

import type { Locator, Page } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { cards, commitments, home, plan, post, posts } from "../pages.js";

/** Goes on with the Tab key until `wanted` has the focus, as a reader would, and sees that each stop shows it. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let stops = 0; stops < 60; stops++) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      await expect(wanted).toBeInViewport();
      return;
    }
  }
  throw new Error("the Tab key never came there");
}

test("a reader finds a post, reads on, and shares it", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(home);
  await awake(page);
  await tabTo(page, page.getByRole("searchbox"));
  await page.keyboard.type("senate");
  await expect(cards(page)).toHaveCount(1);
  await tabTo(page, cards(page).getByRole("link"));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(post);
  await tabTo(page, page.getByRole("navigation", { name: "In this post" }).getByRole("link", { name: "Think in layers" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Think in layers" })).toBeInViewport();
  const copy = page.getByRole("button", { name: "Copy the link" });
  await tabTo(page, copy);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article").getByRole("status").filter({ hasText: "The link is copied." })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(post);
  await tabTo(page, page.getByRole("navigation", { name: "Neighbouring posts" }).getByRole("link"));
  await page.keyboard.press("Enter");
  await expect(page).not.toHaveURL(post);
});

test("a reader looks into the plan", async ({ page }) => {
  await page.goto(plan);
  await awake(page);
  await tabTo(page, page.getByRole("main").getByRole("link", { name: "Make the network worth trusting" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Make the network worth trusting" })).toBeInViewport();
  const history = page.locator("#secure").getByRole("group").first();
  await tabTo(page, history.locator("summary"));
  await page.keyboard.press("Space");
  await expect(history.getByRole("table")).toBeVisible();
  await page.goto(plan);
  await awake(page);
  const area = page.getByRole("combobox");
  await tabTo(page, area);
  await page.keyboard.type("Make");
  await expect(commitments(page)).toHaveCount(2);
});

test("a reader changes the colours and the language", { tag: "@plain" }, async ({ page }) => {
  await page.goto(posts);
  await tabTo(page, page.getByRole("banner").locator("summary"));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("banner").getByRole("link", { name: "Français" }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/fr/blog/");
  await tabTo(page, page.getByRole("button", { name: "Sombre" }));
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("a card shows the focus around all of it", async ({ page }) => {
  await page.goto(home);
  const link = cards(page).first().getByRole("link");
  await tabTo(page, link);
  const ring = await link.evaluate((link) => {
    const style = getComputedStyle(link, "::after");
    return [style.outlineStyle, Math.round(Number.parseFloat(style.width)), Math.round(Number.parseFloat(style.height))];
  });
  const box = await cards(page).first().boundingBox();
  expect(ring).toEqual(["solid", Math.round(box?.width ?? 0), Math.round(box?.height ?? 0)]);
});
