import { cp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, root, leaving, Server, test } from "../fixtures.js";
import { ask } from "../http.js";
import { cards, texts } from "../pages.js";
import { Folder, postFile, run } from "../program.js";

const content = join(root, "content");

/** Every file of a content folder, by its path, but for notes beside it. */
async function files(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const all = await Promise.all(paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path, "utf8")] as const));
  return Object.fromEntries(all.filter(([path]) => path !== "README.md").toSorted());
}

test("export and import lose nothing", async () => {
  await using folder = await Folder.make();
  expect(await run(folder, ["import", content])).toMatchObject({ code: 0, stdout: expect.stringContaining("21 added, 0 changed, 0 unchanged") });
  expect(await run(folder, ["export", "out"])).toMatchObject({ code: 0, stdout: expect.stringContaining("21 posts, plans and documents written") });
  expect(await files(join(folder.path, "out"))).toEqual(await files(content));
  expect(await run(folder, ["import", "out"])).toMatchObject({ code: 0, stdout: expect.stringContaining("0 added, 0 changed, 21 unchanged") });
});

test("a changed file changes what readers see", async ({ page }) => {
  await using folder = await Folder.make({ "content/posts/a-post/index.md": postFile("Before", "2024-01-01") });
  const database = { DATABASE_URL: `sqlite://${folder.path}/pavise.db` };
  await run(folder, ["import", "content"], database);
  await using server = await Server.start(database);
  await using _ = leaving(page);
  await page.goto(server.url);
  expect(await texts(cards(page).getByRole("heading"))).toEqual(["Before"]);
  await folder.write("content/posts/a-post/index.md", postFile("After", "2024-01-01"));
  expect(await run(folder, ["import", "content"], database)).toMatchObject({ stdout: expect.stringContaining("0 added, 1 changed, 0 unchanged") });
  await page.reload();
  expect(await texts(cards(page).getByRole("heading"))).toEqual(["After"]);
});

test("mistakes are all told, each with its file and line, and nothing is changed", async () => {
  await using folder = await Folder.make({
    "content/posts/good-post/index.md": postFile("Good", "2024-01-01"),
    "content/posts/no-day/index.md": postFile("No day", "someday"),
    "content/posts/Bad Name/index.md": postFile("Bad name", "2024-01-01"),
    "content/posts/no-title/index.md": postFile("", "2024-01-01", ""),
    "content/posts/no-file/notes.txt": "x",
    "content/posts/odd-key/index.md": `---\ntitle: "A"\nsummary: "B"\npublished: 2024-01-01\nwriter: "C"\n---\n\nWords.\n`,
    "content/posts/no-alt/index.md": `---\ntitle: "A"\nsummary: "B"\npublished: 2024-01-01\npicture:\n  file: "a.svg"\n  alt: ""\n---\n\nWords.\n`,
    "content/posts/no-picture/index.md": `---\ntitle: "A"\nsummary: "B"\npublished: 2024-01-01\npicture:\n  file: "a.svg"\n  alt: "x"\n---\n\nWords.\n`,
    "content/topics/untitled.md": `---\ntitle: ""\nsummary: "B"\n---\n`,
    "content/authors/no-front-matter.md": "x",
    "content/pages/no-words.md": `---\ntitle: "A"\nsummary: "B"\n---\n`,
    "content/plan/next.md": "x",
    "content/plan/2025.md": `---\ntitle: "A"\nheadline: "B"\nsummary: "C"\nareas: "none"\n---\n`,
  });
  const { code, stdout, stderr } = await run(folder, ["import", "content"]);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  const told = stderr.replace(/^pavise: /, "").trimEnd().split("\n");
  for (const place of [
    /posts\/no-day\/index\.md:4: .*`someday`.*expected/,
    /posts\/Bad Name\/index\.md:1: .*`Bad Name`/,
    /posts\/no-title\/index\.md:2: `title` is empty/,
    /posts\/no-title\/index\.md:3: `summary` is empty/,
    /posts\/no-file\/index\.md:1: expected/,
    /posts\/odd-key\/index\.md:5: .*`writer`/,
    /posts\/no-alt\/index\.md:7: `picture\.alt`/,
    /posts\/no-picture\/index\.md:6: .*`a\.svg`/,
    /topics\/untitled\.md:2: `title` is empty/,
    /authors\/no-front-matter\.md:1: expected/,
    /pages\/no-words\.md:4: the body is empty/,
    /plan\/next\.md:1: expected/,
    /plan\/2025\.md:5: /,
  ])
    expect(told.filter((line) => place.test(line)), String(place)).toHaveLength(1);
  expect(told.every((line) => /^content\/\S.*\.md:\d+: \S/.test(line)), told.join("\n")).toBe(true);
  await run(folder, ["export", "out"]);
  expect(await files(folder.path).then((all) => Object.keys(all).filter((path) => path.startsWith("out/")))).toEqual([]);
});

test("an author, a topic and a commitment that are not there are told, and nothing is changed", async () => {
  const named = `author: "nobody"\ntopics: ["nothing"]\nreports_on: ["2023/nowhere"]`;
  await using folder = await Folder.make({
    "content/posts/good-post/index.md": postFile("Good", "2024-01-01"),
    "content/posts/a-post/index.md": `---\ntitle: "A"\nsummary: "B"\npublished: 2024-01-01\n${named}\n---\n\nWords.\n`,
  });
  for (const args of [["check"], ["import", "content"]]) {
    const { code, stdout, stderr } = await run(folder, args);
    expect(code).toBe(1);
    expect(stdout.replace(/^security\.txt is not served: .*\n/, "")).toBe("");
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^pavise: content\/posts\/a-post\/index\.md:5: .*`nobody`/),
      expect.stringMatching(/^content\/posts\/a-post\/index\.md:6: .*`nothing`/),
      expect.stringMatching(/^content\/posts\/a-post\/index\.md:7: .*`2023\/nowhere`/),
    ]);
  }
  expect(await run(folder, ["export", "out"])).toMatchObject({ code: 0, stdout: expect.stringContaining("0 posts, plans and documents written") });
});

test("check says where the store cannot be", async () => {
  await using folder = await Folder.make({ "content/posts/a/index.md": postFile("A", "2024-05-01"), taken: "not a folder" });
  const { code, stderr } = await run(folder, ["check"], { DATABASE_URL: `sqlite://${folder.path}/taken/pavise.db` });
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^pavise: DATABASE_URL: \S+taken cannot be written to \(.*\)\nPAVISE_SEARCH_DIR: \S+taken cannot be written to \(.*\)\n$/)]);
});

test("check tells what is wrong in each of its parts, also where the others are wrong", async () => {
  await using folder = await Folder.make({ "content/posts/no-day/index.md": postFile("No day", "someday"), taken: "not a folder" });
  const store = `sqlite://${folder.path}/taken/pavise.db`;
  const [setting, content, disk] = [/PAVISE_OFFLINE is `maybe`: expected on or off\n/, /content\/posts\/no-day\/index\.md:4: /, /DATABASE_URL: \S+taken cannot be written to/];
  for (const [env, told, untold] of [
    [{ DATABASE_URL: store }, [setting, content, disk], []],
    [{ DATABASE_URL: store, PAVISE_LANGUAGES: "../x" }, [setting, /PAVISE_LANGUAGES is /, disk], [content]],
    [{ DATABASE_URL: store, PAVISE_LANGUAGES: "en pt" }, [setting, /locales\/pt\.ftl cannot be read/, disk], [content]],
    [{ DATABASE_URL: "mysql://db/x" }, [setting, /DATABASE_URL is `mysql:/, content], [disk]],
  ] as const) {
    const { code, stderr } = await run(folder, ["check"], { PAVISE_OFFLINE: "maybe", ...env });
    expect(code).toBe(1);
    for (const sentence of told) expect(stderr).toMatch(sentence);
    for (const sentence of untold) expect(stderr).not.toMatch(sentence);
  }
});

test("check finds the same mistakes and touches no store", async () => {
  await using folder = await Folder.make({ "content/posts/no-day/index.md": postFile("No day", "someday") });
  const { code, stderr } = await run(folder, ["check"]);
  expect(code).toBe(1);
  expect(stderr).toContain("content/posts/no-day/index.md:4: ");
  expect(await readdir(folder.path)).toEqual(["content"]);
});

test("a folder that is not there is told in one sentence", async () => {
  await using folder = await Folder.make();
  const { code, stderr } = await run(folder, ["import", "nowhere"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^pavise: nowhere: expected .*\n$/);
});

test("a folder that cannot be written is told in one sentence", async () => {
  await using folder = await Folder.make({ "words.txt": "x" });
  await run(folder, ["import", content]);
  const { code, stderr } = await run(folder, ["export", "words.txt"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^pavise: words\.txt\/.*\n$/);
});

test("a store that has content is not filled again", async () => {
  await using folder = await Folder.make();
  await cp(content, join(folder.path, "content"), { recursive: true });
  const settings = { DATABASE_URL: `sqlite://${folder.path}/pavise.db`, PAVISE_CONTENT_DIR: join(folder.path, "content") };
  const first = await Server.start(settings);
  await first.stop();
  await rm(join(folder.path, "content"), { recursive: true });
  await using second = await Server.start(settings);
  expect((await ask(second.url, "/api/latest_posts")).text).toContain("We Testified");
});

test("an empty content folder gives a site that says that it is empty", async ({ page }) => {
  await using empty = await Folder.make();
  await using server = await Server.start({ PAVISE_CONTENT_DIR: empty.path });
  await using _ = leaving(page);
  await page.goto(server.url);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Our Internet, Our Future");
  await expect(page.getByText("No posts have been published yet.")).toBeVisible();
  await expect(page.getByRole("searchbox")).toHaveCount(0);
  await page.getByRole("link", { name: "Action Plan", exact: true }).click();
  await expect(page.getByText("No plan has been published yet.")).toBeVisible();
  expect((await ask(server.url, "/api/latest_posts")).text).toBe("[]");
  expect((await ask(server.url, "/api/get_plan")).status).toBe(404);
  expect((await ask(server.url, "/readyz")).status).toBe(200);
});

test("no content folder at all gives the same site, and the log says so", async ({ request }) => {
  await using server = await Server.start({ PAVISE_CONTENT_DIR: "/nowhere/at/all" });
  expect(await (await request.get(server.url)).text()).toContain("No posts have been published yet.");
  expect(server.log).toContain("no content to fill");
});
