// What the main pages look like, as they were last looked at: end2end/screenshots/. After a change that is meant, look at the new
// ones before you keep them: npx playwright test screenshots --project=chromium --update-snapshots
//
// Another machine has other faces for the words, so a part of the points may differ; a part that is missing, or in another
// place, differs by more.

import { expect, test } from "../fixtures.js";
import { home, plan, post, posts } from "../pages.js";

test.use({ bypassCSP: true });

const sizes = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 900 } };
const all = { home, post, plan, posts, nowhere: "/nowhere/" };

for (const [name, path] of Object.entries(all)) {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const [lang, start] of Object.entries({ en: "", ar: "/ar" })) {
        test(`${name} in ${lang} on a ${size} in ${colorScheme}`, { tag: "@fails" }, async ({ page }) => {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          // The face is optional to a reader; here it is waited for.
          await page.route(`**${start}${path}`, async (route) => {
            const response = await route.fetch();
            await route.fulfill({ response, body: (await response.text()).replace("font-display:optional", "font-display:block") });
          });
          await page.goto(start + path);
          await page.evaluate(async () => {
            await document.fonts.ready;
            await Promise.all([...document.images].filter((it) => it.loading !== "lazy").map((image) => image.decode()));
          });
          await expect(page).toHaveScreenshot(`${name}-${size}-${colorScheme}-${lang}.png`, { maxDiffPixelRatio: 0.08, threshold: 0.3 });
        });
      }
    }
  }
}
