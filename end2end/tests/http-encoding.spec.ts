import { connect } from "node:http2";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "../fixtures.js";
import { ask, asset } from "../http.js";
import { home, plan, post, posts } from "../pages.js";

const MAGIC: Record<string, string> = { gzip: "1f8b", zstd: "28b52ffd" };

test("pages go out in the encoding that the client takes", async ({ server }) => {
  for (const path of [home, post, posts, plan, "/ar/", "/api/latest_posts", "/feed/", "/sitemap.xml", `${post.slice(0, -1)}.txt`]) {
    const plain = await ask(server.url, path, { headers: { "accept-encoding": "identity" } });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    for (const encoding of ["br", "gzip", "zstd"]) {
      const answer = await ask(server.url, path, { headers: { "accept-encoding": encoding } });
      expect(answer.headers["content-encoding"], path).toBe(encoding);
      expect(answer.headers["vary"]).toContain("accept-encoding");
      expect(answer.body.length, `${path} ${encoding}`).toBeLessThan(plain.body.length);
      if (encoding === "br") expect(brotliDecompressSync(answer.body).equals(plain.body)).toBe(true);
      if (encoding === "gzip") expect(gunzipSync(answer.body).equals(plain.body)).toBe(true);
      expect(answer.body.toString("hex").startsWith(MAGIC[encoding] ?? "")).toBe(true);
    }
    const none = await ask(server.url, path);
    expect(none.headers["content-encoding"], "nothing is compressed unasked").toBeUndefined();
  }
});

test("what is streamed goes out in gzip", async ({ server }) => {
  const shard = "/sitemaps/posts-0.xml";
  const plain = await ask(server.url, shard);
  expect(plain.headers["content-encoding"]).toBeUndefined();
  const answer = await ask(server.url, shard, { headers: { "accept-encoding": "br, gzip, zstd" } });
  expect(answer.headers["content-encoding"]).toBe("gzip");
  expect(answer.headers["content-length"]).toBeUndefined();
  expect(gunzipSync(answer.body).equals(plain.body)).toBe(true);
});

test("a page reads the same in every encoding", async ({ server }) => {
  const [plain, zstd] = await Promise.all([fetch(server.url), fetch(server.url, { headers: { "accept-encoding": "gzip, deflate, br" } })]);
  expect(await zstd.text()).toBe(await plain.text());
});

test("the browser's files are compressed well, named by their bytes, and kept for ever", async ({ server }) => {
  const html = (await ask(server.url, home)).text;
  for (const [path, type] of [
    [asset(html, "js"), "text/javascript; charset=utf-8"],
    [asset(html, "wasm"), "application/wasm"],
  ] as const) {
    expect(path).toMatch(/^\/pkg\/pavise\.[0-9a-f]{16}\.(js|wasm)$/);
    const plain = await ask(server.url, path);
    expect(plain.headers["content-type"]).toBe(type);
    expect(plain.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const br = await ask(server.url, path, { headers: { "accept-encoding": "gzip, br" } });
    expect(br.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true);
    const gzip = await ask(server.url, path, { headers: { "accept-encoding": "gzip;q=0.5, br;q=0" } });
    expect(gzip.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    for (const answer of [plain, br, gzip]) expect(Number(answer.headers["content-length"])).toBe(answer.body.length);
  }
});

test("a file under a name that is no longer its own is not there", async ({ server }) => {
  for (const path of ["/pkg/pavise.js", "/pkg/pavise.0000000000000000.wasm", "/pkg/", "/pkg/pavise.css"]) {
    const answer = await ask(server.url, path);
    expect(answer.status, path).toBe(404);
    expect(answer.headers["cache-control"] ?? "").not.toContain("immutable");
  }
});

test("pictures are kept for ever, under the name of their bytes", async ({ server }) => {
  const path = /src="(\/media\/[^"]+)"/.exec((await ask(server.url, home)).text)?.[1] ?? "";
  const answer = await ask(server.url, path);
  expect(answer.headers["content-type"]).toBe("image/svg+xml");
  expect(answer.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect(answer.text).toContain("<svg");
  expect((await ask(server.url, path.replace(/[0-9a-f]{16}/, "0123456789abcdef"))).status).toBe(404);
});

test("the same port speaks HTTP/2", async ({ server }) => {
  const session = connect(server.url);
  const statuses = await Promise.all(
    [home, post, plan].map(
      (path) =>
        new Promise((done, failed) => {
          const stream = session.request({ ":path": path });
          stream.once("response", (headers) => done(headers[":status"]));
          stream.once("error", failed);
          stream.resume();
        }),
    ),
  );
  session.close();
  expect(statuses).toEqual([200, 200, 200]);
});
