import type { Locator, Page } from "@playwright/test";
import { expect } from "../fixtures.js";
import { texts } from "../pages.js";
import { testOf } from "../sites.js";
import { months, newestFirst, tales } from "../tales.js";

const test = testOf(tales);

function titles(page: Page): Promise<string[]> {
  return texts(page.getByRole("main").getByRole("heading", { level: 2 }));
}

function pager(page: Page, name: "Older posts" | "Newer posts"): Locator {
  return page.getByRole("navigation", { name: "Pages of posts" }).getByRole("link", { name });
}

async function follow(page: Page, name: "Older posts" | "Newer posts"): Promise<void> {
  const href = (await pager(page, name).getAttribute("href")) ?? "";
  await pager(page, name).click();
  await expect(page).toHaveURL(href);
  await page.waitForLoadState();
}

// Without the module, which would add older posts to the page that is shown: posts-lists-older.spec.ts is about that.
test.beforeEach(async ({ page }) => {
  await page.route("**/*.wasm", (route) => route.abort());
});

test.describe("page by page", { tag: ["@plain", "@fails"] }, () => {
  test("a page has twelve posts, the newest first", async ({ page }) => {
    await page.goto("/blog/");
    expect(await titles(page)).toEqual(newestFirst.slice(0, 12));
    await expect(pager(page, "Newer posts")).toHaveCount(0);
  });

  test("older and newer lead through every post once, there and back", async ({ page }) => {
    await page.goto("/blog/");
    const there = [await titles(page)];
    for (let more = 0; more < 2; more++) {
      await follow(page, "Older posts");
      there.push(await titles(page));
    }
    expect(there.map((page) => page.length)).toEqual([12, 12, 6]);
    expect(there.flat()).toEqual(newestFirst);
    await expect(pager(page, "Older posts")).toHaveCount(0);
    for (const before of there.slice(0, 2).toReversed()) {
      await follow(page, "Newer posts");
      expect(await titles(page)).toEqual(before);
    }
    await expect(pager(page, "Newer posts")).toHaveCount(0);
  });

  test("the list of a topic has its posts only, page by page", async ({ page }) => {
    const odd = newestFirst.filter((title) => /[13579]$/.test(title));
    await page.goto("/topics/odd/");
    expect(await titles(page)).toEqual(odd.slice(0, 12));
    await follow(page, "Older posts");
    await expect(page).toHaveURL(/\/topics\/odd\/\?before=/);
    expect(await titles(page)).toEqual(odd.slice(12));
    await follow(page, "Newer posts");
    expect(await titles(page)).toEqual(odd.slice(0, 12));
  });

  test("a year lists the months that have posts, and each has these", async ({ page }) => {
    await page.goto("/blog/2023/");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Posts from 2023");
    const links = page.getByRole("navigation", { name: "Months" }).getByRole("link");
    expect(await texts(links)).toEqual(Object.keys(months));
    for (const [month, posts] of Object.entries(months)) {
      await page.goto("/blog/2023/");
      await links.getByText(month).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Posts from ${month}`);
      await page.waitForLoadState();
      expect(await titles(page)).toEqual(posts);
      await page.getByRole("navigation", { name: "You are here" }).getByRole("link", { name: "2023" }).click();
      await expect(page).toHaveURL("/blog/2023/");
    }
  });
});

test.describe("narrowed by the form", { tag: ["@plain", "@fails"] }, () => {
  test("by topic and by year, and the address says so", async ({ page }) => {
    await page.goto("/blog/");
    const form = page.getByRole("form", { name: "Narrow these posts" });
    expect(await texts(form.getByRole("combobox", { name: "Year" }).getByRole("option"))).toEqual(["All years", "2023", "2022"]);
    await form.getByRole("combobox", { name: "Topic" }).selectOption("Odd tales");
    await form.getByRole("combobox", { name: "Year" }).selectOption("2022");
    await form.getByRole("button", { name: "Show" }).click();
    await expect(page).toHaveURL("/blog/?topic=odd&year=2022");
    await page.waitForLoadState();
    expect(await titles(page)).toEqual(["Tale 5", "Tale 3", "Tale 1"]);
    await expect(form.getByRole("combobox", { name: "Topic" })).toHaveValue("odd");
    await expect(form.getByRole("combobox", { name: "Year" })).toHaveValue("2022");
    await form.getByRole("combobox", { name: "Topic" }).selectOption("All topics");
    await form.getByRole("combobox", { name: "Year" }).selectOption("All years");
    await form.getByRole("button", { name: "Show" }).click();
    await expect(page).toHaveURL(/\/blog\/\?topic=&year=$/);
    await page.waitForLoadState();
    expect(await titles(page)).toEqual(newestFirst.slice(0, 12));
  });

  test("a field that is left open narrows nothing, and is not in the list's one address", async ({ page }) => {
    const canonical = async () => (await page.locator("link[rel=canonical]").getAttribute("href")) ?? "";
    await page.goto("/blog/?topic=odd&year=");
    expect(await titles(page)).toEqual(newestFirst.filter((title) => /[13579]$/.test(title)).slice(0, 12));
    expect(await canonical()).toMatch(/\/blog\/\?topic=odd$/);
    await page.goto("/blog/?topic=&year=2022");
    expect(await titles(page)).toEqual(["Tale 6", "Tale 5", "Tale 4", "Tale 3", "Tale 2", "Tale 1"]);
    expect(await canonical()).toMatch(/\/blog\/\?year=2022$/);
  });

  test("the pages of a narrowed list stay narrowed", async ({ page }) => {
    await page.goto("/blog/?topic=odd&year=2023");
    const first = await titles(page);
    expect(first).toHaveLength(12);
    await expect(pager(page, "Older posts")).toHaveCount(0);
    await page.goto("/blog/?topic=&year=2023");
    await follow(page, "Older posts");
    expect(await titles(page)).toEqual(newestFirst.slice(12, 24));
    await expect(pager(page, "Older posts")).toHaveCount(0);
  });

  test("a choice that no post fits says so", async ({ page }) => {
    await page.goto("/blog/?topic=quiet&year=2022");
    await expect(page.getByText("No post fits this choice.")).toBeVisible();
    expect(await titles(page)).toEqual([]);
  });
});

test("a month, year or topic without posts is not found", { tag: ["@plain", "@fails"] }, async ({ page }) => {
  for (const path of ["/blog/2023/12/", "/blog/2023/13/", "/blog/2023/1/", "/blog/1999/", "/blog/next/", "/topics/nothing/", "/blog/?topic=nothing", "/blog/?year=1999"]) {
    expect((await page.goto(path))?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no page here");
  }
  expect((await page.goto("/fr/blog/2023/12/"))?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Il n’y a pas de page ici");
});

test("a place in a list that cannot be one is told as a mistake, with a way on", { tag: ["@plain", "@fails"] }, async ({ page }) => {
  for (const path of ["/blog/?before=x", "/blog/?after=-", "/blog/2023/?before=5", "/blog/2023/01/?before=1e9-1", "/topics/odd/?after=%F0%9F%A6%86"]) {
    expect((await page.goto(path))?.status(), path).toBe(400);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("This request cannot be answered");
    await expect(page.getByText("Go back and try again.")).toBeVisible();
    await expect(page.getByRole("link", { name: "Go to the front page" })).toBeVisible();
  }
});
