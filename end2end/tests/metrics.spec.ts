// What operators see from outside: measures for Prometheus, and a trace from a proxy to the log.

import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { asset, ask, raw, submit } from "../http.js";
import { expect, root, Server, test } from "../fixtures.js";
import { home, plan, post } from "../pages.js";
import { freeAddress } from "../program.js";
import { localized } from "../site.js";

async function measured(server: Server): Promise<string> {
  const address = () => /metrics at (http:\S+)\/metrics/.exec(server.log)?.[1] ?? "";
  await expect.poll(address).not.toBe("");
  const metrics = address();
  const { text, headers } = await ask(metrics, "/metrics");
  expect(headers["content-type"]).toContain("application/openmetrics-text");
  return text;
}

test("an operator sees what is asked, how it is answered and how everything fares, at an address of its own", async () => {
  await using server = await Server.start({ PAVISE_METRICS_ADDR: "127.0.0.1:0" });
  const { text: html } = await ask(server.url, home);
  for (const path of [home, plan, localized("ar", home), post, "/nowhere/", "/a/b/c/d/e", "/readyz", asset(html, "js")]) await ask(server.url, path);
  await ask(server.url, home, { headers: { host: "a b" } });
  await expect.poll(() => measured(server)).toMatch(/^pavise_search_current 1$/m);
  const text = await measured(server);
  const line = (name: string, labels: Record<string, string>) => {
    const start = `${name}{${Object.entries(labels).map(([label, value]) => `${label}="${value}"`).join(",")}} `;
    return text.split("\n").find((it) => it.startsWith(start))?.slice(start.length);
  };
  for (const [route, status, count] of [
    ["/", "200", "3"], ["/action-plan/{year}/", "200", "1"], ["/blog/{year}/{month}/{slug}/", "200", "1"], ["/{slug}/", "404", "1"], ["none", "404", "1"], ["/readyz", "200", "1"], ["file", "200", "1"], ["refused", "400", "1"],
  ] as const)
    expect(line("pavise_requests_total", { route, status }), `${route} ${status}`).toBe(count);
  expect(line("pavise_response_begins_seconds_count", { route: "/" })).toBe("3");
  expect(line("pavise_response_begins_seconds_bucket", { le: "+Inf", route: "/" }) ?? line("pavise_response_begins_seconds_bucket", { route: "/", le: "+Inf" })).toBe("3");
  for (const [result, count] of Object.entries({ hit: "1", miss: "4", stale: "0" })) expect(line("pavise_page_cache_answers_total", { result }), result).toBe(count);
  for (const sample of [/^pavise_page_cache_size_bytes \d+$/m, /^pavise_store_ready 1$/m, /^pavise_store_connections\{state="idle"\} [1-9]/m, /^pavise_connections \d+$/m, /^pavise_search_texts [1-9]/m, /^pavise_build_info\{version="[\d.]+"\} 1$/m, /^pavise_start_time_seconds 1\d{9}$/m, /^pavise_resident_memory_bytes \d{7,}$/m, /# EOF\n$/])
    expect(text).toMatch(sample);
  expect((await ask(server.url, "/metrics")).status).toBe(404);
});

test("the dashboard asks for measures that there are", async () => {
  await using server = await Server.start({ PAVISE_METRICS_ADDR: "127.0.0.1:0" });
  await ask(server.url, home);
  const text = await measured(server);
  const dashboard = await readFile(join(root, "deploy/grafana.json"), "utf8");
  const names = new Set(dashboard.match(/\bpavise_\w+/g));
  expect(names.size).toBeGreaterThan(8);
  expect([...names].filter((name) => !new RegExp(`^${name}[ {]`, "m").test(text))).toEqual([]);
});

test("what is no request, or too long to be one, is counted as well", async () => {
  await using server = await Server.start({ PAVISE_METRICS_ADDR: "127.0.0.1:0" });
  await raw(server.url, "nonsense\r\n\r\n");
  await raw(server.url, `GET / HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(20_000)}\r\n\r\n`);
  for (const status of [400, 431]) {
    await expect.poll(() => measured(server)).toMatch(new RegExp(`^pavise_requests_total\\{route="refused",status="${status}"\\} 1$`, "m"));
  }
});

test("a request has a name in the log, which a proxy may give it, and so has what goes wrong with it", async () => {
  const content = { "content/posts/a/index.md": "---\ntitle: \"A\"\nsummary: \"A\"\npublished: 2024-05-01\n---\n\nA\n" };
  await using server = await Server.start({ PAVISE_CONTENT_DIR: "content", PAVISE_LOG_FORMAT: "json" }, content);
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const asked = await ask(server.url, home, { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
  expect(asked.headers["traceparent"]).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`));
  const file = await ask(server.url, "/robots.txt", { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
  expect(file.headers, "others are given it, too").not.toHaveProperty("traceparent");
  const other = await ask(server.url, plan, { headers: { traceparent: "nonsense" } });
  expect(other.headers).not.toHaveProperty("traceparent");
  const lines = () => server.log.split("\n").filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>);
  const answered = () => lines().filter(({ message }) => message === "answered");
  await expect.poll(answered).toHaveLength(3);
  expect(answered()[0]).toMatchObject({ level: "INFO", method: "GET", path: home, status: 200, trace });
  expect(answered()[2]?.trace).toMatch(/^[0-9a-f]{32}$/);
  await rm(new URL(server.store).pathname);
  const failed = await submit(server.url, "/message/", { message: "a" });
  expect(failed.status).toBe(503);
  const [, name] = /^00-([0-9a-f]{32})-/.exec(failed.headers["traceparent"] ?? "") ?? [];
  // The search index, which belongs to no request, may miss the file as well.
  await expect.poll(() => lines().filter(({ level, span }) => level === "ERROR" && span)).toEqual([expect.objectContaining({ span: { name: "request", trace: name }, error: expect.stringContaining("is not the file any more") })]);
});

test("who is no trusted proxy names no trace", async () => {
  await using server = await Server.start({ PAVISE_TRUSTED_PROXIES: "192.0.2.1" });
  const { headers } = await ask(server.url, home, { headers: { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" } });
  expect(headers).not.toHaveProperty("traceparent");
  await expect.poll(() => server.log).toMatch(/answered.* path="?\/"? /);
  expect(server.log).not.toContain("4bf92f3577b34da6a3ce929d0e0e4736");
});

test("a collector hears of each request that is to be recorded, and not what its reader looked for", async () => {
  const heard: { path: string | undefined; kind: string | undefined; body: Buffer }[] = [];
  const collector = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    heard.push({ path: request.url, kind: request.headers["content-type"], body });
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
  const { port } = collector.address() as AddressInfo;
  await using server = await Server.start({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/`, OTEL_BSP_SCHEDULE_DELAY: "100" });
  const [trace, piece, unrecorded] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "a3ce929d0e0e47364bf92f3577b34da6"];
  const named = (flags: string, id = trace) => ({ headers: { traceparent: `00-${id}-${piece}-${flags}` } });
  const { headers } = await ask(server.url, `${post}?q=secret`, named("01"));
  const [, own = ""] = new RegExp(`^00-${trace}-([0-9a-f]{16})-01$`).exec(headers["traceparent"] ?? "") ?? [];
  expect(own).not.toBe(piece);
  expect((await ask(server.url, plan, named("00", unrecorded))).headers["traceparent"]).toMatch(/-00$/);
  await ask(server.url, "/api/search?q=secret", { headers: { "x-forwarded-for": "198.51.100.7" } });
  await expect.poll(() => Buffer.concat(heard.map(({ body }) => body)).toString("latin1")).toContain("GET /api/search");
  const all = Buffer.concat(heard.map(({ body }) => body));
  for (const { path, kind } of heard) expect({ path, kind }).toEqual({ path: "/v1/traces", kind: "application/x-protobuf" });
  for (const id of [trace, piece, own]) expect(all.includes(Buffer.from(id, "hex")), id).toBe(true);
  for (const word of ["GET /blog/{year}/{month}/{slug}/", "http.response.status_code", post, "service.name", "pavise"]) expect(all.includes(word), word).toBe(true);
  expect(all.includes(Buffer.from(unrecorded, "hex"))).toBe(false);
  for (const word of ["secret", "198.51.100.7"]) expect(all.includes(word), word).toBe(false);
  // What was asked last is told before the program ends; a collector that has gone keeps it from nothing.
  await ask(server.url, "/feeds.opml");
  await server.stop();
  expect(Buffer.concat(heard.map(({ body }) => body)).includes("/feeds.opml")).toBe(true);
  collector.closeAllConnections();
  collector.close();
});

test("a collector that says nothing, or has gone, keeps neither readers nor the end of the program waiting", async () => {
  const silent = createTcpServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  for (const address of [`http://127.0.0.1:${port}`, `http://${await freeAddress()}`]) {
    await using server = await Server.start({ OTEL_EXPORTER_OTLP_ENDPOINT: address, OTEL_BSP_SCHEDULE_DELAY: "1" });
    expect((await ask(server.url, home)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  }
  silent.close();
});
