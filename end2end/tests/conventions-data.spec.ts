import { expect, test } from "../fixtures.js";
import { home, plan, post } from "../pages.js";
import { isPng } from "../png.js";
import { languages, localized, origin, pageAt, pathOf, published, sitemap, structuredData, visit } from "../site.js";

test.use({ settings: published });

/** The structured data of this type on the page at `path`: the one that there is. */
async function dataAt(url: string, path: string, type: string): Promise<Record<string, unknown>> {
  const all = structuredData(await pageAt(url, path)).filter((value) => value["@type"] === type);
  expect(all, `${type} on ${path}`).toHaveLength(1);
  return all[0] ?? {};
}

for (const language of languages) {
  const at = (path: string) => localized(language, path);

  test(`the front page in ${language} tells programs whose site it is`, async ({ server }) => {
    const organization = await dataAt(server.url, at(home), "Organization");
    expect(organization).toMatchObject({ "@id": `${origin}/#organization`, name: "Pavise", url: `${origin}/` });
    expect(isPng(await visit(server.url, String(organization["logo"])))).toBe(true);
    expect(await dataAt(server.url, at(home), "WebSite")).toMatchObject({
      name: "Pavise",
      url: origin + at(home),
      inLanguage: language,
      description: expect.stringMatching(/\S/),
      publisher: { "@id": organization["@id"] },
    });
  });

  test(`a post in ${language} tells programs what it is, whose, and of when`, { tag: "@store" }, async ({ server }) => {
    const page = await pageAt(server.url, at(post));
    const posting = await dataAt(server.url, at(post), "BlogPosting");
    const [author] = page.querySelectorAll("a[rel=author]");
    expect(posting).toMatchObject({
      headline: page.querySelector("h1")?.textContent,
      url: origin + at(post),
      mainEntityOfPage: origin + at(post),
      inLanguage: language,
      datePublished: "2023-03-14T00:00:00Z",
      dateModified: "2023-03-14T00:00:00Z",
      author: { "@type": "Organization", name: author?.textContent, url: origin + author?.getAttribute("href") },
      publisher: { "@type": "Organization", name: "Pavise", logo: `${origin}/icon-512.png` },
      keywords: page.querySelectorAll("article header nav a").map((topic) => topic.textContent),
    });
    expect(String(posting["description"]).length).toBeGreaterThan(50);
    const pictures = posting["image"] as string[];
    expect(pictures.length).toBe(2);
    for (const picture of pictures) {
      const { status, headers } = await visit(server.url, picture);
      expect([status, headers["content-type"]?.split("/")[0]], picture).toEqual([200, "image"]);
    }
  });

  test(`a page in ${language} tells programs the way to it`, async ({ server }) => {
    for (const path of [post, plan, "/topics/access/", "/authors/policy-desk/", "/blog/2023/03/"]) {
      const page = await pageAt(server.url, at(path));
      const { itemListElement: items } = await dataAt(server.url, at(path), "BreadcrumbList");
      const trail = page.querySelector("main nav")?.querySelectorAll("a") ?? [];
      const above = trail.map((link) => [link.textContent, origin + link.getAttribute("href")]);
      const steps = [...above, [page.querySelector("h1")?.textContent, origin + at(path)]];
      const expected = steps.map(([name, item], index) => ({ "@type": "ListItem", position: index + 1, name, item }));
      expect.soft(items, path).toEqual(expected);
      expect(expected.length, path).toBeGreaterThan(1);
      for (const [, address = ""] of steps) expect.soft((await visit(server.url, address)).status, address).toBe(200);
    }
  });
}

test("the structured data of every page is of schema.org and can be read", { tag: "@store" }, async ({ server }) => {
  for (const path of (await sitemap(server.url)).map(pathOf)) {
    const page = await pageAt(server.url, path);
    const scripts = page.querySelectorAll(`script[type="application/ld+json"]`);
    expect.soft(scripts.length, path).toBeGreaterThan(0);
    for (const script of scripts) expect.soft(JSON.parse(script.rawText), path).toMatchObject({ "@context": "https://schema.org" });
    for (const value of structuredData(page)) expect.soft(value["@type"], path).toMatch(/^[A-Z]\w+$/);
  }
});
