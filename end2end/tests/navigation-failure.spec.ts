import { awake, expect, test } from "../fixtures.js";
import { cards, Held, home, insert, isMarked, mark, plan, plans, post, rewriteFetches } from "../pages.js";
import { seed } from "../seed.js";

test.beforeEach(async ({ page }) => {
  await page.goto(home);
  await awake(page);
  await mark(page);
});

test("a later click gives up the earlier one", async ({ page }) => {
  const slow = await Held.at(page, `**${plans}`);
  const givenUp = page.waitForEvent("requestfailed", (request) => request.url().endsWith(plans));
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await page.getByRole("link", { name: seed.posts[0]?.title }).click();
  await givenUp;
  slow.release();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(seed.posts[0]?.title ?? "");
  await page.waitForLoadState("networkidle");
  await expect(page).toHaveURL(post);
  expect(await isMarked(page)).toBe(true);
});

test("Back gives up a page that is awaited", async ({ page }) => {
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page).toHaveURL(plans);
  const slow = await Held.at(page, `**${plan}`);
  await page.getByRole("main").getByRole("link", { name: "Action Plan 2023" }).click();
  await expect(page.locator("#progress")).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(home);
  await expect(cards(page)).toHaveCount(8);
  slow.release();
  await page.waitForLoadState("networkidle");
  await expect(page).toHaveURL(home);
  await expect(page.locator("#progress")).toBeHidden();
  expect(await isMarked(page)).toBe(true);
});

test("a slow answer shows that it is awaited", async ({ page }) => {
  const slow = await Held.at(page, `**${plans}`);
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page.locator("#progress")).toBeVisible();
  await expect(page).toHaveURL(home);
  slow.release();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan");
  await expect(page.locator("#progress")).toBeHidden();
});

test("a quick answer shows nothing of the kind, not even later", async ({ page }) => {
  await page.evaluate(() => {
    const waiting = new Map<number, () => void>();
    let last = 0;
    Object.assign(window, {
      setTimeout: (work: () => void) => (waiting.set(++last, work), last),
      clearTimeout: (id: number) => waiting.delete(id),
      passTime: () => waiting.forEach((work) => work()),
    });
  });
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan");
  await page.evaluate(() => (window as unknown as { passTime(): void }).passTime());
  await expect(page.locator("#progress")).toBeHidden();
});

test("an error is shown as an ordinary load shows it", { tag: "@fails" }, async ({ page }) => {
  await page.route(`**${plans}`, (route) => route.fulfill({ status: 500, contentType: "text/html", body: "<title>Oh</title><h1>It broke</h1>" }));
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("It broke");
  await expect(page).toHaveURL(plans);
  expect(await isMarked(page)).toBe(false);
});

test("a page that is not there says so", { tag: "@fails" }, async ({ page }) => {
  await insert(page, `<a href="/nowhere/">Probe</a>`);
  await page.getByRole("link", { name: "Probe" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no page here");
  await expect(page).toHaveURL("/nowhere/");
  expect(await isMarked(page)).toBe(false);
});

test("what is not a page is left to the browser", async ({ page }) => {
  await page.route(`**${plans}`, (route) => route.fulfill({ contentType: "text/plain", body: "Only words" }));
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page.getByText("Only words")).toBeVisible();
  expect(await isMarked(page)).toBe(false);
});

test("a broken connection is tried again by the browser itself", { tag: "@fails" }, async ({ page }) => {
  await page.route(`**${plans}`, (route) => (route.request().resourceType() === "fetch" ? route.abort("connectionreset") : route.fallback()));
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan");
  expect(await isMarked(page)).toBe(false);
});

test("a broken connection on the way back loads the page that the address names", { tag: "@fails" }, async ({ page }) => {
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page).toHaveURL(plans);
  await page.route("**/", (route) => (route.request().resourceType() === "fetch" ? route.abort("connectionreset") : route.fallback()));
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(home);
  await expect(cards(page)).toHaveCount(8);
  await expect.poll(() => isMarked(page)).toBe(false);
});

test("a page of another release is loaded whole", async ({ page }) => {
  await rewriteFetches(page, `**${plans}`, (html) => html.replace(/data-release="[^"]+"/, `data-release="00000000"`));
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan");
  expect(await isMarked(page)).toBe(false);
});

test("a page with an island that this release does not know is loaded whole", async ({ page }) => {
  await rewriteFetches(page, `**${plan}`, (html) => html.replace(/data-component="AreaFilterIsland[^"]*"/, `data-component="Other_1"`));
  await page.getByRole("link", { name: "Read the Action Plan 2023" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan 2023");
  expect(await isMarked(page)).toBe(false);
});
