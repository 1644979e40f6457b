import type { Page } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { home, insert, isMarked, mark, plans, post } from "../pages.js";
import { seed } from "../seed.js";

type Click = NonNullable<Parameters<ReturnType<Page["locator"]>["click"]>[0]>;

test.beforeEach(async ({ page }) => {
  await page.goto(home);
  await awake(page);
  await mark(page);
});

/** Puts `html` with a link called Probe into the page, clicks that, and tells whether navigation took the click over. */
async function isTaken(page: Page, html: string, click: Click = {}): Promise<boolean> {
  await insert(page, html);
  await page.evaluate(() => {
    const see = (event: Event) => {
      Object.assign(window, { taken: event.defaultPrevented });
      event.preventDefault();
    };
    for (const kind of ["click", "auxclick"]) window.addEventListener(kind, see, { once: true });
  });
  await page.getByText("Probe").click(click);
  return page.evaluate(() => (window as unknown as { taken: boolean }).taken);
}

test("a plain click on a link of the site does not load the page anew", async ({ page }) => {
  await page.getByRole("link", { name: seed.posts[0]?.title }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(seed.posts[0]?.title ?? "");
  await expect(page).toHaveURL(post);
  expect(await isMarked(page)).toBe(true);
});

test("an address without its last slash is reached in place, and shown with it", async ({ page }) => {
  await isTaken(page, `<a href="/action-plan?x=1">Probe</a>`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan");
  await expect(page).toHaveURL(`${plans}?x=1`);
  expect(await isMarked(page)).toBe(true);
});

for (const [name, html] of [
  ["a plain link", `<a href="${plans}">Probe</a>`],
  ["a link with markup inside", `<a href="${plans}"><b><i>Probe</i></b></a>`],
  ["a link to its own window", `<a href="${plans}" target="_self">Probe</a>`],
  ["a link with other relations", `<a href="${plans}" rel="noopener next">Probe</a>`],
  ["a link to a place in another page", `<a href="/action-plan/2023/#secure">Probe</a>`],
  ["a link with a query", `<a href="/?q=sender">Probe</a>`],
  ["a link to a page in another language", `<a href="/ar/" hreflang="ar" lang="ar" dir="rtl">Probe</a>`],
] as const) {
  test(`${name} is taken over`, async ({ page }) => {
    expect(await isTaken(page, html)).toBe(true);
  });
}

for (const [name, html] of [
  ["a download", `<a href="${plans}" download>Probe</a>`],
  ["a link to a new window", `<a href="${plans}" target="_blank">Probe</a>`],
  ["a link to a named window", `<a href="${plans}" target="other">Probe</a>`],
  ["an external link", `<a href="${plans}" rel="nofollow external">Probe</a>`],
  ["a link to another site", `<a href="https://example.org/">Probe</a>`],
  ["a link to another scheme", `<a href="mailto:a@example.org">Probe</a>`],
  ["a feed", `<a href="/feed/">Probe</a>`],
  ["a feed's file", `<a href="/feed/posts.xml">Probe</a>`],
  ["a feed in another language", `<a href="/ar/topics/access/feed/atom/">Probe</a>`],
  ["a text file", `<a href="/robots.txt">Probe</a>`],
  ["the words of a post alone", `<a href="${post.slice(0, -1)}.txt">Probe</a>`],
  ["a card", `<a href="/cards/en.png">Probe</a>`],
  ["a picture", `<a href="/favicon.svg">Probe</a>`],
  ["an editor's picture", `<a href="/media/0123456789abcdef/a.svg">Probe</a>`],
  ["the API", `<a href="/api/latest_posts">Probe</a>`],
  ["a place in this page", `<a href="#latest-posts">Probe</a>`],
  ["an anchor without an address", `<a>Probe</a>`],
] as const) {
  test(`${name} is left to the browser`, async ({ page }) => {
    expect(await isTaken(page, html)).toBe(false);
  });
}

const clicks: [string, Click][] = [
  ["a click with Control", { modifiers: ["Control"] }],
  ["a click with Meta", { modifiers: ["Meta"] }],
  ["a click with Shift", { modifiers: ["Shift"] }],
  ["a click with Alt", { modifiers: ["Alt"] }],
  ["a middle click", { button: "middle" }],
];

for (const [name, click] of clicks) {
  test(`${name} is left to the browser`, async ({ page }) => {
    expect(await isTaken(page, `<a href="${plans}">Probe</a>`, click)).toBe(false);
  });
}

test("a click that something in the page has dealt with is left alone", async ({ page }) => {
  await page.evaluate(() => {
    document.querySelector("main")?.addEventListener("click", (event) => event.preventDefault());
  });
  await isTaken(page, `<a href="${plans}">Probe</a>`);
  // The page may have been fetched ahead, as the pointer rests on the link; it is not shown.
  await page.evaluate(async (address) => void (await (await fetch(address)).text()), plans);
  await expect(page).toHaveURL(home);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Our Internet");
});

test("a link followed by the keyboard does not load the page anew", async ({ page }) => {
  await page.getByRole("link", { name: "Action Plan", exact: true }).press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan");
  expect(await isMarked(page)).toBe(true);
});
