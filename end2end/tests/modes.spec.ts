// Every way in which a reader's device shows a page: none is left over.

import type { Page } from "@playwright/test";
import { accessible, awake, expect, test } from "../fixtures.js";
import { everyPage, home, plan, post, posts } from "../pages.js";

const main = { "the front page": home, "a post": post, "a plan": plan, "the list of posts": posts, "the style guide": "/styleguide/" };

/** How much has moved since the page began to load; 0 is nothing. */
function layoutShift(page: Page): Promise<number> {
  return page.evaluate(() => {
    const observer = new PerformanceObserver(() => {});
    observer.observe({ type: "layout-shift", buffered: true });
    return observer.takeRecords().reduce((sum, entry) => sum + (entry as unknown as { value: number }).value, 0);
  });
}

const animations = (page: Page) => page.evaluate(() => document.getAnimations().length);

for (const [name, address] of Object.entries(main)) {
  test(`${name} is whole in the reader's own colours`, async ({ page }) => {
    await page.emulateMedia({ forcedColors: "active" });
    await page.goto(address);
    await awake(page);
    await accessible(page);
    // What is drawn stands out from the ground, and so does what has the focus.
    const drawn = page.locator(".shield-edge, .chain-done, .site-mark path").first();
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await drawn.evaluate((path) => getComputedStyle(path).stroke)).not.toBe(ground);
    await page.keyboard.press("Tab");
    await expect(page.locator(":focus")).toHaveCSS("outline-style", "solid");
    const unseen = await page.evaluate(() => {
      const clear = "rgba(0, 0, 0, 0)";
      const ground = (element: Element | null): string => {
        if (!element) return clear;
        const own = getComputedStyle(element).backgroundColor;
        return own === clear ? ground(element.parentElement) : own;
      };
      // Behind the words of a link the browser paints the page's ground, whatever the link's own is.
      const behind = (element: Element) => (element.matches("a") ? ground(document.body) : ground(element));
      const pressed = [...document.querySelectorAll("a, button, summary, select")];
      return pressed.filter((it) => getComputedStyle(it).color === behind(it)).map((it) => it.outerHTML);
    });
    expect(unseen).toEqual([]);
  });

  test(`${name} has no soft ink for those who ask for contrast`, async ({ page }) => {
    await page.emulateMedia({ contrast: "more" });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, contrast: "more" });
      await page.goto(address);
      await awake(page);
      const colours = await page.evaluate(() => {
        const style = getComputedStyle(document.documentElement);
        return ["--ink", "--ink-soft", "--rule"].map((name) => style.getPropertyValue(name));
      });
      expect(new Set(colours).size).toBe(1);
      await accessible(page);
    }
  });

  test(`nothing moves in ${name} while its parts come, however late they are`, async ({ page }) => {
    for (const size of [{ width: 360, height: 740 }, { width: 1280, height: 900 }]) {
      await page.setViewportSize(size);
      let release = () => {};
      const held = new Promise<void>((done) => (release = done));
      await page.route(/\.woff2$|\/media\//, async (route) => {
        await held;
        await route.continue().catch(() => {});
      });
      await page.goto(address, { waitUntil: "domcontentloaded" });
      await awake(page);
      release();
      await page.waitForLoadState("load");
      await page.evaluate(() => document.fonts.ready);
      // A face that comes within the first 100 ms takes the place of its fallback, whose lines are as long but for a thousandth.
      expect(await layoutShift(page)).toBeLessThan(0.005);
      await page.unrouteAll({ behavior: "wait" });
    }
  });

  test(`${name} can be read without its face and its pictures`, { tag: "@fails" }, async ({ page }) => {
    const heights: number[] = [];
    for (const broken of [false, true]) {
      if (broken) await page.route(/\.woff2$|\/media\//, (route) => route.abort());
      await page.goto(address);
      await awake(page);
      heights.push(await page.evaluate(() => document.documentElement.scrollHeight));
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    }
    for (const picture of await page.getByRole("main").getByRole("img").all()) await expect(picture).toHaveAccessibleName(/\S/);
    // A face that is not there changes at most some ends of lines.
    expect(Math.abs((heights[1] ?? 0) / (heights[0] ?? 1) - 1)).toBeLessThan(0.05);
  });

  test(`${name} fits a phone on its side, with its title in the first screen`, async ({ page }) => {
    await page.setViewportSize({ width: 640, height: 360 });
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toBeInViewport();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(640);
  });
}

test("text twice as large fits every page", { tag: "@fails" }, async ({ page }) => {
  for (const [name, address] of Object.entries({ ...everyPage, "a page that is not there": "/nowhere/" })) {
    for (const width of [640, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(address);
      await page.evaluate(() => void (document.documentElement.style.fontSize = "200%"));
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name} at ${width}`).toBeLessThanOrEqual(width);
    }
  }
});

test("the shield draws itself at the first page of a visit, and not again", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await page.addInitScript(() => addEventListener("animationstart", ({ animationName }) => void document.documentElement.toggleAttribute(`data-had-${animationName}`, true)));
  await page.goto(home);
  await expect(page.locator("html[data-had-draw]")).toBeAttached();
  await awake(page);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Topics" }).click();
  await expect(page).toHaveURL("/topics/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Home" }).click();
  await expect(page.getByRole("img", { name: "illustration of a shield icon" })).toBeVisible();
  const drawn = () => page.evaluate(() => document.getAnimations().filter((it) => ["draw", "appear"].includes((it as CSSAnimation).animationName)).length);
  expect(await drawn()).toBe(0);
});

test("for those who want no motion nothing moves", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const address of Object.values(main)) {
    await page.goto(address);
    expect(await animations(page), address).toBe(0);
  }
});

test("a face is not asked for by those who save data", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "connection", { value: { saveData: true } });
  });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  for (const address of [home, post, "/ar/"]) await page.goto(address, { waitUntil: "networkidle" });
  expect(asked.filter((url) => url.endsWith(".woff2"))).toEqual([]);
});

test("the face of the headings is small, and kept for ever", async ({ page, request }) => {
  const html = await (await request.get(home)).text();
  const address = /\/pkg\/headings\.[0-9a-f]{16}\.woff2/.exec(html)?.[0] ?? "";
  const answer = await request.get(address);
  expect((await answer.body()).length).toBeLessThanOrEqual(20_000);
  expect(answer.headers()["content-type"]).toBe("font/woff2");
  expect(answer.headers()["cache-control"]).toContain("immutable");
  await page.goto(home);
  await page.evaluate(() => document.fonts.load("600 40px Newsreader"));
  expect(await page.evaluate(() => document.fonts.check("600 40px Newsreader", "Évènement ¿Quién? “Œuvre”"))).toBe(true);
});

test("paper has no forms and no menus", { tag: "@plain" }, async ({ page }) => {
  await page.emulateMedia({ media: "print" });
  for (const address of Object.values(main)) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    for (const form of await page.locator("form, nav.site-nav, .site-footer").all()) await expect(form).toBeHidden();
  }
});
