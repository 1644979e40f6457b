// What one client, or all of them, may have at once. Clients are told apart by the addresses of this machine's loopback network.

import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { expect, Server, test } from "../fixtures.js";
import { ask, raw, request, statuses, submit } from "../http.js";
import { home, plan } from "../pages.js";
import { Way } from "../postgres.js";
import { document } from "../site.js";

/** Opens a connection from `from`, and says nothing on it. */
async function silent(url: string, from: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress: from });
  await once(socket, "connect");
  return socket;
}

/** The status of the front page for a client at `from`, with when to come again if it is sent away. */
async function seen(url: string, from: string): Promise<[status: number | undefined, retryAfter: string | undefined]> {
  const got = await raw(url, request(home, ["Host: a"]), from);
  return [statuses(got)[0], /^retry-after: (.*)$/im.exec(got)?.[1]];
}

test("one address has so many connections, and others go on", async () => {
  await using server = await Server.start({ PAVISE_MAX_CONNECTIONS_PER_ADDRESS: "3", PAVISE_TRUSTED_PROXIES: "192.0.2.1" });
  const held = await Promise.all([1, 2, 3].map(() => silent(server.url, "127.0.0.2")));
  expect(await seen(server.url, "127.0.0.2")).toEqual([429, "2"]);
  expect(await seen(server.url, "127.0.0.3")).toEqual([200, undefined]);
  held[0]?.destroy();
  await expect.poll(async () => (await seen(server.url, "127.0.0.2"))[0]).toBe(200);
  for (const socket of held) socket.destroy();
});

test("a proxy that is trusted has the connections of all its clients", async () => {
  await using server = await Server.start({ PAVISE_MAX_CONNECTIONS_PER_ADDRESS: "1" });
  const held = await Promise.all([1, 2, 3].map(() => silent(server.url, "127.0.0.2")));
  expect(await seen(server.url, "127.0.0.2")).toEqual([200, undefined]);
  for (const socket of held) socket.destroy();
});

test("when every place is taken, a client is told at once, in words, when to come again", async () => {
  await using server = await Server.start({ PAVISE_MAX_CONNECTIONS: "2" });
  const held = await Promise.all([1, 2].map(() => silent(server.url, "127.0.0.1")));
  const answer = await ask(server.url, home);
  expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "2", "cache-control": "no-store", connection: "close" } });
  expect(answer.text).toContain("<h1>We cannot show this page just now</h1>");
  for (const socket of held) socket.destroy();
  await expect.poll(async () => (await ask(server.url, home)).status).toBe(200);
});

test("who asks for too much is told how long to wait, and nobody else is", async () => {
  await using server = await Server.start();
  const post = (client: string) =>
    ask(server.url, "/theme", { method: "POST", body: "theme=dark&back=/", headers: { "x-forwarded-for": client, "content-type": "application/x-www-form-urlencoded" } });
  const answers = await Promise.all(Array.from({ length: 30 }, () => post("198.51.100.1")));
  const refused = answers.filter(({ status }) => status !== 303);
  expect(refused.length).toBeGreaterThanOrEqual(8);
  for (const { status, headers, text } of refused) {
    expect(status).toBe(429);
    expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    expect(text).toContain("Please wait a little");
  }
  expect((await post("198.51.100.2")).status).toBe(303);
  expect((await post("198.51.100.2, 127.0.0.1")).status, "what proxies on the way say counts from the nearest").toBe(303);
  expect((await post("198.51.100.9, 198.51.100.1")).status, "what a client says of itself counts for nothing").toBe(429);
  const pages = await Promise.all([home, plan].map((path) => ask(server.url, path, { headers: { "x-forwarded-for": "198.51.100.1" } })));
  expect(pages.map(({ status }) => status), "it still reads").toEqual([200, 200]);
});

test("pages and searches that have to be made are allowed so often, what is in memory always", async () => {
  await using server = await Server.start();
  const headers = { "x-forwarded-for": "198.51.100.1" };
  const many = async (path: (n: number) => string, length: number) => {
    const answers = await Promise.all(Array.from({ length }, (_, n) => ask(server.url, path(n), { headers })));
    return new Map(answers.map(({ status, text }) => [status, text]));
  };
  expect((await many((n) => `/search/?q=${n}`, 200)).get(429)).toContain("Please wait a little");
  expect((await many((n) => `/api/suggest?q=${n}`, 200)).get(429)).toBe(`{"error":"too_many_requests"}`);
  expect((await many((n) => `/nowhere/${n}/`, 1000)).get(429)).toContain("Please wait a little");
  await ask(server.url, home);
  expect([...(await many(() => home, 100)).keys()]).toEqual([200]);
});

test("past what can be made, readers are sent away, and what is in memory goes on", async () => {
  const postgres = process.env.PAVISE_TEST_POSTGRES;
  test.skip(!postgres, "needs a PostgreSQL");
  await using way = await Way.to(postgres ?? "");
  await using server = await Server.start({ DATABASE_URL: way.url });
  expect((await ask(server.url, home)).status).toBe(200);
  // Each of these waits for a store that says nothing.
  way.hold();
  const asked = Array.from({ length: 400 }, (_, n) => ask(server.url, `/api/list_reports?year=${2000 + n}`));
  expect(await Promise.race(asked)).toMatchObject({ status: 503, headers: { "retry-after": "2" }, text: `{"error":"service_unavailable"}` });
  for (const path of [home, "/healthz"]) expect((await ask(server.url, path)).status, path).toBe(200);
  expect((await submit(server.url, "/theme", { theme: "dark", back: "/" })).status).toBe(303);
  const unsent = await submit(server.url, "/message/", { message: "Is anybody there?" });
  expect([unsent.status, document(unsent.text).querySelector("textarea")?.text.trim()]).toEqual([503, "Is anybody there?"]);
  way.release();
  const statuses = new Map((await Promise.all(asked)).map(({ status }) => [status, true]));
  expect([...statuses.keys()].sort()).toEqual([200, 503]);
  expect((await ask(server.url, "/api/list_reports?year=1999")).status).toBe(200);
});

test("over HTTP/2 a connection has a hundred streams at once, and headers have 16 kB", async () => {
  await using server = await Server.start();
  const session = connectHttp2(server.url);
  try {
    await once(session, "remoteSettings");
    expect(session.remoteSettings).toMatchObject({ maxConcurrentStreams: 100, maxHeaderListSize: 16_384 });
    const status = async (header: string) => {
      const stream = session.request({ ":path": home, "x-long": header });
      const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
      stream.resume();
      return headers[":status"];
    };
    expect(await status("a".repeat(20_000))).toBe(431);
    expect(await status("a"), "the others of the connection go on").toBe(200);
  } finally {
    session.destroy();
  }
});

test("who stops half way is let go", async () => {
  await using server = await Server.start();
  const form = request("/message/", ["Host: a", "Content-Type: application/x-www-form-urlencoded"], { method: "POST", body: "message=a" });
  const [nothing, letter, headers, half] = await Promise.all(["", "P", "GET / HTTP/1.1\r\nHost: a\r\n", form.slice(0, -1)].map((bytes) => raw(server.url, bytes)));
  expect([nothing, letter, headers].flatMap((got) => statuses(got ?? ""))).toEqual([]);
  expect(statuses(half ?? "")).toEqual([408]);
});
