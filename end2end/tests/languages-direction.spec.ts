import type { Locator, Page } from "@playwright/test";
import { expect } from "../fixtures.js";
import { postFile } from "../program.js";
import { type Files, testOf, translation, voice, writtenPost } from "../sites.js";

const original = "A paragraph.";

const mixed = `فقرة عربية.

An English paragraph.

- عنصر عربي
- An English item

## An English heading

| العمود | Column |
| --- | --- |
| كلمة | A word in a cell |

نص فيه \`let inline = 1;\` ثم نص.

\`\`\`
let block = 2;
\`\`\``;

const test = testOf(() => {
  const files: Files = {
    "posts/mixed/index.md": writtenPost("Mixed", "2024-01-15", original),
    "posts/mixed/index.ar.md": translation("مقال مختلط", mixed),
  };
  for (let day = 1; day <= 28; day++) {
    files[`posts/tale-${day}/index.md`] = postFile(`Tale ${day}`, `2023-05-${String(day).padStart(2, "0")}`);
  }
  return files;
});

const mirrored = "matrix(-1, 0, 0, 1, 0, 0)";

/** The place of an element from the left of the window. */
async function left(element: Locator): Promise<number> {
  await expect(element).toBeVisible();
  return (await element.boundingBox())?.x ?? Number.NaN;
}

function arrow(link: Locator): Locator {
  return link.locator("svg");
}

async function header(page: Page, name: string): Promise<{ site: number; nav: number }> {
  const banner = page.getByRole("banner");
  return {
    site: await left(banner.getByRole("link", { name: "Pavise" })),
    nav: await left(banner.getByRole("navigation", { name, exact: true })),
  };
}

test("the header of an Arabic page is that of an English one in a mirror", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/blog/");
  const english = await header(page, "Main");
  expect(english.site).toBeLessThan(english.nav);
  await page.goto("/ar/blog/");
  const arabic = await header(page, "القائمة الرئيسية");
  expect(arabic.site).toBeGreaterThan(arabic.nav);
});

test("the ways to the posts before and after point to where an Arabic reader finds them", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/blog/2023/05/tale-9/");
  await expect(arrow(page.getByRole("link", { name: "Newer Tale 10" }))).toHaveCSS("transform", "none");
  await expect(arrow(page.getByRole("link", { name: "Older Tale 8" }))).toHaveCSS("transform", "none");
  await page.goto("/ar/blog/2023/05/tale-9/");
  const newer = page.getByRole("link", { name: "مقال أحدث Tale 10" });
  const older = page.getByRole("link", { name: "مقال أقدم Tale 8" });
  await expect(arrow(newer)).toHaveCSS("transform", mirrored);
  await expect(arrow(older)).toHaveCSS("transform", mirrored);
  expect(await left(newer)).toBeGreaterThan(await left(older));
  expect(await left(arrow(newer))).toBeGreaterThan(await left(newer.getByText("مقال أحدث")));
});

test("the ways to newer and older pages of a list are mirrored too", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/blog/");
  await expect(arrow(page.getByRole("link", { name: "Older posts" }))).toHaveCSS("transform", "none");
  await page.goto("/ar/blog/");
  const next = await page.getByRole("link", { name: "مقالات أقدم" }).getAttribute("href");
  await page.goto(next ?? "");
  const newer = page.getByRole("link", { name: "مقالات أحدث" });
  const older = page.getByRole("link", { name: "مقالات أقدم" });
  await expect(arrow(newer)).toHaveCSS("transform", mirrored);
  await expect(arrow(older)).toHaveCSS("transform", mirrored);
  expect(await left(newer)).toBeGreaterThan(await left(older));
});

test("within an Arabic text, English blocks and code run from left to right", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/ar/blog/2024/01/mixed/");
  const article = page.getByRole("article");
  const dir = async (element: Locator) => (await voice(element)).dir;
  expect(await dir(article.getByText("فقرة عربية."))).toBe("rtl");
  expect(await dir(article.getByText("An English paragraph."))).toBe("ltr");
  expect(await dir(article.getByText("عنصر عربي"))).toBe("rtl");
  expect(await dir(article.getByText("An English item"))).toBe("ltr");
  expect(await dir(article.getByRole("heading", { name: "An English heading" }))).toBe("ltr");
  expect(await dir(article.getByRole("cell", { name: "كلمة" }))).toBe("rtl");
  expect(await dir(article.getByText("let inline = 1;"))).toBe("ltr");
  expect(await dir(article.getByText("let block = 2;"))).toBe("ltr");
  await expect(article.getByText("An English paragraph.")).toHaveAttribute("dir", "ltr");
});
