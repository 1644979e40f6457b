import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { expect, needs, Server, test } from "../fixtures.js";
import { ask, raw, request, statuses, submit } from "../http.js";
import { home, plans } from "../pages.js";
import { Way } from "../postgres.js";

/** Reads from a connection until `text` has come. */
async function until(socket: Socket, text: string): Promise<string> {
  let got = "";
  while (!got.includes(text)) got += String((await once(socket, "data"))[0]);
  return got;
}

/** A form of which a client sends the head first. */
const body = "theme=dark&back=%2Faction-plan%2F";
const head = `Host: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\nExpect: 100-continue`;

test("a log that cannot be written keeps nobody from reading", async () => {
  await using server = await Server.start({}, {}, ["sh", "-c", `exec "$0" 2>/dev/full`]);
  for (const path of [home, plans, "/nowhere/"]) expect((await ask(server.url, path)).status).toBe(path === "/nowhere/" ? 404 : 200);
  expect(await server.stop()).toBe(0);
});

test("SIGTERM lets a running request end, takes no new ones, and ends with success", async () => {
  await using server = await Server.start();
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.write(`POST /theme HTTP/1.1\r\n${head}\r\n\r\n`);
  await until(socket, "100 Continue");
  const ended = server.stop();
  await expect.poll(() => ask(server.url, "/healthz").then(() => "answered", (error) => error.code)).toBe("ECONNREFUSED");
  const answer = until(socket, "\r\n\r\n");
  socket.write(body);
  expect(await answer).toMatch(/^HTTP\/1\.1 303 /);
  socket.end();
  expect(await ended).toBe(0);
});

test("so does SIGHUP, as when a terminal is closed; but not for who was started to go on without one", async () => {
  await using server = await Server.start();
  const ended = once(server.process, "exit");
  server.process.kill("SIGHUP");
  expect(await ended).toEqual([0, null]);
  await using lasting = await Server.start({}, {}, ["sh", "-c", `trap "" HUP; exec "$0"`]);
  lasting.process.kill("SIGHUP");
  expect((await ask(lasting.url, home)).status).toBe(200);
  expect(await lasting.stop()).toBe(0);
});

test("so does a program that has taken over from another: nobody is left waiting", async () => {
  await using server = await Server.start();
  const { hostname, port } = new URL(server.url);
  const replaced = once(server.process, "exit");
  server.process.kill("SIGUSR2");
  await replaced;
  const pid = await server.succeeded();
  const socket = connect(Number(port), hostname);
  try {
    socket.write(`POST /theme HTTP/1.1\r\n${head}\r\n\r\n`);
    await until(socket, "100 Continue");
    process.kill(pid);
    await expect.poll(() => ask(server.url, "/healthz").then(() => "answered", (error) => error.code)).toBe("ECONNREFUSED");
    const answer = until(socket, "\r\n\r\n");
    socket.write(body);
    expect(await answer).toMatch(/^HTTP\/1\.1 303 /);
    socket.end();
  } finally {
    socket.destroy();
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  }
});

test("an idle connection does not keep the program from ending", async () => {
  await using server = await Server.start();
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  await until(socket, "ok\n");
  expect(await server.stop()).toBe(0);
  socket.destroy();
});

test("the log has one line for each request: method, path, status, time and bytes", async () => {
  await using server = await Server.start();
  const answers = [
    await ask(server.url, "/?q=secret", { headers: { "accept-encoding": "br" } }),
    await ask(server.url, "/nowhere/"),
    await ask(server.url, plans, { method: "HEAD" }),
    await ask(server.url, home, { method: "DELETE" }),
    await ask(server.url, "/theme", { method: "POST", headers: { origin: "https://evil.example" } }),
    await ask(server.url, "/api/latest_posts"),
  ];
  const lines = () => server.log.split("\n").filter((line) => line.includes("answered"));
  await expect.poll(lines).toHaveLength(answers.length);
  const said = lines().map((line) => /method=(\S+) path="(\S+)" status=(\d+) ms=\d+\.\d bytes=(\d+) trace=[0-9a-f]{32}$/.exec(line)?.slice(1));
  expect(said).toEqual(
    [["GET", "/"], ["GET", "/nowhere/"], ["HEAD", plans], ["DELETE", "/"], ["POST", "/theme"], ["GET", "/api/latest_posts"]].map(
      ([method, path], index) => [method, path, String(answers[index]?.status), String(answers[index]?.body.length)],
    ),
  );
  expect(server.log).not.toContain("secret");
});

test("what readers write, look for and carry is in no line of the log, also where more is logged", async () => {
  needs(process.env.PAVISE_TEST_POSTGRES, "no PostgreSQL is installed: scripts/setup test");
  const postgres = process.env.PAVISE_TEST_POSTGRES.replace("postgres@", "postgres:secret-of-the-store@");
  for (const [store, format] of [[undefined, "text"], [postgres, "json"]] as const) {
    expect(store === undefined || store.includes("secret")).toBe(true);
    await using server = await Server.start({ RUST_LOG: "debug", PAVISE_LOG_FORMAT: format, ...(store ? { DATABASE_URL: store } : {}) });
    const headers = { cookie: "theme=dark; session=secret-cookie", authorization: "Bearer secret-token", "x-api-key": "secret-key" };
    await ask(server.url, "/search/?q=secret-search", { headers });
    await ask(server.url, "/api/search?q=secret-search&x=secret-query", { headers });
    await ask(server.url, "/api/suggest?q=secret-search", { headers });
    const message = await submit(server.url, "/message/", { message: "secret-message", reply_to: "secret@reader.example" }, headers);
    expect(message.status).toBe(303);
    await submit(server.url, "/message/", { message: "", reply_to: "secret-address" }, headers);
    await ask(server.url, "/message/", { method: "POST", headers: { ...headers, "content-type": "text/plain" }, body: "secret-body" });
    await ask(server.url, "/nowhere/?token=secret-query", { headers });
    await expect.poll(() => server.log.match(/answered/g)?.length).toBe(7);
    expect(server.log).toContain("DEBUG");
    expect(server.log.split("\n").filter((line) => line.includes("secret"))).toEqual([]);
  }
});

test("what the collector of traces is told in secret is in no line of the log, also where it refuses or has gone", async () => {
  const heard: (string | undefined)[] = [];
  const collector = createServer(async (request, response) => {
    await request.toArray();
    // It is content with the first, and with no other.
    const status = heard.push(request.headers.authorization) === 1 ? 200 : 401;
    response.writeHead(status, { "content-type": "application/x-protobuf" }).end();
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
  const { port } = collector.address() as AddressInfo;
  await using server = await Server.start({
    RUST_LOG: "debug",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=secret-token",
    OTEL_BSP_SCHEDULE_DELAY: "100",
  });
  for (const times of [1, 2]) {
    await ask(server.url, home);
    await expect.poll(() => heard.length).toBeGreaterThanOrEqual(times);
  }
  await expect.poll(() => server.log, "it refused").toMatch(/status[^\n]{0,20}\b401\b/i);
  collector.closeAllConnections();
  collector.close();
  await ask(server.url, home);
  await expect.poll(() => server.log, "it has gone").toMatch(/export.*error|error.*export/i);
  expect(await server.stop()).toBe(0);
  expect(heard[0]).toBe("secret-token");
  expect(server.log.split("\n").filter((line) => line.includes("secret"))).toEqual([]);
});

test("nothing that a client sends can forge a line of the log, or say anything to an operator's terminal", async () => {
  // A line end, encoded and as such; what a terminal obeys: escape, bell, the same in one byte and in the two that UTF-8 has for it;
  // and what some editors take for a line end or turn words round for.
  const kinds = ["%0A2026%20INFO%20answered", "\n2026 INFO answered", "\r", "\x1b[2J", "\x07", "\x7f", "\x85", "\x9b2J", "\xc2\x85", "\xc2\x9b2J", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xae"];
  const wrong: string[] = [];
  for (const format of ["text", "json"]) {
    await using server = await Server.start({ RUST_LOG: "debug", PAVISE_LOG_FORMAT: format });
    const answers = [];
    for (const some of kinds)
      for (const sent of [request(`/a${some}b/`, ["Host: a"]), request("/nowhere/", ["Host: a", `Traceparent: ${some}`, `Cookie: theme=${some}`, `X-Forwarded-For: ${some}`]), request("/nowhere/", ["Host: a"], { method: `G${some}` })])
        answers.push(statuses(await raw(server.url, sent))[0]);
    await ask(server.url, "/the-last/");
    await expect.poll(() => server.log).toContain("/the-last/");
    expect(answers.filter((status) => status === 404).length, "some are answered").toBeGreaterThan(5);
    const own = format === "text" ? /^\d{4}-\d\d-\d\dT[\d:.]+Z +(DEBUG|INFO|WARN|ERROR) / : /^\{"timestamp":.*\}$/;
    const lines = server.log.split("\n").slice(0, -1).filter((line) => !own.test(line) || /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(line));
    wrong.push(...lines.map((line) => `${format}: ${JSON.stringify(line)}`));
  }
  expect(wrong).toEqual([]);
});

test("while the store is out of reach the site says so, and recovers", async ({ page }) => {
  const postgres = process.env.PAVISE_TEST_POSTGRES;
  needs(postgres, "no PostgreSQL is installed: scripts/setup test");
  await using way = await Way.to(postgres);
  await using server = await Server.start({ DATABASE_URL: way.url });
  expect((await ask(server.url, "/readyz")).status).toBe(200);

  way.cut();
  const answers = await Promise.all([home, "/api/latest_posts", "/readyz", "/healthz"].map((path) => ask(server.url, path)));
  expect(answers.map(({ status }) => status), server.log).toEqual([503, 503, 503, 200]);
  expect(answers[0]?.text).toContain("We cannot show this page just now");
  expect(answers[0]?.text).not.toMatch(/postgres|sqlx|127\.0\.0\.1/i);
  expect(JSON.parse(answers[1]?.text ?? "")).toEqual({ error: "unavailable" });

  way.mend();
  await expect.poll(async () => (await ask(server.url, "/readyz")).status).toBe(200);
  await page.goto(server.url);
  await expect(page.getByRole("heading", { name: "Latest Posts" })).toBeVisible();
  expect(await server.stop()).toBe(0);
});
