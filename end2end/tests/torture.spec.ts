// The program is killed while it writes, again and again: what it acknowledged is there, and nothing is half there.
// `make torture` does this a thousand times for each engine.

import { execFile } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { promisify } from "node:util";
import { Database, expect, Server, test } from "../fixtures.js";
import { submit } from "../http.js";
import { Folder, postFile, run } from "../program.js";

const command = promisify(execFile);

const CYCLES = Number(process.env.PAVISE_TORTURE ?? 10);
/** How many readers write at once, and how many posts an import has. */
const [WRITERS, POSTS] = [4, 12];
/** Until when the program is killed, in milliseconds: within this, it has written some messages and is in the middle of an import. */
const LONGEST = 150;

test.describe.configure({ timeout: 60_000 + CYCLES * 5_000 });

/** What the engine itself says of its data. */
async function integrity(store: string): Promise<string> {
  if (store.startsWith("sqlite:")) {
    const script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); print(*(row[0] for name in ('integrity_check', 'foreign_key_check') for row in db.execute('pragma ' + name)))";
    return (await command("python3", ["-c", script, store.replace("sqlite://", "")])).stdout.trim();
  }
  const psql = async (sql: string) => (await command("psql", [store, "-qtAc", sql])).stdout.trim().split("\n").filter(Boolean);
  // Each foreign key is made anew, which finds what refers to nothing, and each index read beside its table.
  const keys = await psql("select format('alter table %s drop constraint %I, add constraint %2$I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint where contype = 'f'");
  expect(keys.length).toBeGreaterThan(5);
  await psql(["begin", ...keys, "rollback"].join("; "));
  await psql("create extension if not exists amcheck; select bt_index_check(indexrelid, true) from pg_index where indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)");
  return "ok";
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
  await using database = info.project.metadata.postgres && (await Database.of(process.env.PAVISE_TEST_POSTGRES ?? ""));
  const store = database?.url ?? `sqlite://${folder.path}/pavise.db`;
  const env = { DATABASE_URL: store, PAVISE_CONTENT_DIR: join(folder.path, "none") };
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
    expect(await integrity(store), there).toBe("ok");
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
  // Of a few, each may have been through before it could be killed.
  if (CYCLES >= 100) expect(importsKilled, "some imports were killed").toBeGreaterThan(0);
  console.log(`${CYCLES} cycles: ${acknowledged.length} messages acknowledged, ${importsKilled} imports killed, nothing lost`);
});
