import type { Page } from "@playwright/test";
import { accessible, awake, expect, test } from "../fixtures.js";
import { cards, everyPage, home, plan, plans } from "../pages.js";

const pages = Object.entries({ ...everyPage, "a page that is not there": "/nowhere/" });

/** Opens whatever is folded: the menu of languages, the histories of a plan. */
async function unfold(page: Page): Promise<void> {
  await page.locator("details").evaluateAll((all) => all.forEach((details) => details.setAttribute("open", "")));
}

for (const [name, address] of pages) {
  const tag = address === "/nowhere/" ? "@fails" : [];

  for (const colorScheme of ["light", "dark"] as const) {
    test(`${name} is accessible in ${colorScheme}`, { tag }, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(address);
      await awake(page);
      await accessible(page);
      await unfold(page);
      await accessible(page);
    });
  }

  test(`${name} has nothing that sticks out, on a narrow screen and in either direction`, { tag }, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(address);
    await awake(page);
    const widths = () => page.evaluate(() => [document.documentElement.scrollWidth, document.body.scrollWidth, window.innerWidth]);
    expect(await widths()).toEqual([320, 320, 320]);
    await unfold(page);
    for (const dir of ["ltr", "rtl"]) {
      await page.evaluate((dir) => document.documentElement.setAttribute("dir", dir), dir);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await widths(), dir).toEqual([320, 320, 320]);
      await page.setViewportSize({ width: 1280, height: 720 });
      expect(await widths(), dir).toEqual([1280, 1280, 1280]);
    }
  });
}

test("a narrowed list and a changed page stay accessible", async ({ page }) => {
  await page.goto(home);
  await awake(page);
  await page.getByRole("searchbox").fill("zebra");
  await expect(cards(page)).toHaveCount(0);
  await accessible(page);
  await page.getByRole("button", { name: "Dark" }).click();
  await page.getByRole("link", { name: "Read the Action Plan 2023" }).click();
  await expect(page).toHaveURL(plan);
  await accessible(page);
});

test("text twice as large fits a screen", async ({ page }) => {
  await page.goto(home);
  await page.evaluate(() => void (document.documentElement.style.fontSize = "200%"));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
});

test("the first stop of the keyboard skips to the content", { tag: "@plain" }, async ({ page }) => {
  await page.goto(plans);
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#main$/);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("main").getByRole("link").first()).toBeFocused();
});

test("whatever has the focus shows it", async ({ page }) => {
  await page.goto(home);
  await awake(page);
  // The header with its menus, the hero, the areas of the plan, and the filter of the posts.
  for (let stop = 0; stop < 17; stop++) {
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    await expect(focused).toHaveCSS("outline-style", "solid");
    await expect(focused).toBeInViewport();
  }
});

test("a page tells one story: one h1, and no heading level is skipped", { tag: ["@plain", "@fails"] }, async ({ page }) => {
  for (const [name, address] of pages) {
    await page.goto(address);
    const levels = await page.getByRole("heading").evaluateAll((headings) => headings.map((heading) => Number(heading.tagName.slice(1))));
    expect(levels.filter((level) => level === 1), name).toHaveLength(1);
    levels.forEach((level, index) => expect(level, name).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1));
  }
});
