import { rename } from "node:fs/promises";
import { join } from "node:path";
import { expect, Server, test } from "../fixtures.js";
import { ask } from "../http.js";
import { Folder, postFile, run } from "../program.js";
import { localized } from "../site.js";

const OLD = "/2019/03/our-tale/";
const NEW = "/blog/2024/05/a-tale/";

/** A post that had other addresses, one that was removed, and one beside them. */
const files = {
  "content/posts/a-tale/index.md": postFile("A tale", "2024-05-01").replace("---\n\n", `redirect_from: ["${OLD}", "/tales/1.html"]\n---\n\n`),
  "content/posts/a-tale/index.fr.md": `---\ntitle: "Un conte"\nsummary: "À propos."\nmade_from: "00000000"\n---\n`,
  "content/posts/gone/index.md": `---\nremoved: 2024-06-01\nredirect_from: ["/2018/gone/"]\n---\n`,
  "content/posts/another/index.md": postFile("Another", "2024-05-02"),
};

type Site = { folder: Folder; server: Server; bring: () => Promise<string> };

/** A site of these files, and what brings them in again after they are changed. */
async function withSite(work: (site: Site) => Promise<void>): Promise<void> {
  await using folder = await Folder.make(files);
  const settings = { DATABASE_URL: `sqlite://${folder.path}/pavise.db`, PAVISE_CONTENT_DIR: join(folder.path, "content") };
  await using server = await Server.start(settings);
  const bring = async () => {
    const { code, stdout, stderr } = await run(folder, ["import", "content"], settings);
    expect(code, stderr).toBe(0);
    return stdout;
  };
  await work({ folder, server, bring });
}

/** Where an address leads for good; nothing where it does not. */
async function leads(url: string, path: string): Promise<string | undefined> {
  const { status, headers } = await ask(url, path);
  expect(status, path).toBe(301);
  return headers["location"];
}

test("an old address of a post leads to where it is now, in the reader's language, for its words as well", async () => {
  await withSite(async ({ server: { url } }) => {
    for (const language of ["en", "fr", "ar"]) {
      const at = (path: string) => localized(language, path);
      expect.soft(await leads(url, at(OLD))).toBe(at(NEW));
      expect.soft(await leads(url, at(OLD.replace(/\/$/, ".txt")))).toBe(at(NEW.replace(/\/$/, ".txt")));
      expect.soft(await leads(url, at("/tales/1.html"))).toBe(at(NEW));
      for (const path of [NEW, NEW.replace(/\/$/, ".txt")]) expect.soft((await ask(url, at(path))).status, path).toBe(200);
    }
  });
});

test("an old address is asked about again, and other methods are told that nothing is there", async () => {
  await withSite(async ({ server: { url } }) => {
    expect((await ask(url, OLD)).headers["cache-control"]).toBe("no-cache");
    expect((await ask(url, OLD, { method: "HEAD" })).status).toBe(301);
    expect((await ask(url, OLD, { method: "POST" })).status).toBe(404);
    for (const path of ["/2019/03/", "/2019/03/our-tale/more/", "/blog/2024/05/our-tale/", "/tales/2.html"])
      expect((await ask(url, path)).status, path).toBe(404);
  });
});

for (const [what, said, asked] of [
  ["with letters beyond ASCII", "/2019/03/über-uns/", "/2019/03/%C3%BCber-uns/"],
  ["that is written as browsers send it", "/2019/03/%C3%BCber-uns/", "/2019/03/%C3%BCber-uns/"],
  ["in another language", "/fr/2019/03/notre-conte/", "/fr/2019/03/notre-conte/"],
] as const) {
  test(`an old address ${what} leads to the post`, async () => {
    const post = postFile("A tale", "2024-05-01").replace("---\n\n", `redirect_from: ["${said}"]\n---\n\n`);
    await using content = await Folder.make({ "posts/a-tale/index.md": post });
    await using server = await Server.start({ PAVISE_CONTENT_DIR: content.path });
    expect(await leads(server.url, asked)).toBe(asked.startsWith("/fr/") ? `/fr${NEW}` : NEW);
  });
}

test("a post that was removed says so in the reader's language", { tag: ["@plain", "@fails"] }, async ({ page }) => {
  await withSite(async ({ server: { url } }) => {
    for (const [language, heading, home] of [
      ["en", "This page was removed", "Go to the front page"],
      ["fr", "Cette page a été retirée", "Aller à la page d’accueil"],
      ["ar", "أُزيلت هذه الصفحة", "انتقل إلى الصفحة الرئيسية"],
    ] as const) {
      const answer = await page.goto(url + localized(language, "/blog/2024/05/gone/"));
      expect(answer?.status()).toBe(410);
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
      await expect(page.locator("meta[name=robots]")).toHaveAttribute("content", "noindex");
      await expect(page.getByRole("link", { name: home })).toHaveAttribute("href", localized(language, "/"));
    }
    for (const path of ["/blog/2024/05/gone.txt", "/2018/gone/", "/fr/2018/gone/"]) expect((await ask(url, path)).status, path).toBe(410);
    expect((await ask(url, "/blog/2024/05/was-never/")).status).toBe(404);
  });
});

test("a post that is removed is gone from everything, with all its addresses", async () => {
  await withSite(async ({ folder, server: { url }, bring }) => {
    await folder.write("content/posts/a-tale/index.md", "---\nremoved: 2024-06-01\n---\n");
    expect(await bring()).toContain("0 added, 1 changed");
    for (const path of [NEW, OLD, "/tales/1.html"].flatMap((path) => [path, `/fr${path}`]))
      expect.soft((await ask(url, path)).status, path).toBe(410);
    for (const path of ["/", "/fr/", "/blog/", "/blog/2024/05/another/", "/feed/", "/fr/feed/json/", "/sitemaps/posts-0.xml", "/api/latest_posts"])
      expect.soft((await ask(url, path)).text, path).not.toMatch(/a-tale|A tale|Un conte/);
    // Its editor has second thoughts.
    await folder.write("content/posts/a-tale/index.md", files["content/posts/a-tale/index.md"]);
    await bring();
    expect((await ask(url, NEW)).status).toBe(200);
    expect(await leads(url, OLD)).toBe(NEW);
  });
});

test("a post whose folder gets another name keeps its old address by itself", async () => {
  await withSite(async ({ folder, server: { url }, bring }) => {
    const [first, second, third] = ["/blog/2024/05/another/", "/blog/2024/05/another-name/", "/blog/2024/05/a-third-name/"];
    const move = (from: string, to: string) => rename(join(folder.path, "content/posts", from), join(folder.path, "content/posts", to));
    await move("another", "another-name");
    await bring();
    expect(await leads(url, first)).toBe(second);
    expect(await leads(url, `/fr${first}`)).toBe(`/fr${second}`);
    expect(await leads(url, first.replace(/\/$/, ".txt"))).toBe(second.replace(/\/$/, ".txt"));
    expect((await ask(url, second)).text).toContain("Another");
    await move("another-name", "a-third-name");
    await bring();
    for (const path of [first, second]) expect.soft(await leads(url, path), path).toBe(third);
    expect((await ask(url, third)).status).toBe(200);
    expect((await ask(url, "/sitemaps/posts-0.xml")).text).not.toMatch(/\/another/);
  });
});

test("a post that appears on another day leads from its old month to the new one", async () => {
  await withSite(async ({ folder, server: { url }, bring }) => {
    await folder.write("content/posts/another/index.md", postFile("Another", "2024-07-02"));
    await bring();
    const { status, headers } = await ask(url, "/fr/blog/2024/05/another/");
    expect([status, headers["location"]]).toEqual([308, "/fr/blog/2024/07/another/"]);
  });
});

test("a topic's address on the site that was here before leads to the topic", { tag: "@store" }, async ({ server }) => {
  for (const before of ["tag", "category"])
    for (const language of ["en", "fr", "ar"]) {
      const at = (path: string) => localized(language, path);
      const { status, headers } = await ask(server.url, at(`/${before}/access/`));
      expect.soft([status, headers["location"]], before).toEqual([308, at("/topics/access/")]);
      expect.soft((await ask(server.url, headers["location"] ?? "")).status, before).toBe(200);
    }
  expect((await ask(server.url, "/tag/access")).status).toBe(308);
});
