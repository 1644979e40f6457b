// The program run to its end, as an operator runs it, in a folder of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary, root, write } from "./fixtures.js";

export type Ended = { code: number | null; stdout: string; stderr: string };

/** An empty folder that is gone at the end of a test. */
export class Folder {
  private constructor(readonly path: string) {}

  static async make(files: Record<string, string | Uint8Array> = {}): Promise<Folder> {
    const folder = new Folder(await mkdtemp(join(tmpdir(), "pavise-")));
    for (const [name, content] of Object.entries(files)) await folder.write(name, content);
    return folder;
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    await write(join(this.path, name), content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Runs the program with these arguments and settings in `folder`, and waits for its end. With the signal it is killed: then there is no code. */
export async function run(folder: Folder, args: string[], env: Record<string, string> = {}, signal?: AbortSignal): Promise<Ended> {
  const child = spawn(binary, args, {
    cwd: folder.path,
    env: { LEPTOS_SITE_ADDR: "127.0.0.1:0", LEPTOS_SITE_ROOT: join(root, "target/site"), ...env },
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (data) => (output.stdout += data));
  child.stderr.on("data", (data) => (output.stderr += data));
  signal?.addEventListener("abort", () => child.kill("SIGKILL"), { once: true });
  const code = await new Promise<number | null>((done, failed) => {
    child.once("error", failed);
    child.once("close", done);
  });
  return { code, ...output };
}

/** An address of this machine at which nobody listens. */
export async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" ? `127.0.0.1:${address?.port}` : "";
}

/** A post as its file, with this title, day and summary. */
export function postFile(title: string, published: string, summary = "About it."): string {
  return `---\ntitle: "${title}"\nsummary: "${summary}"\npublished: ${published}\n---\n\nWords.\n`;
}

/** A Fluent file of a language that the program does not have: some of its words, the others in English. */
export async function portuguese(...without: string[]): Promise<string> {
  const words = { "language-name": "Português", "nav-posts": "Publicações", "not-found-title": "Não há página aqui" };
  const english = await readFile(join(root, "locales/en.ftl"), "utf8");
  const other = Object.entries(words).reduce((text, [id, value]) => text.replace(new RegExp(`^${id} = .*$`, "m"), `${id} = ${value}`), english);
  return without.reduce((text, id) => text.replace(new RegExp(`^${id} = .*\n`, "m"), ""), other);
}
