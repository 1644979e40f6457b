// A page has the styles that it needs and no others, whichever way it comes to be shown.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { awake, expect, root, test } from "../fixtures.js";
import { ask } from "../http.js";
import { about, everyPage, home, isMarked, mark, plan, plans, post, posts } from "../pages.js";

/** All styles of the site, with the face where `page` has it. */
async function bundle(page?: Page): Promise<string> {
  const css = await readFile(join(root, "target/site/pkg/pavise.css"), "utf8");
  const face = await page?.evaluate(() => /\/pkg\/headings[^")]*/.exec(document.querySelector("style")?.textContent ?? "")?.[0]);
  return face ? css.replace("/newsreader.woff2", face) : css;
}

/** What the style of an element, or of what is drawn before or after it, comes to. */
type Look = { of: string; style: Record<string, string> };

/** How everything looks in a part of the page. */
function looks(page: Page, within = "body"): Promise<Look[]> {
  return page.evaluate((within) => {
    const looks: Look[] = [];
    for (const element of document.querySelectorAll(`${within}, ${within} *`)) {
      for (const part of ["", "::before", "::after"]) {
        const style = getComputedStyle(element, part);
        if (part === "" || style.content !== "none") {
          const names = [...style].filter((name) => !name.startsWith("--"));
          const of = `${element.localName}.${element.getAttribute("class") ?? ""}${part}`;
          looks.push({ of, style: Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name)])) });
        }
      }
    }
    return looks;
  }, within);
}

/** What is not the same in both. */
function differences(one: Look[], other: Look[]): string[] {
  const of = (looks: Look[]) => looks.map(({ of }) => of).join("\n");
  expect(of(other)).toBe(of(one));
  return one.flatMap(({ of, style }, n) =>
    Object.keys(style).filter((name) => style[name] !== other[n]?.style[name]).map((name) => `${of} ${name}: ${style[name]}, ${other[n]?.style[name]}`),
  );
}

test.describe("beside the whole of the styles", () => {
  test.use({ bypassCSP: true, contextOptions: { reducedMotion: "reduce" } });

  for (const [name, address] of Object.entries(everyPage)) {
    test(`${name} looks as it would with all of them`, async ({ page }) => {
      await page.goto(address);
      await awake(page);
      const whole = await bundle(page);
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const own = await looks(page);
        const before = await page.evaluate((css) => {
          const style = document.querySelector("style");
          const own = style?.textContent ?? "";
          style?.replaceChildren(css);
          return own;
        }, whole);
        expect(differences(own, await looks(page)), `${width}`).toEqual([]);
        await page.evaluate((css) => document.querySelector("style")?.replaceChildren(css), before);
      }
    });
  }
});

test("no page has all of the styles, but for the one that shows everything", async ({ server }) => {
  const whole = (await bundle()).length;
  for (const [name, address] of Object.entries(everyPage)) {
    const { text } = await ask(server.url, address);
    const styles = /<style>(.*?)<\/style>/s.exec(text)?.[1]?.length ?? 0;
    expect.soft(styles, name).toBeGreaterThan(whole / 3);
    if (!address.includes("styleguide")) {
      expect.soft(styles, name).toBeLessThan(whole * 0.8);
    }
  }
});

for (const [from, to] of [[about, home], [home, plan], [home, plans], [home, post], [plan, about], [about, posts]] as const) {
  test(`coming from ${from}, ${to} looks as after a load`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto(from);
    // A face that comes too late for one page is there for the next.
    await page.evaluate(() => document.fonts.ready);
    await page.reload();
    await awake(page);
    await mark(page);
    // A link that is nowhere on that page.
    await page.evaluate((href) => {
      const link = document.createElement("a");
      link.href = href;
      link.textContent = "onward";
      document.querySelector("main")?.append(link);
    }, to);
    await page.getByRole("link", { name: "onward" }).click();
    await expect(page).toHaveURL(to);
    await expect(page.getByRole("link", { name: "onward" })).toHaveCount(0);
    expect(await isMarked(page)).toBe(true);
    // Focus is put into a page that is opened in place, and the header knows of the visit.
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.mouse.move(0, 0);
    const moved = await looks(page, "main");
    await page.reload();
    await awake(page);
    expect(differences(moved, await looks(page, "main"))).toEqual([]);
  });
}

test("the browser understands every rule", async ({ page }) => {
  // What is for another browser is not for this one.
  const css = (await bundle()).replace(/[^{}]*::-moz-[^{}]*\{[^{}]*\}/g, "");
  const understood = await page.evaluate((css) => {
    const count = (rules: CSSRuleList): number => [...rules].reduce((sum, rule) => sum + ("cssRules" in rule ? 1 + count(rule.cssRules as CSSRuleList) : rule.cssText.includes("{") ? 1 : 0), 0);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return count(sheet.cssRules);
  }, css);
  expect(understood).toBe(css.split("{").length - 1);
});
