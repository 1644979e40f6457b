// A new release takes over from the one that runs, while readers read.

import { Agent, request } from "node:http";
import { join } from "node:path";
import { expect, Server, test, write } from "../fixtures.js";
import { ask } from "../http.js";
import { home, plan, post } from "../pages.js";
import { freeAddress } from "../program.js";

/** Reads on, page after page on a connection that is kept, until told to stop; gives what did not work, and how many did. */
function readOn(url: string, paths = [home, plan, post, "/?q=internet", "/feed/"]): { stop: () => Promise<{ failed: string[]; read: number }> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let stopped = false;
  const { hostname, port } = new URL(url);
  const get = (path: string) =>
    new Promise<string>((done) => {
      request({ agent, hostname, port, path }, (response) => response.resume().once("end", () => done(String(response.statusCode))))
        .once("error", (error) => done(String(error)))
        .end();
    });
  const reading = (async () => {
    const failed: string[] = [];
    let read = 0;
    while (!stopped) {
      const status = await get(paths[read++ % paths.length] ?? home);
      if (status !== "200") failed.push(status);
    }
    agent.destroy();
    return { failed, read };
  })();
  return { stop: () => ((stopped = true), reading) };
}

test("a successor takes over without one request that fails, and the old program ends", async () => {
  const metrics = await freeAddress();
  await using server = await Server.start({ PAVISE_METRICS_ADDR: metrics });
  const readers = Array.from({ length: 8 }, () => readOn(server.url));
  const ended = new Promise((done) => server.process.once("exit", done));
  await ask(server.url, home);
  server.process.kill("SIGUSR2");
  expect(await ended).toBe(0);
  await expect.poll(() => server.log).toMatch(/relieved the predecessor pid=\d+/);
  const pid = Number(/relieved the predecessor pid=(\d+)/.exec(server.log)?.[1]);
  try {
    expect((await ask(server.url, "/readyz")).status).toBe(200);
    await expect.poll(() => ask(`http://${metrics}`, "/metrics").then(({ status }) => status, String), "measures are there again").toBe(200);
    const read = await Promise.all(readers.map((reader) => reader.stop()));
    expect(read.flatMap(({ failed }) => failed)).toEqual([]);
    expect(Math.min(...read.map(({ read }) => read))).toBeGreaterThan(1);
  } finally {
    process.kill(pid);
  }
  await expect.poll(() => ask(server.url, home).catch(() => "gone")).toBe("gone");
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
  const probe = readOn(server.url, ["/readyz"]);
  await ask(server.url, home);
  expect(await server.stop()).toBe(0);
  const read = await Promise.all(readers.map((reader) => reader.stop()));
  const failures = (some: string[]) => new Set(some.map((error) => /ECONN\w+/.exec(error)?.[0] ?? error));
  // Nobody listens any more; no answer was cut off, and no request taken in and dropped.
  expect(failures(read.flatMap(({ failed }) => failed))).toEqual(new Set(["ECONNREFUSED"]));
  expect(failures((await probe.stop()).failed), "who asks where to send readers is told in time").toEqual(new Set(["503", "ECONNREFUSED"]));
});
