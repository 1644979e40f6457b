// What the main pages look like, as they were last looked at: end2end/screenshots/. After a change that is meant, look at the new
// ones before you keep them: npx playwright test screenshots --project=chromium --update-snapshots
//
// Another machine has other faces for the words, so pictures are compared from far away, where words are a tone and what counts
// is what stands where. A part that is missing, or has lost its colour or place, is seen from there.

import type { Page } from "@playwright/test";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, root, test } from "../fixtures.js";
import { home, plan, post, posts } from "../pages.js";

test.use({ bypassCSP: true });

const sizes = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 900 } };
const all = { home, post, plan, posts, nowhere: "/nowhere/" };

// A busy browser cannot always take a picture of itself.
test.describe.configure({ retries: 3 });

/** How many points of a picture are one, from far away. */
const FAR = 20;
/** From how much on, of 255, a point is another. Words in another face make a point lighter or darker by some 30. */
const OTHER = 60;
/** How much of a picture may be other, in per cent: with other faces it was up to 9, where a picture stood a line lower. */
const TOLERATED = 10;

/** The part of two pictures that differs from far away, in per cent. */
async function difference(page: Page, one: Buffer, two: Buffer): Promise<number> {
  const pictures = [one, two].map((png) => `data:image/png;base64,${png.toString("base64")}`);
  return page.evaluate(
    async ({ pictures, FAR, OTHER }) => {
      const [one, two] = await Promise.all(
        pictures.map(async (src) => {
          const picture = new Image();
          picture.src = src;
          await picture.decode();
          const width = Math.round(picture.width / FAR);
          const height = Math.round(picture.height / FAR);
          const canvas = Object.assign(document.createElement("canvas"), { width, height });
          const context = canvas.getContext("2d", { willReadFrequently: true })!;
          context.imageSmoothingQuality = "high";
          context.drawImage(picture, 0, 0, width, height);
          return context.getImageData(0, 0, width, height).data;
        }),
      );
      if (!one || one.length !== two?.length) return 100;
      let other = 0;
      for (let at = 0; at < one.length; at += 4) {
        const by = [0, 1, 2].map((channel) => Math.abs(one[at + channel]! - two[at + channel]!));
        if (Math.max(...by) > OTHER) other += 1;
      }
      return (other * 400) / one.length;
    },
    { pictures, FAR, OTHER },
  );
}

for (const [name, path] of Object.entries(all)) {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const [lang, start] of Object.entries({ en: "", ar: "/ar" })) {
        test(`${name} in ${lang} on a ${size} in ${colorScheme}`, { tag: "@fails" }, async ({ page }, info) => {
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
          const file = join(root, "end2end/screenshots", `${name}-${size}-${colorScheme}-${lang}.png`);
          const now = await page.screenshot();
          await info.attach("now", { body: now, contentType: "image/png" });
          if (["all", "changed"].includes(info.config.updateSnapshots)) await writeFile(file, now);
          expect(existsSync(file), `${file} is there`).toBe(true);
          expect(await difference(page, now, readFileSync(file)), "how much looks other, in per cent").toBeLessThanOrEqual(TOLERATED);
        });
      }
    }
  }
}
