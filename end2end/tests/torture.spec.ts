// The program is killed while it writes, again and again: what it acknowledged is there, and nothing is half there.
// `make torture` does this a thousand times for each engine.

import { execFile } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, Server, test } from "../fixtures.js";
import { submit } from "../http.js";
import { Folder, postFile, run } from "../program.js";

const command = promisify(execFile);

const CYCLES = Number(process.env.PAVISE_TORTURE ?? 10);
/** How many readers write at once, and how many posts an import has. */
const [WRITERS, POSTS] = [4, 12];
/** Until when the program is killed, in milliseconds: within this, it has written some messages and is in the middle of an import. */
const LONGEST = 150;

test.describe.configure({ timeout: 60_000 + CYCLES * 5_000 });

/** A store that nobody else uses, on the engine of the project. */
async function storeOfItsOwn(folder: Folder, postgres: string | undefined): Promise<{ url: string } & AsyncDisposable> {
  if (!postgres) return { url: `sqlite://${folder.path}/pavise.db`, [Symbol.asyncDispose]: async () => {} };
  const name = `torture_${process.pid}`;
  await command("psql", [postgres, "-qc", `create database ${name}`]);
  const url = new URL(postgres);
  url.pathname = name;
  return { url: url.href, [Symbol.asyncDispose]: async () => void (await command("psql", [postgres, "-qc", `drop database ${name} with (force)`])) };
}

/** What SQLite itself says of its file. */
async function integrity(store: string): Promise<string> {
  if (!store.startsWith("sqlite:")) return "ok";
  const script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); print(*(row[0] for name in ('integrity_check', 'foreign_key_check') for row in db.execute('pragma ' + name)))";
  return (await command("python3", ["-c", script, store.replace("sqlite://", "")])).stdout.trim();
}

/** Sends messages until the server is gone, one after the other, and gives those that it acknowledged. */
async function write(server: Server, name: () => string): Promise<string[]> {
  const acknowledged = [];
  for (;;) {
    const message = name();
    const answer = await submit(server.url, "/message/", { message }).catch(() => undefined);
    if (answer?.status !== 303) return acknowledged;
    acknowledged.push(message);
  }
}

/** The versions of the posts in the store. */
async function versions(folder: Folder, env: Record<string, string>): Promise<number[]> {
  const exported = join(folder.path, "exported");
  await rm(exported, { recursive: true, force: true });
  const { code, stderr } = await run(folder, ["export", exported], env);
  expect(code, stderr).toBe(0);
  const posts = (await readdir(join(exported, "posts")).catch(() => [])).map((name) => readFile(join(exported, "posts", name, "index.md"), "utf8"));
  return (await Promise.all(posts)).map((text) => Number(/^title: "?Version (\d+)/m.exec(text)?.[1]));
}

test("whatever moment it is killed at, what was acknowledged is there", { tag: "@store" }, async ({}, info) => {
  await using folder = await Folder.make();
  await using store = await storeOfItsOwn(folder, info.project.metadata.postgres ? process.env.PAVISE_TEST_POSTGRES : undefined);
  const env = { DATABASE_URL: store.url, PAVISE_CONTENT_DIR: join(folder.path, "none") };
  const acknowledged: string[] = [];
  let [sent, imported, importsKilled] = [0, 0, 0];
  for (let version = 1; version <= CYCLES; version++) {
    for (let post = 0; post < POSTS; post++) await folder.write(`content/posts/post-${post}/index.md`, postFile(`Version ${version}`, "2024-05-01"));
    await using server = await Server.start(env);
    const writing = Array.from({ length: WRITERS }, () => write(server, () => `message-${sent++}-`));
    const end = new AbortController();
    const importing = run(folder, ["import", "content"], env, end.signal);
    // The moment is what this is about: each cycle has others.
    await Promise.all([
      // Some come through on the slowest machine.
      version % 3 > 0 ? after(Math.random() * LONGEST).then(() => end.abort()) : importing,
      after(Math.random() * LONGEST).then(() => server.process.kill("SIGKILL")),
    ]);
    acknowledged.push(...(await Promise.all(writing)).flat());
    const ended = await importing;
    expect([0, null], ended.stderr).toContain(ended.code);
    if (ended.code === null) importsKilled++;

    const there = `after ${version} cycles`;
    expect(await integrity(store.url), there).toBe("ok");
    const all = (await run(folder, ["messages"], env)).stdout;
    const messages = all.match(/message-\d+-/g) ?? [];
    const stored = new Set(messages);
    expect(stored.size, `no message is there twice ${there}`).toBe(messages.length);
    expect(acknowledged.filter((message) => !stored.has(message)), `lost ${there}`).toEqual([]);
    const posts = await versions(folder, env);
    expect([0, POSTS], `an import is whole ${there}`).toContain(posts.length);
    expect(new Set(posts).size, `an import is whole ${there}`).toBeLessThanOrEqual(1);
    const [now = 0] = posts;
    // One that was killed when it was about to say so may be there as well.
    expect(ended.code === 0 ? [version] : [imported, version], `the last import ${there}`).toContain(now);
    imported = now;
  }
  expect(acknowledged.length, "something was acknowledged").toBeGreaterThan(CYCLES);
  expect(imported, "something was imported").toBeGreaterThan(0);
  console.log(`${CYCLES} cycles: ${acknowledged.length} messages acknowledged, ${importsKilled} imports killed, nothing lost`);
});
