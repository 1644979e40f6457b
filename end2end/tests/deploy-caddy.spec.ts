// deploy/Caddyfile in a real Caddy, with certificates of its own in place of an authority's.

import { execFile, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, needs, root, test } from "../fixtures.js";
import { Folder, freeAddress } from "../program.js";

const command = promisify(execFile);

test.use({ settings: { PAVISE_TRUSTED_PROXIES: "127.0.0.1" } });

test("behind the example for Caddy readers come by TLS, to one name", async ({ server }) => {
  needs(await command("caddy", ["version"]).then(() => true, () => false), "no Caddy is installed: scripts/setup test");
  const [http, https] = (await Promise.all([freeAddress(), freeAddress()])).map((address) => address.split(":")[1]);
  await using folder = await Folder.make();
  const options = ["admin off", "local_certs", "skip_install_trust", `http_port ${http}`, `https_port ${https}`];
  const example = await readFile(join(root, "deploy/Caddyfile"), "utf8");
  expect(example).toContain("127.0.0.1:3000");
  await folder.write("Caddyfile", `{\n${options.join("\n")}\n}\n${example.replace("127.0.0.1:3000", new URL(server.url).host)}`);
  const env = { PATH: process.env.PATH ?? "", HOME: folder.path, XDG_DATA_HOME: folder.path, XDG_CONFIG_HOME: folder.path };
  const caddy = spawn("caddy", ["run", "--adapter", "caddyfile", "--config", join(folder.path, "Caddyfile")], { env, stdio: "ignore" });
  try {
    const names = ["www.example.org", "example.org"].flatMap((name) => [http, https].flatMap((port) => ["--resolve", `${name}:${port}:127.0.0.1`]));
    const authority = join(folder.path, "caddy/pki/authorities/local/root.crt");
    const get = async (address: string, ...more: string[]) => (await command("curl", ["--silent", "--show-error", "--include", "--cacert", authority, ...names, ...more, address])).stdout;
    await expect.poll(() => get(`https://www.example.org:${https}/healthz`).catch(String), { timeout: 60_000 }).toMatch(/^HTTP\/2 200/);

    const page = await get(`https://www.example.org:${https}/`, "--compressed");
    expect(page).toMatch(/^HTTP\/2 200 [^]*content-encoding: br[^]*strict-transport-security: max-age=63072000; includeSubDomains[^]*<h1/);
    const short = await get(`https://example.org:${https}/blog/?page=2`);
    expect(short).toMatch(/^HTTP\/2 301 [^]*location: https:\/\/www\.example\.org\/blog\/\?page=2\r\n[^]*strict-transport-security: max-age=63072000\r\n/);
    // Each of the two names by TLS first, so that a browser learns for each to come by no other way.
    const plain = await get(`http://example.org:${http}/blog/?page=2`);
    expect(plain).toMatch(new RegExp(`^HTTP/1\\.1 308 [^]*Location: https://example\\.org(:${https})?/blog/\\?page=2\r\n`));
    const wasm = /\/pkg\/pavise\.[0-9a-f]*\.wasm/.exec(page)?.[0];
    expect(await get(`https://www.example.org:${https}${wasm}`, "--head")).toMatch(/^HTTP\/2 200 [^]*cache-control: [^\r]*immutable/);
    // Who asks is who comes to Caddy, whatever they say.
    const forms = Array.from({ length: 30 }, (_, n) => ["--interface", "127.0.0.2", "--data", "message=", "--header", `X-Forwarded-For: 198.51.100.${n}`]);
    const answers = await Promise.all(forms.map((form) => get(`https://www.example.org:${https}/message/`, ...form)));
    expect(answers.some((answer) => answer.startsWith("HTTP/2 429"))).toBe(true);
  } finally {
    caddy.kill("SIGKILL");
  }
});
