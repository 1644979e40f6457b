import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, Server, test } from "../fixtures.js";
import { ask, submit } from "../http.js";
import { home, plans } from "../pages.js";
import { Way } from "../postgres.js";

/** Reads from a connection until `text` has come. */
async function until(socket: Socket, text: string): Promise<string> {
  let got = "";
  while (!got.includes(text)) got += String((await once(socket, "data"))[0]);
  return got;
}

test("SIGTERM lets a running request end, takes no new ones, and ends with success", async () => {
  await using server = await Server.start();
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  const body = "theme=dark&back=%2Faction-plan%2F";
  const headers = `Host: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\nExpect: 100-continue`;
  socket.write(`POST /theme HTTP/1.1\r\n${headers}\r\n\r\n`);
  await until(socket, "100 Continue");
  const ended = server.stop();
  await expect.poll(() => ask(server.url, "/healthz").then(() => "answered", (error) => error.code)).toBe("ECONNREFUSED");
  const answer = until(socket, "\r\n\r\n");
  socket.write(body);
  expect(await answer).toMatch(/^HTTP\/1\.1 303 /);
  socket.end();
  expect(await ended).toBe(0);
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
  test.skip(!process.env.PAVISE_TEST_POSTGRES, "no PostgreSQL is installed: scripts/setup test");
  const postgres = process.env.PAVISE_TEST_POSTGRES?.replace("postgres@", "postgres:secret-of-the-store@");
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

test("nothing that a client sends can forge a line of the log", async () => {
  await using server = await Server.start();
  await ask(server.url, `/a%0A2026%20INFO%20answered?x=1`);
  await expect.poll(() => server.log).toContain("status=404");
  expect(server.log.split("\n").filter((line) => line.includes("answered"))).toHaveLength(1);
});

test("while the store is out of reach the site says so, and recovers", async ({ page }) => {
  const postgres = process.env.PAVISE_TEST_POSTGRES;
  test.skip(!postgres, "needs a PostgreSQL");
  await using way = await Way.to(postgres ?? "");
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
