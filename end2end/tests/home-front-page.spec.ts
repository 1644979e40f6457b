import type { Page } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { ask } from "../http.js";
import { cards, home, texts } from "../pages.js";
import { seed } from "../seed.js";

test.beforeEach(async ({ page }) => {
  await page.goto(home);
});

test("the hero has the words that its owner gave", { tag: ["@plain", "@store"] }, async ({ page }) => {
  const main = page.getByRole("main");
  expect(await main.getByRole("img").first().getAttribute("aria-label")).toBe(seed.alt);
  expect(await texts(main.getByRole("heading", { level: 1 }))).toEqual([seed.headline]);
  await expect(main.getByRole("img", { name: seed.alt, exact: true })).toBeVisible();
  const summary = main.getByText(seed.summary, { exact: true });
  await expect(summary).toBeVisible();
  expect(await texts(summary)).toEqual([seed.summary]);
});

test("the eight posts have the words that their owner gave, in that order", { tag: ["@plain", "@store"] }, async ({ page }) => {
  const latest = page.getByRole("region", { name: seed.heading, exact: true });
  expect(await texts(latest.getByRole("heading", { level: 2 }))).toEqual([seed.heading]);
  expect(seed.posts).toHaveLength(8);
  await expect(cards(page)).toHaveCount(8);
  const shown = await Promise.all(
    (await cards(page).all()).map(async (card) => ({
      alt: (await card.getByRole("img").getAttribute("alt"))?.trim(),
      title: (await card.getByRole("heading", { level: 3 }).textContent())?.trim(),
      summary: (await card.getByRole("paragraph").first().textContent())?.trim(),
    })),
  );
  expect(shown).toEqual(seed.posts);
});

test("the hero comes before the posts", { tag: "@plain" }, async ({ page }) => {
  const words = await page.getByRole("main").textContent();
  const places = [seed.headline, seed.summary, seed.heading, ...seed.posts.flatMap(({ title, summary }) => [title, summary])];
  const found = places.map((place) => words?.indexOf(place) ?? -1);
  expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
  expect(found).toEqual(found.toSorted((a, b) => a - b));
});

test("each card has a day, in words and for programs, newest first", { tag: ["@plain", "@store"] }, async ({ page }) => {
  const days = cards(page).getByRole("time");
  await expect(days).toHaveCount(8);
  for (const words of await texts(days)) expect(words).toMatch(/^[A-Z][a-z]+ \d{1,2}, 2023$/);
  const moments = await days.evaluateAll((times) => times.map((time) => Date.parse(time.getAttribute("datetime") ?? "")));
  expect(moments.every(Number.isFinite)).toBe(true);
  expect(moments).toEqual(moments.toSorted((a, b) => b - a));
});

test("each card has a picture that loads when it is reached", { tag: ["@plain", "@store"] }, async ({ page }) => {
  for (const picture of await cards(page).getByRole("img").all()) {
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
  }
});

test("each card leads to a post whose address has its month", { tag: ["@plain", "@store"] }, async ({ page, request }) => {
  for (const card of await cards(page).all()) {
    const href = (await card.getByRole("link").getAttribute("href")) ?? "";
    const month = (await card.getByRole("time").getAttribute("datetime"))?.slice(0, 7).replace("-", "/");
    expect(href).toMatch(/^\/blog\/\d{4}\/\d{2}\/[a-z0-9-]+\/$/);
    expect(href).toContain(`/blog/${month}/`);
    const answer = await request.get(href, { maxRedirects: 0 });
    expect(answer.status()).toBe(200);
  }
});

test("the hero leads to the year's plan, and each area to its place in it", { tag: "@plain" }, async ({ page }) => {
  const glance = page.getByRole("region", { name: "Action Plan 2023" });
  const areas = glance.getByRole("listitem");
  await expect(areas).toHaveCount(4);
  for (const area of await areas.all()) {
    const link = area.getByRole("link");
    await expect(area).toContainText(/\d+ commitments? · \d+% of the way/);
    expect(await link.getAttribute("href")).toMatch(/^\/action-plan\/2023\/#[a-z-]+$/);
  }
  await page.getByRole("link", { name: "Read the Action Plan 2023" }).click();
  await expect(page).toHaveURL(/\/action-plan\/2023\/$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan 2023");
});

/** Shows the front page as far as it has come when the connection was cut there. */
async function cut(page: Page, html: string, end: number): Promise<void> {
  await page.route((url) => url.pathname === home, (route) => route.fulfill({ contentType: "text/html", body: html.slice(0, end) }));
  await page.goto(home);
  await page.unrouteAll();
}

test("nothing of the hero moves when the words come after the shield", async ({ page, server }) => {
  const { text } = await ask(server.url, home);
  const shield = text.indexOf("</svg>", text.indexOf('class="hero-shield"')) + "</svg></div>".length;
  const place = () => page.locator(".hero-shield").boundingBox();
  for (const viewport of [{ width: 1280, height: 800 }, { width: 360, height: 740 }, { width: 740, height: 360 }]) {
    await page.setViewportSize(viewport);
    await cut(page, text, shield);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(0);
    const alone = await place();
    expect(alone).not.toBeNull();
    await cut(page, text, text.length);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await place(), `${viewport.width}`).toEqual(alone);
  }
});

test("the header is seen when it is whole, as its parts would move", async ({ page, server }) => {
  const { text } = await ask(server.url, home);
  const nav = page.locator(".site-header").getByText("Posts", { exact: true });
  await cut(page, text, text.indexOf('class="theme-form"'));
  await expect(nav).toBeHidden();
  await expect(nav).toHaveCount(1);
  await cut(page, text, text.indexOf('class="hero-shield"'));
  await expect(nav).toBeVisible();
});

test("on a phone of any width the areas of the plan have few lines", async ({ page }) => {
  const links = page.getByRole("region", { name: "Action Plan 2023" }).getByRole("listitem").getByRole("link");
  for (const width of [320, 360, 376, 390, 412, 430, 481, 600]) {
    await page.setViewportSize({ width, height: 800 });
    const lines = await links.evaluateAll((links) => links.map((link) => Math.round(link.clientHeight / parseFloat(getComputedStyle(link).lineHeight))));
    expect(lines, `${width}`).toHaveLength(4);
    expect(Math.max(...lines), `${width}`).toBeLessThanOrEqual(3);
  }
});

test("the filter's field stays where it is while one types", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await awake(page);
  const field = page.getByRole("searchbox");
  const place = async () => (await field.boundingBox())?.x;
  const before = await place();
  for (const [words, status] of [["e", "Posts shown"], ["zzz", "No post has"]] as const) {
    await field.fill(words);
    await expect(page.getByText(status)).toBeVisible();
    expect(await place(), words).toBe(before);
  }
});
