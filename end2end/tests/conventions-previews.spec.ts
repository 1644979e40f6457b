import { expect, test } from "../fixtures.js";
import { ask, links } from "../http.js";
import { home, plan, plans, post } from "../pages.js";
import { isPng, sizeOf } from "../png.js";
import { languages, localized, meta, origin, pageAt, published, visit } from "../site.js";

test.use({ settings: published });

for (const language of languages) {
  test(`a link to a post in ${language} shows its title, its words and a picture of it elsewhere`, { tag: "@store" }, async ({ server }) => {
    const path = localized(language, post);
    const page = await pageAt(server.url, path);
    const said = meta(page);
    const title = page.querySelector("h1")?.textContent;
    expect(said).toMatchObject({
      "og:type": "article",
      "og:title": title,
      "og:description": page.querySelector("article header p")?.textContent,
      "og:url": origin + path,
      "og:site_name": "Pavise",
      // Open Graph has a territory in every locale.
      "og:locale": expect.stringMatching(new RegExp(`^${language}_[A-Z]{2}$`)),
      "og:image:width": "1200",
      "og:image:height": "630",
      "og:image:alt": title,
      "article:published_time": "2023-03-14T00:00:00Z",
      "twitter:card": "summary_large_image",
      description: said["og:description"],
    });
    expect(said["og:image"]).toMatch(new RegExp(`^${origin}/cards/${language}/.+\\.png$`));
    const card = await visit(server.url, said["og:image"] ?? "");
    expect([isPng(card), sizeOf(card.body)]).toEqual([true, "1200x630"]);
    const names = page.querySelectorAll("meta[property]").map((element) => element.getAttribute("property"));
    expect(new Set(names).size, "each is said once").toBe(names.length);
  });
}

test("a post's picture is drawn in the words of its language", async ({ server }) => {
  const cards = languages.map(async (language) => visit(server.url, meta(await pageAt(server.url, localized(language, post)))["og:image"] ?? ""));
  const pictures = (await Promise.all(cards)).map(({ body }) => body.toString("base64"));
  expect(new Set(pictures).size).toBe(languages.length);
});

for (const path of [home, plans, plan, "/blog/", "/topics/access/", "/about/"]) {
  test(`a link to ${path} shows its title, its words and the site's picture elsewhere`, async ({ server }) => {
    for (const language of languages) {
      const page = await pageAt(server.url, localized(language, path));
      const said = meta(page);
      expect(said).toMatchObject({ "og:type": "website", "og:url": origin + localized(language, path), "twitter:card": "summary_large_image" });
      expect(page.querySelector("title")?.textContent).toBe(`${said["og:title"]} · Pavise`);
      for (const name of ["description", "og:description", "og:image:alt"]) expect(said[name], name).toMatch(/\S/);
      const card = await visit(server.url, said["og:image"] ?? "");
      expect([isPng(card), sizeOf(card.body)]).toEqual([true, "1200x630"]);
    }
  });
}

test("a page that is not there has nothing to show elsewhere", async ({ server }) => {
  const { status, text } = await ask(server.url, "/nowhere/");
  expect(status).toBe(404);
  expect(text).not.toMatch(/og:|twitter:|rel="canonical"|hreflang="x-default"/);
});

test("the headers of a page say where it, its feed and its plain text are", { tag: "@store" }, async ({ server }) => {
  for (const language of languages) {
    const at = (path: string) => localized(language, path);
    const feed = { href: at("/feed/"), rel: "alternate", type: "application/rss+xml" };
    for (const path of [home, plans, "/blog/", "/topics/access/", "/about/"]) {
      expect.soft(links(await ask(server.url, at(path))), path).toEqual([feed, { href: at(path), rel: "canonical" }]);
    }
    for (const path of [post, plan]) {
      const text = at(`${path.slice(0, -1)}.txt`);
      const expected = [feed, { href: at(path), rel: "canonical" }, { href: text, rel: "alternate", type: "text/plain" }];
      expect.soft(links(await ask(server.url, at(path))), path).toEqual(expected);
      expect.soft(links(await ask(server.url, text)), text).toEqual([{ href: origin + at(path), rel: "canonical" }]);
    }
  }
});
