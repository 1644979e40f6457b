import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, root, test } from "../fixtures.js";
import { ask } from "../http.js";
import { languages, localized, origin, pageAt, pathOf, published, sitemap, unlocalized } from "../site.js";

test.use({ settings: published });

const fileOf = (path: string, language: string): string => {
  const [name = ""] = path.split("/").slice(-2);
  const file = path.startsWith("/blog/") ? `posts/${name}/index` : `plan/${name}`;
  return join(root, "content", `${file}${language === "en" ? "" : `.${language}`}.md`);
};

/** The source of a post or plan in a language: its title, and its body, which is the original's where only its head is translated. */
async function source(path: string, language: string): Promise<{ title: string; body: string }> {
  const text = await readFile(fileOf(path, language), "utf8");
  const [, front = "", body = ""] = /^---\n([\s\S]*?)\n---\n\n?([\s\S]*)$/.exec(text) ?? [];
  const title = JSON.parse(/^title: (.*)$/m.exec(front)?.[1] ?? "null");
  return { title, body: body || (await source(path, "en")).body };
}

/** The posts and plans of the site, by their paths in English. */
async function writings(url: string): Promise<string[]> {
  const paths = (await sitemap(url)).map(pathOf).map(unlocalized).filter(([language]) => language === "en").map(([, path]) => path);
  return paths.filter((path) => /^\/blog\/\d+\/\d+\/[^/]+\/$|^\/action-plan\/\d+\/$/.test(path));
}

const textOf = (path: string, language: string) => localized(language, `${path.slice(0, -1)}.txt`);

for (const language of languages) {
  test(`every post and plan in ${language} can be had as plain text, beginning with its title`, { tag: "@store" }, async ({ server }) => {
    const paths = await writings(server.url);
    const [posts, plans] = await Promise.all(["posts", "plan"].map((folder) => readdir(join(root, "content", folder))));
    expect(paths).toHaveLength((posts ?? []).length + (plans ?? []).filter((name) => /^\d+\.md$/.test(name)).length);
    for (const path of paths) {
      const { title, body } = await source(path, language);
      const { status, headers, text } = await ask(server.url, textOf(path, language));
      expect.soft([status, headers["content-type"]], path).toEqual([200, "text/plain; charset=utf-8"]);
      expect.soft(text.split("\n")[0], path).toBe(title);
      expect.soft(text, path).toContain(body.trimEnd());
      expect.soft(text, path).toContain(`\n${origin}${localized(language, path)}\n`);
      expect.soft(text, path).not.toMatch(/<\/?[a-z]+[ >]/);
    }
  });

  test(`a post in ${language} as plain text is little more than its words`, async ({ server }) => {
    for (const path of (await writings(server.url)).filter((path) => path.startsWith("/blog/"))) {
      const { body } = await source(path, language);
      const more = (await ask(server.url, textOf(path, language))).body.length - Buffer.byteLength(body);
      expect.soft(more, path).toBeGreaterThan(0);
      expect.soft(more, path).toBeLessThanOrEqual(1000);
    }
  });

  test(`a plan in ${language} as plain text has each commitment with where it stands, and little more`, async ({ server }) => {
    for (const path of (await writings(server.url)).filter((path) => path.startsWith("/action-plan/"))) {
      const { text, body } = await ask(server.url, textOf(path, language));
      // Most of a plan's words are in its front matter.
      expect.soft(body.length, path).toBeLessThanOrEqual((await readFile(fileOf(path, language))).length);
      const page = await pageAt(server.url, localized(language, path));
      // Beside each is a link to itself.
      const titles = page.querySelectorAll("main section h3").map((title) => title.textContent.replace(/\s*#$/, ""));
      expect(titles.length, path).toBe(10);
      for (const title of titles) expect.soft(text, path).toContain(`- ${title}: `);
    }
  });
}

test("a page names its plain text, and the plain text is not a page of its own", async ({ server }) => {
  for (const language of languages)
    for (const path of await writings(server.url)) {
      const page = await pageAt(server.url, localized(language, path));
      const text = textOf(path, language);
      const named = page.querySelectorAll(`head link[rel=alternate][type="text/plain"], main a[type="text/plain"]`);
      expect.soft(named.map((link) => link.getAttribute("href")), path).toEqual([text, text]);
      expect.soft((await ask(server.url, text)).headers["link"], text).toContain(`<${origin}${localized(language, path)}>; rel="canonical"`);
    }
});

test("a plain text whose address has another month leads to the right one, one that is not there is not found", async ({ server }) => {
  const elsewhere = await ask(server.url, "/fr/blog/2022/01/we-testified-because-the-internet-needs-a-voice.txt");
  expect([elsewhere.status, elsewhere.headers["location"]]).toEqual([308, "/fr/blog/2023/03/we-testified-because-the-internet-needs-a-voice.txt"]);
  for (const path of ["/blog/2023/03/nothing.txt", "/action-plan/1999.txt", "/fr/action-plan/nothing.txt", "/blog/2023/03/.txt"])
    expect.soft((await ask(server.url, path)).status, path).toBe(404);
});
