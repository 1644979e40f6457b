// Readers who have set their browser to letters of twice the size, on a phone: nothing is cut off, and words have room.

import { expect, test } from "../fixtures.js";
import { everyPage, home } from "../pages.js";

test.use({
  viewport: { width: 360, height: 760 },
  launchOptions: [
    async ({ launchOptions }, use) => use({ ...launchOptions, args: [...(launchOptions.args ?? []), "--blink-settings=defaultFontSize=32"] }),
    { scope: "worker" },
  ],
});

for (const [name, address] of Object.entries(everyPage)) {
  test(`${name} does not scroll sideways`, async ({ page }) => {
    await page.goto(address);
    expect(await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize))).toBe(32);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
}

for (const address of [home, "/blog/", "/ar/"]) {
  test(`the words of ${address} have the line`, async ({ page }) => {
    await page.goto(address);
    const narrow = await page.getByRole("main").getByRole("listitem").getByRole("link").evaluateAll((links) =>
      links.filter((link) => (link.parentElement?.clientWidth ?? 0) < 200).map((link) => link.textContent),
    );
    expect(narrow).toEqual([]);
  });
}
