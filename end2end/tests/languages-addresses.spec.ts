import { expect, test } from "../fixtures.js";
import { ask } from "../http.js";
import { post } from "../pages.js";
import { alternates, attributes, languages, localized, origin, pageAt, pathOf, published, sitemap, unlocalized } from "../site.js";

test.use({ settings: published });

/** Each page of the sitemap, with its path, its language, and the path that it has in the default one. */
async function everyPage(url: string) {
  const paths = (await sitemap(url)).map(pathOf);
  expect(paths.length).toBeGreaterThan(100);
  const pages = [];
  // One after the other: some of who asks for hundreds at once are asked to come again.
  for (const path of paths) {
    const [language, inEnglish] = unlocalized(path);
    pages.push({ path, language, inEnglish, page: await pageAt(url, path) });
  }
  return pages;
}

test("each page names itself in all languages, and English for who reads none of them", { tag: "@store" }, async ({ server }) => {
  for (const { path, inEnglish, page } of await everyPage(server.url)) {
    const expected = languages.map((language) => [language, origin + localized(language, inEnglish)]);
    expect.soft(alternates(page), path).toEqual({ ...Object.fromEntries(expected), "x-default": origin + inEnglish });
    expect.soft(attributes(page, "head link[rel=alternate][hreflang]", "href"), path).toHaveLength(languages.length + 1);
  }
});

test("a page that is named as another's translation names that one too", async ({ server }) => {
  const all = new Map((await everyPage(server.url)).map(({ path, page }) => [origin + path, page]));
  for (const [address, page] of all) {
    for (const [language, other] of Object.entries(alternates(page))) {
      const there = all.get(other);
      expect(there, `${other} from ${address}`).toBeDefined();
      expect.soft(Object.values(there ? alternates(there) : {}), `${other} from ${address}`).toContain(address);
      if (language !== "x-default") expect.soft(there?.querySelector("html")?.getAttribute("lang"), other).toBe(language);
    }
  }
});

test("each page has one address, its own", { tag: "@store" }, async ({ server }) => {
  for (const { path, page } of await everyPage(server.url)) {
    expect.soft(attributes(page, "link[rel=canonical]", "href"), path).toEqual([origin + path]);
    expect.soft(attributes(page, `meta[property="og:url"]`, "content"), path).toEqual([origin + path]);
  }
});

test("each page says its language and which way it is read", async ({ server }) => {
  for (const { path, language, page } of await everyPage(server.url)) {
    const said = ["lang", "dir"].map((name) => page.querySelector("html")?.getAttribute(name));
    expect.soft(said, path).toEqual([language, language === "ar" ? "rtl" : "ltr"]);
  }
});

test("the languages of a page lead to the same page, each by its own name", async ({ server }) => {
  const names = { en: "English", fr: "Français", es: "Español", ar: "العربية" };
  for (const { path, language, inEnglish, page } of await everyPage(server.url)) {
    const links = page.querySelectorAll("nav details a[hreflang]");
    const said = links.map((link) => [link.getAttribute("hreflang"), link.textContent.trim(), link.getAttribute("href")]);
    expect.soft(said, path).toEqual(languages.map((other) => [other, names[other], localized(other, inEnglish)]));
    const current = links.filter((link) => link.hasAttribute("aria-current")).map((link) => link.getAttribute("hreflang"));
    expect.soft(current, path).toEqual([language]);
  }
});

test("a narrowed or placed page is the same one in another language", async ({ server }) => {
  for (const path of ["/?q=sender", "/blog/?topic=access&year=2023", "/action-plan/2023/?area=secure"]) {
    const page = await pageAt(server.url, path);
    const canonical = attributes(page, "link[rel=canonical]", "href")[0] ?? "";
    const inFrench = await pageAt(server.url, localized("fr", path));
    expect.soft(alternates(page)["fr"], path).toBe(attributes(inFrench, "link[rel=canonical]", "href")[0]);
    expect.soft(unlocalized(pathOf(alternates(page)["fr"] ?? ""))[1], path).toBe(pathOf(canonical));
    expect.soft((await ask(server.url, pathOf(canonical))).status, path).toBe(200);
  }
});

test("a reader changes the language of a post and stays with it", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(post);
  const menu = page.getByRole("navigation", { name: "Languages" });
  await menu.getByText("English").first().click();
  await menu.getByRole("link", { name: "العربية" }).click();
  await expect(page).toHaveURL(localized("ar", post));
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("أدلينا بشهادتنا لأن الإنترنت تحتاج إلى صوت");
  await page.getByRole("navigation", { name: "اللغات" }).getByText("العربية").first().click();
  await page.getByRole("navigation", { name: "اللغات" }).getByRole("link", { name: "English" }).click();
  await expect(page).toHaveURL(post);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("We Testified Because the Internet Needs a Voice");
});
