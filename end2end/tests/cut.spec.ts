// Connections that break off: what came of a page is read, and what did not come of its parts is not missed.

import type { Page } from "@playwright/test";
import { brotliDecompressSync, constants } from "node:zlib";
import { parse } from "node-html-parser";
import { accessible, awake, expect, leaving, test } from "../fixtures.js";
import { ask } from "../http.js";
import { everyPage, home, plan, post, topics } from "../pages.js";
import { type Fate, Proxy } from "../proxy.js";

const main = { "the front page": home, "a post": post, "a plan": plan, "an Arabic post": `/ar${post}`, "results of a search": "/search/?q=internet" };

/** How much of a page comes, of all its bytes, so that this much comes of its own part: with 0, all that is before that. */
function upTo(body: Buffer, part: number): number {
  const [begin, end] = [body.indexOf("<main"), body.indexOf("</main>")];
  return (begin + (end - begin) * part) / body.length;
}

/** What comes of a page of which this part does. */
function cameOf(body: Buffer, part: number): string {
  return body.subarray(0, Math.floor(body.length * part)).toString();
}

/** The page's title, as far as it is in this much of its HTML. */
function titleIn(html: string): string {
  return parse(/<title>([^<]*)<\/title>/.exec(html)?.[1] ?? "").text;
}

/** The words of the page's own part in this much of its HTML, without the last one, which may have only begun. */
function wordsIn(html: string): string[] {
  const begun = html.slice(html.indexOf("<main")).replace(/<[^>]*$/, "");
  const words = parse(begun.replace(/<(script|style|template|svg)\b[^]*?(<\/\1>|$)|<\w+[^>]* hidden[^]*?(<\/\w+>|$)/g, " ")).text.split(/\s+/);
  return words.filter((word) => word !== "").slice(0, -1);
}

/** Whether the last words that came are seen, of those that are not in something that a reader opens or that waits for the script. */
async function lastIsSeen(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const aside = (element: Element) =>
      element.closest("template, style, script, details, [hidden], option, .visually-hidden, .save, .printed");
    const main = document.querySelector("main");
    if (!main) return false;
    const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    let last: Element | undefined;
    while (texts.nextNode()) {
      const { parentElement: element, textContent: text } = texts.currentNode;
      if (element && text?.trim() && !aside(element)) last = element;
    }
    return last?.checkVisibility({ visibilityProperty: true, opacityProperty: true }) ?? false;
  });
}

for (const [name, path] of Object.entries(main)) {
  test(`${name} has its title and its header before anything of its own comes`, { tag: ["@fails", "@plain"] }, async ({ page, server }) => {
    await using proxy = await Proxy.start(server.url);
    await using _ = leaving(page);
    proxy.isPlain = true;
    const { body } = await ask(server.url, path, { headers: { "accept-encoding": "identity" } });
    const part = upTo(body, 0);
    const title = titleIn(cameOf(body, part));
    expect(title).not.toBe("");
    proxy.fate = (_, asked) => (asked === path ? { part } : "lost");
    await page.goto(proxy.url + path, { waitUntil: "commit" });
    await expect.poll(() => page.title()).toBe(title);
    const header = page.getByRole("banner");
    await expect(header.getByRole("link").first()).toBeVisible();
    await expect(header.getByRole("navigation").first().getByRole("link")).toHaveCount(5);
    await expect(page.getByRole("main")).toHaveCount(0);
  });

  for (const share of [0.25, 0.5, 0.75]) {
    test(`${name} is read as far as it came: ${share * 100} % of its own part`, { tag: ["@fails", "@plain"] }, async ({ page, server }) => {
      await using proxy = await Proxy.start(server.url);
      await using _ = leaving(page);
      proxy.isPlain = true;
      const { body } = await ask(server.url, path, { headers: { "accept-encoding": "identity" } });
      const part = upTo(body, share);
      const came = cameOf(body, part);
      const words = wordsIn(came);
      expect(words.length, "there is something to be read").toBeGreaterThan(4);
      proxy.fate = (_, asked) => (asked === path ? { part } : "lost");
      await page.goto(proxy.url + path, { waitUntil: "commit" });
      await expect.poll(() => page.title()).toBe(titleIn(came));
      // One by one: what waits for the script may stand between them.
      const missing = async () => {
        const said = await page.evaluate(() => document.querySelector("main")?.textContent ?? "");
        return words.slice(-4).filter((word) => !said.includes(word));
      };
      await expect.poll(missing).toEqual([]);
      await expect.poll(() => lastIsSeen(page)).toBe(true);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByRole("banner").getByRole("link").first()).toBeVisible();
    });
  }
}

test("a page that breaks off within its header has a header", { tag: ["@fails", "@plain"] }, async ({ page, server }) => {
  await using proxy = await Proxy.start(server.url);
  await using _ = leaving(page);
  proxy.isPlain = true;
  const { body } = await ask(server.url, topics, { headers: { "accept-encoding": "identity" } });
  const part = (body.indexOf("</header>") - 1) / body.length;
  proxy.fate = (_, asked) => (asked === topics ? { part } : "lost");
  await page.goto(proxy.url + topics, { waitUntil: "commit" });
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Topics" })).toBeVisible();
});

test("what comes of a compressed page is read as well", { tag: ["@fails", "@plain"] }, async ({ page, server }) => {
  const fate = (_: string, path: string): Fate => (path === post ? { part: 0.75 } : "lost");
  await using proxy = await Proxy.start(server.url, fate);
  await using _ = leaving(page);
  const { body } = await ask(server.url, post, { headers: { "accept-encoding": "br" } });
  const came = brotliDecompressSync(body.subarray(0, Math.floor(body.length * 0.75)), { finishFlush: constants.BROTLI_OPERATION_FLUSH }).toString();
  expect(came.length, "a part of it is a part of the page").toBeGreaterThan(10_000);
  await page.goto(proxy.url + post, { waitUntil: "commit" });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("We Testified Because the Internet Needs a Voice");
});

for (const [name, path] of Object.entries(everyPage)) {
  test(`${name} is whole without its script, its module, its face and its pictures`, { tag: "@fails" }, async ({ page, server }) => {
    await using proxy = await Proxy.start(server.url, (_, asked) => (/^\/(pkg|media|favicon)/.test(asked) ? "lost" : "whole"));
    await using _ = leaving(page);
    await page.goto(proxy.url + path);
    await accessible(page);
    await page.getByRole("banner").getByRole("link", { name: /Topics|Thèmes|المواضيع|الموضوعات/ }).click();
    await expect(page).toHaveURL(/\/topics\/$/);
  });
}

test("a module that breaks off half way leaves the page, and comes with the next one", { tag: "@fails" }, async ({ page, server }) => {
  await using proxy = await Proxy.start(server.url, (_, path) => (path.endsWith(".wasm") ? { part: 0.5, ends: true } : "whole"));
  await using _ = leaving(page);
  await page.goto(proxy.url + home);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Topics" }).click();
  await expect(page).toHaveURL(proxy.url + topics);
  proxy.fate = () => "whole";
  await page.goto(proxy.url + post);
  await awake(page);
});

test("a page that breaks off during a navigation in place is loaded by the browser", { tag: "@fails" }, async ({ page, server }) => {
  await using proxy = await Proxy.start(server.url);
  await using _ = leaving(page);
  await page.goto(proxy.url + home);
  await awake(page);
  let times = 0;
  proxy.fate = (_, path) => (path === topics && (times += 1) === 1 ? { part: 0.5, ends: true } : "whole");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Topics" }).click();
  await expect(page).toHaveURL(proxy.url + topics);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Topics");
  await expect(page.getByRole("contentinfo")).toBeVisible();
});
