// A network that goes while a reader reads: the page stays, says so, and leads on when the network is back.

import { accessible, awake, expect, test } from "../fixtures.js";
import { home, isMarked, mark, posts, topics } from "../pages.js";

test("a page that cannot be fetched leaves the one that is there", { tag: "@fails" }, async ({ page, context }) => {
  await page.goto(home);
  await awake(page);
  await mark(page);
  await expect(page.getByRole("alert")).toBeHidden();
  await context.setOffline(true);
  const main = page.getByRole("navigation", { name: "Main" });
  await main.getByRole("link", { name: "Topics" }).click();
  const told = page.getByRole("alert");
  await expect(told).toContainText("You are offline. This page stays here");
  await expect(told).toBeInViewport({ ratio: 1 });
  await accessible(page);
  await expect(page).toHaveURL(home);
  await main.getByRole("link", { name: "Posts" }).click();
  await expect(told.getByRole("link", { name: "Try again" })).toHaveAttribute("href", new RegExp(`${posts}$`));
  await context.setOffline(false);
  await told.getByRole("link", { name: "Try again" }).click();
  await expect(page).toHaveURL(posts);
  await expect(told).toBeHidden();
  expect(await isMarked(page)).toBe(true);
});

test("in Arabic it is said in Arabic", { tag: "@fails" }, async ({ page, context }) => {
  await page.goto(`/ar${topics}`);
  await awake(page);
  await context.setOffline(true);
  await page.getByRole("contentinfo").getByRole("link").first().click();
  await expect(page.getByRole("alert")).toContainText("أنت غير متصل بالشبكة");
  await expect(page.getByRole("alert").getByRole("link")).toHaveText("حاول مجددًا");
});

test("after a change of the language it is said in that", { tag: "@fails" }, async ({ page, context }) => {
  await page.goto(topics);
  await awake(page);
  await mark(page);
  const menu = page.getByRole("navigation", { name: "Languages" });
  await menu.getByText("English").first().click();
  await menu.getByRole("link", { name: "العربية" }).click();
  await expect(page).toHaveURL(`/ar${topics}`);
  await expect(page.getByRole("contentinfo").getByRole("link", { name: "العودة إلى الأعلى" })).toBeVisible();
  await expect(page.locator("#progress")).toHaveText("جارٍ التحميل…");
  await context.setOffline(true);
  await page.getByRole("contentinfo").getByRole("link").first().click();
  await expect(page.getByRole("alert")).toContainText("أنت غير متصل بالشبكة");
  expect(await isMarked(page)).toBe(true);
});

test("an answer that takes long is announced in words, and not at once", async ({ page }) => {
  await page.goto(home);
  await awake(page);
  await page.clock.install();
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await page.route(`**${topics}`, async (route) => {
    await held;
    await route.fallback();
  });
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Topics" }).click();
  await expect(page.getByText("Loading …")).toBeHidden();
  await page.clock.runFor(200);
  await expect(page.getByText("Loading …")).toBeVisible();
  release();
  await expect(page).toHaveURL(topics);
  await expect(page.getByText("Loading …")).toBeHidden();
});
