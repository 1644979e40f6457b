import type { APIRequestContext } from "@playwright/test";
import { expect, test } from "../fixtures.js";
import { post } from "../pages.js";
import { seed } from "../seed.js";

const SLUG = post.split("/").at(-2) ?? "";

type Post = { title: string; summary: string; slug: string };

async function titles(request: APIRequestContext, path: string): Promise<string[]> {
  const answer = await request.get(path);
  expect(answer.status(), path).toBe(200);
  expect(answer.headers()["content-type"]).toBe("application/json");
  return ((await answer.json()) as Post[]).map(({ title }) => title);
}

test("latest_posts gives the eight newest, newest first", { tag: "@store" }, async ({ request }) => {
  const posts = await (await request.get("/api/latest_posts")).json();
  expect(posts.map(({ title, summary }: Post) => ({ title, summary }))).toEqual(seed.posts.map(({ title, summary }) => ({ title, summary })));
  expect(posts[0]).toEqual({
    lang: "en",
    slug: SLUG,
    uid: SLUG,
    title: seed.posts[0]?.title,
    summary: seed.posts[0]?.summary,
    published: "2023-03-14T00:00:00Z",
    updated: null,
    cursor: expect.stringMatching(/^1678752000-\d+$/),
    picture: {
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      file: "capitol.svg",
      alt: { text: "US Capitol Building" },
      width: 640,
      height: 400,
      made: { set: expect.stringMatching(/^[0-9a-f]{16}$/), fallback: "svg", tone: expect.any(Number) },
      focus: null,
    },
  });
});

test("latest_posts takes a limit from 1 to 100 and a language", { tag: "@store" }, async ({ request }) => {
  expect(await titles(request, "/api/latest_posts?limit=1")).toEqual([seed.posts[0]?.title]);
  expect(await titles(request, "/api/latest_posts?limit=3&lang=en")).toHaveLength(3);
  expect(await titles(request, "/api/latest_posts?limit=100")).toHaveLength(8);
  const [french] = await (await request.get("/api/latest_posts?limit=1&lang=fr")).json();
  expect(french).toMatchObject({ lang: "fr", slug: SLUG, uid: SLUG, published: "2023-03-14T00:00:00Z" });
  expect(french.title).not.toBe(seed.posts[0]?.title);
});

test("get_post gives the post with its words", { tag: "@store" }, async ({ request }) => {
  const answer = await request.get(`/api/get_post?slug=${SLUG}`);
  expect(answer.status()).toBe(200);
  const told = await answer.json();
  expect(told).toMatchObject({ slug: SLUG, title: seed.posts[0]?.title, published: "2023-03-14T00:00:00Z" });
  expect(told.html).toMatch(/^<p>/);
});

test("find_posts gives those with all words", { tag: "@store" }, async ({ request }) => {
  expect(await titles(request, "/api/find_posts?q=SENDER")).toEqual([seed.posts[4]?.title, seed.posts[6]?.title]);
  expect(await titles(request, "/api/find_posts?q=sender&limit=1")).toEqual([seed.posts[4]?.title]);
  expect(await titles(request, `/api/find_posts?q=${encodeURIComponent("sénder old")}`)).toEqual([seed.posts[6]?.title]);
  expect(await titles(request, "/api/find_posts?q=zebra")).toEqual([]);
  expect(await titles(request, "/api/find_posts?q=")).toHaveLength(8);
  for (const literal of ["%25", "_", "'", "%22%3B--", "%5C"]) await titles(request, `/api/find_posts?q=${literal}`);
  expect(await titles(request, "/api/find_posts?q=%25")).toEqual([]);
});

test("get_plan gives the plan of a year, or the latest", { tag: "@store" }, async ({ request }) => {
  const latest = await (await request.get("/api/get_plan")).json();
  expect(latest).toEqual(await (await request.get("/api/get_plan?year=2023&lang=en")).json());
  expect(latest).toMatchObject({ lang: "en", year: 2023, title: "Action Plan 2023", headline: seed.headline, summary: seed.summary });
  expect(latest).toMatchObject({ body_lang: "en", original_lang: "en", wording: "original" });
  expect(latest.areas).toHaveLength(4);
  expect(latest.areas[0]).toMatchObject({ slug: "connect", title: expect.any(String), summary: expect.any(String) });
  expect(latest.areas[0].commitments[0]).toEqual({
    slug: "community-networks",
    title: "Help communities build networks of their own",
    unit: "community networks supported",
    baseline: 0,
    target: 40,
    values: [
      { as_of: "2023-03-31", value: 6 },
      { as_of: "2023-06-30", value: 14 },
      { as_of: "2023-09-30", value: 23 },
    ],
    evidence: { title: expect.any(String), url: expect.stringMatching(/^https:/) },
  });
});

for (const [path, about] of [
  ["/api/latest_posts?limit=0", /limit/],
  ["/api/latest_posts?limit=101", /limit/],
  ["/api/latest_posts?limit=-1", /limit|number|digit|invalid/],
  ["/api/latest_posts?limit=many", /limit|number|digit|invalid/],
  ["/api/latest_posts?lang=xx", /lang|xx/],
  ["/api/get_post", /slug/],
  ["/api/get_post?slug=Not%20A%20Slug", /slug/],
  ["/api/get_post?slug=", /slug/],
  ["/api/find_posts", /q/],
  [`/api/find_posts?q=${"a".repeat(201)}`, /q/],
  ["/api/find_posts?q=a&limit=0", /limit/],
  ["/api/get_plan?year=next", /year|number|digit|invalid/],
  ["/api/get_plan?year=20", /year/],
] as const) {
  test(`${path.slice(0, 50)} is told what is wrong with it`, { tag: "@store" }, async ({ request }) => {
    const answer = await request.get(path);
    expect(answer.status()).toBe(400);
    expect(answer.headers()["content-type"]).toBe("application/json");
    expect(await answer.json()).toEqual({ error: "bad_request", detail: expect.stringMatching(about) });
  });
}

for (const path of ["/api/get_post?slug=no-such-post", "/api/get_plan?year=1999", "/api/nothing", "/api/", "/api/get_post/x"]) {
  test(`${path} is not found`, { tag: "@store" }, async ({ request }) => {
    const answer = await request.get(path);
    expect(answer.status()).toBe(404);
    expect(answer.headers()["content-type"]).toBe("application/json");
    expect(await answer.json()).toEqual({ error: "not_found" });
  });
}

test("a method that an endpoint does not know is refused in its own form", { tag: "@store" }, async ({ request }) => {
  const posts = ["latest_posts", "get_post", "find_posts", "list_posts", "list_periods", "list_reports"];
  for (const endpoint of [...posts, "get_plan", "get_document", "list_documents"]) {
    for (const method of ["POST", "PUT", "DELETE"]) {
      const answer = await request.fetch(`/api/${endpoint}`, { method });
      expect(answer.status()).toBe(405);
      expect(await answer.json()).toEqual({ error: "method_not_allowed" });
      expect(answer.headers()["allow"]).toContain("GET");
    }
  }
});

test("a browser gets what it asked for and is not sent back", { tag: "@store" }, async ({ request, baseURL }) => {
  const headers = { accept: "text/html,application/xhtml+xml", referer: `${baseURL}/` };
  for (const [path, status] of [["/api/latest_posts", 200], ["/api/get_post?slug=no-such-post", 404], ["/api/get_post", 400]] as const) {
    const answer = await request.get(path, { headers, maxRedirects: 0 });
    expect(answer.status(), path).toBe(status);
    expect(answer.headers()["content-type"]).toBe("application/json");
    expect(answer.headers()["location"]).toBeUndefined();
  }
});

test("errors of the API are not kept by anyone", async ({ request }) => {
  const answer = await request.get("/api/get_post?slug=no-such-post");
  expect(answer.headers()["cache-control"] ?? "no-cache").not.toMatch(/max-age=[1-9]|immutable/);
  expect((await request.get("/api/latest_posts")).headers()["cache-control"]).toBe("public, no-cache");
});
