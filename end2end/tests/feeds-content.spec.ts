import { entries, feeds, forms } from "../feeds.js";
import { expect, test } from "../fixtures.js";
import { ask, links } from "../http.js";
import { post } from "../pages.js";
import { attributes, document, localized, origin, pageAt, pathOf, published, visit } from "../site.js";
import { mistakes, values, without } from "../xml.js";

test.use({ settings: published });

/** The words of HTML, however they are broken into lines. */
const words = (html: string) => document(html).textContent.replace(/\s+/g, " ").trim();

for (const { name, form, language, path } of feeds()) {
  test(`${name} has every post with its whole text`, { tag: "@store" }, async ({ server }) => {
    const all = entries(form, (await ask(server.url, path)).text);
    expect(all.length).toBeGreaterThan(0);
    for (const { url, title, html } of all) {
      const page = await pageAt(server.url, url);
      expect.soft(attributes(page, "head link[rel=canonical]", "href"), "the address is the post's own").toEqual([url]);
      expect.soft(page.querySelector("h1")?.textContent, url).toBe(title);
      const slug = url.split("/").at(-2);
      const { text } = await ask(server.url, `/api/get_post?slug=${slug}&lang=${language}`);
      expect.soft(words(html), url).toBe(words(JSON.parse(text).html));
      expect.soft(words(html).length, url).toBeGreaterThan(1000);
    }
  });
}

for (const language of ["en", "fr"]) {
  test(`what posts link to can be reached from a feed in ${language}, wherever it is read`, async ({ server }) => {
    const wrong: string[] = [];
    for (const { form, path } of feeds({ [language]: language }).filter(({ page }) => page === localized(language, "/"))) {
      for (const { url, html } of entries(form, (await ask(server.url, path)).text)) {
        const text = document(html);
        for (const address of [...attributes(text, "[href]", "href"), ...attributes(text, "[src]", "src")]) {
          const whole = /^(https?:\/\/|mailto:)/.test(address);
          const there = !address.startsWith(origin) || (await visit(server.url, address)).status === 200;
          if (!whole || !there) wrong.push(`${address} in ${url} as ${form}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
}

test("every picture of a post is in its feeds", async ({ server }) => {
  const sender = "/blog/2023/02/sender-pays-what-lessons-european-policy-makers-should-take-from-the-case-of-south-korea/";
  for (const { form, path } of feeds().filter(({ page }) => page === "/")) {
    const entry = entries(form, (await ask(server.url, path)).text).find(({ url }) => pathOf(url) === sender);
    const [picture, ...more] = attributes(document(entry?.html ?? ""), "figure img[alt]", "src");
    expect(more).toEqual([]);
    expect((await visit(server.url, picture ?? "")).headers["content-type"], form).toContain("image/svg+xml");
  }
});

/** Pages, with what has feeds of its own there, beside the site. */
const named: [page: string, own: string[]][] = [
  ["/", []],
  [post, []],
  ["/topics/access/", ["/topics/access/"]],
  ["/authors/policy-desk/", ["/authors/policy-desk/"]],
];

for (const [page, own] of named) {
  for (const language of ["en", "fr"]) {
    test(`a reader's program finds the feeds of ${localized(language, page)}`, { tag: "@store" }, async ({ server }) => {
      const path = localized(language, page);
      const offered = (await pageAt(server.url, path)).querySelectorAll("head link[rel=alternate][type]:not([type='text/plain'])");
      const found = offered.map((link) => [link.getAttribute("type"), link.getAttribute("href")]);
      const expected = [...own, "/"].flatMap((of) => Object.values(forms).map(({ end, type }) => [type, localized(language, of) + end]));
      expect(found).toEqual(expected);
      for (const link of offered) {
        const { status, headers } = await visit(server.url, link.getAttribute("href") ?? "");
        expect(status).toBe(200);
        expect(headers["content-type"]?.split(";")[0]).toBe(link.getAttribute("type"));
        expect(link.getAttribute("title")).toMatch(/\S/);
      }
      const inHeader = links(await ask(server.url, path)).filter(({ rel, type }) => rel === "alternate" && type === forms.RSS.type);
      expect(inHeader.map(({ href }) => href)).toEqual([localized(language, "/feed/")]);
    });
  }
}

test("a feed says whose it is, where it is, and in which language", async ({ server }) => {
  for (const { form, path, page, language } of feeds()) {
    const { text } = await ask(server.url, path);
    const said = {
      RSS: () => ["link", "a:link[@rel='self']/@href", "language"].flatMap((name) => values(text, `/rss/channel/${name}`)),
      Atom: () => ["a:link[@rel='alternate']/@href", "a:link[@rel='self']/@href", "@xml:lang"].flatMap((name) => values(text, `/a:feed/${name}`)),
      "JSON Feed": () => ["home_page_url", "feed_url", "language"].map((name) => JSON.parse(text)[name]),
    };
    expect.soft(said[form](), path).toEqual([origin + page, origin + path, language]);
  }
});

for (const language of ["en", "fr"]) {
  test(`a reader may subscribe to everything in ${language} at once`, { tag: "@store" }, async ({ server }) => {
    const { status, headers, text } = await ask(server.url, localized(language, "/feeds.opml"));
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/x-opml; charset=utf-8");
    expect(mistakes("opml", text)).toEqual([]);
    const subjects = await Promise.all(
      ["/topics/", "/authors/"].map(async (list) => attributes(await pageAt(server.url, localized(language, list)), "main li h2 a", "href")),
    );
    const expected = [localized(language, "/"), ...subjects.flat()];
    expect(values(text, "//outline/@xmlUrl").toSorted()).toEqual(expected.map((path) => `${origin}${path}feed/`).toSorted());
    expect(values(text, "//outline/@htmlUrl").toSorted()).toEqual(expected.map((path) => origin + path).toSorted());
    for (const feed of values(text, "//outline/@xmlUrl")) {
      expect(await visit(server.url, feed), feed).toMatchObject({ status: 200, text: expect.stringContaining("<rss") });
    }
  });
}

test("a list of feeds is refused where something is missing", async ({ server }) => {
  const { text } = await ask(server.url, "/feeds.opml");
  for (const path of ["/opml/@version", "/opml/head/title", "/opml/body", "//outline/@type", "//outline/@text", "//outline/@xmlUrl"]) {
    expect.soft(mistakes("opml", without(text, path)), path).not.toEqual([]);
  }
});
