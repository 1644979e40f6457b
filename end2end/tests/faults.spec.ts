// The disk is full, the database locked, damaged or away: readers go on, writers are told, and the site recovers by itself.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { copyFile, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { binary, Database, expect, keepPanics, needs, root, Server, test } from "../fixtures.js";
import { ask, submit } from "../http.js";
import { home, post, topics } from "../pages.js";
import { type Ended, Folder, freeAddress, postFile, run } from "../program.js";
import { localized } from "../site.js";

const command = promisify(execFile);

const send = (url: string, message: string) => submit(url, "/message/", { message });

/** What a site without its store answers to what it would have to look up or keep. */
const unavailable = { status: 503, headers: { "retry-after": expect.stringMatching(/^\d+$/) }, text: expect.stringContaining("<h1") };

/** Ends a program, if it has not ended by itself. */
async function ended(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const exit = once(process, "exit");
  process.kill("SIGTERM");
  await exit;
}

/** A site whose store is on a disk of its own, of some megabytes. */
class SmallDisk implements AsyncDisposable {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
    private readonly folder: Folder,
    private readonly output: { log: string },
  ) {}

  /** Skips the test where this system lets nobody make one. */
  static async make(megabytes: number): Promise<SmallDisk> {
    const own = process.getuid?.() === 0 ? ["--mount"] : ["--mount", "--map-root-user"];
    const allowed = await command("unshare", [...own, "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"]).then(() => true, () => false);
    needs(allowed, "this system lets nobody mount a disk in memory");
    const folder = await Folder.make();
    const script = `mount -t tmpfs -o size=${megabytes}m none "$0" && cd "$0" && exec "$1"`;
    const child = spawn("unshare", [...own, "sh", "-c", script, folder.path, binary], {
      env: { ...process.env, LEPTOS_SITE_ADDR: "127.0.0.1:0", LEPTOS_SITE_ROOT: join(root, "target/site"), PAVISE_CONTENT_DIR: join(root, "content") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { log: "" };
    child.stderr.on("data", (data) => (output.log += data));
    const url = await new Promise<string>((done, failed) => {
      child.stdout.on("data", (said) => done(/http:\S+/.exec(String(said))?.[0] ?? ""));
      child.once("exit", (code) => failed(new Error(`the server ended with ${code}:\n${output.log}`)));
    });
    return new SmallDisk(url, child, folder, output);
  }

  /** A file of that disk, which only its processes see. */
  at(name: string): string {
    return join(`/proc/${this.process.pid}/root`, this.folder.path, name);
  }

  /** Runs the program once more beside the one that serves. */
  async run(args: string[]): Promise<Ended> {
    const inside = [`--target=${this.process.pid}`, "--mount", ...(process.getuid?.() === 0 ? [] : ["--user", "--preserve-credentials"])];
    const ended = command("nsenter", [...inside, "sh", "-c", 'cd "$0" && exec "$@"', this.folder.path, binary, ...args]);
    return ended.then(({ stdout, stderr }) => ({ code: 0, stdout, stderr }), ({ code, stdout, stderr }) => ({ code, stdout, stderr }));
  }

  /** Takes all the room that is left. */
  async fill(): Promise<void> {
    const ballast = await open(this.at("ballast"), "a");
    for (const size of [65_536, 4_096, 1]) while (await ballast.write(Buffer.alloc(size)).then(() => true, () => false));
    await ballast.close();
  }

  async empty(): Promise<void> {
    await rm(this.at("ballast"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await ended(this.process);
    keepPanics(this.output.log);
    await this.folder[Symbol.asyncDispose]();
  }
}

test("on a full disk readers go on, writers are told to come again, and then all is well", async () => {
  await using disk = await SmallDisk.make(16);
  const kept: string[] = [];
  const one = async () => {
    const message = `message-${kept.length}-`;
    const answer = await send(disk.url, message + "a".repeat(4_000));
    if (answer.status === 303) kept.push(message);
    return answer;
  };
  expect((await one()).status).toBe(303);
  await disk.fill();
  // The journal may have room for some more.
  let answer = await one();
  for (let more = 0; answer.status === 303 && more < 5_000; more++) answer = await one();
  expect(answer).toMatchObject(unavailable);
  expect(answer.text, "what was written is in the form").toContain("a".repeat(4_000));
  for (const path of [home, post, topics, "/healthz"]) expect((await ask(disk.url, path)).status, path).toBe(200);
  await disk.empty();
  expect((await one()).status).toBe(303);
  expect((await ask(disk.url, "/readyz")).status).toBe(200);
  const there = (await disk.run(["messages"])).stdout.match(/message-\d+-/g) ?? [];
  expect(there.toSorted()).toEqual(kept.toSorted());
});

test("an import and a backup for which the disk has no room say so, and leave all as it was", async () => {
  await using disk = await SmallDisk.make(64);
  await using content = await Folder.make();
  for (let n = 0; n < 40; n++) await content.write(`posts/new-${n}/index.md`, postFile(`New ${n}`, "2024-05-01") + "words and more words\n".repeat(8_000));
  const [imports, backs] = [["import", content.path], ["backup", "site.backup"]];
  const exported = async (dir: string) => {
    expect(await disk.run(["export", dir])).toMatchObject({ code: 0, stderr: "" });
    return (await readdir(disk.at(`${dir}/posts`))).toSorted();
  };
  expect(await disk.run(backs)).toMatchObject({ code: 0 });
  const [backup, before] = [await readFile(disk.at("site.backup")), await exported("before")];
  expect(before.length).toBeGreaterThan(5);

  await disk.fill();
  const full = /^pavise: [^\n]*(No space left on device|database or disk is full)[^\n]*; [^\n]*make room[^\n]*\n$/;
  for (const command of [imports, backs]) expect(await disk.run(command)).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(full) });
  expect(backup.equals(await readFile(disk.at("site.backup"))), "the backup that was there is whole").toBe(true);
  expect((await readdir(disk.at("."))).filter((name) => name.startsWith("site.backup"))).toEqual(["site.backup"]);
  for (const path of [home, post, topics]) expect((await ask(disk.url, path)).status, path).toBe(200);
  expect((await ask(disk.url, "/blog/2024/05/new-1/")).status).toBe(404);

  await disk.empty();
  expect(await exported("after"), "nothing of the import is there").toEqual(before);
  for (const command of [imports, backs]) expect(await disk.run(command)).toMatchObject({ code: 0, stderr: "" });
  expect(await exported("last")).toHaveLength(before.length + 40);
  await expect.poll(async () => (await ask(disk.url, "/blog/2024/05/new-1/")).status).toBe(200);
  await expect.poll(async () => (await ask(disk.url, "/api/search?q=words")).text, { timeout: 30_000 }).toMatch(/\/2024\/05\/new-\d+\//);
});

test("while another program keeps the database locked, readers go on and writers are told to come again", async () => {
  await using server = await Server.start();
  await using lock = await Lock.of(server.store);
  expect(await send(server.url, "a")).toMatchObject(unavailable);
  for (const path of [home, post, topics]) expect((await ask(server.url, path)).status, path).toBe(200);
  await lock.end();
  expect((await send(server.url, "b")).status).toBe(303);
});

/** A program that keeps a database for itself. */
class Lock implements AsyncDisposable {
  private constructor(private readonly process: ChildProcess) {}

  static async of(store: string): Promise<Lock> {
    const script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None); db.execute('begin immediate'); print('locked', flush=True); sys.stdin.read()";
    const child = spawn("python3", ["-c", script, store.replace("sqlite://", "")], { stdio: ["pipe", "pipe", "inherit"] });
    await once(child.stdout, "data");
    return new Lock(child);
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.stdin?.end();
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}

/** Overwrites all of a file but its first page, as a disk does that breaks. */
async function damage(file: string): Promise<void> {
  const { size } = await stat(file);
  const handle = await open(file, "r+");
  await handle.write(Buffer.alloc(size - 4_096, 0xa5), 0, size - 4_096, 4_096);
  await handle.close();
}

/** The file of a store, with everything that was stored. */
async function settled(store: string): Promise<string> {
  const file = store.replace("sqlite://", "");
  await command("python3", ["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('pragma wal_checkpoint(truncate)')", file]);
  return file;
}

test("a database that is damaged while the site serves costs the pages that were not made yet, and no more", { tag: "@fails" }, async ({ page }) => {
  await using server = await Server.start();
  expect((await ask(server.url, home)).status).toBe(200);
  await damage(await settled(server.store));
  for (let times = 0; times < 3; times++) {
    expect((await ask(server.url, home)).status, "a page that was made").toBe(200);
    expect(await ask(server.url, post)).toMatchObject(unavailable);
    expect(await ask(server.url, "/api/list_posts")).toMatchObject({ status: 503 });
    expect(await send(server.url, "a")).toMatchObject(unavailable);
  }
  expect((await ask(server.url, "/readyz")).status).toBe(503);
  await page.goto(server.url + post);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

/** Does what a service manager does: listens, and hands the socket over as standard input, which waits as theirs do. */
const LISTENS = `
import os, socket, sys
host, port = os.environ["LEPTOS_SITE_ADDR"].split(":")
listener = socket.create_server((host, int(port)))
os.dup2(listener.fileno(), 0)
os.execv(sys.argv[1], sys.argv[1:])
`;

for (const [who, by] of [
  ["the program", []],
  ["a service manager", ["python3", "-c", LISTENS]],
] as const) {
  test(`until it can serve, the program says that it is starting, where ${who} listens`, async () => {
    await using folder = await Folder.make();
    const env = { DATABASE_URL: `sqlite://${join(folder.path, "pavise.db")}` };
    expect((await run(folder, ["import", join(root, "content")], env)).code).toBe(0);
    await using lock = await Lock.of(env.DATABASE_URL);
    const address = await freeAddress();
    const started = Server.start({ ...env, LEPTOS_SITE_ADDR: address }, {}, [...by]);
    const url = `http://${address}`;
    // It waits for five seconds.
    const answers = async () => Promise.all(["/readyz", "/healthz", localized("ar", home)].map((path) => ask(url, path)));
    await expect.poll(() => answers().catch(() => undefined), { intervals: [50] }).toMatchObject([
      { status: 503, text: "the program is starting\n", headers: { "retry-after": "2" } },
      { status: 200, text: "ok\n" },
      { ...unavailable, text: expect.stringMatching(/<html lang="ar" dir="rtl">.*<h1/) },
    ]);
    await lock.end();
    await using server = await started;
    for (const path of ["/readyz", home]) expect((await ask(server.url, path)).status, path).toBe(200);
  });
}

test("two programs that start at once on a new database both serve, and what they serve is there once", { tag: "@store" }, async () => {
  await using imported = await Folder.make();
  const exported = async (store: string) => {
    await using folder = await Folder.make();
    expect((await run(folder, ["export", "all"], { DATABASE_URL: store })).stderr).toBe("");
    const files = await readdir(join(folder.path, "all"), { recursive: true, withFileTypes: true });
    const names = files.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name)).toSorted();
    return await Promise.all(names.map(async (name) => [name.slice(folder.path.length), createHash("sha256").update(await readFile(name)).digest("hex")]));
  };
  const env = { DATABASE_URL: `sqlite://${join(imported.path, "pavise.db")}` };
  expect((await run(imported, ["import", join(root, "content")], env)).stderr).toBe("");
  const alone = await exported(env.DATABASE_URL);
  expect(alone.length).toBeGreaterThan(20);
  for (let times = 0; times < 3; times++) {
    await using folder = await Folder.make();
    await using database = await Database.ofProject();
    const store = database?.url ?? `sqlite://${join(folder.path, "pavise.db")}`;
    const [one, other] = [Server.start({ DATABASE_URL: store }), Server.start({ DATABASE_URL: store })];
    await using first = await one;
    await using second = await other;
    for (const { url } of [first, second]) {
      for (const path of ["/readyz", home, post]) expect((await ask(url, path)).status, path).toBe(200);
      expect((await send(url, `message-${url}`)).status).toBe(303);
    }
    expect(await exported(store)).toEqual(alone);
  }
});

test("a program that cannot open its database says what to do", async () => {
  await using folder = await Folder.make();
  const [file, whole] = [join(folder.path, "pavise.db"), join(folder.path, "whole.db")];
  const env = { DATABASE_URL: `sqlite://${file}` };
  expect((await run(folder, ["import", join(root, "content")], env)).code).toBe(0);
  await copyFile(file, whole);
  const starts = async () => {
    const { code, stderr } = await run(folder, [], { ...env, PAVISE_CONTENT_DIR: join(root, "content") });
    expect(code, stderr).toBe(1);
    expect(stderr).not.toMatch(/panicked|RUST_BACKTRACE/);
    return stderr;
  };
  await damage(file);
  const restore = /^pavise: DATABASE_URL is `sqlite:\/\/\S+`: the database cannot be opened \(.*malformed\); .*move it away, and restore a backup with `pavise restore FILE`\n$/;
  expect(await starts()).toMatch(restore);
  await writeFile(file, "these are words".repeat(1_000));
  expect(await starts()).toMatch(/restore a backup with `pavise restore FILE`\n$/);
  await copyFile(whole, file);
  await using _ = await Lock.of(env.DATABASE_URL);
  expect(await starts()).toMatch(/another program keeps it locked: end that one, and start again\n$/);
});

/** A PostgreSQL of its own, which may be stopped and started. */
class Postgres implements AsyncDisposable {
  private constructor(
    private readonly dir: string,
    private readonly port: string,
  ) {}

  /** Runs one of its programs, as somebody who may: it refuses to run as root. */
  private static async as(program: string, ...args: string[]): Promise<void> {
    const user = process.getuid?.() === 0 ? ["runuser", "-u", "postgres", "--"] : [];
    const [first = "", ...rest] = [...user, "env", `PATH=${process.env.PATH}`, program, ...args];
    const child = spawn(first, rest, { stdio: "ignore" });
    const [code] = await once(child, "exit");
    expect(code, `${program} ${args.join(" ")}`).toBe(0);
  }

  static async start(folder: Folder): Promise<Postgres> {
    const dir = join(folder.path, "postgres");
    await command("install", ["-d", ...(process.getuid?.() === 0 ? ["-o", "postgres"] : []), dir]);
    await command("chmod", ["a+x", folder.path]);
    await Postgres.as("initdb", `--pgdata=${dir}/data`, "--auth=trust", "--username=postgres", "--no-sync");
    const postgres = new Postgres(dir, (await freeAddress()).split(":")[1] ?? "");
    await postgres.start();
    return postgres;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  async start(): Promise<void> {
    await Postgres.as("pg_ctl", `--pgdata=${this.dir}/data`, `--log=${this.dir}/log`, "--wait", `--options=-p ${this.port} -h 127.0.0.1 -k ''`, "start");
  }

  async stop(): Promise<void> {
    await Postgres.as("pg_ctl", `--pgdata=${this.dir}/data`, "--mode=immediate", "stop");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // It may be stopped already, where a test failed.
    await this.stop().catch(() => {});
  }
}

test("PostgreSQL goes away, and when it is back all is well without a restart", async () => {
  needs(process.env.PAVISE_TEST_POSTGRES, "no PostgreSQL is installed: scripts/setup test");
  await using folder = await Folder.make();
  await using postgres = await Postgres.start(folder);
  await using server = await Server.start({ DATABASE_URL: postgres.url });
  for (const path of [home, topics]) expect((await ask(server.url, path)).status, path).toBe(200);
  expect((await send(server.url, "before-")).status).toBe(303);
  await postgres.stop();
  for (const path of [home, topics, "/healthz"]) expect((await ask(server.url, path)).status, path).toBe(200);
  expect(await ask(server.url, post), "a page that was not made yet").toMatchObject(unavailable);
  const refused = await send(server.url, "meanwhile-");
  expect(refused).toMatchObject(unavailable);
  expect(refused.text, "what was written is in the form").toContain("meanwhile-");
  expect((await ask(server.url, "/readyz")).status).toBe(503);
  await postgres.start();
  await expect.poll(async () => (await ask(server.url, "/readyz")).status).toBe(200);
  for (const path of [home, topics, post]) expect((await ask(server.url, path)).status, path).toBe(200);
  expect((await send(server.url, "after-")).status).toBe(303);
  const { stdout } = await run(folder, ["messages"], { DATABASE_URL: postgres.url });
  expect(stdout.match(/before-|meanwhile-|after-/g)?.toSorted()).toEqual(["after-", "before-"]);
  // What is written now is followed as before.
  await folder.write("content/topics/new.md", "---\ntitle: A new one\nsummary: It came after.\n---\n");
  expect((await run(folder, ["import", "content"], { DATABASE_URL: postgres.url })).stderr).toBe("");
  await expect.poll(async () => (await ask(server.url, "/topics/new/")).status).toBe(200);
});

test("where the search index cannot be written, it is kept in memory", async () => {
  await using server = await Server.start({ PAVISE_SEARCH_DIR: "/proc/nowhere" });
  await expect.poll(() => server.log).toContain("it is kept in memory");
  await expect.poll(async () => (await ask(server.url, "/api/search?q=internet")).text).toContain("Splinternet");
});
