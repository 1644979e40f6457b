import type { Page } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { cards, home, insert, isMarked, mark, plan, plans } from "../pages.js";

test.beforeEach(async ({ page }) => {
  await page.goto(home);
  await awake(page);
  await mark(page);
});

/** Puts a form into the page, presses its button, and tells whether navigation took it over. */
async function isTaken(page: Page, form: string): Promise<boolean> {
  await insert(page, form);
  await page.evaluate(() => {
    const see = (event: Event) => {
      Object.assign(window, { taken: event.defaultPrevented });
      event.preventDefault();
    };
    addEventListener("submit", see, { once: true });
  });
  await page.getByRole("button", { name: "Probe" }).click();
  return page.evaluate(() => (window as unknown as { taken: boolean }).taken);
}

test("a search that is sent is answered in place, and the field keeps the keyboard", async ({ page }) => {
  const field = page.getByRole("searchbox");
  await field.fill("sender");
  const answered = page.waitForResponse((answer) => answer.url().endsWith("/?q=sender"));
  await field.press("Enter");
  expect((await answered).request().resourceType()).toBe("fetch");
  await expect(page).toHaveURL("/?q=sender");
  await expect(cards(page)).toHaveCount(2);
  await expect(field).toBeFocused();
  await field.fill("old");
  await expect(page.getByRole("search").getByRole("status")).toHaveText("Posts shown: 2 of 8");
  expect(await isMarked(page)).toBe(true);
});

test("an area that is sent is answered in place", async ({ page }) => {
  await page.goto(plan);
  await awake(page);
  await mark(page);
  await page.getByRole("combobox").selectOption("Make the network worth trusting");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(`${plan}?area=secure`);
  await expect(page.getByRole("main").getByRole("heading", { level: 2 })).toHaveCount(1);
  expect(await isMarked(page)).toBe(true);
});

test("every field of a form is in the address, and so is the button that was pressed", async ({ page }) => {
  const fields = `<input name="a" value="1 &amp; 2"><input name="é" value="ü"><input type="checkbox" name="c" value="off">`;
  expect(await isTaken(page, `<form action="${plans}?old=1">${fields}<button name="by" value="hand">Probe</button></form>`)).toBe(true);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan");
  const query = [...new URL(page.url()).searchParams];
  expect(query).toEqual([["a", "1 & 2"], ["é", "ü"], ["by", "hand"]]);
});

for (const [name, form] of [
  ["a form that posts", `<form action="/theme" method="post"><button>Probe</button></form>`],
  ["a button that posts", `<form action="${plans}"><button formmethod="post">Probe</button></form>`],
  ["a form for a new window", `<form action="${plans}" target="_blank"><button>Probe</button></form>`],
  ["a button for a new window", `<form action="${plans}"><button formtarget="_blank">Probe</button></form>`],
  ["a button with another address", `<form action="${plans}"><button formaction="/feed/">Probe</button></form>`],
  ["a form for another site", `<form action="https://example.org/"><button>Probe</button></form>`],
  ["a form that asks the API", `<form action="/api/find_posts"><button name="q" value="a">Probe</button></form>`],
] as const) {
  test(`${name} is left to the browser`, async ({ page }) => {
    expect(await isTaken(page, form)).toBe(false);
  });
}
