// Pages that a reader has opened are there without a network, and of the others they are told what they need.

import { accessible, awake, expect, leaving, Server, test } from "../fixtures.js";
import { Proxy } from "../proxy.js";
import { fill, isKept, kept, visit } from "../offline.js";
import { home, isMarked, mark, plan, post, posts, topics } from "../pages.js";

test.use({ serviceWorkers: "allow" });

test("a page that was opened is there again, with its pictures and its islands, and says that it is a copy", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, home);
  await visit(page, post);
  await awake(page);
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("We Testified Because the Internet Needs a Voice");
  await expect(page.getByText(/You are reading the copy of \w+ \d+, \d{4}: the network cannot be reached\./)).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveAccessibleDescription(/^You are reading the copy/);
  const picture = page.getByRole("article").getByRole("img").first();
  expect(await picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
  await awake(page);
  await accessible(page);
  await page.goto(home);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Our Internet, Our Future/);
  const lead = page.getByRole("region", { name: "Latest Posts" }).getByRole("img").first();
  expect(await lead.evaluate((image: HTMLImageElement) => image.naturalWidth), "the first page was kept with what it had loaded").toBeGreaterThan(0);
  await page.getByLabel("Filter these posts").fill("sender");
  await expect(page.getByText("Posts shown: 2 of 8")).toBeVisible();
});

test("Back to what a page had narrowed by itself finds its copy", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, post);
  await visit(page, plan);
  await visit(page, home);
  await awake(page);
  await context.setOffline(true);
  await page.getByLabel("Filter these posts").fill("testified");
  await page.getByRole("link", { name: "We Testified Because" }).first().click();
  await expect(page).toHaveURL(post);
  await page.goBack();
  await expect(page).toHaveURL("/?q=testified");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Our Internet, Our Future/);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Our Internet, Our Future/);
  await page.goto(`${plan}?area=secure`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Action Plan 2023");
});

test("a page that is not there says so, shows what is, and leads on when the network is back", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, post);
  await context.setOffline(true);
  const answer = await page.goto(topics);
  expect(answer?.status()).toBe(503);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is not kept here");
  await accessible(page);
  await page.getByRole("region", { name: "From your visits" }).getByRole("link", { name: "We Testified Because" }).click();
  await expect(page).toHaveURL(post);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is not kept here");
  await context.setOffline(false);
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(page).toHaveURL(topics);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Topics");
  await expect(page.getByText("You are reading the copy")).toBeHidden();
});

test("in Arabic all of it is Arabic", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, `/ar${topics}`);
  await context.setOffline(true);
  await page.goto("/ar/authors/");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("هذه الصفحة غير محفوظة هنا");
  await accessible(page);
  await page.goto(`/ar${topics}`);
  await expect(page.getByText(/تقرأ النسخة المؤرخة/)).toBeVisible();
});

test("a click leads to what is kept in place, and to what is not with a load", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, posts);
  await visit(page, home);
  await awake(page);
  await mark(page);
  await context.setOffline(true);
  const main = page.getByRole("navigation", { name: "Main" });
  await main.getByRole("link", { name: "Posts" }).click();
  await expect(page).toHaveURL(posts);
  await expect(page.getByText("You are reading the copy")).toBeVisible();
  expect(await isMarked(page)).toBe(true);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Our Internet/);
  expect(await isMarked(page)).toBe(true);
  await main.getByRole("link", { name: "Topics" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is not kept here");
  await expect(page).toHaveURL(topics);
});

test("marks of a newsletter lead to the same copy, another choice of a list does not", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, posts);
  await context.setOffline(true);
  await page.goto(`${posts}?utm_source=letter`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Posts");
  await page.goto(`${posts}?topic=access`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is not kept here");
});

test("a copy has the theme that the reader chose since", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, plan);
  await visit(page, home);
  await awake(page);
  await page.getByRole("button", { name: "Dark" }).click();
  await context.setOffline(true);
  await page.goto(plan);
  await awake(page);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByRole("button", { name: "Dark" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("button", { name: "As my device" })).toHaveAttribute("aria-pressed", "false");
});

test("what a reader sees is the site's as long as it can be reached", async ({ page }) => {
  await visit(page, home);
  await page.evaluate(async () => {
    const cache = await caches.open("pavise-visited");
    await cache.put("/topics/", new Response("<main>old</main>", { headers: { "content-type": "text/html", "x-kept": "0" } }));
  });
  await page.goto(topics);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Topics");
  const copy = () => page.evaluate(async () => (await (await caches.open("pavise-visited")).match("/topics/"))?.text());
  await expect.poll(copy, "the copy is the page as it is now").toContain("<h1>Topics</h1>");
});

test("a page that is gone is gone here too, and what was searched for is never kept", { tag: "@fails" }, async ({ page }) => {
  await visit(page, home);
  await page.evaluate(async () => {
    const cache = await caches.open("pavise-visited");
    await cache.put("/no-such-page/", new Response("old", { headers: { "content-type": "text/html" } }));
  });
  await page.goto("/search/?q=sender");
  await page.goto("/no-such-page/");
  await visit(page, topics);
  await expect.poll(async () => (await kept(page)).visited).toEqual([home, topics]);
});

test("a site in trouble leaves readers what they had, and says the rest itself", { tag: "@fails" }, async ({ page, server }) => {
  await using proxy = await Proxy.start(server.url);
  await using _ = leaving(page);
  await page.goto(proxy.url + post);
  await isKept(page);
  for (const status of [500, 502, 503]) {
    proxy.instead = (_, path) => (path === post || path === topics ? status : undefined);
    await page.goto(proxy.url + post);
    await expect(page.getByText(/You are reading the copy of \w+ \d+, \d{4}/), String(status)).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("We Testified Because the Internet Needs a Voice");
    const answer = await page.goto(proxy.url + topics);
    expect(answer?.status(), "there is no copy of this one").toBe(status);
    await expect(page.getByText("Elsewhere")).toBeVisible();
  }
  expect((await kept(page)).visited, "an error is no page to keep").toEqual([post]);
  proxy.instead = () => undefined;
  await page.goto(proxy.url + post);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("We Testified Because the Internet Needs a Voice");
  await expect(page.getByText("You are reading the copy")).toBeHidden();
});

test("a server that is gone leaves readers what they had", { tag: "@fails" }, async ({ page }) => {
  const server = await Server.start();
  await using _ = leaving(page);
  await page.goto(`${server.url}${post}`);
  await isKept(page);
  await server.stop();
  await page.reload();
  await expect(page.getByText("You are reading the copy")).toBeVisible();
  await page.goto(`${server.url}${topics}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is not kept here");
});

test("where the network keeps silent, what is here is shown in its place", { tag: "@fails" }, async ({ page, server }) => {
  await using proxy = await Proxy.start(server.url);
  await using _ = leaving(page);
  await page.goto(`${proxy.url}${home}`);
  await isKept(page);
  await page.goto(`${proxy.url}/offline/`);
  await page.getByRole("button", { name: "Get the latest posts" }).click();
  await expect(page.getByText("The latest posts are here now.")).toBeVisible();
  proxy.fate = () => ({ part: 0 });
  const patience = { timeout: 40_000 };
  for (const [path, words] of [
    [home, "You are reading the copy of"],
    [post, "You are reading the text as it was on"],
    ["/search/?q=sender", "What is kept on this device is searched."],
    ["/search/", "What is kept on this device is searched."],
    ["/offline/", "What this browser keeps"],
    ["/authors/", "This page is not kept here"],
  ] as const) {
    await page.goto(proxy.url + path, patience);
    await expect(page.getByText(words), path).toBeVisible();
  }
});

test("a page is kept when it is read, not when it was fetched ahead", async ({ page }) => {
  await visit(page, home);
  await awake(page);
  const link = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Topics" });
  const ahead = page.waitForResponse((response) => new URL(response.url()).pathname === topics);
  await link.hover();
  await (await ahead).finished();
  await visit(page, posts);
  expect((await kept(page)).visited).toEqual([home, posts].sort());
  await awake(page);
  const again = page.waitForResponse((response) => new URL(response.url()).pathname === topics);
  await link.hover();
  await (await again).finished();
  await link.click();
  await isKept(page, topics);
});

test("no address makes the worker stumble, and no way leads out of the site", { tag: "@fails" }, async ({ page, context, baseURL }) => {
  await visit(page, home);
  for (const told of ["(", "((a%2B)%2B)%2B$", "<script>", "toString"]) {
    await page.goto(`/offline/?told=${told}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Reading offline");
  }
  await context.setOffline(true);
  for (const path of ["//elsewhere.example/", "/\"><b>/", "/%0d%0a/?q=<b>"]) {
    await page.goto(baseURL + path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is not kept here");
    expect(await page.getByRole("link", { name: "Try again" }).first().evaluate((link: HTMLAnchorElement) => link.origin)).toBe(baseURL);
    await expect(page.getByRole("main").locator("b")).toHaveCount(0);
  }
});

test("the oldest pages and pictures make room for new ones", async ({ page }) => {
  await visit(page, home);
  await page.evaluate(async () => {
    const put = async (name: string, path: string, type: string) => (await caches.open(name)).put(path, new Response("x", { headers: { "content-type": type } }));
    for (let n = 0; n < 70; n += 1) await put("pavise-visited", `/old-${n}/`, "text/html");
    for (let n = 0; n < 130; n += 1) await put("pavise-files", `/media/0123456789abcdef/${n}.svg`, "image/svg+xml");
    await put("pavise-files", "/media/0123456789abcdef/last.svg", "image/svg+xml");
  });
  await visit(page, post);
  await expect.poll(async () => (await kept(page)).visited?.length).toBe(60);
  const pictures = async () => (await kept(page)).files?.filter((path) => path.startsWith("/media/")).length;
  await expect.poll(pictures).toBeLessThanOrEqual(120);
  const { visited = [], files = [] } = await kept(page);
  expect(visited).toContain("/old-69/");
  expect(visited).not.toContain("/old-0/");
  expect(files.filter((path) => /^\/pkg\/pavise\..*\.(js|wasm)$/.test(path)), "pictures push no code out").toHaveLength(2);
});

test("where there is no room a page is shown as ever, and is not kept", async ({ page }) => {
  await visit(page, home);
  const makeRoom = await fill(page);
  await page.goto(post);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("We Testified Because the Internet Needs a Voice");
  const picture = page.getByRole("article").getByRole("img").first();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
  await awake(page);
  await page.goto("/offline/");
  await expect(page.getByRole("region", { name: "From your visits" }).getByRole("listitem")).toHaveCount(1);
  await makeRoom();
  await visit(page, plan);
  expect((await kept(page)).visited).toEqual([home, plan]);
});

test("a reader whose device is full from the first visit on reads the site as ever", async ({ page, context }) => {
  test.slow();
  await page.goto("/robots.txt");
  const makeRoom = await fill(page);
  const worker = context.waitForEvent("response", (response) => new URL(response.url()).pathname === "/sw.js");
  await page.goto(home);
  await awake(page);
  await worker;
  const registrations = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
  await expect.poll(registrations, "the worker has given up").toBe(0);
  await page.goto(post);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("We Testified Because the Internet Needs a Voice");
  await awake(page);
  await makeRoom();
  // The browser may see a moment later that there is room.
  const worked = async () => {
    await page.goto(home);
    await expect.poll(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller)), { timeout: 5_000 }).toBe(true);
    await isKept(page);
  };
  await expect(worked).toPass({ timeout: 120_000 });
});
