// What an operator keeps against a bad day.

import { execFile } from "node:child_process";
import { lstat, readdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, Server, test } from "../fixtures.js";
import { ask, submit } from "../http.js";
import { home, plan, post } from "../pages.js";
import { Folder, run } from "../program.js";
import { localized, published } from "../site.js";

test.use({ settings: published });

test("a backup of a site that goes on is another site with the same pages, pictures and messages", { tag: "@store" }, async ({ server }, info) => {
  expect((await submit(server.url, "/message/", { message: "Kept for a bad day" })).status).toBe(303);
  const store = info.project.metadata.postgres ? (process.env.PAVISE_TEST_POSTGRES ?? "") : server.store;
  await using folder = await Folder.make();
  const file = join(folder.path, "site.backup");
  const made = await run(folder, ["backup", file], { DATABASE_URL: store });
  expect(made, made.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\S+: \d+ rows of \d+ tables backed up\n$/) });
  expect((await stat(file)).mode & 0o777, "nobody else reads it").toBe(0o600);

  const place = { DATABASE_URL: `sqlite://${folder.path}/other/pavise.db` };
  const restored = await run(folder, ["restore", file], place);
  expect(restored, restored.stderr).toMatchObject({ code: 0, stdout: made.stdout.replace("backed up", "restored") });
  await using other = await Server.start({ ...published, ...place });
  const page = await ask(server.url, home);
  const picture = /src="(\/media\/[^"]+)"/.exec(page.text)?.[1] ?? "";
  for (const path of [home, post, plan, localized("ar", home), "/sitemap.xml", picture]) {
    const [before, after] = [await ask(server.url, path), await ask(other.url, path)];
    expect(after.status, path).toBe(200);
    expect(after.body.equals(before.body), path).toBe(true);
  }
  expect((await run(folder, ["messages"], place)).stdout).toContain("Kept for a bad day");
  await expect.poll(async () => (await ask(other.url, "/search/?q=internet")).text).toContain(post);
});

test("half a backup, another file, and a place with something in it are refused in a sentence", async ({ server }) => {
  await using folder = await Folder.make();
  const file = join(folder.path, "site.backup");
  await run(folder, ["backup", file], { DATABASE_URL: server.store });
  const whole = await readFile(file);
  await folder.write("half.backup", whole.subarray(0, whole.length / 2));
  await folder.write("other.backup", "words");
  const place = { DATABASE_URL: `sqlite://${folder.path}/other.db` };
  const told = async (name: string, env: Record<string, string>) => {
    const { code, stdout, stderr } = await run(folder, ["restore", name], env);
    expect([code, stdout], stderr).toEqual([1, ""]);
    return stderr;
  };
  expect(await told("half.backup", place)).toMatch(/^pavise: half.backup: the backup is not whole \(.*\); nothing was restored: take another copy of it\n$/);
  expect(await told("other.backup", place)).toBe("pavise: other.backup: this is no backup that `pavise backup` made\n");
  expect(await told("none.backup", place)).toMatch(/^pavise: none.backup: No such file/);
  expect(await told(file, { DATABASE_URL: server.store })).toMatch(/^pavise: the store at DATABASE_URL is not empty: nothing was restored/);
  await expect(stat(join(folder.path, "other.db")), "nothing was made").rejects.toThrow("ENOENT");
});

test("two backups into one file at once leave one that is whole", async ({ server }) => {
  await using folder = await Folder.make();
  const backup = async () => run(folder, ["backup", "site.backup"], { DATABASE_URL: server.store });
  const [one, two] = await Promise.all([backup(), backup()]);
  expect([one.code, two.code], one.stderr + two.stderr).toEqual([0, 0]);
  expect(await readdir(folder.path)).toEqual(["site.backup"]);
  const restored = await run(folder, ["restore", "site.backup"], { DATABASE_URL: `sqlite://${folder.path}/other.db` });
  expect(restored, restored.stderr).toMatchObject({ code: 0 });
});

test("a backup goes where a link leads, and takes the place of nothing but a file", async ({ server }) => {
  await using folder = await Folder.make({ "disk/old.backup": "" });
  const at = (name: string) => join(folder.path, name);
  await symlink(at("disk/old.backup"), at("site.backup"));
  await symlink(at("nowhere/old.backup"), at("lost.backup"));
  await promisify(execFile)("mkfifo", [at("pipe")]);
  const backup = (name: string) => run(folder, ["backup", name], { DATABASE_URL: server.store });
  expect(await backup("site.backup")).toMatchObject({ code: 0, stderr: "" });
  expect((await lstat(at("site.backup"))).isSymbolicLink()).toBe(true);
  expect((await stat(at("disk/old.backup"))).size).toBeGreaterThan(10_000);
  for (const name of ["pipe", "disk", "lost.backup"]) expect(await backup(name), name).toMatchObject({ code: 1, stderr: expect.stringMatching(new RegExp(`^pavise: .*${name}.*\n$`)) });
  expect((await lstat(at("pipe"))).isFIFO()).toBe(true);
  expect((await lstat(at("lost.backup"))).isSymbolicLink()).toBe(true);
});

test("where there is no store, who wants something out of it is told so, and nothing is made", async () => {
  await using folder = await Folder.make({ "empty.db": "" });
  const settings: Record<string, string>[] = [{}, { DATABASE_URL: "sqlite://pavise.db" }, { DATABASE_URL: "sqlite://empty.db" }];
  for (const env of settings) {
    for (const args of [["backup", "site.backup"], ["export", "content"], ["messages"], ["messages", "--remove", "name"]]) {
      const { code, stdout, stderr } = await run(folder, args, env);
      expect([code, stdout], stderr).toEqual([1, ""]);
      expect(stderr).toMatch(/^pavise: DATABASE_URL is `sqlite:\S+`: .* \(there is no store of Pavise in it\); run this in the folder of the site, with its settings\n$/);
    }
  }
  expect(await readdir(folder.path)).toEqual(["empty.db"]);
});
