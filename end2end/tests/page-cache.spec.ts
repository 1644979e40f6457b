import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { walk } from "../crawl.js";
import { Database, expect, Server, test } from "../fixtures.js";
import { ask } from "../http.js";
import { about, everyPage, home, plan, post, posts, topic, untranslated } from "../pages.js";
import { Folder, run } from "../program.js";
import { localized, published } from "../site.js";
import { projectContent, translation, writtenPost } from "../sites.js";

/** How an answer came about. */
async function how(url: string, path: string, headers: Record<string, string> = {}): Promise<string | undefined> {
  return (await ask(url, path, { headers })).headers["cache-status"];
}

const HIT = "Pavise; hit";
const MADE = "Pavise; fwd=uri-miss; stored";
const CHANGED = "Pavise; fwd=stale; stored";

type Site = { server: Server; folder: Folder; bring: (files: Record<string, string>) => Promise<void>; settings: Record<string, string> };

/** A site of the project's content, and what brings other files into it from outside, as an operator does. */
async function withSite(work: (site: Site) => Promise<void>): Promise<void> {
  await using folder = await Folder.make();
  await using database = await Database.ofProject();
  const settings = { ...published, DATABASE_URL: database?.url ?? `sqlite://${folder.path}/pavise.db` };
  await using server = await Server.start(settings);
  const bring = async (files: Record<string, string>) => {
    await using changed = await Folder.make(files);
    const { code, stderr } = await run(folder, ["import", changed.path], settings);
    expect(code, stderr).toBe(0);
  };
  await work({ server, folder, bring, settings });
}

const files = projectContent();

/** A file of the project's content with other words in it. */
function edited(name: string, from: string | RegExp, to: string): Record<string, string> {
  const text = (files[name] ?? "").replace(from, to);
  expect(text, name).not.toBe(files[name]);
  return { [name]: text };
}

test("a page is made once, whatever follows its address that means nothing to it", { tag: "@store" }, async () => {
  await withSite(async ({ server: { url } }) => {
    for (const path of [post, plan, topic, about, localized("ar", home), "/feed/", "/sitemap.xml", "/api/latest_posts?limit=2"]) {
      const [first, again] = [await ask(url, path), await ask(url, path)];
      expect.soft([first.headers["cache-status"], again.headers["cache-status"]], path).toEqual([MADE, HIT]);
      expect.soft(again.text, path).toBe(first.text);
    }
    expect(await how(url, `${post}?utm_source=letter&fbclid=1`)).toBe(HIT);
    expect(await how(url, "/?q=sender&x=1")).toBe(MADE);
    expect(await how(url, "/?y=2&q=sender")).toBe(HIT);
    expect(await how(url, post, { cookie: "theme=dark" })).toBe(MADE);
    expect(await how(url, post, { cookie: "a=b; theme=dark" })).toBe(HIT);
    expect((await ask(url, post, { method: "HEAD" })).headers["cache-status"]).toBe(HIT);
    for (const path of ["/nowhere/", "/action-plan", "/healthz", "/readyz"]) {
      expect.soft(await how(url, path), path).toBeUndefined();
      expect.soft(await how(url, path), path).toBeUndefined();
    }
  });
});

test("what comes with the request for a page means nothing", async () => {
  await using server = await Server.start();
  // Node would not say that there is one.
  const asked = (body: string) => ask(server.url, home, { body, headers: { "content-length": String(body.length) } });
  const [first, again] = [await asked("What is this?"), await asked("And this?")];
  expect([first, again].map(({ status, headers }) => [status, headers["cache-status"]])).toEqual([
    [200, MADE],
    [200, HIT],
  ]);
});

test("a page that is asked for again is compressed as well as can be, under another name", async () => {
  await using server = await Server.start();
  const br = (headers = {}) => ask(server.url, plan, { headers: { "accept-encoding": "br", ...headers } });
  const first = await br();
  await expect.poll(async () => (await br()).body.length).toBeLessThan(first.body.length);
  const best = await br();
  expect(best.headers["etag"]).not.toBe(first.headers["etag"]);
  for (const { headers } of [first, best]) {
    const again = await br({ "if-none-match": headers["etag"] });
    expect(again).toMatchObject({ status: 304, headers: { etag: headers["etag"], "cache-status": HIT } });
  }
});

test("publishing a post makes those pages anew that show it, and no others", async () => {
  await withSite(async ({ server: { url }, bring }) => {
    const shows = [home, posts, topic, "/feed/", "/topics/access/feed/atom/", "/sitemap.xml", "/blog/2023/", "/blog/2023/03/", localized("ar", posts)];
    const others = [about, plan, "/topics/interconnection/", "/authors/", localized("fr", untranslated), "/blog/2023/02/", "/topics/"];
    for (const path of [...shows, ...others]) expect.soft((await ask(url, path)).status, path).toBe(200);
    await bring({ "posts/a-new-post/index.md": writtenPost("A new post", "2023-03-20", "Words.", [`topics: ["access"]`]) });
    for (const path of shows) {
      const answer = await ask(url, path);
      expect.soft(answer.headers["cache-status"], path).toBe(CHANGED);
      expect.soft(answer.text, path).toMatch(path === "/sitemap.xml" ? /2023-03-20/ : /A new post/);
    }
    for (const path of others) expect.soft(await how(url, path), path).toBe(HIT);
  });
});

const TALE = "posts/a-tale/index.md";
const tale = (title: string, day: string, more: string[] = [`topics: ["access"]`]) => writtenPost(title, day, "Words of it.", more);

/** One change after another, as editors make them. */
const changes: Record<string, () => Record<string, string>> = {
  "a new post": () => ({ [TALE]: tale("A tale", "2023-03-01") }),
  "other words": () => ({ [TALE]: tale("Another title", "2023-03-01") }),
  "another day": () => ({ [TALE]: tale("Another title", "2021-05-01") }),
  "other topics": () => ({ [TALE]: tale("Another title", "2021-05-01", [`topics: ["public-policy"]`, `author: "policy-desk"`]) }),
  "a report on a commitment": () => ({ [TALE]: tale("Another title", "2021-05-01", [`reports_on: ["2023/${/- slug: "([^"]+)"/.exec(commitments())?.[1]}"]`]) }),
  "a translation": () => ({ [TALE]: tale("Another title", "2021-05-01"), "posts/a-tale/index.fr.md": translation("Un conte", "Des mots.") }),
  "a title of the project's": () => edited(`posts/${post.split("/")[4]}/index.md`, /^title: .*/m, `title: "We spoke"`),
  "a topic": () => edited("topics/access.md", /^title: .*/m, `title: "Getting online"`),
  "an author": () => edited("authors/policy-desk.md", /^title: .*/m, `title: "The desk"`),
  "a page of the organisation": () => edited("pages/about.md", /^title: .*/m, `title: "Who we are"`),
  "a plan": () => edited("plan/2023.md", /^title: .*/m, `title: "The plan"`),
  "a removal": () => ({ [TALE]: "---\nremoved: 2024-06-01\n---\n" }),
};

function commitments(): string {
  return (files["plan/2023.md"] ?? "").split("commitments:")[1] ?? "";
}

test("after any change, every page is what would be made now", async () => {
  // Some ten thousand pages.
  test.setTimeout(600_000);
  await withSite(async ({ server, bring, settings }) => {
    await using uncached = await Server.start({ ...settings, PAVISE_PAGE_CACHE_MB: "0" });
    const met = new Set(Object.values(everyPage));
    let { met: kept } = await walk(server.url);
    for (const [name, change] of Object.entries(changes)) {
      for (const path of kept.keys()) met.add(path);
      await bring(change());
      ({ met: kept } = await walk(server.url));
      let [same, made] = [0, 0];
      for (const path of new Set([...met, ...kept.keys()])) {
        if (/^\/(media|pkg|cards)\//.test(path)) continue;
        const [answer, fresh] = await Promise.all([kept.get(path)?.answer ?? ask(server.url, path), ask(uncached.url, path)]);
        if (answer.status === fresh.status && answer.text.replaceAll(server.url, "") === fresh.text.replaceAll(uncached.url, "")) same += 1;
        else expect.soft(answer, `${path} after ${name}`).toEqual(fresh);
        if (answer.headers["cache-status"] !== HIT) made += 1;
      }
      expect.soft(same, `pages that are the same after ${name}`).toBeGreaterThan(200);
      expect.soft(made, `pages made anew after ${name}`).toBeGreaterThan(0);
    }
  });
});

test("without the store, readers get the last good page with a warning", async () => {
  await withSite(async ({ server, folder, bring }) => {
    for (const path of [home, post, plan]) expect((await ask(server.url, path)).status).toBe(200);
    await bring({ [TALE]: tale("A tale", "2023-04-01") });
    expect(await how(server.url, posts)).toBe(MADE);
    for (const file of ["pavise.db", "pavise.db-wal"]) await truncate(join(folder.path, file));
    const stale = await ask(server.url, home);
    expect(stale).toMatchObject({ status: 200, headers: { "cache-status": "Pavise; fwd=stale; fwd-status=503" } });
    expect(stale.headers["warning"]).toBe(`111 - "Revalidation Failed"`);
    expect(stale.text).toContain("</html>");
    for (const path of [plan, posts]) expect.soft(await how(server.url, path), path).toBe(HIT);
    expect(server.log).not.toContain("defect");
  });
});

test("however many ask for a new page at once, all of them get it", async ({ server }) => {
  const all = await Promise.all(Array.from({ length: 24 }, () => ask(server.url, "/?q=internet")));
  expect(new Set(all.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  const made = all.filter(({ headers }) => headers["cache-status"] !== HIT);
  expect(made).toHaveLength(1);
});

test("a cache of nothing serves the same pages", async () => {
  await using server = await Server.start({ PAVISE_PAGE_CACHE_MB: "0" });
  for (const path of [home, home]) expect(await ask(server.url, path)).toMatchObject({ status: 200, text: expect.stringContaining("</html>") });
});
