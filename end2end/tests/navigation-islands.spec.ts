import type { Page } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { cards, home, isMarked, mark, plan, plans } from "../pages.js";

test.beforeEach(async ({ page }) => {
  await page.goto(home);
  await awake(page);
  await mark(page);
});

function follow(page: Page, name: string): Promise<void> {
  return page.getByRole("link", { name, exact: true }).click();
}

test("the islands of the page that goes are put to sleep, those of the header stay awake", async ({ page }) => {
  await page.evaluate(() => {
    type Island = Element & { $$dispose?: () => void };
    const asleep: string[] = [];
    Object.assign(window, { asleep });
    for (const island of document.querySelectorAll<Island>("leptos-island")) {
      const dispose = island.$$dispose;
      island.$$dispose = () => {
        asleep.push(island.closest("main, header")?.localName ?? "elsewhere");
        dispose?.call(island);
      };
    }
  });
  await follow(page, "Read the Action Plan 2023");
  await expect(page).toHaveURL(plan);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan 2023");
  expect(await page.evaluate(() => (window as unknown as { asleep: string[] }).asleep)).toEqual(["main"]);
});

test("the islands of the page that comes are awake", async ({ page }) => {
  await follow(page, "Read the Action Plan 2023");
  await page.getByRole("combobox", { name: "Area" }).selectOption("Make the network worth trusting");
  await expect(page.getByRole("main").getByRole("heading", { level: 2 })).toHaveCount(1);
  await follow(page, "Home");
  await page.getByRole("searchbox").fill("sender");
  await expect(cards(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(await isMarked(page)).toBe(true);
});

for (const [motion, transitions] of [["no-preference", 1], ["reduce", 0]] as const) {
  test(`pages change with ${transitions} transition where the wish about motion is ${motion}`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: motion });
    await page.evaluate(() => {
      let count = 0;
      const start = document.startViewTransition.bind(document);
      document.startViewTransition = (update) => {
        Object.assign(window, { transitions: ++count });
        return start(update);
      };
      Object.assign(window, { transitions: count });
    });
    await follow(page, "Action Plan");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan");
    expect(await page.evaluate(() => (window as unknown as { transitions: number }).transitions)).toBe(transitions);
  });
}

test("a browser without view transitions changes pages all the same", async ({ page }) => {
  await page.evaluate(() => Reflect.deleteProperty(Document.prototype, "startViewTransition"));
  expect(await page.evaluate(() => "startViewTransition" in document)).toBe(false);
  await follow(page, "Action Plan");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan");
  await expect(page).toHaveURL(plans);
  expect(await isMarked(page)).toBe(true);
});
