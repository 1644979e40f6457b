import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, root, test, write } from "../fixtures.js";
import { Folder, portuguese, postFile, run } from "../program.js";

/** What `pavise check` says of the site's own content, changed by `change`, with these settings and files. */
async function check(env: Record<string, string>, files: Record<string, string> = {}, change: (content: string) => Promise<void> = async () => {}) {
  await using folder = await Folder.make(files);
  await cp(join(root, "content"), join(folder.path, "content"), { recursive: true });
  await change(join(folder.path, "content"));
  return await run(folder, ["check"], env);
}

test("the check tells which words a language lacks, one by one", async () => {
  const files = { "locales/pt.ftl": await portuguese("nav-home", "footer-about") };
  const { code, stdout } = await check({ PAVISE_LANGUAGES: "en pt" }, files);
  expect(code).toBe(0);
  const told = stdout.split("\n").filter((line) => line.startsWith("locales/"));
  expect(told).toEqual(["footer-about", "nav-home"].map((id) => `locales/pt.ftl: the message \`${id}\` is missing`));
});

test("the check tells which content is not translated, or from an earlier original", async () => {
  const change = async (content: string) => {
    await rm(join(content, "pages/about.ar.md"));
    const topic = join(content, "topics/access.md");
    await write(topic, (await readFile(topic, "utf8")).replace('title: "Access"', 'title: "Access for all"'));
  };
  const { code, stdout } = await check({}, {}, change);
  expect(code).toBe(0);
  const told = stdout.split("\n");
  const of = (name: string) => told.filter((line) => line.startsWith(`${name} in `));
  expect(of("pages/about")).toEqual([expect.stringMatching(/^pages\/about in ar: missing: .*`made_from: "[0-9a-f]{8}"`$/)]);
  const stale = (language: string) => expect.stringMatching(`^topics/access in ${language}: stale: .*\`made_from: "[0-9a-f]{8}"\`$`);
  expect(of("topics/access")).toEqual(["fr", "es", "ar"].map(stale));
  expect(of("pages/privacy")).toEqual([]);
});

test("the revision that the check tells makes a translation whole again", async () => {
  const files = (revision: string) => ({
    "content/topics/tales.md": `---\ntitle: "Tales"\nsummary: "What is told."\n---\n`,
    "content/topics/tales.fr.md": `---\ntitle: "Contes"\nsummary: "Ce que l’on raconte."\nmade_from: "${revision}"\n---\n`,
  });
  await using folder = await Folder.make(files("00000000"));
  const speak = () => run(folder, ["check"], { PAVISE_LANGUAGES: "en fr" });
  const revision = /tales in fr: stale: .*"([0-9a-f]{8})"/.exec((await speak()).stdout)?.[1] ?? "";
  for (const [name, text] of Object.entries(files(revision))) await folder.write(name, text);
  const { code, stdout } = await speak();
  expect(code).toBe(0);
  expect(stdout).not.toContain("topics/tales");
});

test("a translation into the language of the original is a mistake", async () => {
  await using folder = await Folder.make({
    "content/posts/a-tale/index.md": postFile("A tale", "2024-01-01"),
    "content/posts/a-tale/index.en.md": `---\ntitle: "Another"\nsummary: "About it."\nmade_from: "00000000"\n---\n\nOther words.\n`,
  });
  const { code, stderr } = await run(folder, ["check"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^pavise: content\/posts\/a-tale\/index\.en\.md:1: /);
});

for (const [what, languages, said] of [
  ["a tag that is none", "en ../x", "PAVISE_LANGUAGES is `en ../x`: expected language tags such as `en fr ar`, the default one first"],
  ["a tag that is there twice", "en fr en", "PAVISE_LANGUAGES is `en fr en`: expected language tags such as `en fr ar`, the default one first"],
  ["no tag", " ", "PAVISE_LANGUAGES is ` `: expected language tags such as `en fr ar`, the default one first"],
  ["a language without a file", "en pt", "the language `pt`: locales/pt.ftl cannot be read"],
] as const) {
  test(`${what} in the languages ends the program with a sentence`, async () => {
    for (const args of [[], ["check"]]) {
      await using folder = await Folder.make();
      const { code, stdout, stderr } = await run(folder, args, { PAVISE_LANGUAGES: languages });
      expect(code).toBe(1);
      expect(stdout.replace(/^security\.txt is not served: .*\n/, "")).toBe("");
      expect(stderr.startsWith(`pavise: ${said}`), stderr).toBe(true);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
  });
}

test("a file of words that is no Fluent file ends the program with a sentence", async () => {
  await using folder = await Folder.make({ "locales/pt.ftl": "nav-home\n= { $\n" });
  const { code, stderr } = await run(folder, [], { PAVISE_LANGUAGES: "en pt" });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^pavise: locales\/pt\.ftl is not a Fluent file: .*\n$/);
});
