import { cp, rename } from "node:fs/promises";
import { join } from "node:path";
import { entries, feeds, forms } from "../feeds.js";
import { expect, root, Server, test } from "../fixtures.js";
import { ask, links } from "../http.js";
import { Folder, postFile, run } from "../program.js";
import { origin, published } from "../site.js";
import { values } from "../xml.js";

test.use({ settings: published });

const hub = "https://hub.example.net/";

test("who has a feed already gets 304 and none of it", { tag: "@store" }, async ({ server }) => {
  for (const { path } of [...feeds(), { path: "/feeds.opml" }]) {
    const { headers } = await ask(server.url, path);
    const again = await ask(server.url, path, { headers: { "if-none-match": headers["etag"] ?? "" } });
    expect.soft(again, path).toMatchObject({ status: 304, text: "" });
    const other = await ask(server.url, path, { headers: { "if-none-match": `"other"` } });
    expect.soft(other.status, path).toBe(200);
  }
});

test("a feed gives no date, by which a second change of the same day would be missed", { tag: "@store" }, async ({ server }) => {
  for (const { path } of feeds()) {
    const { headers } = await ask(server.url, path);
    expect.soft(headers["last-modified"], path).toBeUndefined();
    const again = await ask(server.url, path, { headers: { "if-modified-since": new Date().toUTCString() } });
    expect.soft(again.status, path).toBe(200);
  }
});

test("a reader's program that is itself a page may read a feed", async ({ server }) => {
  for (const { path } of feeds()) expect.soft((await ask(server.url, path)).headers["access-control-allow-origin"], path).toBe("*");
});

test("a feed names itself in its headers", async ({ server }) => {
  for (const { path } of feeds()) {
    expect.soft(links(await ask(server.url, path)), path).toEqual([{ href: origin + path, rel: "self" }]);
  }
});

test("a feed names the hub that tells of new posts, in its headers and in each form", async () => {
  await using server = await Server.start({ ...published, PAVISE_WEBSUB_HUB: hub });
  for (const { form, path } of feeds()) {
    const answer = await ask(server.url, path);
    const inHeader = links(answer).filter(({ rel }) => rel === "hub");
    expect.soft(inHeader.map(({ href }) => href), path).toEqual([hub]);
    const said = {
      RSS: () => values(answer.text, "/rss/channel/a:link[@rel='hub']/@href"),
      Atom: () => values(answer.text, "/a:feed/a:link[@rel='hub']/@href"),
      "JSON Feed": () => JSON.parse(answer.text).hubs.map(({ type, url }: Record<string, string>) => (type === "WebSub" ? url : type)),
    };
    expect.soft(said[form](), path).toEqual([hub]);
  }
});

test("no hub is named where none is set", async ({ server }) => {
  for (const { path } of feeds()) {
    const { headers, text } = await ask(server.url, path);
    expect.soft(headers["link"], path).not.toContain("hub");
    expect.soft(text, path).not.toMatch(/rel="hub"|"hubs"/);
  }
});

test("a post keeps its name in feeds when its folder gets another", async () => {
  await using folder = await Folder.make();
  await cp(join(root, "content"), join(folder.path, "content"), { recursive: true });
  const settings = { ...published, DATABASE_URL: `sqlite://${folder.path}/pavise.db`, PAVISE_CONTENT_DIR: join(folder.path, "content") };
  await using server = await Server.start(settings);
  const names = async () => {
    const all: [string, string[]][] = [];
    for (const { form, path } of feeds()) all.push([path, entries(form, (await ask(server.url, path)).text).map(({ id }) => id)]);
    return Object.fromEntries(all);
  };
  const before = await names();
  for (const [path, ids] of Object.entries(before)) expect(ids, path).not.toEqual([]);
  const posts = join(folder.path, "content/posts");
  await rename(join(posts, "sanctions-can-deny-internet-access-when-people-need-it-most"), join(posts, "on-sanctions"));
  expect(await run(folder, ["import", "content"], settings)).toMatchObject({ code: 0 });
  expect((await ask(server.url, "/feed/")).text).toContain("/on-sanctions/");
  expect(await names()).toEqual(before);
});

test("who has a feed gets a correction of a post in it", async () => {
  await using folder = await Folder.make({ "content/posts/a-post/index.md": postFile("A mitsake", "2024-01-01") });
  const settings = { DATABASE_URL: `sqlite://${folder.path}/pavise.db`, PAVISE_CONTENT_DIR: join(folder.path, "content") };
  await using server = await Server.start(settings);
  for (const { end } of Object.values(forms)) {
    await folder.write("content/posts/a-post/index.md", postFile("A mitsake", "2024-01-01"));
    await run(folder, ["import", "content"], settings);
    const { headers } = await ask(server.url, `/${end}`);
    const again = () => ask(server.url, `/${end}`, { headers: { "if-none-match": headers["etag"] ?? "" } });
    expect((await again()).status).toBe(304);
    await folder.write("content/posts/a-post/index.md", postFile("A mistake", "2024-01-01"));
    expect(await run(folder, ["import", "content"], settings)).toMatchObject({ code: 0 });
    expect(await again()).toMatchObject({ status: 200, text: expect.stringContaining("A mistake") });
  }
});
