import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures.js";
import { post, scrollY, texts } from "../pages.js";

const korea = "/blog/2023/02/sender-pays-what-lessons-european-policy-makers-should-take-from-the-case-of-south-korea/";
const tag = ["@plain", "@store"];

function article(page: Page): Locator {
  return page.getByRole("article");
}

function contents(page: Page): Locator {
  return article(page).getByRole("navigation", { name: "In this post" });
}

test("a post says who wrote it, when, when it was changed, and how long it takes", { tag }, async ({ page }) => {
  await page.goto(korea);
  const byline = article(page).getByRole("list").filter({ hasText: "Published" });
  expect(await texts(byline.getByRole("listitem"))).toEqual([
    "By Europe Desk",
    "Published February 14, 2023",
    "Updated February 20, 2023",
    expect.stringMatching(/^\d minutes to read$/),
  ]);
  expect(await byline.getByRole("time").evaluateAll((times) => times.map((time) => time.getAttribute("datetime")?.slice(0, 10)))).toEqual([
    "2023-02-14",
    "2023-02-20",
  ]);
  await byline.getByRole("link", { name: "Europe Desk" }).click();
  await expect(page).toHaveURL("/authors/europe-desk/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Europe Desk");
  await page.getByRole("main").getByRole("link", { name: /^Sender Pays: What Lessons/ }).click();
  await expect(page).toHaveURL(korea);
});

test("a post that was not changed says nothing of a change", { tag }, async ({ page }) => {
  await page.goto(post);
  await expect(article(page)).toContainText("Published March 14, 2023");
  await expect(article(page).getByText("Updated")).toHaveCount(0);
});

test("its topics lead to all posts about them", { tag }, async ({ page }) => {
  await page.goto(post);
  const topics = article(page).getByRole("navigation", { name: "Topics" });
  expect(await texts(topics.getByRole("link"))).toEqual(["Intermediaries", "Public Policy"]);
  await topics.getByRole("link", { name: "Public Policy" }).click();
  await expect(page).toHaveURL("/topics/public-policy/");
  await expect(page.getByRole("main").getByRole("link", { name: "We Testified Because the Internet Needs a Voice" })).toBeVisible();
});

test("the trail above it leads to its month and to all posts", { tag }, async ({ page }) => {
  await page.goto(korea);
  const trail = page.getByRole("navigation", { name: "You are here" });
  await trail.getByRole("link", { name: "February 2023" }).click();
  await expect(page).toHaveURL("/blog/2023/02/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Posts from February 2023");
  await trail.getByRole("link", { name: "Posts" }).click();
  await expect(page).toHaveURL("/blog/");
});

test("each line of the contents leads to its heading, and the keyboard goes on from there", { tag }, async ({ page }) => {
  await page.goto(korea);
  const lines = await texts(contents(page).getByRole("link"));
  expect(lines).toEqual(["What the rule changed", "One rule leads to the next", "Who ended up paying", "Lessons for Europe"]);
  for (const line of lines) {
    await contents(page).getByRole("link", { name: line }).click();
    const heading = article(page).getByRole("heading", { level: 2, name: line });
    await expect(page).toHaveURL(/#[a-z-]+$/);
    await expect(heading).toBeInViewport();
    expect(await scrollY(page)).toBeGreaterThan(0);
    await page.keyboard.press("Tab");
    await expect(heading.getByRole("link", { name: line })).toBeFocused();
  }
});

test("a heading has an address of its own", { tag }, async ({ page }) => {
  await page.goto(korea);
  await article(page).getByRole("heading", { name: "Who ended up paying" }).getByRole("link").click();
  await expect(page).toHaveURL(`${korea}#who-ended-up-paying`);
  await page.goto("about:blank");
  await page.goto(`${korea}#who-ended-up-paying`);
  await expect(article(page).getByRole("heading", { name: "Who ended up paying" })).toBeInViewport();
});

test("a figure has its picture, what the picture shows, and its caption", { tag }, async ({ page }) => {
  await page.goto(korea);
  const figure = article(page).getByRole("figure");
  const picture = figure.getByRole("img", { name: /^Two rows, each with a customer, network A, network B/ });
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
  await expect(figure.getByText(/^Without the rule, each side pays for its own connection/)).toBeVisible();
  await expect(figure).toHaveAccessibleName(/^Without the rule, each side pays/);
});

test("related posts are other posts, and lead to them", { tag }, async ({ page }) => {
  await page.goto(korea);
  const related = page.getByRole("region", { name: "Related posts" }).getByRole("link");
  const titles = await texts(related);
  expect(titles.length).toBeGreaterThanOrEqual(2);
  expect(new Set(titles).size).toBe(titles.length);
  for (const title of titles) {
    await page.goto(korea);
    await related.getByText(title).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  }
});

test("previous and next lead from the newest post to the oldest, and back", { tag }, async ({ page }) => {
  const neighbours = page.getByRole("navigation", { name: "Neighbouring posts" });
  const heading = page.getByRole("heading", { level: 1 });
  const titles = ["We Testified Because the Internet Needs a Voice"];
  await page.goto(post);
  await expect(neighbours.getByRole("link", { name: /^Newer/ })).toHaveCount(0);
  const older = neighbours.getByRole("link", { name: /^Older/ });
  while (await older.count()) {
    const title = ((await older.textContent()) ?? "").replace("Older", "");
    await older.click();
    await expect(heading).toHaveText(title);
    await expect(neighbours.getByRole("link", { name: `Newer ${titles.at(-1)}`, exact: true })).toBeVisible();
    await page.waitForLoadState();
    titles.push(title);
  }
  expect(new Set(titles).size).toBe(8);
  await neighbours.getByRole("link", { name: /^Newer/ }).click();
  await expect(heading).toHaveText(titles.at(-2) ?? "");
});

test("the same words are there as plain text", { tag }, async ({ page, request }) => {
  await page.goto(korea);
  const link = page.getByRole("link", { name: "This page as plain text" });
  await expect(link).toHaveAttribute("type", "text/plain");
  const answer = await request.get((await link.getAttribute("href")) ?? "");
  expect(answer.headers()["content-type"]).toBe("text/plain; charset=utf-8");
  const text = await answer.text();
  expect(text).toMatch(/^Sender Pays: What Lessons European Policy Makers/);
  expect(text).toContain("February 14, 2023 · Europe Desk");
  expect(text).toContain(`${korea}\n`);
  expect(text).toContain("\n## Lessons for Europe\n");
  await link.click();
  await expect(page).toHaveURL(/\.txt$/);
  await expect(page.getByText("What happened where it was tried?")).toBeVisible();
});
