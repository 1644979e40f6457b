import { accessible, awake, expect } from "../fixtures.js";
import { plan, plans, post } from "../pages.js";
import { projectContent, testOf, writtenPost } from "../sites.js";

const test = testOf(() => ({
  ...projectContent(),
  "posts/only-english/index.md": writtenPost("Only English", "2022-05-01", "Some words.\n\n```\nlet code = 1;\n```"),
  "posts/only-french/index.md": writtenPost("Seulement en français", "2022-05-02", "Quelques mots.").replace("---\n", '---\nlang: "fr"\n'),
}));

const languages = { en: "", fr: "/fr", es: "/es", ar: "/ar" };

/** An address of each kind of page, without the language, by what a person would call it. */
const kinds: Record<string, string> = {
  "the front page": "/",
  "the narrowed front page": "/?q=internet",
  "a search that finds nothing": "/?q=zebra",
  "the list of posts": "/blog/",
  "the list narrowed by topic and year": "/blog/?topic=access&year=2023",
  "a year": "/blog/2023/",
  "a month": "/blog/2023/03/",
  "a post": post,
  "a post with a table": "/blog/2023/03/misguided-policies-the-world-over-are-slowly-killing-the-open-internet/",
  "a post with a figure, of which the title is translated":
    "/blog/2023/02/sender-pays-what-lessons-european-policy-makers-should-take-from-the-case-of-south-korea/",
  "a post in English only": "/blog/2022/05/only-english/",
  "a post in French only": "/blog/2022/05/only-french/",
  "the topics": "/topics/",
  "a topic": "/topics/open-internet/",
  "the authors": "/authors/",
  "an author": "/authors/policy-desk/",
  "a page of the organisation": "/accessibility/",
  "the plans": plans,
  "a plan": plan,
  "a page that is not there": "/nowhere/",
};

for (const [lang, start] of Object.entries(languages)) {
  for (const [name, path] of Object.entries(kinds)) {
    const tag = path === "/nowhere/" ? "@fails" : [];

    test(`${name} is accessible in ${lang}, light and dark`, { tag }, async ({ page }) => {
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(start + path);
      await awake(page);
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      await accessible(page);
      await page.emulateMedia({ colorScheme: "dark" });
      await accessible(page);
    });
  }

  test(`no page scrolls sideways on a narrow screen in ${lang}`, { tag: "@fails" }, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    for (const [name, path] of Object.entries(kinds)) {
      await page.goto(start + path);
      await awake(page);
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, document.body.scrollWidth, window.innerWidth]);
      expect(widths, name).toEqual([320, 320, 320]);
    }
  });

  test(`the menu of languages fits a narrow screen in ${lang}`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${start}/blog/`);
    await awake(page);
    const menu = page.getByRole("banner").getByRole("group");
    await menu.locator("summary").click();
    for (const link of await menu.getByRole("link").all()) await expect(link).toBeInViewport({ ratio: 1 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });
}
