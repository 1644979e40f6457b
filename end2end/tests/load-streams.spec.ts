// Clients that ask for much over one connection of HTTP/2 and take nothing of it.

import { once } from "node:events";
import { type ClientHttp2Session, connect, type Settings } from "node:http2";
import { connect as connectTcp } from "node:net";
import { expect, Server, test } from "../fixtures.js";
import { ask, raw, request, statuses } from "../http.js";
import { home } from "../pages.js";
import { Folder } from "../program.js";
import { writtenPost } from "../sites.js";

/** A connection from an address of this machine that is no proxy's, once the site has spoken. */
async function opened(url: string, settings: Settings = {}): Promise<ClientHttp2Session> {
  const { hostname, port } = new URL(url);
  const createConnection = () => connectTcp({ host: hostname, port: Number(port), localAddress: "127.0.0.2" });
  const session = connect(url, { settings, createConnection });
  await once(session, "remoteSettings");
  return session;
}

/** The status of what the site answers. */
async function status(session: ClientHttp2Session, path: string, asked: Record<string, string> = {}): Promise<unknown> {
  const [headers] = (await once(session.request({ ":path": path, ...asked }), "response")) as [Record<string, unknown>];
  return headers[":status"];
}

/** How many bytes of each answer the client takes: none, or the first of them. */
for (const initialWindowSize of [0, 1]) {
  test(`who takes ${initialWindowSize} bytes of each answer has as many in memory as over connections of their own`, async () => {
    await using server = await Server.start({ PAVISE_MAX_CONNECTIONS_PER_ADDRESS: "20", PAVISE_TRUSTED_PROXIES: "192.0.2.1" });
    const session = await opened(server.url, { initialWindowSize });
    // Each answer that is begun stays as it is for as long as its client wants.
    const answers = [];
    for (let n = 0; n < 40; n++) answers.push(await status(session, `${home}?q=${n}`));
    expect(answers).toEqual([...Array(19).fill(200), ...Array(21).fill(429)]);
    expect((await ask(server.url, home)).status, "others do not notice").toBe(200);
    session.destroy();
    const again = async () => statuses(await raw(server.url, request(home, ["Host: www.example.org"]), "127.0.0.2"));
    await expect.poll(again, "what was not taken is gone with its connection").toEqual([200]);
  });
}

test("of what is made while it is sent there are so many at once, and pages go on", async ({ server }) => {
  const session = await opened(server.url, { initialWindowSize: 0 });
  const answers = [];
  // Each client has eight of them.
  for (let n = 0; n < 70; n++) answers.push(await status(session, "/sitemaps/posts-0.xml", { "x-forwarded-for": `198.51.100.${n >> 3}` }));
  expect(answers).toEqual([...Array(64).fill(200), ...Array(6).fill(503)]);
  expect((await ask(server.url, home)).status).toBe(200);
  session.destroy();
  await expect.poll(async () => (await ask(server.url, "/sitemaps/posts-0.xml")).status).toBe(200);
});

test("one client has 32 MB of large answers on their way, also of what is kept in memory, and others have theirs", async () => {
  await using folder = await Folder.make({ "posts/long/index.md": writtenPost("Long", "2024-01-01", "Words and words. ".repeat(12_000)) });
  await using server = await Server.start({ PAVISE_CONTENT_DIR: folder.path });
  const path = "/blog/2024/01/long/";
  const size = Number((await ask(server.url, path, { method: "HEAD" })).headers["content-length"]);
  const most = Math.floor((32 * 1024) / Math.floor(size / 1024));
  const sessions = await Promise.all(Array.from({ length: Math.ceil((most + 3) / 100) }, () => opened(server.url, { initialWindowSize: 0 })));
  const answers = [];
  for (let n = 0; n < most + 3; n++) answers.push(await status(sessions[Math.floor(n / 100)] as ClientHttp2Session, path, { "x-forwarded-for": "198.51.100.1" }));
  expect(answers).toEqual([...Array(most).fill(200), ...Array(3).fill(429)]);
  const of = async (client: string, path: string) => (await ask(server.url, path, { headers: { "x-forwarded-for": client } })).status;
  expect(await of("198.51.100.1", home), "small ones are not counted").toBe(200);
  expect(await of("198.51.100.2", path)).toBe(200);
  for (const session of sessions) session.destroy();
  await expect.poll(() => of("198.51.100.1", path)).toBe(200);
});

test("one client has eight of what is made while it is sent, and others have theirs", async ({ server }) => {
  const session = await opened(server.url, { initialWindowSize: 0 });
  const of = (client: string) => status(session, "/sitemaps/posts-0.xml", { "x-forwarded-for": client });
  const answers = [];
  for (let n = 0; n < 10; n++) answers.push(await of("198.51.100.1"));
  expect(answers).toEqual([...Array(8).fill(200), ...Array(2).fill(429)]);
  expect(await of("198.51.100.2")).toBe(200);
  session.destroy();
  await expect.poll(async () => (await ask(server.url, "/sitemaps/posts-0.xml", { headers: { "x-forwarded-for": "198.51.100.1" } })).status).toBe(200);
});
