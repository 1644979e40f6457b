import type { Page } from "@playwright/test";
import { accessible, awake, expect } from "../fixtures.js";
import { scrollY } from "../pages.js";
import { testOf, voice, writtenPost } from "../sites.js";

const title = `Less < more & "quotes", <b>bold</b> 'n' {braces} &amp; \\back`;
const long = Array.from({ length: 30 }, (_, n) => `Paragraph ${n}.`).join("\n\n");

/** What the page around a text calls its own parts, as headings. */
const parts = ["Progress", "Announcer", "Posts", "Contents", "Related", "Share", "Share copy", "Share sheet", "Share status", "Fn 1", "Fnref 1", "Section", "؟"];

const test = testOf(() => ({
  "posts/odd-title/index.md": writtenPost(title, "2024-01-01", "Words.\n\n<script>alert(1)</script> & <img src=x onerror=alert(1)>"),
  "posts/mixed/index.md": writtenPost("Mixed", "2024-01-02", "English words.\n\nكلمات عربية ثم English.\n\n- item\n- عنصر\n\nSome `code`.\n\n```\nlet عدد = 1;\n```"),
  "posts/main/index.md": writtenPost("Heading", "2024-01-03", `${long}\n\n## Main\n\nThe end.`),
  "posts/parts/index.md": writtenPost("Parts", "2024-01-04", `Words.[^1]\n\n${parts.map((part) => `## ${part}`).join("\n\n")}\n\n[^1]: A note.`),
  "posts/two/index.md": writtenPost("Two headings", "2024-01-05", "## One\n\nWords.\n\n## Two\n\nWords."),
  "posts/three/index.md": writtenPost("Three headings", "2024-01-06", "## One\n\nWords.\n\n### Two\n\nWords.\n\n#### Deep\n\nWords.\n\n## Three *and* `code`\n\nWords."),
  "posts/notes/index.md": writtenPost("Notes", "2024-01-07", `First.[^a]\n\n${long}\n\nSecond.[^b]\n\n[^a]: The first note.\n\n[^b]: The second note.`),
  "posts/wide/index.md": writtenPost("Wide", "2024-01-08", `${"unbreakable".repeat(20)}\n\n\`\`\`\n${"let x = 1; ".repeat(30)}\n\`\`\`\n\n<https://example.org/${"a".repeat(120)}>`),
}));

/** Every id that the page has more than once. */
function doubled(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  });
}

test("a title of odd characters is those characters, everywhere", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/blog/");
  await page.getByRole("link", { name: title, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(page).toHaveTitle(`${title} · Pavise`);
  await expect(page.locator("meta[property='og:title']")).toHaveAttribute("content", title);
  const mail = (await page.getByRole("link", { name: "Send by email" }).getAttribute("href")) ?? "";
  expect(new URLSearchParams(mail.replace("mailto:?", "")).get("subject")).toBe(title);
  const data = await page.locator("script[type='application/ld+json']").allTextContents();
  expect(data.map((text) => JSON.parse(text).headline)).toContain(title);
  await expect(page.getByRole("article")).toContainText("<script>alert(1)</script> & <img src=x onerror=alert(1)>");
  await expect(page.getByRole("article").getByRole("img")).toHaveCount(0);
});

test("within an English text, Arabic blocks run from right to left and code does not", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/blog/2024/01/mixed/");
  const dir = async (words: string) => (await voice(page.getByRole("article").getByText(words))).dir;
  await expect(page.getByText("كلمات عربية ثم English.")).toHaveAttribute("dir", "rtl");
  expect(await dir("كلمات عربية ثم English.")).toBe("rtl");
  expect(await dir("عنصر")).toBe("rtl");
  expect(await dir("English words.")).toBe("ltr");
  expect(await dir("let عدد = 1;")).toBe("ltr");
});

test("a heading named Main is not taken for the page's main part", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/blog/2024/01/main/");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#main$/);
  expect(await scrollY(page)).toBeLessThan(200);
  await page.getByRole("heading", { name: "Main" }).getByRole("link").click();
  await expect(page).toHaveURL(/#main-1$/);
  await expect(page.getByText("The end.")).toBeInViewport();
});

test("headings named as parts of the page leave each its own address", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/blog/2024/01/parts/");
  expect(await doubled(page)).toEqual([]);
  const links = page.getByRole("navigation", { name: "In this post" }).getByRole("link");
  await expect(links).toHaveCount(parts.length);
  for (const link of await links.all()) {
    await link.click();
    const target = page.locator(":target");
    await expect(target).toHaveText((await link.textContent()) ?? "");
    await expect(target).toHaveRole("heading");
  }
});

test("a heading named as a part of the page is not written over", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/blog/2024/01/parts/");
  await awake(page);
  await expect(page.getByRole("button", { name: "Copy the link" })).toBeVisible();
  await page.getByRole("button", { name: "Copy the link" }).click();
  await expect(page.getByText("The link is copied.")).toBeVisible();
  await expect(page.getByRole("article").getByRole("heading", { name: "Share status" })).toBeVisible();
});

test("contents are there from three headings on, with the words of the headings", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/blog/2024/01/two/");
  await expect(page.getByRole("heading", { level: 2, name: "Two" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "In this post" })).toHaveCount(0);
  await page.goto("/blog/2024/01/three/");
  const contents = page.getByRole("navigation", { name: "In this post" });
  expect(await contents.getByRole("link").allTextContents()).toEqual(["One", "Two", "Three and code"]);
});

test("a footnote leads to its note and back to its place", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/blog/2024/01/notes/");
  await page.getByRole("article").getByRole("link", { name: "2", exact: true }).click();
  const note = page.getByRole("listitem").filter({ hasText: "The second note." });
  await expect(note).toBeInViewport();
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.getByRole("link", { name: "Back to reference 1", exact: true }).click();
  await expect(page).toHaveURL(/#fnref-/);
  await expect(page.getByText("First.", { exact: false }).first()).toBeInViewport();
  await expect(note).not.toBeInViewport();
  await expect(page.getByRole("article").getByRole("link", { name: "1", exact: true })).toBeFocused();
});

test("long words, code and addresses stay within a narrow screen", { tag: "@plain" }, async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/blog/2024/01/wide/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Wide");
  expect(await page.evaluate(() => [document.documentElement.scrollWidth, document.body.scrollWidth])).toEqual([320, 320]);
});

for (const name of ["odd-title", "mixed", "parts", "three", "notes", "wide"]) {
  test(`the post ${name} is accessible`, async ({ page }) => {
    await page.goto(`/blog/2024/01/${name}/`);
    await awake(page);
    await accessible(page);
  });
}
