import { expect, Server, test } from "../fixtures.js";
import { ask } from "../http.js";
import { Folder, postFile } from "../program.js";
import { attributes, languages, localized, origin, pageAt, pathOf, published, shards, sitemap, unlocalized, visit } from "../site.js";
import { changed, mistakes, values, without } from "../xml.js";

test.use({ settings: published });

/** A page of the sitemap with what stands beside it. */
type Listed = { address: string; changed: string | undefined; alternates: Record<string, string> };

async function listed(url: string): Promise<Listed[]> {
  const files = await Promise.all((await shards(url)).map((shard) => visit(url, shard)));
  return files.flatMap(({ text }) => {
    const all = values(text, "//s:url/s:loc");
    return all.map((address) => {
      const here = `//s:url[s:loc='${address}']`;
      const [tags, addresses] = ["hreflang", "href"].map((name) => values(text, `${here}/xhtml:link[@rel='alternate']/@${name}`));
      const alternates = Object.fromEntries((tags ?? []).map((tag, index) => [tag, addresses?.[index] ?? ""]));
      return { address, changed: values(text, `${here}/s:lastmod`)[0], alternates };
    });
  });
}

test("the sitemap is as the protocol has it, in every part", { tag: "@store" }, async ({ server }) => {
  const index = await ask(server.url, "/sitemap.xml");
  expect(index).toMatchObject({ status: 200, headers: { "content-type": "application/xml; charset=utf-8" } });
  expect(mistakes("sitemap", index.text)).toEqual([]);
  const parts = await shards(server.url);
  expect(parts.length).toBeGreaterThan(1);
  for (const part of parts) {
    const answer = await visit(server.url, part);
    expect(answer, part).toMatchObject({ status: 200, headers: { "content-type": "application/xml; charset=utf-8" } });
    expect(mistakes("sitemap", answer.text), part).toEqual([]);
    expect(values(answer.text, "//s:url").length, part).toBeLessThanOrEqual(50_000);
    expect(answer.body.length, part).toBeLessThanOrEqual(50 * 1024 * 1024);
  }
});

test("a sitemap is refused where something is missing or wrong", async ({ server }) => {
  const index = (await ask(server.url, "/sitemap.xml")).text;
  const shard = (await ask(server.url, "/sitemaps/posts-0.xml")).text;
  expect.soft(mistakes("sitemap", without(index, "//s:loc"))).not.toEqual([]);
  for (const path of ["//s:loc", "//xhtml:link/@rel", "//xhtml:link/@href", "//xhtml:link/@hreflang"])
    expect.soft(mistakes("sitemap", without(shard, path)), path).not.toEqual([]);
  for (const day of ["2023-3-14", "14 March 2023", "2023-03-14T00:00:00", "2023-13-01"])
    expect.soft(mistakes("sitemap", changed(shard, "//s:lastmod/text()", day)), day).not.toEqual([]);
  expect.soft(mistakes("sitemap", changed(shard, "//s:loc/text()", "/blog/"))).not.toEqual([]);
  expect.soft(mistakes("sitemap", shard.replaceAll("sitemap/0.9", "sitemap/0.84"))).not.toEqual([]);
  expect.soft(mistakes("sitemap", shard.replace(/<url>.*<\/url>\n/g, ""))).not.toEqual([]);
});

test("each page is in the sitemap once, in every language", { tag: "@store" }, async ({ server }) => {
  const all = (await sitemap(server.url)).map(pathOf);
  expect(new Set(all).size).toBe(all.length);
  const inEnglish = all.map(unlocalized).filter(([language]) => language === "en").map(([, path]) => path);
  const some = ["/", "/blog/", "/blog/2023/03/", "/topics/access/", "/authors/", "/action-plan/2023/", "/about/"];
  expect(inEnglish).toEqual(expect.arrayContaining(some));
  expect(all.toSorted()).toEqual(inEnglish.flatMap((path) => languages.map((language) => localized(language, path))).toSorted());
});

test("what the sitemap leads to is there, under that address", { tag: "@store" }, async ({ server }) => {
  for (const address of await sitemap(server.url)) {
    expect(address).toMatch(new RegExp(`^${origin}/`));
    const answer = await visit(server.url, address);
    expect.soft(answer.status, address).toBe(200);
    expect.soft(attributes(await pageAt(server.url, address), "head link[rel=canonical]", "href"), address).toEqual([address]);
  }
});

test("each page of the sitemap names all its languages, and each of them names it", async ({ server }) => {
  const all = await listed(server.url);
  const byAddress = new Map(all.map((page) => [page.address, page]));
  for (const { address, alternates } of all) {
    const [language, path] = unlocalized(pathOf(address));
    const expected = languages.map((other) => [other, origin + localized(other, path)]);
    expect.soft(alternates, address).toEqual({ ...Object.fromEntries(expected), "x-default": origin + path });
    expect.soft(alternates[language], address).toBe(address);
    for (const other of Object.values(alternates)) expect.soft(byAddress.get(other)?.alternates, `${other} from ${address}`).toEqual(alternates);
  }
});

test("the sitemap says when a page changed last, of the part as of its pages", { tag: "@store" }, async ({ server }) => {
  const all = await listed(server.url);
  const on = (path: string) => all.find(({ address }) => address === origin + path)?.changed?.slice(0, 10);
  expect(on("/blog/2023/03/we-testified-because-the-internet-needs-a-voice/")).toBe("2023-03-14");
  expect(on("/fr/blog/2023/03/we-testified-because-the-internet-needs-a-voice/")).toBe("2023-03-14");
  expect(on("/")).toBe("2023-03-14");
  expect(on("/blog/2023/02/")).toBe("2023-02-23");
  expect(on("/topics/access/")).toBe("2023-03-09");
  const index = (await ask(server.url, "/sitemap.xml")).text;
  for (const part of await shards(server.url)) {
    const inPart = values((await visit(server.url, part)).text, "//s:lastmod").toSorted();
    expect(values(index, `//s:sitemap[s:loc='${part}']/s:lastmod`), part).toEqual([inPart.at(-1)]);
  }
});

test("a post that was updated changed on that day", async () => {
  const post = postFile("A tale", "2024-01-01").replace("published: 2024-01-01\n", "published: 2024-01-01\nupdated: 2024-02-03\n");
  await using content = await Folder.make({ "posts/a-tale/index.md": post, "posts/another/index.md": postFile("Another", "2024-01-02") });
  await using server = await Server.start({ ...published, PAVISE_CONTENT_DIR: content.path });
  const all = await listed(server.url);
  expect(all.find(({ address }) => address.endsWith("/2024/01/a-tale/"))?.changed).toMatch(/^2024-02-03/);
  const index = (await ask(server.url, "/sitemap.xml")).text;
  expect(values(index, "//s:sitemap[contains(s:loc,'posts-0')]/s:lastmod")).toEqual([expect.stringMatching(/^2024-02-03/)]);
  for (const path of ["/", "/blog/", "/blog/2024/", "/blog/2024/01/"])
    expect.soft(all.find(({ address }) => address === origin + path)?.changed, path).toMatch(/^2024-02-03/);
});

test("robots.txt names the sitemap and keeps nobody from a page", async ({ server }) => {
  const { status, headers, text } = await ask(server.url, "/robots.txt");
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
  expect(text).toMatch(new RegExp(`^Sitemap: ${origin}/sitemap\\.xml$`, "m"));
  expect(text).toMatch(/^User-agent: \*$/m);
  const closed = [...text.matchAll(/^Disallow: (\S+)$/gm)].map(([, path = ""]) => path);
  for (const page of (await sitemap(server.url)).map(pathOf)) expect(closed.filter((path) => page.startsWith(path)), page).toEqual([]);
});

test("a part of the sitemap that is not there is not found", { tag: "@store" }, async ({ server }) => {
  for (const name of ["posts-1", "posts-99999", "posts-x", "posts--1", "other"])
    expect((await ask(server.url, `/sitemaps/${name}.xml`)).status, name).toBe(404);
});
