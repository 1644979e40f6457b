import { type Visited, type Walk, walk } from "../crawl.js";
import { expect, Server, test as base } from "../fixtures.js";
import { Folder } from "../program.js";
import { languages, localized, origin, pathOf, published, sitemap } from "../site.js";

/** More posts than a list shows at once, so that there are pages of lists. */
async function manyPosts(): Promise<Folder> {
  const folder = await Folder.make({
    "topics/tales.md": `---\ntitle: "Tales"\nsummary: "What is told."\n---\n`,
    "authors/tellers.md": `---\ntitle: "Tellers"\nsummary: "Who tell it."\n---\n`,
  });
  for (let number = 0; number < 40; number++) {
    const day = `202${number % 4}-05-${String(1 + (number % 28)).padStart(2, "0")}`;
    const head = `title: "Tale ${number}"\nsummary: "Its summary."\npublished: ${day}\nauthor: "tellers"\ntopics: ["tales"]`;
    const body = `## One\n\n[Another](/blog/2020/05/tale-0/#two)[^1]\n\n## Two\n\n## عن الشبكة\n\n[^1]: A note.`;
    await folder.write(`posts/tale-${number}/index.md`, `---\n${head}\n---\n\n${body}\n`);
  }
  return folder;
}

// One walk is enough for all that is asked about it.
const test = base.extend<object, { site: Server; whole: Walk }>({
  site: [
    async ({}, use) => {
      await using content = await manyPosts();
      await using server = await Server.start({ ...published, PAVISE_CONTENT_DIR: content.path });
      await use(server);
    },
    { scope: "worker" },
  ],
  whole: [
    async ({ server }, use) => {
      await use(await walk(server.url));
    },
    { scope: "worker" },
  ],
});

test.use({ settings: published });

/** What is wrong with a walk: each broken address with a page that names it. */
function wrong({ met, references, noAddresses }: Walk): string[] {
  const told = references.flatMap(({ from, to, fragment }) => {
    const visited = met.get(to);
    const status = visited?.answer.status ?? 0;
    if (status >= 300 && status < 400) return `${to} leads to ${visited?.answer.headers["location"]}: linked on ${from}`;
    if (status !== 200) return `${to} answers ${status}: linked on ${from}`;
    const there = fragment === "" || visited?.page?.getElementById(fragment);
    return there ? [] : `${to} has no #${fragment}: linked on ${from}`;
  });
  return [...new Set([...told, ...noAddresses.map((address) => `${address} is no address`)])];
}

/** The pages that a walk met, but for those that say that they are not for search engines. */
function pages({ met }: Walk): string[] {
  const isListed = ({ answer, page }: Visited) => page && answer.status === 200 && !page.querySelector("meta[name=robots][content=noindex]");
  return [...met].filter(([, visited]) => isListed(visited)).map(([path]) => path);
}

test("every link of the site leads straight to what is there", { tag: "@store" }, async ({ whole }) => {
  expect(wrong(whole)).toEqual([]);
});

test("a walk along the links comes to every kind of page and file in every language", async ({ whole }) => {
  for (const language of languages)
    for (const path of [
      "/", "/blog/", "/blog/2023/", "/blog/2023/03/", "/topics/access/", "/authors/policy-desk/", "/action-plan/2023/", "/about/", "/search/", "/feed/",
      "/topics/access/feed/atom/", "/authors/policy-desk/feed/json/", "/action-plan/2023.txt", "/manifest.webmanifest",
      "/blog/2023/03/we-testified-because-the-internet-needs-a-voice/", "/blog/2023/03/we-testified-because-the-internet-needs-a-voice.txt",
    ])
      expect.soft([...whole.met.keys()], path).toContain(localized(language, path));
  for (const file of ["/favicon.svg", "/apple-touch-icon.png", "/icon-512.png", "/cards/ar.png"]) expect.soft([...whole.met.keys()]).toContain(file);
  const kinds = new Set([...whole.met.values()].map(({ answer }) => answer.headers["content-type"]?.split(";")[0]));
  for (const kind of ["application/wasm", "text/javascript", "image/svg+xml", "image/png"]) expect.soft([...kinds]).toContain(kind);
});

test("the sitemap has every page that links lead to, and no other", { tag: "@store" }, async ({ server, whole }) => {
  // A choice of posts, or a part of a list, is not a page of its own for search engines.
  const whatIsWhole = pages(whole).filter((path) => !path.includes("?"));
  expect(whatIsWhole.toSorted()).toEqual((await sitemap(server.url)).map(pathOf).toSorted());
});

test("no page names the machine that answers", async ({ server, whole }) => {
  const machine = new URL(server.url).host;
  const hasWords = ({ answer }: Visited) => !/^(image\/png|application\/wasm)/.test(answer.headers["content-type"] ?? "");
  for (const [path, { answer }] of [...whole.met].filter(([, visited]) => hasWords(visited))) {
    const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
    for (const text of [answer.text, ...headers]) expect.soft(text.includes(machine), path).toBe(false);
    expect.soft(/https?:\/\/(127\.|localhost)/.test(answer.text), path).toBe(false);
  }
});

test("a broken link is found, with the page that has it", async () => {
  const body = "[a](/nowhere/) [b](/blog) [c](/about/#nowhere) [d](/blog/2024/01/a-tale/)";
  await using content = await Folder.make({
    "posts/a-tale/index.md": `---\ntitle: "A"\nsummary: "B"\npublished: 2024-01-01\n---\n\n${body}\n`,
    "pages/about.md": `---\ntitle: "About"\nsummary: "B"\n---\n\nWords.\n`,
  });
  await using server = await Server.start({ ...published, PAVISE_CONTENT_DIR: content.path, PAVISE_LANGUAGES: "en" });
  const page = "linked on /blog/2024/01/a-tale/";
  const expected = [`/nowhere/ answers 404: ${page}`, `/blog leads to /blog/: ${page}`, `/about/ has no #nowhere: ${page}`];
  expect(wrong(await walk(server.url))).toEqual(expected);
});

test("lists that go over many pages link to all posts, and to nothing else", async ({ site }) => {
  const walked = await walk(site.url);
  expect(wrong(walked)).toEqual([]);
  const all = await sitemap(site.url);
  expect(pages(walked).filter((path) => !path.includes("?")).toSorted()).toEqual(all.map(pathOf).toSorted());
  const placed = pages(walked).filter((path) => /[?&](before|after)=/.test(path));
  expect(placed.filter((path) => path.startsWith("/ar/topics/tales/?")).length).toBeGreaterThan(1);
  for (const path of placed) {
    const canonical = walked.met.get(path)?.page?.querySelector("link[rel=canonical]")?.getAttribute("href");
    expect.soft(canonical, path).toBe(origin + path);
  }
});
