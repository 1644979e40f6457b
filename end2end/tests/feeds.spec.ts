import { type Form, entries, feeds, forms, wrongIn } from "../feeds.js";
import { expect, test } from "../fixtures.js";
import { ask } from "../http.js";
import { published } from "../site.js";
import { changed, without } from "../xml.js";

test.use({ settings: published });

for (const { name, form, path, type } of feeds()) {
  test(`${name} is as the specification has it`, { tag: "@store" }, async ({ server }) => {
    const { status, headers, text } = await ask(server.url, path);
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe(`${type}; charset=utf-8`);
    expect(wrongIn(form, text)).toEqual([]);
    const ids = entries(form, text).map(({ id }) => id);
    expect(ids.length, "posts").toBeGreaterThan(0);
    expect(new Set(ids).size, "each post has a name of its own").toBe(ids.length);
  });
}

/** What a feed cannot do without, for each form: paths in it. */
const needed: Record<Form, string[]> = {
  RSS: [
    "/rss/@version", "/rss/channel", "/rss/channel/title", "/rss/channel/link", "/rss/channel/description", "/rss/channel/language",
    "/rss/channel/a:link", "/rss/channel/a:link/@href", "//item/title", "//item/link", "//item/description", "//item/guid",
    "//item/guid/@isPermaLink", "//item/pubDate", "//item/content:encoded",
  ],
  Atom: [
    "/a:feed/@xml:lang", "/a:feed/a:id", "/a:feed/a:title", "/a:feed/a:updated", "/a:feed/a:author", "/a:feed/a:author/a:name",
    "/a:feed/a:link[@rel='self']", "/a:feed/a:link[@rel='alternate']", "/a:feed/a:link/@href", "//a:entry/a:id", "//a:entry/a:title",
    "//a:entry/a:updated", "//a:entry/a:published", "//a:entry/a:link", "//a:entry/a:content", "//a:entry/a:content/@type",
    "//a:category/@term",
  ],
  "JSON Feed": [
    "version", "title", "home_page_url", "feed_url", "language", "items", "items.0.id", "items.0.url", "items.0.title", "items.0.content_html",
    "items.0.date_published",
  ],
};

/** Values that a feed may not have: what is wrong, where, and what stands there. */
const refused: Record<Form, [string, string, string][]> = {
  RSS: [
    ["a day as Atom writes it", "//item/pubDate/text()", "2023-03-14T00:00:00Z"],
    ["an address that is not whole", "//item/link/text()", "/blog/"],
    ["a name that changes with the address", "//item/guid/@isPermaLink", "true"],
    ["an earlier version", "/rss/@version", "0.92"],
    ["a title without words", "/rss/channel/title/text()", " "],
  ],
  Atom: [
    ["a day without a time", "//a:entry/a:updated/text()", "2023-03-14"],
    ["a time without a zone", "//a:entry/a:updated/text()", "2023-03-14T00:00:00"],
    ["a name that is no IRI", "//a:entry/a:id/text()", "we-testified"],
    ["an address that is not whole", "//a:entry/a:link/@href", "/blog/"],
    ["text that is said to be XHTML", "//a:entry/a:content/@type", "xhtml"],
  ],
  "JSON Feed": [
    ["a day without a time", "items.0.date_published", "2023-03-14"],
    ["an earlier version", "version", "https://jsonfeed.org/version/1"],
    ["an address that is not whole", "items.0.url", "/blog/"],
    ["a title without words", "title", " "],
  ],
};

/** A JSON text with another value at the path, or without what is there. */
function put(text: string, path: string, value?: string): string {
  const whole = JSON.parse(text);
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  steps.reduce((value, step) => value[step], whole)[last] = value;
  return JSON.stringify(whole);
}

for (const [form, paths] of Object.entries(needed) as [Form, string[]][]) {
  test(`a feed is refused as ${form} where something is missing or wrong`, async ({ server }) => {
    const { text } = await ask(server.url, `/${forms[form].end}`);
    const isJson = form === "JSON Feed";
    for (const path of paths) {
      expect.soft(wrongIn(form, isJson ? put(text, path) : without(text, path)), `without ${path}`).not.toEqual([]);
    }
    for (const [what, path, value] of refused[form]) {
      const other = isJson ? put(text, path, value) : changed(text, path, value);
      expect.soft(wrongIn(form, other), what).not.toEqual([]);
    }
  });
}
