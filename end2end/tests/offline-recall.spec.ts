// The search of the service worker, in a real browser, beside the site's own over the same texts.

import { expect, Server, test } from "../fixtures.js";
import { ask } from "../http.js";
import { visit } from "../offline.js";
import { Folder, run } from "../program.js";

test.use({ serviceWorkers: "allow" });

type Packed = { path: string; title: string; html: string };

/** What a reader may ask who looks for this post: a word of its title, two of its text, a mistake. */
function questions({ title, html }: Packed): string[] {
  const words = html.replace(/<[^>]*>/g, " ").split(/\s+/).filter(Boolean);
  const long = words.find((word) => /^\p{L}{7,}$/u.test(word)) ?? "";
  return [title.split(" ")[0] ?? "", words.slice(20, 22).join(" "), long.slice(0, 3) + long.slice(4)].filter(Boolean);
}

test("without a network the first ten are at least 95 of 100 times those of the site", { tag: "@fails" }, async ({ page, context }) => {
  await using folder = await Folder.make();
  const store = { DATABASE_URL: `sqlite://${folder.path}/pavise.db` };
  expect((await run(folder, ["generate", "--posts", "20"], store)).code).toBe(0);
  await using server = await Server.start(store);
  await expect.poll(async () => JSON.parse((await ask(server.url, "/api/search?q=a")).text).is_complete).toBe(true);
  let [recalled, all, several] = [0, 0, 0];
  for (const [lang, tag] of [["", "en"], ["/ar", "ar"]] as const) {
    await context.setOffline(false);
    await visit(page, `${server.url}${lang}/`);
    await page.goto(`${server.url}${lang}/offline/`);
    await page.locator("form:has(input[value=pack]) button").click();
    await page.waitForURL(/told=packed/);
    const { posts } = JSON.parse((await ask(server.url, `/api/pack?lang=${tag}&have=`)).text) as { posts: Packed[] };
    expect(posts).toHaveLength(20);
    const asked = posts.filter((_, n) => n % 2 === 0).flatMap(questions);
    const expected = new Map<string, string[]>();
    for (const q of asked) {
      const { found } = JSON.parse((await ask(server.url, `/api/search?${new URLSearchParams({ q, lang: tag })}`)).text) as { found: { path: string }[] };
      // Topics and authors are in no pack.
      expected.set(q, found.map(({ path }) => path).filter((path) => posts.some((post) => post.path === path)));
    }
    await context.setOffline(true);
    for (const [q, paths] of expected) {
      await page.goto(`${server.url}${lang}/search/?${new URLSearchParams({ q })}`);
      const links = page.locator("main .results .result h2 a");
      const own = await links.evaluateAll((links) => links.slice(0, 10).map((link) => new URL((link as HTMLAnchorElement).href).pathname));
      recalled += paths.filter((path) => own.includes(path)).length;
      all += paths.length;
      several += paths.length > 1 ? 1 : 0;
    }
  }
  expect(several, "most answers have more than one post").toBeGreaterThan(20);
  expect(recalled / all, `${recalled} of ${all}`).toBeGreaterThanOrEqual(0.95);
});
