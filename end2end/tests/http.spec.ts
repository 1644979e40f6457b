import { ask, asset } from "../http.js";
import { expect, test } from "../fixtures.js";
import { about, author, authors, home, plan, plans, post, posts, topic, topics } from "../pages.js";

/** Pages of each kind. */
const pages = [home, post, posts, "/blog/2023/", "/blog/2023/03/", topics, topic, authors, author, about, plans, plan, "/ar/", `/fr${post}`];
const PICTURE = /src="(\/media\/[^"]+)"/;

/** One address of each kind that is not a page. */
async function files(url: string): Promise<Record<string, string>> {
  const html = (await ask(url, home)).text;
  return {
    script: asset(html, "js"),
    module: asset(html, "wasm"),
    icon: "/favicon.svg",
    picture: PICTURE.exec(html)?.[1] ?? "",
    api: "/api/latest_posts",
    text: `${post.slice(0, -1)}.txt`,
    "text of a plan": `${plan.slice(0, -1)}.txt`,
    feed: "/feed/",
    "feed of a topic": `${topic}feed/atom/`,
    feeds: "/feeds.opml",
    sitemap: "/sitemap.xml",
    "shard of the sitemap": "/sitemaps/pages.xml",
    robots: "/robots.txt",
    manifest: "/manifest.webmanifest",
    card: "/cards/en.png",
  };
}

test("a page that is not there has the status, words and a way on", { tag: ["@plain", "@fails"] }, async ({ page }) => {
  const answer = await page.goto("/nowhere/");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no page here");
  await expect(page).toHaveTitle("There is no page here · Pavise");
  await expect(page.locator("meta[name=robots]")).toHaveAttribute("content", "noindex");
  await expect(page.getByRole("navigation", { name: "Main" }).locator("[aria-current]")).toHaveCount(0);
  await expect(page.getByRole("main").getByRole("link", { name: "Read the Action Plan" })).toHaveAttribute("href", plans);
  await page.getByRole("link", { name: "Go to the front page" }).click();
  await expect(page.getByRole("heading", { name: "Latest Posts" })).toBeVisible();
});

test("error pages say nothing of what is behind them", async ({ server }) => {
  for (const [path, method] of [["/nowhere/", "GET"], ["/bench/table/", "GET"], ["/blog/2023/03/NO/", "GET"], ["/", "DELETE"], ["/theme", "POST"]] as const) {
    const { status, text } = await ask(server.url, path, { method });
    expect(status, path).toBeGreaterThanOrEqual(400);
    expect(text, path).not.toMatch(/sqlx|sqlite|postgres|panicked|axum|\brust\b|\.rs\b|deserialize|backtrace/i);
  }
});

test("HEAD has the headers of GET and no body", async ({ server }) => {
  for (const path of [...pages, "/nowhere/", "/healthz", ...Object.values(await files(server.url))]) {
    for (const encoding of ["identity", "br"]) {
      const headersOf = (method: string) => ask(server.url, path, { method, headers: { "accept-encoding": encoding } });
      // A page that others ask for may get its best form between the two, once.
      await expect(async () => {
        const [get, head] = await Promise.all(["GET", "HEAD"].map(headersOf));
        // Which of the two was first is not of the answer.
        const { date: _, "cache-status": __, ...expected } = get?.headers ?? {};
        const { date: ___, "cache-status": ____, ...headers } = head?.headers ?? {};
        if (!("content-length" in expected)) delete expected["transfer-encoding"];
        delete headers["transfer-encoding"];
        expect(head?.body.length, path).toBe(0);
        expect(head?.status, path).toBe(get?.status);
        expect(headers, `${path} ${encoding}`).toEqual(expected);
      }).toPass({ timeout: 5_000 });
    }
  }
});

test("who has the bytes already gets 304 and none of them", async ({ server }) => {
  for (const path of [...pages, ...Object.values(await files(server.url))]) {
    for (const encoding of ["identity", "gzip"]) {
      const first = await ask(server.url, path, { headers: { "accept-encoding": encoding } });
      const etag = first.headers["etag"] ?? "";
      expect.soft(etag, path).toMatch(/^(W\/)?"[^"]+"$/);
      const again = await ask(server.url, path, { headers: { "accept-encoding": encoding, "if-none-match": `"other", ${etag}` } });
      expect.soft(again.status, path).toBe(304);
      expect.soft(again.body.length).toBe(0);
      expect.soft(again.headers["etag"]).toBe(etag);
      expect.soft(again.headers["cache-control"]).toBe(first.headers["cache-control"]);
      expect.soft(again.headers["vary"], `${path} ${encoding}`).toBe(first.headers["vary"]);
      const other = await ask(server.url, path, { headers: { "if-none-match": `"other"` } });
      expect.soft(other.status, path).toBe(200);
    }
  }
});

test("a page differs from reader to reader by theme only, and says so", async ({ server }) => {
  const plain = await ask(server.url, home);
  const dark = await ask(server.url, home, { headers: { cookie: "a=b; theme=dark" } });
  expect(plain.headers["vary"]).toContain("cookie");
  expect(plain.headers["cache-control"]).toBe("no-cache");
  expect(dark.headers["etag"]).not.toBe(plain.headers["etag"]);
  const bare = (html: string) => html.replace(` data-theme="dark"`, "").replace(/ aria-pressed="\w+"/g, "");
  expect(bare(dark.text)).toBe(bare(plain.text));
  expect(plain.headers["set-cookie"]).toBeUndefined();
});

test("an address without its last slash leads to the one with it, and keeps the query", async ({ server }) => {
  for (const [path, to] of [
    ["/action-plan", plans],
    ["/action-plan?a=%C3%A9&b", "/action-plan/?a=%C3%A9&b"],
    ["/action-plan/2023?area=secure", `${plan}?area=secure`],
    [`${post.slice(0, -1)}?x=1`, `${post}?x=1`],
    ["/blog?x=1", "/blog/?x=1"],
    ["/blog/2023?x=1", "/blog/2023/?x=1"],
    ["/blog/2023/03?x=1", "/blog/2023/03/?x=1"],
    ["/topics?x=1", "/topics/?x=1"],
    ["/topics/access?x=1", "/topics/access/?x=1"],
    ["/authors?x=1", "/authors/?x=1"],
    ["/authors/policy-desk?x=1", "/authors/policy-desk/?x=1"],
    ["/about?x=1", "/about/?x=1"],
    ["/ar?x=1", "/ar/?x=1"],
    ["/fr/action-plan/2023?x=1", "/fr/action-plan/2023/?x=1"],
    [`/fr${post.slice(0, -1)}?x=1`, `/fr${post}?x=1`],
    ["/es/about?x=1", "/es/about/?x=1"],
  ] as const) {
    const answer = await ask(server.url, path);
    expect.soft(answer.status, path).toBe(308);
    expect.soft(answer.headers["location"], path).toBe(to);
  }
});

test("a post's address with another month leads to the right one", async ({ server }) => {
  for (const wrong of ["/2022/03/", "/2023/04/", "/2023/3/", "/x/y/", "/%E2%98%83/03/"]) {
    const answer = await ask(server.url, post.replace("/2023/03/", wrong));
    expect(answer.status, wrong).toBe(308);
    expect(answer.headers["location"]).toBe(post);
  }
});

test("methods that an address does not know are told which it does", async ({ server }) => {
  for (const path of [...pages, "/healthz", "/readyz", ...Object.values(await files(server.url))]) {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"]) {
      const answer = await ask(server.url, path, { method });
      expect(answer.status, `${method} ${path}`).toBe(405);
      expect(answer.headers["allow"]?.split(/, ?/).toSorted(), `${method} ${path}`).toEqual(["GET", "HEAD"]);
    }
  }
  const theme = await ask(server.url, "/theme");
  expect(theme.status).toBe(405);
  expect(theme.headers["allow"]).toBe("POST");
});

test("whatever is asked for, the site does not break", async ({ server }) => {
  const odd = [
    "/%FF", "/%00", "/%", "/%zz", "/..", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/pkg/../Cargo.toml", "/pkg/%2e%2e/pavise.css",
    "//", "//evil.example/", "/blog/", "/blog/2023/", "/blog/2023/03/%FF/", "/blog/2023/03/%00/", "/blog/%FF/%FF/a/", "/blog/2023/03/../../",
    "/action-plan/%FF/", "/action-plan/99999999999999999999/", "/media/%FF/%FF", "/media/0/", "/media/0000000000000000/a.svg", "/?q=%FF", "/?q=%00",
    "/blog/?before=%FF", "/blog/?before=1", "/blog/?before=-1--1", "/blog/?before=99999999999999999999-1",
    "/blog/?after=9223372036854775807-9223372036854775807", "/blog/?topic=%00&year=%FF", "/blog/0000/", "/blog/9999/", "/blog/99999999999/",
    "/blog/-262144/", "/blog/2023/00/", "/blog/2023/13/", post.replace("/2023/", "/%0A/").slice(0, -1), "/topics/%FF/", "/topics/%00/",
    "/topics/a/feed/", "/authors/%FF/feed/json/", "/tag/%FF/", "/tag/%0A/", "/tag/%C3%A9/", "/tag/%3Fx/", "/category/%2F/",
    "/action-plan/%0A", "/action-plan/%C3%A9", "//about", "/ar//about", "//action-plan", "/fr/%FF/", "/fr//", "/fr/fr/", "/ar/blog/%FF/%FF/a/",
    "/cards/%FF.png", "/cards/xx.png", "/cards/en/%FF.png", "/cards/%FF/a.png", "/sitemaps/%FF.xml", "/sitemaps/posts-99999999999.xml",
    "/sitemaps/posts--1.xml", "/blog/2023/03/%FF.txt", "/blog/2023/03/.txt", "/action-plan/%FF.txt", "/action-plan/.txt", "/%FF.txt", "/.txt",
    "/.well-known/security.txt",
    "/?q", "/?q=a&q=b", "/?%FF=%FF", "/?area=%FF", `${plan}?area=%00`, `${plan}?area=a&area=b`, "/api/", "/api/%FF", "/api/get_post?slug=%FF",
    "/api/find_posts?q=%00", "/api/find_posts?q=%FF", "/theme/", "/%7F", "/a%0D%0Ax:y", `/${"a".repeat(60_000)}`,
    `/?q=${"%C3%A9".repeat(9_000)}`, `/blog/2023/03/${"a-".repeat(500)}a/`, `/${"%2F".repeat(500)}`,
  ];
  for (const path of odd) {
    const answer = await ask(server.url, path);
    expect.soft(answer.status, path.slice(0, 80)).toBeLessThan(500);
    expect.soft(answer.text, path.slice(0, 80)).not.toContain("root:x:");
    expect.soft(answer.headers["location"] ?? "/", `${path.slice(0, 80)} leads to this site`).toMatch(/^\/(?![/\\])/);
  }
  const headers = { cookie: "theme=\u00ff", "if-none-match": "\u00ff", "accept-encoding": "\u00ff;q=x, br;q=", range: "bytes=0-1" };
  for (const [name, value] of Object.entries(headers)) {
    expect((await ask(server.url, home, { headers: { [name]: value } })).status, name).toBe(200);
  }
});

test("an address that is far too long is refused", async ({ server }) => {
  const answer = await ask(server.url, `/${"a".repeat(100_000)}`);
  expect([404, 414, 431]).toContain(answer.status);
});

test("a form that is far too large is refused", async ({ server }) => {
  const answer = await ask(server.url, "/theme", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", "content-length": String(5_000_000) },
    body: `theme=dark&back=/${"a".repeat(5_000_000 - 17)}`,
  }).catch((error: NodeJS.ErrnoException) => ({ status: error.code }));
  expect([413, "EPIPE", "ECONNRESET"]).toContain(answer.status);
});

test("probes answer in words", async ({ server }) => {
  expect(await ask(server.url, "/healthz")).toMatchObject({ status: 200, text: "ok\n" });
  expect(await ask(server.url, "/readyz")).toMatchObject({ status: 200, text: "ready\n" });
});
