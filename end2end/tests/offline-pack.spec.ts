// The latest posts as text: fetched when the reader wants it, brought up to date with little, read and searched without a network.

import type { Page } from "@playwright/test";
import { accessible, expect, leaving, Server, test } from "../fixtures.js";
import { ask } from "../http.js";
import { fill, hasSearch, isKept, kept, visit } from "../offline.js";
import { home, post, topics, untranslated } from "../pages.js";
import { Folder, run } from "../program.js";
import { Proxy } from "../proxy.js";
import { writtenPost } from "../sites.js";

test.use({ serviceWorkers: "allow" });

const pack = (page: Page) => page.getByRole("region", { name: "The latest posts as text" });

async function get(page: Page, site = ""): Promise<void> {
  await page.goto(`${site}/offline/`);
  await pack(page).getByRole("button", { name: /^Get/ }).click();
  await expect(page.getByText("The latest posts are here now.")).toBeVisible();
}

test("the posts of a pack are read without a network, without their pictures", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, home);
  await get(page);
  await expect(pack(page)).toContainText(/Posts: 8 · \d+ kB · /);
  await accessible(page);
  await context.setOffline(true);
  await pack(page).getByRole("link", { name: /^Sender Pays/ }).click();
  await expect(page).toHaveURL(untranslated);
  await expect(page).toHaveTitle(/^Sender Pays/);
  await expect(page.getByText("without its pictures: the network cannot be reached")).toBeVisible();
  await expect(page.getByRole("heading", { level: 2 }).first()).toHaveText("What the rule changed");
  await expect(page.getByRole("article")).toContainText("[Two rows, each with a customer");
  await expect(page.getByRole("img")).toHaveCount(0);
  await accessible(page);
  await page.goto("/offline/");
  await pack(page).getByRole("button", { name: "Remove these posts" }).click();
  await expect(pack(page).getByRole("button", { name: "Get the latest posts" })).toBeVisible();
  await page.goto(untranslated);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is not kept here");
});

test("each language has its own, in Arabic from right to left", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, "/ar/");
  await page.goto("/ar/offline/");
  await page.getByRole("button", { name: "اجلب أحدث المقالات" }).click();
  await expect(page.getByText("أحدث المقالات موجودة هنا الآن.")).toBeVisible();
  expect((await kept(page)).packs).toEqual(["/ar"]);
  await context.setOffline(true);
  await page.goto(`/ar${post}`);
  await expect(page.getByText(/تقرأ النص كما كان في/)).toBeVisible();
  await expect(page.locator(".prose")).toHaveCSS("direction", "rtl");
  await accessible(page);
});

test("where only the words of another language are here, a pack is its own language's or none", { tag: "@fails" }, async ({ page, server }) => {
  await using proxy = await Proxy.start(server.url);
  await using _ = leaving(page);
  await page.goto(proxy.url + home);
  await isKept(page);
  const arabic = page.getByRole("button", { name: "اجلب أحدث المقالات" });
  const listed = async () => {
    await page.goto(`${proxy.url}/ar/offline/`);
    await expect(arabic).toBeVisible();
    await page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.startsWith("pavise-shell-"));
      for (const name of names) await (await caches.open(name)).delete("/ar/offline/");
    });
    expect((await kept(page)).shell).toEqual(["/offline/"]);
  };
  await listed();
  proxy.fate = (_, path) => (path.startsWith("/ar/offline/") ? "lost" : "whole");
  await arabic.click();
  await expect(page.getByText("That did not work: the network could not be reached.")).toBeVisible();
  expect((await kept(page)).packs ?? []).toEqual([]);
  proxy.fate = () => "whole";
  await listed();
  await arabic.click();
  await expect(page.getByText("أحدث المقالات موجودة هنا الآن.")).toBeVisible();
  const paths = await page.evaluate(async () => {
    const pack = await (await caches.open("pavise-packs")).match("/ar");
    const { posts } = (await pack?.json()) as { posts: { path: string }[] };
    return posts.map(({ path }) => path);
  });
  expect(paths).toHaveLength(8);
  for (const path of paths) expect(path).toMatch(/^\/ar\/blog\//);
});

test("a pack that stops half way is given up after a while", { tag: "@fails" }, async ({ page, server }) => {
  await using proxy = await Proxy.start(server.url);
  await using _ = leaving(page);
  await page.goto(proxy.url + home);
  await isKept(page);
  await page.goto(`${proxy.url}/offline/`);
  proxy.fate = (_, path) => (path.startsWith("/api/pack") ? { part: 0.5 } : "whole");
  await pack(page).getByRole("button", { name: "Get the latest posts" }).click();
  await expect(page.getByText("That did not work: the network could not be reached.")).toBeVisible({ timeout: 40_000 });
  expect((await kept(page)).packs ?? []).toEqual([]);
  proxy.fate = () => "whole";
  await pack(page).getByRole("button", { name: "Get the latest posts" }).click();
  await expect(page.getByText("The latest posts are here now.")).toBeVisible();
});

test("a pack that is removed while it is brought up to date stays away", { tag: "@fails" }, async ({ page, server }) => {
  await using proxy = await Proxy.start(server.url);
  await using _ = leaving(page);
  await page.goto(proxy.url + home);
  await isKept(page);
  await get(page, proxy.url);
  const other = await page.context().newPage();
  await other.goto(`${proxy.url}/offline/`);
  await page.evaluate(async () => {
    const packs = await caches.open("pavise-packs");
    await packs.put("/", new Response(await (await packs.match("/"))?.text(), { headers: { "x-kept": "0" } }));
  });
  let release = () => {};
  let isAsked = false;
  proxy.fate = (_, path) => {
    if (!path.startsWith("/api/pack")) return "whole";
    isAsked = true;
    return new Promise((done) => (release = () => done("whole")));
  };
  await page.goto(proxy.url + topics);
  await expect.poll(() => isAsked).toBe(true);
  await pack(other).getByRole("button", { name: "Remove these posts" }).click();
  await expect(other.getByText("Removed from this device.")).toBeVisible();
  release();
  // What is done while a page is read ends with the search, which is kept where more than one page is.
  await expect.poll(() => hasSearch(page)).toBe(true);
  await page.goto(proxy.url + home);
  await isKept(page);
  expect((await kept(page)).packs ?? []).toEqual([]);
});

test.describe("west of Greenwich", () => {
  test.use({ timezoneId: "America/New_York" });

  test("a post of a pack is of the day that the site says", { tag: "@fails" }, async ({ page, context }) => {
    await visit(page, home);
    await get(page);
    const day = /<time[^>]*>([^<]*)/.exec(await (await page.request.get(untranslated)).text())?.[1] ?? "";
    expect(day).toMatch(/\d{4}$/);
    await context.setOffline(true);
    await page.goto(untranslated);
    await expect(page.getByRole("article").getByRole("listitem").first()).toHaveText(`Published ${day}`);
  });
});

test("the list names the packs of other languages, and removes them", async ({ page }) => {
  await visit(page, home);
  await get(page);
  await page.goto("/fr/");
  await isKept(page);
  await page.goto("/fr/offline/");
  const packs = page.getByRole("region", { name: "Les derniers articles en texte" });
  await expect(packs).toContainText(/anglais – Articles : 8/);
  await accessible(page);
  await packs.getByRole("button", { name: "Supprimer ces articles" }).click();
  await expect(packs).not.toContainText("anglais");
  expect((await kept(page)).packs).toEqual([]);
});

test("a pack that was removed does not come back by itself", async ({ page }) => {
  await page.goto("/?installed");
  await isKept(page, home);
  await expect.poll(async () => (await kept(page)).packs).toEqual(["/"]);
  await page.goto("/offline/");
  await pack(page).getByRole("button", { name: "Remove these posts" }).click();
  await expect(pack(page).getByRole("button", { name: "Get the latest posts" })).toBeVisible();
  const asked: string[] = [];
  page.context().on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto("/?installed");
  await isKept(page, home);
  await page.goto(`${topics}?installed`);
  await isKept(page);
  // What is done by the way is done one page after the other, and this is the last of it.
  await page.goto(post);
  await isKept(page);
  expect(asked).not.toContain("/api/pack");
  expect((await kept(page)).packs).toEqual([]);
  await get(page);
  expect((await kept(page)).packs).toEqual(["/"]);
});

test("what is installed gets the pack by itself", async ({ page }) => {
  await visit(page, home);
  const { start_url } = await (await page.request.get("/manifest.webmanifest")).json();
  await page.goto(start_url);
  await expect.poll(async () => (await kept(page)).packs).toEqual(["/"]);
});

test("without a network nothing of it is lost, and it is told", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, home);
  await get(page);
  await context.setOffline(true);
  await pack(page).getByRole("button", { name: "Get what is new" }).click();
  await expect(page.getByText("That did not work: the network could not be reached.")).toBeVisible();
  await expect(pack(page)).toContainText("Posts: 8");
});

test("an update is what has changed and at most 2 kB", async ({ page }) => {
  await using content = await Folder.make({
    ...Object.fromEntries(Array.from({ length: 24 }, (_, n) => [`posts/n${n}/index.md`, writtenPost(`Post ${n}`, `2024-01-${String(n + 1).padStart(2, "0")}`, `Words of ${n}. `.repeat(400))])),
  });
  await using server = await Server.start({ PAVISE_CONTENT_DIR: content.path });
  await visit(page, `${server.url}/`);
  await page.goto(`${server.url}/offline/`);
  await pack(page).getByRole("button", { name: "Get the latest posts" }).click();
  await expect(pack(page)).toContainText(/Posts: 20 /);

  // One post is changed, one is new and pushes the oldest out.
  await content.write("posts/n10/index.md", writtenPost("Post 10", "2024-01-11", "Other words. ".repeat(400)));
  await content.write("posts/new/index.md", writtenPost("A new post", "2024-02-01", "New words."));
  const store = { DATABASE_URL: server.store };
  expect((await run(content, ["import", content.path], store)).code).toBe(0);
  let update = "";
  page.context().on("request", (request) => {
    if (request.url().includes("/api/pack")) update = request.url();
  });
  await pack(page).getByRole("button", { name: "Get what is new" }).click();
  await expect(pack(page).getByRole("link", { name: "A new post" })).toBeVisible();
  await expect(pack(page).getByRole("link", { name: "Post 4", exact: true })).toBeHidden();
  const answer = await ask(server.url, new URL(update).pathname + new URL(update).search);
  const { posts } = JSON.parse(answer.text);
  expect(posts.map(({ title }: { title: string }) => title)).toEqual(["A new post", "Post 10"]);
  const besides = answer.body.length - Buffer.byteLength(JSON.stringify(posts));
  expect(besides + update.length).toBeLessThanOrEqual(2_000);
});

test("a pack that is six hours old is brought up to date while its reader reads, and no earlier", { tag: "@fails" }, async ({ page, context }) => {
  await using content = await Folder.make({ "posts/news/index.md": writtenPost("News", "2024-01-01", "The first words.") });
  await using server = await Server.start({ PAVISE_CONTENT_DIR: content.path });
  await using proxy = await Proxy.start(server.url);
  await using _ = leaving(page);
  const news = "/blog/2024/01/news/";
  await page.goto(proxy.url + home);
  await isKept(page);
  await get(page, proxy.url);
  await content.write("posts/news/index.md", writtenPost("News", "2024-01-01", "Other words."));
  expect((await run(content, ["import", content.path], { DATABASE_URL: server.store })).code).toBe(0);
  const fetched = () => proxy.requests.filter((request) => request.startsWith("GET /api/pack"));
  const age = (minutes: number) =>
    page.evaluate(async (kept) => {
      const packs = await caches.open("pavise-packs");
      const pack = await packs.match("/");
      await packs.put("/", new Response(await pack?.text(), { headers: { "x-kept": String(kept) } }));
    }, Date.now() - minutes * 60_000);
  await age(5 * 60 + 55);
  await page.goto(proxy.url + topics);
  await isKept(page);
  await age(6 * 60 + 1);
  await page.goto(proxy.url + home);
  const words = () => page.evaluate(async () => (await (await caches.open("pavise-packs")).match("/"))?.text());
  await expect.poll(words).toContain("Other words.");
  expect(fetched(), "by the reader, and once by itself, which says what is here").toEqual([expect.stringMatching(/&have=$/), expect.stringMatching(/&have=[0-9a-f]{16}$/)]);
  await context.setOffline(true);
  await page.goto(proxy.url + news);
  await expect(page.getByText("You are reading the text as it was on")).toBeVisible();
  await expect(page.getByText("Other words.")).toBeVisible();
});

test("where there is no room for a pack that is told, and what was here before is still here", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, home);
  await page.goto("/offline/");
  const before = await kept(page);
  const makeRoom = await fill(page);
  await pack(page).getByRole("button", { name: "Get the latest posts" }).click();
  await expect(page.getByText("There is not enough room on this device.")).toBeVisible();
  await expect(pack(page).getByRole("button", { name: "Get the latest posts" })).toBeVisible();
  expect(await kept(page)).toEqual({ ...before, packs: [] });
  await makeRoom();
  await get(page);
  await fill(page);
  await pack(page).getByRole("button", { name: "Get what is new" }).click();
  await expect(page.getByText("There is not enough room on this device.")).toBeVisible();
  await expect(pack(page)).toContainText("Posts: 8");
  await context.setOffline(true);
  await page.goto(untranslated);
  await expect(page.getByText("You are reading the text as it was on")).toBeVisible();
  await page.goto(home);
  await expect(page.getByText("You are reading the copy of")).toBeVisible();
});

test("a pack is never more than 300 kB: a post with which it would be is left out", async () => {
  const names = Array.from({ length: 19 }, (_, n) => `short-${n}`);
  const pack = async (length: number) => {
    const long = { "posts/long/index.md": writtenPost("Long", "2024-01-02", "a".repeat(length)) };
    const short = names.map((name) => [`posts/${name}/index.md`, writtenPost(name, "2024-01-01", "Few words.")]);
    await using content = await Folder.make({ ...long, ...Object.fromEntries(short) });
    await using server = await Server.start({ PAVISE_CONTENT_DIR: content.path });
    const { text } = await ask(server.url, "/api/pack");
    return { posts: JSON.parse(text).posts.length, bytes: Buffer.byteLength(text) };
  };
  const first = await pack(200_000);
  expect(first.posts).toBe(20);
  const room = 200_000 + 300_000 - first.bytes;
  expect(await pack(room)).toEqual({ posts: 20, bytes: 300_000 });
  expect((await pack(room + 1)).posts).toBe(19);
});

test("a site in trouble leaves readers the posts of a pack, and a search over them", { tag: "@fails" }, async ({ page, server }) => {
  await using proxy = await Proxy.start(server.url);
  await using _ = leaving(page);
  await page.goto(proxy.url + home);
  await isKept(page);
  await get(page, proxy.url);
  proxy.instead = () => 503;
  await page.goto(proxy.url + untranslated);
  await expect(page.getByText("without its pictures: the network cannot be reached")).toBeVisible();
  await page.goto(`${proxy.url}/search/?q=sender`);
  await expect(page.getByRole("main").getByRole("link", { name: /^Sender Pays/ })).toBeVisible();
});
