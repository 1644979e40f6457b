import type { Locator, Page } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { home, plan, plans } from "../pages.js";

function button(page: Page, name: string): Locator {
  return page.getByRole("button", { name, exact: true });
}

function paper(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

/** How light a computed colour is, from 0 to 1. */
async function lightness(page: Page): Promise<number> {
  const numbers = (await paper(page)).match(/[\d.]+/g)?.map(Number) ?? [];
  return Math.max(...numbers.slice(0, 3)) / (numbers.some((number) => number > 1) ? 255 : 1);
}

test("a reader chooses dark, and every page stays dark", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(plan);
  expect(await lightness(page)).toBeGreaterThan(0.8);
  await button(page, "Dark").click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(button(page, "Dark")).toHaveAttribute("aria-pressed", "true");
  await expect(button(page, "As my device")).toHaveAttribute("aria-pressed", "false");
  await expect(page).toHaveURL(plan);
  await page.goto(home);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(button(page, "Dark")).toHaveAttribute("aria-pressed", "true");
  expect(await lightness(page)).toBeLessThan(0.3);
});

test("a reader goes back to what the device says", { tag: "@plain" }, async ({ page }) => {
  await page.goto(home);
  await button(page, "Light").click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await button(page, "As my device").click();
  // Without JavaScript it has no name in the page.
  await expect.poll(async () => (await page.locator("html").getAttribute("data-theme")) ?? "system").toBe("system");
  await expect(button(page, "As my device")).toHaveAttribute("aria-pressed", "true");
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await lightness(page)).toBeLessThan(0.3);
  await page.emulateMedia({ colorScheme: "light" });
  expect(await lightness(page)).toBeGreaterThan(0.8);
});

test("the choice keeps what a filter shows", { tag: "@plain" }, async ({ page }) => {
  await page.goto(`${plan}?area=secure`);
  await button(page, "Dark").click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page).toHaveURL(`${plan}?area=secure`);
});

test("the choice wins over the device", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(home);
  await awake(page);
  expect(await lightness(page)).toBeLessThan(0.3);
  await button(page, "Light").click();
  expect(await lightness(page)).toBeGreaterThan(0.8);
});

test("a choice takes effect at once, without a request, and is kept for a year", async ({ page, context }) => {
  await page.goto(home);
  await awake(page);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const before = await paper(page);
  await button(page, "Dark").click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(await paper(page)).not.toBe(before);
  expect(asked).toEqual([]);
  const kept = (await context.cookies()).find((cookie) => cookie.name === "theme");
  expect(kept).toMatchObject({ value: "dark", path: "/", sameSite: "Lax" });
  const days = ((kept?.expires ?? 0) - Date.now() / 1000) / 86_400;
  expect(Math.round(days)).toBe(365);
});

test("the first byte of a page knows the choice, so that nothing flashes", async ({ page }) => {
  await page.goto(home);
  await awake(page);
  await button(page, "Dark").click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const answer = await page.reload();
  expect(await answer?.text()).toMatch(/^<!DOCTYPE html><html [^>]*data-theme="dark"/);
});

test("the choice stays through in-page navigation", async ({ page }) => {
  await page.goto(home);
  await awake(page);
  await button(page, "Dark").click();
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page).toHaveURL(plans);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.goBack();
  await expect(page).toHaveURL(home);
  await expect(button(page, "Dark")).toHaveAttribute("aria-pressed", "true");
});

test.describe("the form's address", () => {
  const send = { maxRedirects: 0, form: { theme: "dark", back: plan } };

  test("sets the cookie and leads back", async ({ request, baseURL }) => {
    const answer = await request.post("/theme", { ...send, headers: { origin: baseURL ?? "", "sec-fetch-site": "same-origin" } });
    expect(answer.status()).toBe(303);
    expect(answer.headers()["location"]).toBe(plan);
    expect(answer.headers()["set-cookie"]).toBe("theme=dark; Path=/; Max-Age=31536000; SameSite=Lax");
  });

  test("refuses what another site sends", async ({ request }) => {
    for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }, { origin: "null" }] as Record<string, string>[]) {
      const answer = await request.post("/theme", { ...send, headers });
      expect(answer.status(), JSON.stringify(headers)).toBe(403);
      expect(answer.headers()["set-cookie"]).toBeUndefined();
    }
  });

  test("never leads to another site", async ({ request }) => {
    for (const back of ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]) {
      const answer = await request.post("/theme", { maxRedirects: 0, form: { theme: "dark", back } });
      expect(answer.headers()["location"], back).toBe("/");
    }
  });

  test("refuses a theme that there is not", async ({ request }) => {
    for (const form of [{ theme: "pink", back: "/" }, { back: "/" }, { theme: "dark;x", back: "/" }]) {
      const answer = await request.post("/theme", { maxRedirects: 0, form: form as Record<string, string> });
      expect(answer.status()).toBeGreaterThanOrEqual(400);
      expect(answer.status()).toBeLessThan(500);
      expect(answer.headers()["set-cookie"]).toBeUndefined();
    }
  });
});

test("the browser's own parts follow the theme", async ({ page }) => {
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  await page.goto(home);
  // Before the module is awake the buttons load the page, and there is nothing to ask meanwhile.
  await awake(page);
  expect(await scheme()).toBe("light dark");
  await button(page, "Dark").click();
  await expect.poll(scheme).toBe("dark");
  await button(page, "Light").click();
  await expect.poll(scheme).toBe("light");
});
