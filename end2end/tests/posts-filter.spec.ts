import type { Locator, Page } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { cards, Held, home, texts } from "../pages.js";

const SENDER = [
  "Sender Pays: What Lessons European Policy Makers Should Take From The Case of South Korea",
  "Old Rules in New Regulations – Why “Sender Pays” Is a Direct Threat to the Internet",
];

function field(page: Page): Locator {
  return page.getByRole("searchbox", { name: "Filter these posts" });
}

function status(page: Page): Locator {
  return page.getByRole("search").getByRole("status");
}

function titles(page: Page): Promise<string[]> {
  return texts(cards(page).getByRole("heading"));
}

test.describe("as one types", () => {
  test.beforeEach(async ({ page }) => {
    await page.goto(home);
    await awake(page);
  });

  test("the cards narrow with each key, without a request", async ({ page }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.resourceType()));
    await field(page).pressSequentially("internet");
    await expect(status(page)).toHaveText("Posts shown: 7 of 8");
    await field(page).pressSequentially(" so");
    await expect(status(page)).toHaveText("Posts shown: 2 of 8");
    await expect(cards(page)).toHaveCount(2);
    await field(page).pressSequentially("c");
    await expect(status(page)).toHaveText("Posts shown: 1 of 8");
    await expect(cards(page)).toHaveCount(1);
    expect(asked.filter((type) => type === "document" || type === "fetch")).toEqual([]);
  });

  test("clearing the field brings all cards back", async ({ page }) => {
    await field(page).fill("sender");
    await expect(cards(page)).toHaveCount(2);
    await field(page).clear();
    await expect(cards(page)).toHaveCount(8);
    await field(page).blur();
    await expect(page).toHaveURL(/\/$/);
  });

  test("case, accents and the kind of apostrophe do not count", async ({ page }) => {
    for (const [query, found] of [
      ["SENDER", SENDER.length],
      ["sénder", SENDER.length],
      ["commission’s", 1],
      ["committee's", 1],
      ['"sender pays"', 1],
    ] as const) {
      await field(page).fill(query);
      await expect(status(page), query).toHaveText(`Posts shown: ${found} of 8`);
      await expect(cards(page), query).toHaveCount(found);
    }
  });

  test("a search without a find says so in words", async ({ page }) => {
    await field(page).fill("zebra");
    await expect(status(page)).toContainText("No post has all of these words");
    await expect(cards(page)).toHaveCount(0);
  });

  test("the address follows, and a reload keeps what is shown", async ({ page }) => {
    await field(page).fill("sender");
    await field(page).blur();
    await expect(page).toHaveURL(/\/\?q=sender$/);
    await page.reload();
    await expect(field(page)).toHaveValue("sender");
    await expect(cards(page)).toHaveCount(2);
    await awake(page);
    await field(page).clear();
    await expect(cards(page)).toHaveCount(8);
  });

  test("the cards are those that the server finds", async ({ page }) => {
    for (const query of ["Sender", "the  INTERNET ", "“sender pays”", "commission’s", "–", "naïve", "230 u.s.", "<b>", "%", "'"]) {
      await page.goto(home);
      await awake(page);
      await field(page).fill(query);
      await expect(status(page)).not.toBeEmpty();
      const typed = await titles(page);
      await page.goto(`/?q=${encodeURIComponent(query)}`);
      expect(await titles(page), query).toEqual(typed);
    }
  });
});

test("keys typed before the module is awake are not lost", async ({ page }) => {
  const module = await Held.at(page, "**/*.wasm");
  await page.goto(home);
  await field(page).pressSequentially("sender");
  await expect(cards(page)).toHaveCount(8);
  module.release();
  await expect(status(page)).toHaveText("Posts shown: 2 of 8");
  await expect(cards(page)).toHaveCount(2);
  await expect(field(page)).toHaveValue("sender");
});

test.describe("as a form", { tag: ["@plain", "@store"] }, () => {
  test("the narrowed page answers with the same cards", async ({ page }) => {
    await page.goto(home);
    await field(page).fill("Sender");
    await page.getByRole("button", { name: "Show" }).click();
    await expect(page).toHaveURL(/\/\?q=Sender$/);
    await expect(status(page)).toHaveText("Posts shown: 2 of 8");
    await page.waitForLoadState();
    expect(await titles(page)).toEqual(SENDER);
    await expect(field(page)).toHaveValue("Sender");
  });

  test("a search without a find says so, and leads back to all posts", async ({ page }) => {
    await page.goto("/?q=zebra");
    await expect(status(page)).toContainText("No post has all of these words");
    await expect(cards(page)).toHaveCount(0);
    await field(page).clear();
    await field(page).press("Enter");
    await expect(cards(page)).toHaveCount(8);
  });

  test("what looks like markup is only words", async ({ page }) => {
    const query = `"><b id="x">&amp;</b>`;
    await page.goto(`/?q=${encodeURIComponent(query)}`);
    await expect(field(page)).toHaveValue(query);
    await expect(page.locator("#x")).toHaveCount(0);
  });
});
