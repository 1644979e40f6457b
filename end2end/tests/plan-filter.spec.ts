import type { Locator, Page } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { commitments, Held, plan, texts } from "../pages.js";

const SECURE = "Make the network worth trusting";

function areas(page: Page): Locator {
  return page.getByRole("main").getByRole("heading", { level: 2 });
}

function choice(page: Page): Locator {
  return page.getByRole("combobox", { name: "Area" });
}

function status(page: Page): Locator {
  return page.getByRole("search").getByRole("status");
}

/** Goes to an area that is not shown. */
async function follow(page: Page): Promise<void> {
  const link = page.locator(".glance").getByRole("link").first();
  const title = await link.innerText();
  expect(title).not.toBe(SECURE);
  await link.click();
  await expect(page).toHaveURL(new RegExp(`${plan}#[a-z]+$`));
  await expect(page.getByRole("heading", { level: 2, name: title })).toBeInViewport();
}

test.describe("as one chooses", () => {
  test.beforeEach(async ({ page }) => {
    await page.goto(plan);
    await awake(page);
  });

  test("the plan narrows to an area, and comes back", async ({ page }) => {
    const all = await texts(areas(page));
    await choice(page).selectOption(SECURE);
    await expect(areas(page)).toHaveText([SECURE]);
    await expect(status(page)).toHaveText("Areas shown: 1 of 4");
    await expect(commitments(page)).toHaveCount(2);
    await choice(page).selectOption("All areas");
    await expect(areas(page)).toHaveText(all);
    await expect(page).toHaveURL(plan);
  });

  test("of a narrowed plan, the areas at its top lead to where they are", async ({ page }) => {
    await choice(page).selectOption(SECURE);
    await expect(areas(page)).toHaveText([SECURE]);
    await follow(page);
  });

  test("the keyboard chooses too", async ({ page }) => {
    await choice(page).focus();
    await choice(page).pressSequentially("Make");
    await expect(choice(page)).toHaveValue("secure");
    await expect(areas(page)).toHaveText([SECURE]);
  });

  test("the address follows, and a reload keeps what is shown", async ({ page }) => {
    await choice(page).selectOption(SECURE);
    await expect(page).toHaveURL(`${plan}?area=secure`);
    await page.reload();
    await expect(areas(page)).toHaveText([SECURE]);
    await expect(choice(page)).toHaveValue("secure");
    await awake(page);
    await choice(page).selectOption("All areas");
    await expect(areas(page)).toHaveCount(4);
  });
});

test.describe("as a form", { tag: ["@plain", "@store"] }, () => {
  test("the page of the chosen area answers", async ({ page }) => {
    await page.goto(plan);
    await choice(page).selectOption(SECURE);
    await page.getByRole("button", { name: "Show" }).click();
    await expect(page).toHaveURL(`${plan}?area=secure`);
    await expect(areas(page)).toHaveText([SECURE]);
    await expect(status(page)).toHaveText("Areas shown: 1 of 4");
    await expect(choice(page)).toHaveValue("secure");
  });

  test("of a narrowed plan, the areas at its top lead to where they are", async ({ page }) => {
    await page.goto(`${plan}?area=secure`);
    await follow(page);
  });

  test("all areas can be chosen again", async ({ page }) => {
    await page.goto(`${plan}?area=secure`);
    await choice(page).selectOption("All areas");
    await page.getByRole("button", { name: "Show" }).click();
    await expect(areas(page)).toHaveCount(4);
  });

  test("an area that there is not shows the whole plan", async ({ page }) => {
    await page.goto(`${plan}?area=nowhere`);
    await expect(areas(page)).toHaveCount(4);
    await expect(status(page)).toHaveText("");
  });
});

test("an area chosen before the module is awake is not lost", async ({ page }) => {
  const module = await Held.at(page, "**/*.wasm");
  await page.goto(plan);
  await choice(page).selectOption(SECURE);
  module.release();
  await awake(page);
  await expect(areas(page)).toHaveText([SECURE]);
});
