import type { Locator, Page } from "@playwright/test";
import { accessible, awake, expect } from "../fixtures.js";
import { Held, home, isMarked, mark, scrollY, texts } from "../pages.js";
import { testOf } from "../sites.js";
import { newestFirst, tales } from "../tales.js";

const test = testOf(tales);

function posts(page: Page): Locator {
  return page.getByRole("main").getByRole("list").getByRole("listitem").filter({ has: page.getByRole("heading") });
}

function titles(page: Page): Promise<string[]> {
  return texts(posts(page).getByRole("heading"));
}

function older(page: Page): Locator {
  return page.getByRole("link", { name: "Older posts" });
}

/** The keyboard is at a post, and the reader was told how many came. */
async function arrivedAt(page: Page, title: string, told: string): Promise<void> {
  await expect(page.getByRole("link", { name: title, exact: true })).toBeFocused();
  await expect(page.getByRole("navigation", { name: "Pages of posts" }).getByRole("status")).toHaveText(told);
}

test.beforeEach(async ({ page }) => {
  await page.goto("/blog/");
  await awake(page);
  await mark(page);
});

test("older posts come below those that are shown, without a load", async ({ page }) => {
  await older(page).click();
  await expect(posts(page)).toHaveCount(24);
  expect(await titles(page)).toEqual(newestFirst.slice(0, 24));
  await arrivedAt(page, "Tale 18", "Posts added: 12");
  await accessible(page);
  await older(page).click();
  await expect(posts(page)).toHaveCount(30);
  expect(await titles(page)).toEqual(newestFirst);
  await arrivedAt(page, "Tale 6", "Posts added: 6");
  await expect(older(page)).toHaveCount(0);
  await expect(page).toHaveURL("/blog/");
  expect(await isMarked(page)).toBe(true);
  await accessible(page);
});

test("Back to a list that has grown finds it as it was left, and it goes on", async ({ page }) => {
  await older(page).click();
  await expect(posts(page)).toHaveCount(24);
  const post = page.getByRole("link", { name: "Tale 8", exact: true });
  await post.scrollIntoViewIfNeeded();
  const left = await scrollY(page);
  expect(left).toBeGreaterThan(0);
  await post.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Tale 8");
  await page.goBack();
  await expect(posts(page)).toHaveCount(24);
  await expect.poll(() => scrollY(page)).toBe(left);
  await awake(page);
  await older(page).click();
  await expect(older(page)).toHaveCount(0);
  expect(await titles(page)).toEqual(newestFirst);
  // The whole list, once more.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Home" }).click();
  await expect(page).toHaveURL(home);
  await page.goBack();
  await expect(posts(page)).toHaveCount(30);
  await expect(older(page)).toHaveCount(0);
  expect(await isMarked(page)).toBe(true);
});

test("the keyboard does the same, and goes on from the first new post", async ({ page }) => {
  await older(page).focus();
  await page.keyboard.press("Enter");
  await arrivedAt(page, "Tale 18", "Posts added: 12");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Tale 17", exact: true })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("link", { name: "Tale 19", exact: true })).toBeFocused();
});

test("in Arabic the count is said as Arabic counts", async ({ page }) => {
  await page.goto("/ar/blog/");
  await awake(page);
  await page.getByRole("link", { name: "مقالات أقدم" }).click();
  await expect(posts(page)).toHaveCount(24);
  await expect(page.getByRole("navigation", { name: "صفحات المقالات" }).getByRole("status")).toHaveText("المقالات المضافة: 12");
});

test("a list that is narrowed by topic goes on as that topic's", async ({ page }) => {
  await page.goto("/topics/odd/");
  await awake(page);
  await older(page).click();
  await expect(posts(page)).toHaveCount(15);
  expect(await titles(page)).toEqual(newestFirst.filter((title) => /[13579]$/.test(title)));
  await expect(page.getByRole("navigation", { name: "Pages of posts" }).getByRole("status")).toHaveText("Posts added: 3");
});

test("with a key held, the link opens its page in another tab", async ({ page, context }) => {
  const opened = context.waitForEvent("page");
  await older(page).click({ modifiers: ["ControlOrMeta"] });
  const tab = await opened;
  await expect(tab).toHaveURL(/\/blog\/\?before=/);
  await expect(tab.getByRole("heading", { name: "Tale 18", exact: true })).toBeVisible();
  await expect(posts(page)).toHaveCount(12);
});

test("pressed twice before the answer comes, it adds the posts once", async ({ page }) => {
  const next = await Held.at(page, "**/blog/?before=*");
  await older(page).click();
  await older(page).click();
  next.release();
  await expect(page.getByRole("heading", { name: "Tale 7", exact: true }).first()).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(await titles(page)).toEqual(newestFirst.slice(0, 24));
});

test("an answer that comes after the reader has left changes nothing where they are", async ({ page }) => {
  const next = await Held.at(page, "**/blog/?before=*");
  await older(page).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Home" }).click();
  await expect(page).toHaveURL(home);
  const before = await titles(page);
  next.release();
  await page.waitForLoadState("networkidle");
  await expect(page.getByRole("heading", { name: "Tale 18", exact: true })).toHaveCount(0);
  expect(await titles(page)).toEqual(before);
});

test.describe("when the answer is a failure", { tag: "@fails" }, () => {
  test("the browser goes to the next page as it would without the module", async ({ page }) => {
    await page.route("**/blog/?before=*", (route) => (route.request().resourceType() === "fetch" ? route.abort() : route.fallback()));
    await older(page).click();
    await expect(page).toHaveURL(/\/blog\/\?before=/);
    await page.waitForLoadState();
    expect(await titles(page)).toEqual(newestFirst.slice(12, 24));
    expect(await isMarked(page)).toBe(false);
  });
});

test("narrowing by the form is no load, and the address says what is shown", async ({ page }) => {
  const form = page.getByRole("form", { name: "Narrow these posts" });
  await form.getByRole("combobox", { name: "Topic" }).selectOption("Odd tales");
  await form.getByRole("combobox", { name: "Year" }).selectOption("2022");
  await form.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL("/blog/?topic=odd&year=2022");
  await expect(posts(page)).toHaveCount(3);
  expect(await titles(page)).toEqual(["Tale 5", "Tale 3", "Tale 1"]);
  await expect(form.getByRole("combobox", { name: "Topic" })).toHaveValue("odd");
  await page.goBack();
  await expect(posts(page)).toHaveCount(12);
  expect(await isMarked(page)).toBe(true);
});
