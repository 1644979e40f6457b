import { expect, test } from "../fixtures.js";
import { cards, home, post, posts, texts } from "../pages.js";
import { seed } from "../seed.js";

test("a reader opens a post from its card and reads it", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(home);
  await cards(page).getByRole("link", { name: seed.posts[0]?.title }).click();
  const article = page.getByRole("article");
  await expect(article.getByRole("heading", { level: 1 })).toHaveText(seed.posts[0]?.title ?? "");
  await expect(page).toHaveURL(post);
  await expect(page).toHaveTitle(`${seed.posts[0]?.title} · Pavise`);
  await expect(article.getByRole("time").first()).toHaveText("March 14, 2023");
  const picture = article.getByRole("img");
  await expect(picture).toHaveAccessibleName("US Capitol Building");
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
  await expect(article.getByRole("heading", { level: 2, name: "What twenty-six words do" })).toBeVisible();
  expect(await article.getByRole("paragraph").count()).toBeGreaterThan(10);
});

test("every post has the title, summary and picture of its card", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(home);
  const hrefs = await cards(page).getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  expect(hrefs).toHaveLength(8);
  for (const [index, href] of hrefs.entries()) {
    await page.goto(href);
    const article = page.getByRole("article");
    expect(await texts(article.getByRole("heading", { level: 1 }))).toEqual([seed.posts[index]?.title]);
    expect(await texts(article.getByText(seed.posts[index]?.summary ?? "?"))).toContain(seed.posts[index]?.summary);
    expect(await article.getByRole("img").first().getAttribute("alt")).toBe(seed.posts[index]?.alt);
    expect(await page.locator("meta[name=description]").getAttribute("content")).toBe(seed.posts[index]?.summary);
  }
});

test("a post leads on to the posts beside it, to all posts and to the plan", { tag: "@plain" }, async ({ page }) => {
  await page.goto(post);
  const title = page.getByRole("heading", { level: 1 });
  const beside = page.getByRole("navigation", { name: "Neighbouring posts" });
  await expect(beside.getByRole("link")).toHaveCount(1);
  await beside.getByRole("link", { name: `Older ${seed.posts[1]?.title}`, exact: true }).click();
  await expect(title).toHaveText(seed.posts[1]?.title ?? "");
  await beside.getByRole("link", { name: `Newer ${seed.posts[0]?.title}`, exact: true }).click();
  await expect(title).toHaveText(seed.posts[0]?.title ?? "");
  await expect(page.getByRole("region", { name: "Related posts" }).getByRole("link", { name: seed.posts[1]?.title })).toBeVisible();
  await page.getByRole("navigation", { name: "You are here" }).getByRole("link", { name: "Posts" }).click();
  await expect(title).toHaveText("Posts");
  await expect(page).toHaveURL(posts);
  await page.goBack();
  await expect(title).toHaveText(seed.posts[0]?.title ?? "");
  await page.getByRole("article").getByRole("link", { name: "our Action Plan" }).click();
  await expect(title).toHaveText("Action Plan 2023");
});

test("a post's address is canonical, and one with a wrong month leads to it", { tag: "@store" }, async ({ page, request }) => {
  const wrong = post.replace("/2023/03/", "/2022/12/");
  const answer = await request.get(wrong, { maxRedirects: 0 });
  expect(answer.status()).toBe(308);
  expect(answer.headers()["location"]).toBe(post);
  await page.goto(wrong);
  await expect(page).toHaveURL(post);
  const canonical = await page.locator("link[rel=canonical]").getAttribute("href");
  expect(new URL(canonical ?? "").pathname).toBe(post);
});

test("links in a post, and in its words, lead somewhere", async ({ page, request }) => {
  for (const { title } of seed.posts) {
    await page.goto(home);
    await page.getByRole("link", { name: title }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    const hrefs = await page.getByRole("article").getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    for (const href of hrefs) {
      if (href.startsWith("#")) await expect(page.locator(`[id="${decodeURIComponent(href.slice(1))}"]`)).toHaveCount(1);
      else if (href.startsWith("/")) expect((await request.get(href, { maxRedirects: 0 })).status(), href).toBe(200);
      else if (href.startsWith("mailto:")) expect(new URL(href).searchParams.get("body")).toBe(page.url());
      else if (href !== page.url()) expect(href).toMatch(/^https:\/\//);
    }
  }
});
