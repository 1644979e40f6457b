import type { Page } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { home, isMarked, mark, plan, plans, post, rewriteFetches, scrollY } from "../pages.js";
import { seed } from "../seed.js";

function head(page: Page, selector: string, attribute: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((found, name) => found.map((element) => element.getAttribute(name) ?? ""), attribute);
}

/** Follows the link to the page that is shown in Arabic. */
async function toArabic(page: Page): Promise<void> {
  const languages = page.getByRole("navigation", { name: "Languages" });
  await languages.locator("summary").click();
  await languages.getByRole("link", { name: "العربية" }).click();
}

test.beforeEach(async ({ page }) => {
  await page.goto(home);
  await awake(page);
  await mark(page);
});

test.afterEach(async ({ page }) => {
  expect(await isMarked(page), "all of this happened without a load").toBe(true);
});

test("title, description and canonical address are the new page's", async ({ page }) => {
  await page.getByRole("link", { name: seed.posts[0]?.title }).click();
  await expect(page).toHaveTitle(`${seed.posts[0]?.title} · Pavise`);
  expect(await head(page, "meta[name=description]", "content")).toEqual([seed.posts[0]?.summary]);
  const canonical = await head(page, "link[rel=canonical]", "href");
  expect(canonical.map((address) => new URL(address).pathname)).toEqual([post]);
});

test("the head is what an ordinary load gives", async ({ page }) => {
  // Styles are added and not swapped: see styles.spec.ts.
  const described = () => page.evaluate(() => [...document.head.children].filter((it) => it.localName !== "style").map((it) => it.outerHTML).toSorted());
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page).toHaveTitle("Action Plan · Pavise");
  const swapped = await described();
  await page.reload();
  expect(await described()).toEqual(swapped);
  await awake(page);
  await mark(page);
  await page.getByRole("main").getByRole("link", { name: "Action Plan 2023" }).click();
  await expect(page).toHaveTitle("Action Plan 2023 · Pavise");
  await page.getByRole("link", { name: "Misguided Policies" }).first().click();
  await expect(page).toHaveTitle(`${seed.posts[1]?.title} · Pavise`);
  const post = await described();
  expect(post.filter((element) => element.includes("ld+json"))).toHaveLength(2);
  expect(await isMarked(page)).toBe(true);
  await page.reload();
  expect(await described()).toEqual(post);
  await mark(page);
});

test("the head of a page in another language is what an ordinary load gives", async ({ page }) => {
  // Styles are added and not swapped: see styles.spec.ts.
  const described = () => page.evaluate(() => [...document.head.children].filter((it) => it.localName !== "style").map((it) => it.outerHTML).toSorted());
  await toArabic(page);
  await expect(page).toHaveURL("/ar/");
  await expect(page.locator("html")).toHaveAttribute("lang", "ar");
  const swapped = await described();
  expect(await isMarked(page)).toBe(true);
  await page.reload();
  expect(await described()).toEqual(swapped);
  await mark(page);
});

test("main is the new page's, with one heading, which has the focus", async ({ page }) => {
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("Action Plan");
  await expect(heading).toBeFocused();
  await expect(page.getByRole("main")).toHaveCount(1);
  await expect(page.getByText("Latest Posts")).toHaveCount(0);
});

test("the page's name is announced", async ({ page }) => {
  await expect(page.locator("#announcer")).toHaveRole("status");
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page.locator("#announcer")).toHaveText("Action Plan · Pavise");
});

test("the header marks the page, or the part of the site that it is in", async ({ page }) => {
  const link = (name: string) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name });
  await expect(link("Home")).toHaveAttribute("aria-current", "page");
  await link("Action Plan").click();
  await expect(link("Action Plan")).toHaveAttribute("aria-current", "page");
  await expect(link("Home")).not.toHaveAttribute("aria-current");
  await page.getByRole("main").getByRole("link", { name: "Action Plan 2023" }).click();
  await expect(link("Action Plan")).toHaveAttribute("aria-current", "true");
});

test("the menu of languages leads to the new page in each of them", async ({ page }) => {
  const links = page.getByRole("navigation", { name: "Languages" }).getByRole("link", { includeHidden: true });
  const hrefs = () => links.evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  expect(await hrefs()).toEqual(["/", "/fr/", "/es/", "/ar/"]);
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page).toHaveURL(plans);
  expect(await hrefs()).toEqual(["", "/fr", "/es", "/ar"].map((lang) => `${lang}${plans}`));
});

test("the new page begins at its top", async ({ page }) => {
  const last = page.getByRole("link", { name: seed.posts[7]?.title });
  await last.scrollIntoViewIfNeeded();
  expect(await scrollY(page)).toBeGreaterThan(500);
  await last.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(seed.posts[7]?.title ?? "");
  await expect.poll(() => scrollY(page)).toBe(0);
});

test("a link to a place in another page arrives there", async ({ page }) => {
  await page.getByRole("link", { name: "Bring more people to the table" }).click();
  await expect(page).toHaveURL(`${plan}#voices`);
  const heading = page.getByRole("heading", { level: 2, name: "Bring more people to the table" });
  await expect(heading).toBeInViewport();
  expect(await scrollY(page)).toBeGreaterThan(500);
  await expect(page.locator("#voices")).toBeFocused();
});

test("a link to the page that is shown shows it afresh, from its top", async ({ page }) => {
  const before = await page.evaluate(() => history.length);
  await page.evaluate(() => window.scrollTo(0, 700));
  await rewriteFetches(page, "**/", (html) => html.replace("Latest Posts</h2>", "Latest Posts, again</h2>"));
  await page.getByRole("navigation").getByRole("link", { name: "Home" }).click();
  await expect(page.getByRole("heading", { name: "Latest Posts, again" })).toBeAttached();
  await expect.poll(() => scrollY(page)).toBe(0);
  expect(await page.evaluate(() => history.length)).toBe(before);
});

test("a page in another language brings its header and its direction", async ({ page }) => {
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page).toHaveURL(plans);
  await toArabic(page);
  await expect(page).toHaveURL(`/ar${plans}`);
  await expect(page.locator("html")).toHaveAttribute("lang", "ar");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  const header = page.getByRole("navigation", { name: "القائمة الرئيسية" });
  await expect(header.getByRole("link", { name: "الرئيسية" })).toBeVisible();
  await expect(header.getByRole("link", { name: "خطة العمل" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("link", { name: "الانتقال إلى المحتوى" })).toBeAttached();
  await expect(page.getByRole("link", { name: "العودة إلى الأعلى" })).toBeVisible();
  await awake(page);
  await page.getByRole("button", { name: "داكن" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.goBack();
  await expect(page).toHaveURL(plans);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.locator("html")).toHaveAttribute("dir", "ltr");
  await expect(page.getByRole("link", { name: "Home" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Dark" })).toHaveAttribute("aria-pressed", "true");
});
