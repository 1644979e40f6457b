// What one client, or all of them, may have at once. Clients are told apart by the addresses of this machine's loopback network.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { promisify } from "node:util";
import { Database, expect, needs, Server, test } from "../fixtures.js";
import { type Answer, ask, raw, request, statuses, submit } from "../http.js";
import { home, plan } from "../pages.js";
import { Way } from "../postgres.js";
import { document } from "../site.js";

const command = promisify(execFile);

/** Opens a connection from `from`, and says nothing on it. */
async function silent(url: string, from: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress: from });
  await once(socket, "connect");
  return socket;
}

/** What a client behind a proxy hears who sends a form. */
function formOf(url: string, client: string): Promise<Answer> {
  const headers = { "x-forwarded-for": client, "content-type": "application/x-www-form-urlencoded" };
  return ask(url, "/theme", { method: "POST", body: "theme=dark&back=/", headers });
}

/** The status of the front page for a client at `from`, with when to come again if it is sent away. */
async function seen(url: string, from: string): Promise<[status: number | undefined, retryAfter: string | undefined]> {
  const got = await raw(url, request(home, ["Host: a"]), from);
  return [statuses(got)[0], /^retry-after: (.*)$/im.exec(got)?.[1]];
}

test("one address has so many connections, and others go on", async () => {
  await using server = await Server.start({ PAVISE_MAX_CONNECTIONS_PER_ADDRESS: "3", PAVISE_TRUSTED_PROXIES: "192.0.2.1" });
  const held = await Promise.all([1, 2, 3].map(() => silent(server.url, "127.0.0.2")));
  for (const answer of [await seen(server.url, "127.0.0.2"), await seen(server.url, "127.0.0.2")]) expect(answer).toEqual([429, "2"]);
  await expect.poll(() => server.log.match(/sent away: an address had as many as PAVISE_MAX_CONNECTIONS_PER_ADDRESS allows/g)).toHaveLength(1);
  expect(server.log).not.toContain("127.0.0.2");
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
  expect(answer.headers).toMatchObject({ "x-content-type-options": "nosniff", "content-security-policy": expect.stringContaining("default-src 'none'") });
  await expect.poll(() => server.log).toContain("sent away: there were as many as PAVISE_MAX_CONNECTIONS allows");
  for (const socket of held) socket.destroy();
  await expect.poll(async () => (await ask(server.url, home)).status).toBe(200);
});

test("who asks for too much is told how long to wait, and nobody else is", async () => {
  await using server = await Server.start();
  const post = (client: string) => formOf(server.url, client);
  const answers = await Promise.all(Array.from({ length: 30 }, () => post("198.51.100.1")));
  const refused = answers.filter(({ status }) => status !== 303);
  expect(refused.length).toBeGreaterThanOrEqual(8);
  for (const { status, headers, text } of refused) {
    expect(status).toBe(429);
    // There is one more in five seconds.
    expect(headers["retry-after"]).toMatch(/^[1-6]$/);
    expect(text).toContain("Please wait a little");
  }
  const odd = { "x-forwarded-for": "198.51.100.3", "content-length": "1" };
  const reads = await Promise.all(Array.from({ length: 30 }, () => ask(server.url, home, { body: "?", headers: odd })));
  expect(reads.some(({ status }) => status === 429), "a page's request with a body takes as long as a form").toBe(true);
  expect((await post("198.51.100.2")).status).toBe(303);
  expect((await post("198.51.100.2, 127.0.0.1")).status, "what proxies on the way say counts from the nearest").toBe(303);
  const claimed = await Promise.all(Array.from({ length: 10 }, () => post("198.51.100.9, 198.51.100.1")));
  expect(claimed.some(({ status }) => status === 429), "what a client says of itself counts for nothing").toBe(true);
  const pages = await Promise.all([home, plan].map((path) => ask(server.url, path, { headers: { "x-forwarded-for": "198.51.100.1" } })));
  expect(pages.map(({ status }) => status), "it still reads").toEqual([200, 200]);
});

test("pages and searches that have to be made are allowed so often, what is in memory always", async () => {
  await using server = await Server.start();
  const headers = { "x-forwarded-for": "198.51.100.1" };
  const many = (path: (n: number) => string, from: number) => Promise.all(Array.from({ length: 100 }, (_, n) => ask(server.url, path(from + n), { headers })));
  // A slow machine has time for what is allowed meanwhile.
  const refusal = async (path: (n: number) => string) => {
    for (let asked = 0; asked < 3_000; asked += 100) {
      const refused = (await many(path, asked)).find(({ status }) => status === 429);
      if (refused) return [refused.headers["retry-after"], refused.text];
    }
    return undefined;
  };
  const [soon, words] = [expect.stringMatching(/^[12]$/), expect.stringContaining("Please wait a little")];
  expect(await refusal((n) => `/search/?q=${n}`)).toEqual([soon, words]);
  expect(await refusal((n) => `/api/suggest?q=${n}`)).toEqual([soon, `{"error":"too_many_requests"}`]);
  expect(await refusal((n) => `/nowhere/${n}/`)).toEqual([soon, words]);
  await ask(server.url, home);
  expect(new Set((await many(() => home, 0)).map(({ status }) => status))).toEqual(new Set([200]));
});

test("past what can be made, readers are sent away, and what is in memory goes on", async () => {
  const postgres = process.env.PAVISE_TEST_POSTGRES;
  needs(postgres, "no PostgreSQL is installed: scripts/setup test");
  await using way = await Way.to(postgres);
  await using server = await Server.start({ DATABASE_URL: way.url });
  expect((await ask(server.url, home)).status).toBe(200);
  // Each of these waits for a store that says nothing.
  way.hold();
  const asked = Array.from({ length: 400 }, (_, n) => ask(server.url, `/api/list_reports?year=${2000 + n}`));
  expect(await Promise.race(asked)).toMatchObject({ status: 503, headers: { "retry-after": "2" }, text: `{"error":"service_unavailable"}` });
  for (const path of [home, "/healthz"]) expect((await ask(server.url, path)).status, path).toBe(200);
  expect((await submit(server.url, "/theme", { theme: "dark", back: "/" })).status).toBe(303);
  way.release();
  const statuses = new Map((await Promise.all(asked)).map(({ status }) => [status, true]));
  expect([...statuses.keys()].sort()).toEqual([200, 503]);
  expect((await ask(server.url, "/api/list_reports?year=1999")).status).toBe(200);
});

test("who writes while the store says nothing has what they wrote back, and may send it again", async () => {
  const postgres = process.env.PAVISE_TEST_POSTGRES;
  needs(postgres, "no PostgreSQL is installed: scripts/setup test");
  await using way = await Way.to(postgres);
  await using server = await Server.start({ DATABASE_URL: way.url });
  const message = { message: "Is anybody there?" };
  way.hold();
  const unsent = await submit(server.url, "/message/", message);
  expect([unsent.status, document(unsent.text).querySelector("textarea")?.text.trim()]).toEqual([503, "Is anybody there?"]);
  way.release();
  await expect.poll(async () => (await submit(server.url, "/message/", message)).status).toBe(303);
});

test("where the store is gone without a word, and another is in its place, all is well again", async () => {
  const postgres = process.env.PAVISE_TEST_POSTGRES;
  needs(postgres, "no PostgreSQL is installed: scripts/setup test");
  await using database = await Database.of(postgres);
  await using way = await Way.to(database.url);
  await using server = await Server.start({ DATABASE_URL: way.url });
  const search = async (n: number) => JSON.parse((await ask(server.url, `/api/search?q=internet&n=${n}`)).text).is_complete;
  await expect.poll(() => search(0)).toBe(true);
  const locking = spawn("psql", [database.url, "-qAt"], { stdio: ["pipe", "pipe", "ignore"] });
  locking.stdin.write("begin; lock table posts, messages; select 'locked';\n");
  await once(locking.stdout, "data");
  const asked = [...Array.from({ length: 20 }, (_, n) => ask(server.url, `${home}?q=${n}`)), ...Array.from({ length: 20 }, (_, n) => submit(server.url, "/message/", { message: `The ${n}th.` }))];
  const waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  await expect.poll(async () => Number((await command("psql", [database.url, "-qAtc", waiting])).stdout), "each connection is in use").toBe(16);
  way.lose();
  locking.stdin.end();
  expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([503]));
  await expect.poll(async () => (await ask(server.url, "/readyz")).status, { timeout: 30_000 }).toBe(200);
  expect((await submit(server.url, "/message/", { message: "Is anybody there?" })).status).toBe(303);
  for (const path of [home, plan, "/topics/"]) expect((await ask(server.url, path)).status, path).toBe(200);
  await expect.poll(() => search(1), { timeout: 60_000 }).toBe(true);
});

/** Begins to send a form, and waits until the site reads it, or refuses to. */
async function halfForm(url: string, client?: string): Promise<{ socket: Socket; first: string }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding("latin1").on("error", () => {});
  const from = client ? `X-Forwarded-For: ${client}\r\n` : "";
  socket.write(`POST /theme HTTP/1.1\r\nHost: a\r\n${from}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 17\r\nExpect: 100-continue\r\n\r\n`);
  const [first] = await once(socket, "data");
  return { socket, first: String(first) };
}

test("past a thousand forms that are being sent, who sends one more is told when to come again, and readers go on", async () => {
  const files = Number((await command("sh", ["-c", "ulimit -Hn"])).stdout.trim().replace("unlimited", "Infinity"));
  needs(files >= 4_096, `a program may open ${files} files here: ulimit -Hn`);
  await using server = await Server.start();
  const forms: Socket[] = [];
  const began: string[] = [];
  // Who sends nothing for ten seconds is let go.
  while (forms.length < 1_024) {
    for (const { socket, first } of await Promise.all(Array.from({ length: 256 }, () => halfForm(server.url)))) {
      forms.push(socket);
      began.push(first.split("\r\n", 1)[0] ?? "");
    }
  }
  expect(new Set(began)).toEqual(new Set(["HTTP/1.1 100 Continue"]));
  const form = () => submit(server.url, "/theme", { theme: "dark", back: "/" });
  const refused = await form();
  expect(refused).toMatchObject({ status: 503, headers: { "retry-after": "2" }, text: expect.stringContaining("<h1") });
  for (const path of [home, plan, "/readyz"]) expect((await ask(server.url, path)).status, path).toBe(200);
  // Whose form is read goes on with it, and makes room for one other.
  const answer = once(forms[0] as Socket, "data");
  forms[0]?.write("theme=dark&back=/");
  expect(String(await answer)).toMatch(/^HTTP\/1\.1 303 /);
  expect((await form()).status).toBe(303);
  for (const socket of forms) socket.destroy();
  await expect.poll(async () => (await Promise.all(Array.from({ length: 8 }, form))).map(({ status }) => status)).toEqual(Array(8).fill(303));
});

test("of one client's forms eight are read at once, and others send theirs", async ({ server }) => {
  const begun = [];
  for (let n = 0; n < 10; n++) begun.push(await halfForm(server.url, "198.51.100.1"));
  const first = begun.map(({ first }) => first.split("\r\n", 1)[0]);
  expect(first).toEqual([...Array(8).fill("HTTP/1.1 100 Continue"), ...Array(2).fill("HTTP/1.1 429 Too Many Requests")]);
  expect((await formOf(server.url, "198.51.100.2")).status).toBe(303);
  for (const { socket } of begun) socket.destroy();
  await expect.poll(async () => (await formOf(server.url, "198.51.100.1")).status).toBe(303);
});

test("over HTTP/1 headers and address have 16 kB together", async () => {
  await using server = await Server.start();
  const got: Record<string, number | undefined> = {};
  for (const bytes of [12_000, 20_000]) {
    const long = "a".repeat(bytes);
    const lines = Array.from({ length: 50 }, (_, n) => `X-${n}: ${long.slice(0, bytes / 50)}`);
    got[`a header of ${bytes}`] = statuses(await raw(server.url, request(home, ["Host: a", `X: ${long}`])))[0];
    got[`headers of ${bytes}`] = statuses(await raw(server.url, request(home, ["Host: a", ...lines])))[0];
    got[`an address of ${bytes}`] = statuses(await raw(server.url, request(`${home}?utm_source=${long}`, ["Host: a"])))[0];
  }
  expect(got).toEqual({
    "a header of 12000": 200, "headers of 12000": 200, "an address of 12000": 200,
    "a header of 20000": 431, "headers of 20000": 431, "an address of 20000": 431,
  });
  const lines = (count: number) => ["Host: a", ...Array.from({ length: count - 2 }, (_, n) => `X-${n}: a`)];
  const some = await Promise.all([100, 101].map((count) => raw(server.url, request(home, lines(count)))));
  expect(some.map((got) => statuses(got)[0]), "and a hundred lines").toEqual([200, 431]);
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
