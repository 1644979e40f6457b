import type { Locator, Page } from "@playwright/test";
import { accessible, awake, expect, test } from "../fixtures.js";
import { Held, isMarked, mark, texts, untranslated } from "../pages.js";

const search = "/search/";

function field(page: Page): Locator {
  return page.getByRole("combobox", { name: "What are you looking for?" });
}

function options(page: Page): Locator {
  return page.getByRole("listbox", { name: "Suggestions" }).getByRole("option");
}

test.beforeEach(async ({ page }) => {
  await page.goto(search);
  await awake(page);
});

test("titles are suggested while one types, and the arrow keys choose one", async ({ page }) => {
  await mark(page);
  await expect(field(page)).toHaveAttribute("aria-expanded", "false");
  await field(page).pressSequentially("kor");
  await expect(options(page).first()).toContainText("South Korea");
  await expect(field(page)).toHaveAttribute("aria-expanded", "true");
  await expect(page.getByText(/^Suggestions: \d\. The arrow keys choose one\.$/)).toHaveCount(1);
  await accessible(page);
  const count = await options(page).count();
  await field(page).press("ArrowDown");
  const first = options(page).first();
  await expect(first).toHaveAttribute("aria-selected", "true");
  await expect(field(page)).toHaveAttribute("aria-activedescendant", (await first.getAttribute("id")) ?? "");
  await field(page).press("ArrowUp");
  await expect(field(page)).not.toHaveAttribute("aria-activedescendant");
  await field(page).press("ArrowUp");
  await expect(options(page).nth(count - 1)).toHaveAttribute("aria-selected", "true");
  await field(page).press("ArrowDown");
  await field(page).press("ArrowDown");
  await expect(field(page)).toBeFocused();
  await accessible(page);
  await field(page).press("Enter");
  await expect(page).toHaveURL(untranslated);
  expect(await isMarked(page), "opened in place").toBe(true);
});

test("what was chosen among earlier suggestions is not followed, and Enter ends the asking", async ({ page }) => {
  await field(page).pressSequentially("kor");
  await expect(options(page).first()).toBeVisible();
  await field(page).press("ArrowDown");
  await expect(options(page).first()).toHaveAttribute("aria-selected", "true");
  const held = await Held.at(page, "**/api/suggest?*");
  await field(page).pressSequentially("ea");
  await expect(options(page).first()).toHaveAttribute("aria-selected", "false");
  await field(page).press("Enter");
  await expect(page).toHaveURL(/\/search\/\?q=korea/);
  held.release();
  await expect(page.getByRole("main").getByText(/\d results/)).toBeVisible();
  await page.evaluate(async () => void (await (await fetch("/api/suggest?q=access")).text()));
  await expect(options(page)).toHaveCount(0);
});

test("a suggestion is followed with a press", async ({ page }) => {
  await field(page).pressSequentially("kor");
  await options(page).first().click();
  await expect(page).toHaveURL(untranslated);
});

test("Escape closes the suggestions and leaves what was typed; Enter asks for it", async ({ page }) => {
  await field(page).pressSequentially("korea");
  await expect(options(page).first()).toBeVisible();
  await field(page).press("Escape");
  await expect(options(page)).toHaveCount(0);
  await expect(field(page)).toHaveValue("korea");
  await field(page).press("ArrowDown");
  await expect(options(page).first()).toBeVisible();
  await field(page).press("Enter");
  await expect(page).toHaveURL(/\/search\/\?q=korea/);
  await expect(page.getByRole("main").getByText(/\d results/)).toBeVisible();
  await expect(options(page)).toHaveCount(0);
});

test("suggestions go when the keyboard leaves the field, and none are there for one letter", async ({ page }) => {
  await field(page).pressSequentially("kor");
  await expect(options(page).first()).toBeVisible();
  await page.getByRole("button", { name: "Search" }).focus();
  await expect(options(page)).toHaveCount(0);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await field(page).fill("k");
  await field(page).fill("ko");
  await expect.poll(() => asked.length).toBe(1);
  expect(asked[0]).toMatch(/q=ko$/);
});

test("an answer to what was typed before is of no use", async ({ page }) => {
  const held = await Held.at(page, "**/api/suggest?*", (route) => route.request().url().endsWith("q=kor"));
  await field(page).fill("kor");
  await field(page).fill("brus");
  await expect(options(page).first()).toContainText("Brussels");
  const before = await texts(options(page));
  const answered = page.waitForResponse((response) => response.url().endsWith("q=kor"));
  held.release();
  await (await answered).finished();
  // Another answer, which comes after that one.
  await page.evaluate(async () => void (await (await fetch("/api/suggest?q=access")).text()));
  await expect(field(page)).toHaveValue("brus");
  expect(await texts(options(page))).toEqual(before);
});

test("without an answer the form is a form", { tag: "@fails" }, async ({ page }) => {
  await page.route("**/api/suggest?*", (route) => route.abort());
  await field(page).fill("korea");
  await field(page).press("Enter");
  await expect(page.getByRole("main").getByRole("link", { name: /South Korea/ })).toBeVisible();
});

test("suggestions in Arabic stand and run as Arabic does", async ({ page }) => {
  await page.goto(`/ar${search}`);
  await awake(page);
  await page.getByRole("combobox").pressSequentially("كوري");
  const option = page.getByRole("option").first();
  await expect(option).toContainText("كوريا");
  expect(await option.evaluate((option) => getComputedStyle(option).direction)).toBe("rtl");
  await accessible(page);
});
