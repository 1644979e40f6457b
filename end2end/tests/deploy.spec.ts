// deploy/README.md followed word by word on a machine of its own: Debian's packages under a real systemd, and nothing of ours.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, needs, root, test } from "../fixtures.js";
import { Folder } from "../program.js";

const command = promisify(execFile);

/** How long a machine may take to boot, in milliseconds. */
const BOOTED = 60_000;

/** A machine without a network, which forgets everything. */
class Machine implements AsyncDisposable {
  private constructor(
    private readonly nspawn: ChildProcess,
    private readonly init: string,
  ) {}

  /** Boots it with the files of `folder` in /root. Skips the test where this system lets nobody have even an empty one. */
  static async boot(folder: string): Promise<Machine> {
    needs(process.getuid?.() === 0, "only root may boot a machine");
    needs(await command("systemd-nspawn", ["--version"]).then(() => true, () => false), "systemd-nspawn is not installed");
    const empty = ["--quiet", "--directory=/", "--volatile=yes", "--register=no", "--keep-unit", "--private-network", "--pipe", "true"];
    needs(await command("systemd-nspawn", empty).then(() => true, () => false), "this system lets nobody have a machine of their own");
    const settings = ["--directory=/", "--volatile=yes", "--register=no", "--keep-unit", "--private-network", "--console=pipe", "--overlay=/etc::/etc"];
    const idle = ["systemd-networkd-wait-online", "systemd-firstboot", "postgresql", "caddy"].map((unit) => `systemd.mask=${unit}.service`);
    // Whatever becomes of the test, the machine goes with it.
    const nspawn = spawn("setpriv", ["--pdeathsig=KILL", "systemd-nspawn", ...settings, `--bind-ro=${folder}:/root`, "--boot", ...idle], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [nspawn.stdout, nspawn.stderr]) stream.on("data", (data) => (said = (said + data).slice(-2_000)));
    const ended = once(nspawn, "exit").then(() => true, () => true);
    const started = async () => (await readFile(`/proc/${nspawn.pid}/task/${nspawn.pid}/children`, "utf8").catch(() => "")).trim();
    for (const until = Date.now() + BOOTED; ; ) {
      if (await Promise.race([ended, new Promise((done) => setTimeout(done, 100, false))])) throw new Error(`the machine has ended:\n${said}`);
      if (Date.now() > until) {
        nspawn.kill("SIGKILL");
        throw new Error(`the machine does not boot:\n${said}`);
      }
      const machine = new Machine(nspawn, (await started()).split(" ")[0] ?? "");
      const state = machine.init && (await machine.run("systemctl is-system-running").then(String, ({ stdout }) => stdout));
      if (!/^(running|degraded)/.test(state)) continue;
      // Debian's package has made these.
      await machine.run("mkdir -p /var/lib/nginx /var/log/nginx");
      return machine;
    }
  }

  /** Runs these commands as root, and gives what they print; an error if one fails. */
  async run(script: string): Promise<string> {
    const inside = ["--target", this.init, "--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup"];
    return (await command("nsenter", [...inside, "bash", "-euo", "pipefail", "-c", `cd /root; ${script}`])).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.nspawn.exitCode !== null || this.nspawn.signalCode !== null) return;
    const ended = once(this.nspawn, "exit");
    // Twice: it is not asked to end in peace.
    this.nspawn.kill("SIGTERM");
    this.nspawn.kill("SIGTERM");
    await ended;
  }
}

test("a machine is told what the site is made of, in which versions and under which licences", async () => {
  await using folder = await Folder.make();
  await command(join(root, "scripts/dist"), [folder.path]);
  type Part = { name: string; version: string; purl: string; licenses?: { expression: string }[]; hashes?: { alg: string; content: string }[] };
  const bom: { bomFormat: string; metadata: { component: Part }; components: Part[] } = JSON.parse(await readFile(join(folder.path, "pavise/sbom.cdx.json"), "utf8"));
  const { components, metadata } = bom;
  expect([bom.bomFormat, metadata.component.name]).toEqual(["CycloneDX", "pavise"]);
  expect(components.length).toBeGreaterThan(200);
  expect(components.map(({ name }) => name), "the faces, too").toContain("Noto Naskh Arabic Bold");
  expect(await readFile(join(folder.path, "pavise/LICENSE-fonts"), "utf8")).toContain("SIL OPEN FONT LICENSE");
  for (const name of ["axum", "sqlx", "leptos", "hyper", "tokio"]) {
    const part = components.find((part) => part.name === name);
    expect(part, name).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+/), purl: `pkg:cargo/${name}@${part?.version}`, licenses: [{ expression: expect.stringContaining("MIT") }] });
  }
  // What comes from the registry has its hash, and nothing is without a licence but what is the project's own.
  const unclear = components.filter(({ hashes, licenses }) => !licenses?.[0]?.expression || !/^[0-9a-f]{64}$/.test(hashes?.[0]?.content ?? ""));
  expect(unclear.map(({ name }) => name).filter((name) => !name.startsWith("pavise"))).toEqual([]);
});

test("the page for operators is true, word by word, and the service may do little", async () => {
  await using folder = await Folder.make();
  await command(join(root, "scripts/dist"), [join(folder.path, "dist")]);
  await using machine = await Machine.boot(join(folder.path, "dist"));
  const page = await readFile(join(root, "deploy/README.md"), "utf8");
  const blocks = [...page.matchAll(/^## (.*)|^```sh\n([^]*?)^```/gm)];
  const before = blocks.slice(0, blocks.findIndex(([, heading]) => heading === "A new release"));
  const after = blocks.slice(before.length);
  const commands = (some: RegExpMatchArray[]) => some.map(([, , script]) => script ?? "").join("");
  expect(commands(before).length).toBeGreaterThan(500);
  await machine.run(commands(before));

  const curl = "curl --silent --show-error --cacert /etc/ssl/pavise/fullchain.pem --resolve www.example.org:443:127.0.0.1";
  expect(await machine.run(`${curl} --fail --include --http2 --compressed https://www.example.org/`)).toMatch(/^HTTP\/2 200[^]*strict-transport-security:[^]*<h1/);
  // Each of the two names by TLS first, so that a browser learns for each to come by no other way.
  const plain = await machine.run("curl --silent --head --header 'Host: example.org' http://127.0.0.1/blog/?page=2");
  expect(plain).toMatch(/ 301 [^]*Server: nginx\r\n[^]*Location: https:\/\/example\.org\/blog\/\?page=2\r\n/);
  const short = await machine.run(`${curl.replace("www.", "")} --head https://example.org/blog/?page=2`);
  expect(short).toMatch(/ 301 [^]*location: https:\/\/www\.example\.org\/blog\/\?page=2\r\nstrict-transport-security:/);
  const file = await machine.run(`${curl} https://www.example.org/ | grep -o '/pkg/pavise\\.[0-9a-f]*\\.wasm' | head -n 1`);
  await machine.run(`${curl} --fail https://www.example.org${file.trim()} --output /dev/null`);
  // Nobody signed this certificate; the check says what browsers would.
  await machine.run("echo 127.0.0.1 www.example.org >> /etc/hosts");
  const check = commands(before).split("\n").find((line) => line.endsWith(" check"));
  await expect(machine.run(check ?? "")).rejects.toMatchObject({ stderr: expect.stringMatching(/^pavise: https:\/\/www\.example\.org: browsers do not know who signed the certificate: .*\n$/) });
  const exposure = await machine.run("systemd-analyze security pavise.service --no-pager");
  expect(Number(/Overall exposure level for pavise.service: ([\d.]+)/.exec(exposure)?.[1])).toBeLessThanOrEqual(1.5);
  expect(await machine.run("ls -ld /var/lib/pavise /var/lib/pavise/pavise.db")).toMatch(/^drwxr-x--- .*pavise pavise.*\n-rw------- .*pavise pavise/);

  // A new release takes over under a reader's eyes.
  const pid = "systemctl show --property=MainPID --value pavise";
  const first = await machine.run(pid);
  const reader = "failed=0; until [ -e /tmp/enough ]; do curl --silent --fail http://127.0.0.1:3000/ --output /dev/null || failed=$((failed + 1)); done; echo $failed";
  const reading = machine.run(reader);
  await machine.run(commands(after));
  await expect.poll(() => machine.run(pid), { timeout: 20_000 }).not.toBe(first);
  await machine.run("touch /tmp/enough");
  expect(await reading).toBe("0\n");
  const journal = await machine.run("systemctl is-active pavise; journalctl --unit=pavise --output=cat");
  expect(journal).toMatch(/^active\n/);
  for (const words of ["relieved the predecessor", "ending: no new connections"]) expect(journal.slice(journal.indexOf("Reloading"))).toContain(words);
});
