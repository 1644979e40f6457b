// A new release takes over from the one that runs, while readers read and write.

import { once } from "node:events";
import { Agent, request } from "node:http";
import { type ClientHttp2Session, connect, constants } from "node:http2";
import { connect as connectTcp } from "node:net";
import { join } from "node:path";
import { expect, Server, test, write } from "../fixtures.js";
import { ask, statuses } from "../http.js";
import { home, plan, post } from "../pages.js";
import { Folder, freeAddress, run } from "../program.js";

/** Somebody who goes on until told to stop: then says what did not work, and how much was done. */
type Busy = { stop: () => Promise<{ failed: string[]; done: number }> };

const pages = [home, plan, post, "/?q=internet", "/feed/"];

/** Does one thing after the other; each gives a status, of which one is wanted. */
function busy(one: (index: number) => Promise<string>, wanted: string, end = () => {}): Busy {
  let stopped = false;
  const doing = (async () => {
    const failed: string[] = [];
    let done = 0;
    while (!stopped) {
      const status = await one(done++).catch(String);
      if (status !== wanted) failed.push(status);
    }
    end();
    return { failed, done };
  })();
  return { stop: () => ((stopped = true), doing) };
}

/** Asks on a connection that is kept. */
function onOneConnection(url: string): { send: (path: string, form?: string) => Promise<string>; end: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname, port } = new URL(url);
  const send = (path: string, form?: string): Promise<string> =>
    new Promise((done, failed) => {
      const headers: Record<string, string> = form ? { "content-type": "application/x-www-form-urlencoded" } : {};
      const method = form ? "POST" : "GET";
      const asked = request({ agent, hostname, port, path, method, headers }, (response) => response.resume().once("end", () => done(String(response.statusCode))));
      // Where a kept connection was closed meanwhile, browsers ask once more on another, and so does this one, as slow as it may be.
      const isClosed = (error: NodeJS.ErrnoException) => asked.reusedSocket && error.code === "ECONNRESET";
      asked.once("error", (error) => (isClosed(error) ? void send(path, form).then(done, failed) : failed(error))).end(form);
    });
  return { send, end: () => agent.destroy() };
}

/** Reads page after page. */
function readOn(url: string, paths = pages): Busy {
  const { send, end } = onOneConnection(url);
  return busy((index) => send(paths[index % paths.length] ?? home), "200", end);
}

/** Sends message after message, each with a name of its own. */
function writeOn(url: string, who: string): Busy {
  const { send, end } = onOneConnection(url);
  return busy((index) => send("/message/", `message=${who}-${index}-`), "303", end);
}

/** Reads page after page over HTTP/2, on a connection that is kept until the site says that it ends. */
function readOnHttp2(url: string): Busy {
  let session: ClientHttp2Session | undefined;
  const get = async (path: string): Promise<string> => {
    if (!session || session.closed || session.destroyed) session = connect(url).on("error", () => {});
    const stream = session.request({ ":path": path });
    try {
      const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
      await once(stream.resume(), "end");
      return String(headers[":status"]);
    } catch (error) {
      // It was not sent, as the site's goodbye came before: every client asks again then, on another connection.
      if (session.closed && stream.rstCode === constants.NGHTTP2_REFUSED_STREAM) return get(path);
      throw error;
    }
  };
  return busy((index) => get(pages[index % pages.length] ?? home), "200", () => session?.destroy());
}

test("a successor takes over without one request that fails, and the old program ends", async () => {
  const metrics = await freeAddress();
  await using server = await Server.start({ PAVISE_METRICS_ADDR: metrics });
  const readers = [...Array.from({ length: 8 }, () => readOn(server.url)), ...Array.from({ length: 4 }, () => readOnHttp2(server.url))];
  const writers = ["one", "other"].map((who) => ({ who, writing: writeOn(server.url, who) }));
  const ended = new Promise((done) => server.process.once("exit", done));
  await ask(server.url, home);
  server.process.kill("SIGUSR2");
  expect(await ended).toBe(0);
  const pid = await server.succeeded();
  try {
    expect((await ask(server.url, "/readyz")).status).toBe(200);
    await expect.poll(() => ask(`http://${metrics}`, "/metrics").then(({ status }) => status, String), "measures are there again").toBe(200);
    const read = await Promise.all(readers.map((reader) => reader.stop()));
    expect(read.flatMap(({ failed }) => failed)).toEqual([]);
    expect(Math.min(...read.map(({ done }) => done))).toBeGreaterThan(1);
    const sent: string[] = [];
    for (const { who, writing } of writers) {
      const { failed, done } = await writing.stop();
      expect(failed).toEqual([]);
      sent.push(...Array.from({ length: done }, (_, index) => `${who}-${index}-`));
    }
    await using folder = await Folder.make();
    const { stdout } = await run(folder, ["messages"], { DATABASE_URL: server.store });
    expect(sent.length).toBeGreaterThan(2);
    expect(stdout.match(/\b(one|other)-\d+-/g)?.toSorted(), "each message is there once").toEqual(sent.toSorted());
  } finally {
    process.kill(pid);
  }
  await expect.poll(() => ask(server.url, home).catch(() => "gone")).toBe("gone");
});

test("a request of which half has come when the program is to end is answered", async () => {
  await using server = await Server.start();
  const { hostname, port } = new URL(server.url);
  const open = () => {
    const socket = connectTcp(Number(port), hostname).setEncoding("latin1").on("error", () => {});
    const it = { socket, got: "", isClosed: false };
    socket.on("data", (data) => (it.got += data)).once("close", () => (it.isClosed = true));
    return it;
  };
  const [idle, kept, first] = [open(), open(), open()];
  for (const { socket } of [idle, kept]) socket.write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  await expect.poll(() => [idle, kept].map(({ got }) => statuses(got))).toEqual([[200], [200]]);
  for (const { socket } of [kept, first]) socket.write("GET /healthz HTTP/1.1\r\nHo");
  await ask(server.url, home);
  const ended = server.stop();
  await expect.poll(() => idle.isClosed, "nobody waits for one that says nothing").toBe(true);
  for (const { socket } of [kept, first]) socket.write("st: a\r\n\r\n");
  await expect.poll(() => [kept, first].map(({ got }) => statuses(got))).toEqual([[200, 200], [200]]);
  expect(await ended).toBe(0);
});

test("a successor that cannot start changes nothing", async () => {
  await using server = await Server.start({}, { "Leptos.toml": "" });
  await write(join(new URL(server.store).pathname, "../../Leptos.toml"), "nonsense");
  server.process.kill("SIGUSR2");
  await expect.poll(() => server.log).toContain("the successor ended before it served: this program goes on");
  expect((await ask(server.url, home)).status).toBe(200);
});

test("a program that ends finishes what it began", async () => {
  await using server = await Server.start();
  const readers = Array.from({ length: 8 }, () => readOn(server.url));
  const probes = Array.from({ length: 4 }, () => readOn(server.url, ["/readyz"]));
  await ask(server.url, home);
  expect(await server.stop()).toBe(0);
  const read = await Promise.all(readers.map((reader) => reader.stop()));
  const failures = (some: string[]) => new Set(some.map((error) => /ECONN\w+/.exec(error)?.[0] ?? error));
  // Nobody listens any more; no answer was cut off, and no request taken in and dropped.
  expect(failures(read.flatMap(({ failed }) => failed))).toEqual(new Set(["ECONNREFUSED"]));
  const probed = await Promise.all(probes.map((probe) => probe.stop()));
  expect(failures(probed.flatMap(({ failed }) => failed)), "who asks where to send readers is told in time").toEqual(new Set(["503", "ECONNREFUSED"]));
});
