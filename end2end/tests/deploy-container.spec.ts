// deploy/Dockerfile followed instruction by instruction, without Docker: what its base has of the system's libraries, and nothing else.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, copyFile, cp, mkdir, readFile, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { binary, expect, needs, root, test } from "../fixtures.js";
import { ask, submit } from "../http.js";
import { home } from "../pages.js";
import { Folder } from "../program.js";

const command = promisify(execFile);

/** What gcr.io/distroless/cc-debian12 has: libc6, libgcc-s1, libstdc++6. */
const base = ["ld-linux-x86-64.so.2", "libc.so.6", "libdl.so.2", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0", "librt.so.1", "libstdc++.so.6"];

/** The newest versions of their interfaces that these have there. */
const versions = { GLIBC: [2, 36], GLIBCXX: [3, 4, 30], CXXABI: [1, 3, 13] };

/** Whether one version comes after another. */
function isNewer(one: number[], other: number[]): boolean {
  const at = one.findIndex((part, n) => part !== (other[n] ?? 0));
  return at >= 0 && (one[at] ?? 0) > (other[at] ?? 0);
}

/** The instructions of a Dockerfile, each with what it says. */
function instructions(dockerfile: string): [string, string][] {
  const lines = dockerfile.replace(/^#.*\n/gm, "").replace(/\\\n\s*/g, "").split("\n").filter(Boolean);
  return lines.map((line) => [line.split(" ")[0] ?? "", line.slice(line.indexOf(" ") + 1)]);
}

/** The libraries that a program needs, by where they are. */
async function libraries(program: string): Promise<string[]> {
  return [...(await command("ldd", [program])).stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => path);
}

test("as the Dockerfile has it, the site needs nothing that is not there, may do nothing else, and writes to its volume alone", async () => {
  needs(process.getuid?.() === 0, "only root may make a container");
  await using folder = await Folder.make();
  const [dist, image, volume] = ["dist", "image", "volume"].map((name) => join(folder.path, name)) as [string, string, string];
  await command(join(root, "scripts/dist"), [dist]);
  const said = instructions(await readFile(join(dist, "pavise/deploy/Dockerfile"), "utf8"));
  const the = (instruction: string) => said.find(([name]) => name === instruction)?.[1] ?? "";

  expect(said.map(([name]) => name)).toEqual(["FROM", "COPY", "ENV", "WORKDIR", "VOLUME", "EXPOSE", "STOPSIGNAL", "USER", "ENTRYPOINT"]);
  expect(the("FROM")).toMatch(/^gcr\.io\/distroless\/cc-debian12:/);
  const needed = await libraries(binary);
  expect(needed.map((path) => path.split("/").pop()).filter((name) => !base.includes(name ?? ""))).toEqual([]);
  const wanted = [...(await readFile(binary, "latin1")).matchAll(/\0(GLIBC|GLIBCXX|CXXABI)_(\d+(?:\.\d+)+)(?=\0)/g)];
  expect(wanted.length).toBeGreaterThan(5);
  const newer = wanted.filter(([, of = "", version = ""]) => isNewer(version.split(".").map(Number), versions[of as keyof typeof versions]));
  expect(newer.map(([name]) => name.slice(1)), "build on Debian 12, or on what is older").toEqual([]);
  for (const path of needed) {
    await mkdir(join(image, dirname(path)), { recursive: true });
    await copyFile(path, join(image, path));
  }
  const [owner, from, to] = the("COPY").split(" ") as [string, string, string];
  expect([owner, from, the("VOLUME")]).toEqual(["--chown=0:0", ".", the("WORKDIR")]);
  await cp(join(dist, "pavise"), join(image, to), { recursive: true });
  await mkdir(join(image, the("VOLUME")), { recursive: true });
  await mkdir(volume);
  const [user, group] = the("USER").split(":").map(Number) as [number, number];
  expect(user).toBeGreaterThan(0);
  await chown(volume, user, group);

  // As the commands of its head say: nothing is written but to the volume, and there is no right to anything.
  const entry: string[] = JSON.parse(the("ENTRYPOINT"));
  const script = `mount --bind "$1" "$1"; mount --bind "$2" "$1${the("VOLUME")}"; mount --options remount,bind,ro "$1"
    exec setpriv --no-new-privs unshare --root="$1" --wd=${the("WORKDIR")} --setgid=${group} --setuid=${user} ${entry.join(" ")}`;
  const env = Object.fromEntries(the("ENV").split(" ").map((setting) => setting.split(/=(.*)/).slice(0, 2)));
  const container = ["--mount", "--pid", "--fork", "--kill-child", "bash", "-euo", "pipefail", "-c", script, "container", image, volume];
  const child = spawn("unshare", container, { env: { PATH: process.env.PATH ?? "", ...env, LEPTOS_SITE_ADDR: "127.0.0.1:0" } });
  try {
    let log = "";
    child.stderr.on("data", (data) => (log += data));
    const url = await new Promise<string>((done, failed) => {
      child.stdout.on("data", (data) => done(/Pavise serves (\S+)/.exec(String(data))?.[1] ?? ""));
      child.once("exit", (code) => failed(new Error(`it ended with ${code}:\n${log}`)));
    });
    const program = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8")).trim();
    const status = await readFile(`/proc/${program}/status`, "utf8");
    const rights = ["Uid", "Gid", "CapEff", "CapPrm", "NoNewPrivs"].map((name) => new RegExp(`^${name}:\\t(\\S+)`, "m").exec(status)?.[1]);
    expect(rights).toEqual([String(user), String(group), "0000000000000000", "0000000000000000", "1"]);

    expect((await ask(url, home)).text).toContain("<h1");
    expect((await submit(url, "/message/", { message: "From a container." })).status).toBe(303);
    await expect.poll(async () => (await ask(url, "/search/?q=internet")).text).toContain("<mark>");
    const kept = await readdir(volume);
    expect(kept).toContain("pavise.db");
    expect((await stat(join(volume, "pavise.db"))).uid).toBe(user);
    expect(log.split("\n").filter((line) => /ERROR|read-only/i.test(line))).toEqual([]);

    const ended = once(child, "exit");
    process.kill(Number(program), the("STOPSIGNAL") as NodeJS.Signals);
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill("SIGKILL");
  }
});
