import type { Page } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { Held, cards, home, insert, isMarked, mark, plan, plans, scrollY } from "../pages.js";
import { seed } from "../seed.js";

async function scrollTo(page: Page, y: number): Promise<void> {
  await page.evaluate((y) => window.scrollTo(0, y), y);
  await expect.poll(() => scrollY(page)).toBe(y);
}

async function follow(page: Page, title: string): Promise<void> {
  await page.getByRole("link", { name: title, exact: true }).evaluate((link: HTMLElement) => link.click());
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
}

test.beforeEach(async ({ page }) => {
  await page.goto(home);
  await awake(page);
  await mark(page);
});

test("Back and Forward show the pages again, without a load", async ({ page }) => {
  await follow(page, "Action Plan");
  await page.goBack();
  await expect(page).toHaveURL(home);
  await expect(cards(page)).toHaveCount(8);
  await expect(page).toHaveTitle("Our Internet, Our Future · Pavise");
  await page.goForward();
  await expect(page).toHaveURL(plans);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan");
  await awake(page);
  expect(await isMarked(page)).toBe(true);
});

test("Back and Forward come to the places that were left", async ({ page }) => {
  await scrollTo(page, 900);
  await follow(page, seed.posts[1]?.title ?? "");
  await scrollTo(page, 300);
  await page.goBack();
  await expect(cards(page)).toHaveCount(8);
  await expect.poll(() => scrollY(page)).toBe(900);
  await page.goForward();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(seed.posts[1]?.title ?? "");
  await expect.poll(() => scrollY(page)).toBe(300);
  expect(await isMarked(page)).toBe(true);
});

test("two steps back at once come to the right place", async ({ page }) => {
  await scrollTo(page, 640);
  await follow(page, seed.posts[1]?.title ?? "");
  await scrollTo(page, 200);
  await follow(page, "Action Plan");
  await page.evaluate(() => history.go(-2));
  await expect(page).toHaveURL(home);
  await expect(cards(page)).toHaveCount(8);
  await expect.poll(() => scrollY(page)).toBe(640);
});

test("a reload stays where it was, and Back still knows the place before", async ({ page }) => {
  await scrollTo(page, 720);
  await follow(page, seed.posts[1]?.title ?? "");
  await scrollTo(page, 350);
  await page.reload();
  await expect.poll(() => scrollY(page)).toBe(350);
  await awake(page);
  await page.goBack();
  await expect(cards(page)).toHaveCount(8);
  await expect.poll(() => scrollY(page)).toBe(720);
});

test("who comes back from elsewhere is at the place that was left", async ({ page }) => {
  await scrollTo(page, 480);
  await page.goto("about:blank");
  await page.goBack();
  await expect(cards(page)).toHaveCount(8);
  await expect.poll(() => scrollY(page)).toBe(480);
});

test("who comes back is there even if the browser leaves scrolling to the page", async ({ page }) => {
  await scrollTo(page, 480);
  await page.goto("about:blank");
  // As it is where the module wakes up before the browser has scrolled, or where the entry was kept as it was left.
  await page.addInitScript(() => void (history.scrollRestoration = "manual"));
  await page.goBack();
  await awake(page);
  await expect.poll(() => scrollY(page)).toBe(480);
});

test("a link to a place in the page leads there, and Back returns", async ({ page }) => {
  await insert(page, `<a href="#plan-at-a-glance">Up</a>`, "main");
  const link = page.getByRole("link", { name: "Up", exact: true });
  await link.scrollIntoViewIfNeeded();
  const left = await scrollY(page);
  await link.click();
  await expect(page).toHaveURL("/#plan-at-a-glance");
  await expect(page.getByRole("heading", { name: "Action Plan 2023" })).toBeInViewport();
  const reached = await scrollY(page);
  expect(reached).not.toBe(left);
  await page.goBack();
  await expect(page).toHaveURL(home);
  await expect.poll(() => scrollY(page)).toBe(left);
  await page.goForward();
  await expect(page).toHaveURL("/#plan-at-a-glance");
  await expect.poll(() => scrollY(page)).toBe(reached);
  expect(await isMarked(page)).toBe(true);
});

test("Back over a place in the page and another page finds both", async ({ page }) => {
  await page.getByRole("link", { name: "Back to top" }).click();
  await expect(page).toHaveURL("/#main");
  await follow(page, "Action Plan");
  await page.goBack();
  await expect(page).toHaveURL("/#main");
  await expect(cards(page)).toHaveCount(8);
  await page.goBack();
  await expect(page).toHaveURL(home);
  await expect(cards(page)).toHaveCount(8);
  expect(await isMarked(page)).toBe(true);
});

test("Back shows what a filter showed", async ({ page }) => {
  await page.getByRole("searchbox").fill("sender");
  await page.getByRole("searchbox").blur();
  await expect(page).toHaveURL("/?q=sender");
  await follow(page, "Action Plan");
  await page.goBack();
  await expect(page).toHaveURL("/?q=sender");
  await expect(cards(page)).toHaveCount(2);
  await expect(page.getByRole("searchbox")).toHaveValue("sender");
});

test("one step back leaves a filter that was typed and sent", async ({ page }) => {
  await follow(page, "Action Plan");
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("searchbox").fill("sender");
  await page.getByRole("searchbox").press("Enter");
  await expect(page).toHaveURL("/?q=sender");
  await page.waitForLoadState("networkidle");
  await expect(cards(page)).toHaveCount(2);
  await page.goBack();
  await expect(page).not.toHaveURL("/?q=sender");
});

test("what is typed while a filter's answer is on its way goes on", async ({ page }) => {
  const field = page.getByRole("searchbox");
  const held = await Held.at(page, "/?q=s");
  await field.fill("s");
  await field.press("Enter");
  await field.pressSequentially("ender");
  held.release();
  // The address says what is shown, too.
  await expect(page).toHaveURL("/?q=sender");
  await expect(page.locator("[data-moved]")).toBeAttached();
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("sender");
  await expect(cards(page)).toHaveCount(2);
});

test("one step back leaves a filter of two words, and one that was sent empty", async ({ page }) => {
  await follow(page, "Action Plan");
  await page.getByRole("link", { name: "Home" }).click();
  await expect(page).toHaveURL(home);
  await page.getByRole("searchbox").fill("sender pays ");
  await page.getByRole("searchbox").press("Enter");
  await expect(page).toHaveURL("/?q=sender+pays+");
  await expect(page.getByRole("searchbox")).toHaveAttribute("value", "sender pays");
  await page.getByRole("searchbox").fill("");
  await page.getByRole("searchbox").press("Enter");
  await expect(page).toHaveURL(home);
  await page.waitForLoadState("networkidle");
  await expect(cards(page)).toHaveCount(8);
  await page.goBack();
  await expect(page).toHaveURL(plans);
});

test("a page that the system takes away while nobody looks at it leaves the place to the browser", async ({ page }) => {
  await scrollTo(page, 640);
  const seen = (hidden: boolean) => page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    return [history.scrollRestoration, sessionStorage.getItem("scroll")?.includes(",640]")];
  }, hidden);
  expect(await seen(true)).toEqual(["auto", true]);
  expect(await seen(false)).toEqual(["manual", true]);
});

test("going back and forth quickly ends where the reader ends", async ({ page }) => {
  await follow(page, "Action Plan");
  await page.getByRole("main").getByRole("link", { name: "Action Plan 2023" }).click();
  await expect(page).toHaveURL(plan);
  await page.getByRole("link", { name: "Home" }).click();
  await expect(cards(page)).toHaveCount(8);
  await follow(page, "Action Plan");
  await page.evaluate(() => {
    addEventListener("popstate", () => history.forward(), { once: true });
    history.back();
    history.back();
  });
  await page.waitForLoadState("networkidle");
  await expect(async () => {
    const shown = await page.locator("link[rel=canonical]").getAttribute("href");
    expect(new URL(shown ?? "").pathname).toBe(new URL(page.url()).pathname);
  }).toPass();
});

test("Back before the module is awake shows the page of the address", async ({ page }) => {
  await follow(page, "Action Plan");
  const module = await Held.at(page, "**/*.wasm");
  await page.reload();
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(home);
  await expect(cards(page)).toHaveCount(8);
  module.release();
});

test("a link to the page that is shown leads to its top, and to its address without the jump", async ({ page }) => {
  await page.goto("/#latest-posts");
  await awake(page);
  await mark(page);
  await expect.poll(() => scrollY(page)).toBeGreaterThan(0);
  await page.getByRole("link", { name: "Pavise", exact: true }).evaluate((link: HTMLElement) => link.click());
  await expect(page).toHaveURL(home);
  await expect.poll(() => scrollY(page)).toBe(0);
  expect(await isMarked(page)).toBe(true);
});

test("Back over a jump and a filter shows what the address says", async ({ page }) => {
  await page.getByRole("link", { name: "Back to top" }).click();
  await expect(page).toHaveURL("/#main");
  const field = page.getByRole("searchbox");
  await field.fill("sender");
  await expect(cards(page)).toHaveCount(2);
  await field.blur();
  await expect(page).toHaveURL("/?q=sender");
  await page.goBack();
  await expect(page).toHaveURL(home);
  await expect(cards(page)).toHaveCount(8);
});
