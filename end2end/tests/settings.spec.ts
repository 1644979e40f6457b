import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { binary, expect, root, Server, test } from "../fixtures.js";
import { Folder, postFile, run } from "../program.js";

const command = promisify(execFile);

type Mistake = { name: string; env?: Record<string, string>; files?: Record<string, string>; says: string[] };

const mistakes: Mistake[] = [
  { name: "an address that is none", env: { LEPTOS_SITE_ADDR: "localhost" }, says: ["LEPTOS_SITE_ADDR", "`localhost`"] },
  { name: "a port that is none", env: { LEPTOS_SITE_ADDR: "127.0.0.1:99999" }, says: ["LEPTOS_SITE_ADDR", "`127.0.0.1:99999`"] },
  { name: "an address of another machine", env: { LEPTOS_SITE_ADDR: "192.0.2.1:3000" }, says: ["LEPTOS_SITE_ADDR", "`192.0.2.1:3000`"] },
  { name: "an unknown kind of database", env: { DATABASE_URL: "mysql://me:secret@db/x" }, says: ["DATABASE_URL", "mysql://…@db/x"] },
  { name: "a database in memory only", env: { DATABASE_URL: "sqlite://:memory:" }, says: ["DATABASE_URL", ":memory:"] },
  { name: "a database that is only a name", env: { DATABASE_URL: "pavise.db" }, says: ["DATABASE_URL", "`pavise.db`"] },
  { name: "a database without a value", env: { DATABASE_URL: "" }, says: ["DATABASE_URL", "``"] },
  {
    name: "a database server that is not there",
    env: { DATABASE_URL: "postgres://me:secret@127.0.0.1:1/x" },
    says: ["DATABASE_URL", "postgres://…@127.0.0.1:1/x"],
  },
  {
    name: "a database file that is something else",
    env: { DATABASE_URL: "sqlite://words.txt" },
    files: { "words.txt": "Only words, and enough of them to be no database at all.\n".repeat(20) },
    says: ["DATABASE_URL", "words.txt"],
  },
  {
    name: "a database below a file",
    env: { DATABASE_URL: "sqlite://words.txt/pavise.db" },
    files: { "words.txt": "x" },
    says: ["DATABASE_URL", "words.txt/pavise.db"],
  },
  {
    name: "a database that is a folder",
    env: { DATABASE_URL: "sqlite://folder" },
    files: { "folder/a": "x" },
    says: ["DATABASE_URL", "folder"],
  },
  { name: "an address for readers without a scheme", env: { PAVISE_BASE_URL: "example.org" }, says: ["PAVISE_BASE_URL", "`example.org`"] },
  {
    name: "an address for readers with a path",
    env: { PAVISE_BASE_URL: "https://example.org/blog" },
    says: ["PAVISE_BASE_URL", "`https://example.org/blog`"],
  },
  { name: "an address for readers with a fragment", env: { PAVISE_BASE_URL: "https://example.org#x" }, says: ["PAVISE_BASE_URL", "`https://example.org#x`"] },
  { name: "an address for readers with no such port", env: { PAVISE_BASE_URL: "https://example.org:99999" }, says: ["PAVISE_BASE_URL", ":99999`"] },
  { name: "an address for readers without a host", env: { PAVISE_BASE_URL: "https://:443" }, says: ["PAVISE_BASE_URL", "`https://:443`"] },
  { name: "a contact without an address", env: { PAVISE_SECURITY_CONTACT: "mailto:" }, says: ["PAVISE_SECURITY_CONTACT", "`mailto:`"] },
  {
    name: "measures at the address of the site",
    env: { LEPTOS_SITE_ADDR: "127.0.0.1:39999", PAVISE_METRICS_ADDR: "127.0.0.1:39999" },
    says: ["PAVISE_METRICS_ADDR", "`127.0.0.1:39999`"],
  },
  { name: "a folder for the search index without a name", env: { PAVISE_SEARCH_DIR: "" }, says: ["PAVISE_SEARCH_DIR", "``"] },
  { name: "no files for the browser", env: { LEPTOS_SITE_ROOT: "nowhere" }, says: ["LEPTOS_SITE_ROOT", "nowhere"] },
  {
    name: "an unknown key in Leptos.toml",
    files: { "Leptos.toml": '[pavise]\n\nbase-ulr = "x"\n' },
    says: ["Leptos.toml", "line 3", "`base-ulr`", "`base-url`"],
  },
  { name: "an unknown table in Leptos.toml", files: { "Leptos.toml": "[other]\n" }, says: ["Leptos.toml", "line 1", "`other`", "`pavise`"] },
  { name: "a wrong value in Leptos.toml", files: { "Leptos.toml": '[pavise]\nbase-url = "x"\n' }, says: ["base-url", "Leptos.toml", "`x`"] },
  { name: "a Leptos.toml that is none", files: { "Leptos.toml": "site-addr: 1\n" }, says: ["Leptos.toml", "line 1"] },
];

for (const { name, env, files, says } of mistakes) {
  test(`${name} is told in one sentence`, async () => {
    await using folder = await Folder.make(files);
    const { code, stderr, stdout } = await run(folder, [], env);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr.trimEnd().split("\n"), "one line").toHaveLength(1);
    expect(stderr).toMatch(/^pavise: /);
    for (const words of [...says, "expected"]) expect(stderr).toContain(words);
    expect(stderr).not.toContain("secret");
  });
}

test("a setting that is no text is told in one sentence", async () => {
  await using folder = await Folder.make();
  const env = { ...process.env, PROGRAM: binary };
  const ended = command("sh", ["-c", "PAVISE_MAX_CONNECTIONS=$(printf '\\377') exec \"$PROGRAM\""], { cwd: folder.path, env });
  await expect(ended).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^pavise: PAVISE_MAX_CONNECTIONS is `.*`: expected UTF-8\n$/) });
});

test("a port that is taken is told in one sentence", async ({ server }) => {
  await using folder = await Folder.make();
  const address = new URL(server.url).host;
  const { code, stderr } = await run(folder, [], { LEPTOS_SITE_ADDR: address });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^pavise: .*\n$/);
  for (const words of ["LEPTOS_SITE_ADDR", `\`${address}\``, "another program", "expected"]) expect(stderr).toContain(words);
});

test("the environment wins over Leptos.toml", async () => {
  const settings = `[pavise]\nbase-url = "http://file.example"\ncontent-dir = "${join(root, "content")}"\n`;
  await using folder = await Folder.make({ "Leptos.toml": settings });
  const { code, stdout } = await run(folder, ["check"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/no mistakes \(posts: 8, plans: 1, topics, authors and pages: 12\)\n$/);
  const { stderr } = await run(folder, ["check"], { PAVISE_BASE_URL: "nothing" });
  expect(stderr).toContain("PAVISE_BASE_URL is `nothing`");
});

test("a check tells all that is wrong at once: content, the browser's files, the store", async () => {
  await using folder = await Folder.make({ "content/posts/a/index.md": "---\ntitle: 1\n---\n", "data/pavise.db": "no database".repeat(100) });
  const { code, stdout, stderr } = await run(folder, ["check"], { LEPTOS_SITE_ROOT: "nowhere", PAVISE_SECURITY_CONTACT: "mailto:a@example.org", PAVISE_SECURITY_EXPIRES: "2020-01-01" });
  expect(code).toBe(1);
  expect(stdout).not.toContain("no mistakes");
  for (const words of ["posts/a/index.md", "LEPTOS_SITE_ROOT: nowhere/pkg/pavise.css cannot be read", "the database cannot be opened", "`pavise restore FILE`", "it expired on 2020-01-01"]) expect(stderr).toContain(words);
  expect((await run(folder, ["check"], { LEPTOS_SITE_ADDR: "here", PAVISE_OFFLINE: "maybe" })).stderr).toMatch(/^pavise: LEPTOS_SITE_ADDR is `here`: .*\nPAVISE_OFFLINE is `maybe`: .*\ncontent\/posts\/a\/index\.md:1: .*\n/);
  // Where nobody knows which languages it is in, there is nothing to say of the content.
  expect((await run(folder, ["check"], { PAVISE_LANGUAGES: "../x" })).stderr).toMatch(/^pavise: PAVISE_LANGUAGES is `.*\nDATABASE_URL is `.*\n$/);
});

test("a check tells of content what is wrong in a file, who names nothing that is there, and which picture is none, at once", async () => {
  const post = (title: string, more: string) => postFile(title, "2024-05-01").replace(/\n---\n/, `\n${more}\n---\n`);
  await using folder = await Folder.make({
    "content/posts/a/index.md": "---\ntitle: 1\n---\n",
    "content/posts/b/index.md": post("B", `topics: ["nowhere", "broken"]\nreports_on: ["2024/x"]`),
    "content/posts/c/index.md": post("C", `picture: { file: "c.png", alt: "x" }`),
    "content/posts/c/c.png": "no picture",
    "content/topics/broken.md": "---\ntitle: 1\n---\n",
    "content/plan/2024.md": "---\ntitle: 1\n---\n",
    taken: "no folder",
  });
  const { code, stderr } = await run(folder, ["check"]);
  expect(code).toBe(1);
  for (const words of ["posts/a/index.md:", "topics/broken.md:", "plan/2024.md:", "`nowhere` is not one of the topics", "c.png"]) expect(stderr).toContain(words);
  for (const words of ["`broken` is not", "2024/x"]) expect(stderr, "what is there is not said to be missing").not.toContain(words);
  const unwritable = await run(folder, ["check"], { DATABASE_URL: "sqlite://taken/pavise.db", PAVISE_SEARCH_DIR: "taken/search" });
  for (const words of ["DATABASE_URL: taken cannot be written to", "PAVISE_SEARCH_DIR: taken cannot be written to"]) expect(unwritable.stderr).toContain(words);
});

test("a check says when the store's tables are another release's", async () => {
  await using folder = await Folder.make({ "content/posts/a/index.md": postFile("A", "2024-05-01") });
  const alter = (sql: string) => command("python3", ["-c", "import sqlite3, sys; sqlite3.connect('data/pavise.db', isolation_level=None).execute(sys.argv[1])", sql], { cwd: folder.path });
  expect((await run(folder, ["import", "content"])).code).toBe(0);
  const checked = await run(folder, ["check"]);
  expect(checked).toMatchObject({ code: 0, stderr: "" });
  expect(checked.stdout).not.toContain("tables");
  await alter("update _sqlx_migrations set version = 99990101000000 where version = (select max(version) from _sqlx_migrations)");
  expect(await run(folder, ["check"])).toMatchObject({ code: 1, stderr: expect.stringContaining("a newer release of Pavise") });
  await alter("delete from _sqlx_migrations where version = 99990101000000");
  expect(await run(folder, ["check"])).toMatchObject({ code: 0, stdout: expect.stringContaining("brought up to date") });
});

test("the address for readers is in every page's canonical address", async ({ request }) => {
  await using server = await Server.start({ PAVISE_BASE_URL: "https://www.example.org/" });
  const html = await (await request.get(`${server.url}/action-plan/2023/`)).text();
  expect(html).toContain(`<link rel="canonical" href="https://www.example.org/action-plan/2023/">`);
});

test("help names every command and ends with success", async () => {
  await using folder = await Folder.make({ "Leptos.toml": "not even toml" });
  for (const help of ["--help", "-h", "help"]) {
    const { code, stdout, stderr } = await run(folder, [help]);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    for (const command of ["serve", "import", "export", "check"]) expect(stdout).toContain(command);
  }
  expect(await run(folder, ["--version"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^pavise \d+\.\d+\.\d+\n$/) });
});

test("an unknown command is refused", async () => {
  await using folder = await Folder.make();
  const { code, stderr } = await run(folder, ["publish"]);
  expect(code).not.toBe(0);
  expect(stderr).toContain("publish");
});

test("the site's own settings file has no mistakes", async () => {
  await using folder = await Folder.make({ "Leptos.toml": await readFile(join(root, "Leptos.toml"), "utf8") });
  const { code, stdout, stderr } = await run(folder, ["check"], { PAVISE_CONTENT_DIR: join(root, "content") });
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.at(-1)).toMatch(/^settings and \S+: no mistakes \(posts: 8, plans: 1, topics, authors and pages: 12\)$/);
  const notes = lines.filter((line) => /^posts\/\S+ in (fr|es|ar): only title and summary are translated$/.test(line));
  expect(notes, "five posts have no words in three languages").toHaveLength(15);
});
