import type { Locator, Page } from "@playwright/test";
import { accessible, awake, expect, test } from "../fixtures.js";
import { post, scrollY } from "../pages.js";

const misguided = "/blog/2023/03/misguided-policies-the-world-over-are-slowly-killing-the-open-internet/";

function scrolled(element: Locator): Promise<number> {
  return element.evaluate((element) => element.scrollLeft);
}

async function isNotWide(page: Page): Promise<void> {
  expect(await page.evaluate(() => [document.documentElement.scrollWidth, document.body.scrollWidth])).toEqual([320, 320]);
  expect(await page.evaluate(() => window.scrollX)).toBe(0);
}

test.describe("on a narrow screen", () => {
  test.beforeEach(async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(misguided);
  });

  test("a wide table scrolls on its own, by keyboard, and the page does not", { tag: ["@plain", "@store"] }, async ({ page }) => {
    const table = page.getByRole("article").getByRole("group", { name: "Table" });
    await isNotWide(page);
    await page.getByRole("navigation", { name: "In this post" }).getByRole("link", { name: "Four ideas and what they cost" }).click();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await expect(table).toBeFocused();
    await expect(table).toHaveCSS("outline-style", "solid");
    expect(await scrolled(table)).toBe(0);
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => scrolled(table)).toBeGreaterThan(0);
    await page.keyboard.press("End");
    await isNotWide(page);
    expect(await page.getByRole("columnheader").allTextContents()).toEqual(["What is proposed", "The aim", "What the network loses"]);
    await expect(page.getByRole("row")).toHaveCount(5);
  });

  test("in Arabic the table scrolls to the other side", { tag: ["@plain", "@store"] }, async ({ page }) => {
    await page.goto(`/ar${misguided}`);
    await isNotWide(page);
    const table = page.getByRole("article").getByRole("group", { name: "جدول" });
    await table.focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => scrolled(table)).toBeLessThan(0);
    await isNotWide(page);
  });

  test("what a post quotes is set apart within the page", { tag: "@plain" }, async ({ page }) => {
    const quote = page.getByRole("blockquote");
    await expect(quote).toContainText("Could a new network still join on the same terms as the old ones?");
    const box = await quote.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(320);
    await isNotWide(page);
  });

  test("the whole post is accessible there", async ({ page }) => {
    await awake(page);
    await accessible(page);
  });
});

test.describe("on paper", () => {
  /** The words that a link has after it. */
  function after(link: Locator): Promise<string> {
    return link.evaluate((link) => getComputedStyle(link, "::after").content);
  }

  test("links show where they lead, and what only a screen can do is left out", { tag: ["@plain", "@store"] }, async ({ page, baseURL }) => {
    await page.goto(post);
    const law = page.getByRole("link", { name: "Section 230" });
    const plan = page.getByRole("link", { name: "our Action Plan" });
    const heading = page.getByRole("heading", { name: "Think in layers" }).getByRole("link");
    expect(await after(law)).toBe("none");
    await expect(page.getByText("Printed from")).toBeHidden();
    await page.emulateMedia({ media: "print" });
    expect(await after(law)).toContain("(https://www.law.cornell.edu/uscode/text/47/230)");
    // On paper an address without its site leads nowhere.
    expect(await after(plan)).toBe("none");
    expect(await after(heading)).toBe("none");
    await expect(page.getByText(`Printed from ${baseURL}${post}`)).toBeVisible();
    await expect(page.getByRole("navigation")).toHaveCount(0);
    await expect(page.getByRole("form")).toHaveCount(0);
    await expect(page.getByRole("contentinfo")).toHaveCount(0);
    await expect(page.getByRole("button")).toHaveCount(0);
    for (const name of ["Send by email", "This page as plain text"]) await expect(page.getByRole("link", { name })).toHaveCount(0);
    await expect(page.getByRole("region", { name: "Related posts" })).toHaveCount(0);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("article").getByRole("img")).toBeVisible();
    await expect(page.getByText("The Internet cannot testify")).toBeVisible();
  });

  test("words are dark on white, though the reader chose the dark theme", async ({ page }) => {
    await page.goto(post);
    await awake(page);
    await page.getByRole("button", { name: "Dark" }).click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await page.emulateMedia({ media: "print" });
    // Paper is white whatever the background says: browsers do not print it unless they are asked to.
    const brightest = async (element: Locator) => Math.max(...(await element.evaluate((it) => getComputedStyle(it).color.match(/\d+/g)?.slice(0, 3).map(Number) ?? [])));
    expect(await brightest(page.getByRole("heading", { level: 1 }))).toBeLessThan(128);
    expect(await brightest(page.getByText("The Internet cannot testify"))).toBeLessThan(128);
    expect(await brightest(page.getByRole("link", { name: "Section 230" }))).toBeLessThan(128);
  });

  test("a wide table is not cut off", async ({ page }) => {
    await page.goto(misguided);
    await page.emulateMedia({ media: "print" });
    await expect(page.getByRole("group", { name: "Table" })).toHaveCSS("overflow-x", "visible");
  });
});

test("the first words of a post are on the first screen of a phone", { tag: "@plain" }, async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(post);
  await expect(page.getByRole("heading", { level: 1 })).toBeInViewport({ ratio: 1 });
  expect(await scrollY(page)).toBe(0);
});
