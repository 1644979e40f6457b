// A site of its own for each worker: the release binary with a fresh database, on a port that is free.

import AxeBuilder from "@axe-core/playwright";
import { type Page, test as base, expect } from "@playwright/test";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

/** The folder of the project. */
export const root = resolve(import.meta.dirname, "..");

/** The release binary under test. */
export const binary = process.env.PAVISE_BINARY ?? join(root, "target/release/pavise");

/** Writes a file, and makes the folders above it. */
export async function write(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** What servers that have ended said when they panicked, until it is told. */
const panics = new Set<string>();

/** Keeps what a log says of panics, by which the test fails that is running. */
export function keepPanics(log: string): void {
  // With the line after it, which may have the reason.
  for (const [panic] of log.matchAll(/^.*(a defect: please report it|thread '.*' panicked at).*(\n.*)?/gm)) panics.add(panic);
}

function tellPanics(): void {
  const all = [...panics];
  panics.clear();
  if (all.length > 0) throw new Error(`a server panicked:\n${all.join("\n")}`);
}

/** A database of the tests' PostgreSQL that nobody else uses, and that is gone at the end of its block. */
export class Database implements AsyncDisposable {
  private static made = 0;

  private constructor(
    readonly url: string,
    private readonly drop: string[],
  ) {}

  static async of(postgres: string): Promise<Database> {
    const name = `of_${process.pid}_${Database.made++}`;
    await promisify(execFile)("psql", [postgres, "-qc", `create database ${name}`]);
    const url = new URL(postgres);
    url.pathname = name;
    return new Database(url.href, [postgres, "-qc", `drop database ${name} with (force)`]);
  }

  /** The same in the project that is about PostgreSQL; in the others there is none, and a file is meant. */
  static async ofProject(): Promise<Database | undefined> {
    const postgres = base.info().project.metadata.postgres ? process.env.PAVISE_TEST_POSTGRES : undefined;
    return postgres ? await Database.of(postgres) : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await promisify(execFile)("psql", this.drop);
  }
}

/** A running server. */
export class Server {
  private constructor(
    readonly url: string,
    readonly process: ChildProcess,
    private readonly folder: string,
    private readonly output: { log: string },
  ) {}

  /** Starts the binary in a folder with these files alone, with these settings over the usual ones, `by` a command that becomes it, and waits until it serves. */
  static async start(env: Record<string, string> = {}, files: Record<string, string> = {}, by: string[] = []): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "pavise-"));
    for (const [name, text] of Object.entries(files)) await write(join(folder, name), text);
    const [command = binary, ...args] = [...by, binary];
    const child = spawn(command, args, {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? "",
        LEPTOS_SITE_ADDR: "127.0.0.1:0",
        LEPTOS_SITE_ROOT: join(root, "target/site"),
        PAVISE_CONTENT_DIR: join(root, "content"),
        ...env,
      },
    });
    const output = { log: "" };
    child.stderr.on("data", (data) => (output.log += data));
    const url = await new Promise<string>((done, failed) => {
      let said = "";
      child.stdout.on("data", (data) => {
        said += data;
        const address = /Pavise serves (http:\S+)/.exec(said)?.[1];
        if (address) done(address);
      });
      child.once("error", failed);
      child.once("exit", (code) => failed(new Error(`the server ended with ${code}:\n${output.log}`)));
    });
    return new Server(url, child, folder, output);
  }

  /** The setting that leads other programs to its store, where it has one of its own. */
  get store(): string {
    return `sqlite://${join(this.folder, "data/pavise.db")}`;
  }

  /** Everything that was logged so far. */
  get log(): string {
    return this.output.log;
  }

  /** Waits until a successor has taken over, and gives its process. */
  async succeeded(): Promise<number> {
    await expect.poll(() => this.log).toMatch(/relieved the predecessor pid=\d+/);
    return Number(/relieved the predecessor pid=(\d+)/.exec(this.log)?.[1]);
  }

  /** Ends the server as an operator would, and gives its exit code. */
  async stop(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = new Promise((done) => this.process.once("exit", done));
      this.process.kill("SIGTERM");
      await ended;
    }
    // What it said last is read in the next turn: its pipe may stay open, as a successor has it too.
    for (let turn = 0; turn < 2; turn++) await new Promise((done) => setImmediate(done));
    await rm(this.folder, { recursive: true, force: true });
    keepPanics(this.log);
    return this.process.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

type Worker = { settings: Record<string, string>; server: Server };
type Test = { quietConsole: void; soundServers: void; wasm: void };

export const test = base.extend<Test, Worker>({
  // What a file's tests need their server to be set to: `test.use({ settings: … })`.
  settings: [{}, { scope: "worker", option: true }],

  server: [
    async ({ settings }, use, worker) => {
      const postgres = worker.project.metadata.postgres ? process.env.PAVISE_TEST_POSTGRES : undefined;
      const server = await Server.start(postgres ? { DATABASE_URL: postgres, ...settings } : settings);
      await use(server);
      await server.stop();
      tellPanics();
    },
    { scope: "worker" },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  // Whatever a test did to a server, it must not have panicked. An error of the test's own is told beside this one.
  soundServers: [
    async ({ server }, use) => {
      await use();
      keepPanics(server.log);
      tellPanics();
    },
    { auto: true },
  ],

  // A browser without WebAssembly, or a network that loses it.
  wasm: [
    async ({ page }, use, info) => {
      if (info.project.metadata.blockWasm) await page.route("**/*.wasm", (route) => route.abort());
      await use();
    },
    { auto: true },
  ],

  // Nothing in a page may complain: no message, no error, whatever the journey.
  quietConsole: [
    async ({ page }, use, info) => {
      const messages: string[] = [];
      const expected = (text: string) => /Failed to load resource/.test(text) && (info.project.metadata.blockWasm || info.tags.includes("@fails"));
      page.on("console", (message) => {
        if (!expected(message.text()) && !/Service Worker registration blocked/.test(message.text())) messages.push(`${message.type()}: ${message.text()}`);
      });
      page.on("pageerror", (error) => messages.push(String(error)));
      await use();
      expect(messages, "the console stays silent").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Skips a test where something of the system's is missing; with PAVISE_TEST=whole nothing may be. */
export function needs(what: unknown, otherwise: string): asserts what {
  if (!what && process.env.PAVISE_TEST === "whole") throw new Error(`PAVISE_TEST is whole, but ${otherwise}`);
  test.skip(!what, otherwise);
}

/**
 * Takes the page elsewhere at the end of its block: declared after a server of the test's own, before that server goes. What
 * the page still asks for then is nobody's fault.
 */
export function leaving(page: Page): AsyncDisposable {
  return { [Symbol.asyncDispose]: async () => void (await page.goto("about:blank")) };
}

/** Waits until the islands of the page are awake, as a reader could notice: the theme answers without a request. */
export async function awake(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const islands = [...document.querySelectorAll("leptos-island")];
    return islands.length > 0 && islands.every((island) => "$$dispose" in island);
  });
}

/** Checks the page against WCAG 2.2 AA, and its text for the contrast of AAA: 7:1. */
export async function accessible(page: Page): Promise<void> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const rules = { "color-contrast-enhanced": { enabled: true } };
  const { violations } = await new AxeBuilder({ page }).options({ runOnly: tags, rules }).analyze();
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target).join(", ")}`);
  expect(told).toEqual([]);
}
