import type { Page } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { home, isMarked, mark, plan } from "../pages.js";

/** The requests for pages since the one that is shown. */
function pagesAsked(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith("/")) asked.push(pathname);
  });
  return asked;
}

const toPlan = (page: Page) => page.getByRole("main").getByRole("link", { name: /action plan/i }).first();

for (const [how, intend] of Object.entries({
  "the pointer rests on": async (page: Page) => toPlan(page).hover(),
  "the keyboard comes to": async (page: Page) => toPlan(page).focus(),
  "a finger comes down on": async (page: Page) => toPlan(page).dispatchEvent("touchstart"),
})) {
  test(`a page is fetched when ${how} its link, once, and shown without another request`, async ({ page }) => {
    await page.goto(home);
    await awake(page);
    const asked = pagesAsked(page);
    const answered = page.waitForResponse((response) => response.url().endsWith(plan));
    await intend(page);
    await (await answered).finished();
    expect(asked).toEqual([plan]);
    await mark(page);
    await page.route("**/", (route) => route.abort());
    await toPlan(page).click();
    await expect(page).toHaveURL(new RegExp(`${plan}$`));
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await isMarked(page)).toBe(true);
    expect(asked).toEqual([plan]);
  });
}

test("a pointer that passes over a link fetches nothing", async ({ page }) => {
  await page.goto(home);
  await awake(page);
  const asked = pagesAsked(page);
  // Both at once, as a quick hand does.
  await toPlan(page).evaluate((link) => {
    for (const target of [link, document.body]) target.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
  });
  await page.getByRole("link", { name: "All posts" }).first().hover();
  await expect.poll(() => asked.length).toBe(1);
  expect(asked).toEqual(["/blog/"]);
});

test("nothing is fetched ahead for a reader who saves data", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
  await page.goto(home);
  await page.getByRole("searchbox").focus();
  await awake(page);
  const asked = pagesAsked(page);
  await toPlan(page).hover();
  await toPlan(page).focus();
  await toPlan(page).click();
  await expect(page).toHaveURL(new RegExp(`${plan}$`));
  expect(asked).toEqual([plan]);
});

test("a page that could not be fetched ahead is fetched when it is wanted", { tag: "@fails" }, async ({ page }) => {
  await page.goto(home);
  await awake(page);
  await page.route(`**${plan}`, (route) => route.abort(), { times: 1 });
  const failed = page.waitForEvent("requestfailed", (request) => request.url().endsWith(plan));
  await toPlan(page).hover();
  await failed;
  await mark(page);
  await toPlan(page).click();
  await expect(page).toHaveURL(new RegExp(`${plan}$`));
  expect(await isMarked(page)).toBe(true);
});
