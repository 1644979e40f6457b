// Nothing that an editor or a reader writes runs in a page, even in a browser that does not know the policy.

import type { BrowserContext, Page } from "@playwright/test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { awake, expect, Server, test as base } from "../fixtures.js";
import { ask } from "../http.js";
import { visit } from "../offline.js";
import { type ClassName, carelessPage, classes, drawings, payloads } from "../payloads.js";
import { Folder, run } from "../program.js";
import type { Files } from "../sites.js";

/** The payloads that ran in a browser: each by its number, with where. */
class Runs {
  readonly seen: { number: number; where: string }[] = [];

  static async in(context: BrowserContext): Promise<Runs> {
    const runs = new Runs();
    const note = (number: unknown, where: string) => void runs.seen.push({ number: Number(number), where });
    await context.exposeBinding("xss", ({ frame }, number: unknown) => note(number, frame.url()));
    context.on("request", (request) => {
      const { host, pathname } = new URL(request.url());
      if (host === "xss.example") note(/\d+/.exec(pathname)?.[0], request.frame().url());
    });
    context.on("dialog", (dialog) => {
      note(dialog.message(), dialog.page()?.url() ?? "");
      dialog.dismiss().catch(() => {});
    });
    return runs;
  }

  get numbers(): Set<number> {
    return new Set(this.seen.map(({ number }) => number));
  }
}

/**
 * Does what a reader may do: moves over everything, looks at it, presses it. Gives what waits to run.
 *
 * What may leave the page does not, but for what is itself a script.
 */
function provoke(): string[] {
  const scheme = (element: Element, name: string) => {
    const value = element.getAttribute(name);
    return value !== null && URL.canParse(value, document.baseURI) ? new URL(value, document.baseURI).protocol : "";
  };
  const leaves = (element: Element) => !["href", "xlink:href", "src", "data", "action", "formaction"].every((name) => ["", "http:", "https:", "mailto:"].includes(scheme(element, name)));
  const stay = (event: Event) => {
    const way = [...event.composedPath(), (event as SubmitEvent).submitter].filter((it) => it instanceof Element);
    if (!way.some(leaves)) event.preventDefault();
  };
  addEventListener("click", stay, true);
  addEventListener("submit", stay, true);
  // A name in the page may stand before the document's own.
  const all = (part: Document | DocumentFragment, what: string) => Array.from((part === document ? Document : DocumentFragment).prototype.querySelectorAll.call(part, what));
  for (const element of all(document, "main").length > 0 ? all(document, ".prose *") : all(document, "*")) {
    // What a press has taken out of the page is pressed by nobody.
    if (!element.isConnected) continue;
    for (const name of ["mouseover", "focus"]) element.dispatchEvent(new Event(name, { bubbles: true }));
    element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, composed: true }));
  }
  const armed: string[] = [];
  const look = (part: Document | DocumentFragment) => {
    for (const element of all(part, "*")) {
      const handlers = element.getAttributeNames().filter((name) => name.startsWith("on"));
      for (const name of handlers) element.dispatchEvent(new Event(name.slice(2), { bubbles: true }));
      const isOwnScript = element.matches("head > script[data-release], head > script[type='application/ld+json']");
      const isOdd = element.matches("script, iframe, frame, object, embed, base, applet, foreignObject, math, animate, set, [style], meta[http-equiv]");
      if (handlers.length > 0 || (isOdd && !isOwnScript) || leaves(element)) armed.push(element.outerHTML.slice(0, 200));
      if (element instanceof HTMLTemplateElement) look(element.content);
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document);
  return armed;
}

/** Opens documents one after the other in frames of a page, which is much faster than pages, and gives what waits in them to run. */
async function openAll(page: Page, documents: string[]): Promise<string[]> {
  const armed: string[] = [];
  for (let at = 0; at < documents.length; at += 100) {
    armed.push(...(await page.evaluate(openSome, [documents.slice(at, at + 100), provoke.toString()] as const)));
  }
  return armed;
}

async function openSome([documents, provoke]: readonly [string[], string]): Promise<string[]> {
  const armed: string[] = [];
  const rest = documents.values();
  const open = async () => {
    let frame = document.createElement("iframe");
    for (const html of rest) {
      // What led the frame elsewhere leads nothing after it.
      if (frame.contentDocument?.contentType !== "text/html") {
        frame.remove();
        frame = Object.assign(document.createElement("iframe"), { hidden: true });
        document.body.append(frame);
        // What the site's module does is seen elsewhere: asleep, it does not take half of the time.
        Object.assign(frame.contentWindow as Window, { requestAnimationFrame: () => 0 });
      }
      const loaded = new Promise((done) => frame.addEventListener("load", done, { once: true }));
      const inside = frame.contentDocument as Document;
      inside.open();
      inside.write(html);
      inside.close();
      await loaded;
      const window = frame.contentWindow as unknown as { eval(script: string): string[] };
      armed.push(...(frame.contentDocument?.contentType === "text/html" ? window.eval(`(${provoke})()`) : [`led elsewhere: ${html.slice(0, 200)}`]));
      // What was set going has its turn.
      for (let n = 0; n < 3; n++) await new Promise((done) => setTimeout(done));
    }
    frame.remove();
  };
  await Promise.all(Array.from({ length: 8 }, open));
  return armed;
}

/** Provokes the page, and gives what waits in it to run; what was set going has its turn. */
async function provoked(page: Page): Promise<string[]> {
  const armed = await page.evaluate(provoke);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  return armed;
}

/** The same once the islands are awake. */
async function provokedAwake(page: Page): Promise<string[]> {
  await awake(page);
  return provoked(page);
}

/** What each of `all` gives, a few at a time and in their order. */
async function each<T, R>(all: Iterable<T>, work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const rest = Array.from(all).entries();
  const go = async () => {
    for (const [at, one] of rest) results[at] = await work(one);
  };
  await Promise.all(Array.from({ length: 6 }, go));
  return results;
}

type Answer = { path: string; status: number; type: string; text: string; isGuessed: boolean };

/** What the site answers in the end, wherever it leads first. */
async function answerOf(url: string, path: string, { fields, cookie = "" }: { fields?: Record<string, string>; cookie?: string } = {}): Promise<Answer> {
  const body = fields && new URLSearchParams(fields).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded", cookie };
  const { status, headers: said, text } = await ask(url, path, body === undefined ? { headers } : { method: "POST", headers, body });
  const to = new URL(said["location"] ?? "", url);
  // A way to another site would be one to its scripts: it stays an answer without a page.
  if (status >= 300 && status < 400 && to.origin === url) return answerOf(url, to.pathname + to.search, { cookie });
  return { path, status, type: said["content-type"] ?? "", text, isGuessed: said["x-content-type-options"] !== "nosniff" };
}

/** Whether nearly all payloads that have a call in plain letters stand in these pages with it. */
function mentionAll(pages: Iterable<string>): boolean {
  const numbers = (texts: Iterable<string>) => new Set(Array.from(texts).flatMap((text) => Array.from(text.matchAll(/xss\((\d+)\)/g), ([, number]) => number)));
  return numbers(pages).size > numbers(payloads.map(({ text }) => text)).size - 20;
}

// Content

const dot = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>`;

/** A text as a YAML value on one line. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function onOneLine(text: string): string {
  return text.replace(/[\r\n\t]+/g, " ").trim();
}

/** A text with which Markdown can do nothing. */
function escaped(text: string): string {
  return onOneLine(text).replace(/[!-/:-@[-`{-~]/g, "\\$&");
}

/** Blocks with `text`, as it is, in every place that Markdown has. */
function places(text: string): string[] {
  return [
    `- ${text}`,
    `1. ${text}`,
    `> ${text}`,
    `*${text}* and **${text}**`,
    `[x](${text})`,
    `[x](<${text}>)`,
    `[x](https://example.org/${text})`,
    `[x](https://example.org/ '${text}')`,
    `<${text}>`,
    `[a]: ${text}`,
    `[a]`,
    `[${text}]: https://example.org/`,
    `[${text}]`,
    `x[^a] y[^${text}]`,
    `[^a]: ${text}`,
    `[^${text}]: x`,
    `\`${text}\``,
    `~~~${text}\n${text}\n~~~`,
    ...plainly(text),
  ];
}

/** Blocks with `text` where all of it can stand once it is escaped. */
function plainly(text: string): string[] {
  return [
    `## ${text}`,
    `| ${text} | x |\n| --- | --- |\n| x | ${text} |`,
    `[${text}](https://example.org/)`,
    `[x](https://example.org/ "${text}")`,
    `![${text}](dot.svg "x")`,
    `![x](dot.svg "${text}")`,
    `x ![${text}](dot.svg)`,
  ];
}

/** Files of content that stand and fall together: what is tried first, and what is tried where that is refused. */
type Item = { name: string; versions: Files[] };

function head(text: string, more = ""): string {
  return `---\ntitle: ${quoted(text)}\nsummary: ${quoted(text)}\n${more}---\n\n`;
}

const from = `made_from: "00000000"\n`;

/** The day of a post: a year has 90 of them, as many as pages of results show. */
function day(number: number): string {
  return new Date(Date.UTC(2001 + Math.floor(number / 90), 0, 1 + (number % 90))).toISOString().slice(0, 10);
}

const post = (number: number) => `/blog/${day(number).slice(0, 7).replace("-", "/")}/text-${number}/`;
const planYear = (number: number) => 2000 + number;

function plan(text: string, url: string, body: string): string {
  const words = quoted(text);
  const commitment = `{ slug: "b", title: ${words}, unit: ${words}, baseline: 0, target: 9, values: [{ as_of: 2023-03-31, value: 1 }], evidence: { title: ${words}, url: ${quoted(url)} } }`;
  return head(text, `headline: ${words}\nareas:\n  - { slug: "a", title: ${words}, summary: ${words}, commitments: [${commitment}] }\n`) + body;
}

function planIn(text: string, body: string): string {
  const words = quoted(text);
  const commitment = `{ slug: "b", title: ${words}, unit: ${words}, evidence_title: ${words} }`;
  return head(text, `headline: ${words}\n${from}areas:\n  - { slug: "a", title: ${words}, summary: ${words}, commitments: [${commitment}] }\n`) + body;
}

/** A payload in every field of content that a page shows. */
function inContent(number: number, text: string): Item[] {
  const words = quoted(text);
  const more = `published: ${day(number)}\nauthor: "a-${number}"\ntopics: ["t-${number}"]\npicture:\n  file: "dot.svg"\n  alt: ${words}\n`;
  const calm = plainly(escaped(text)).join("\n\n");
  const bold = [calm, ...places(onOneLine(text)), text].join("\n\n");
  const way = `${number % 2 === 0 ? "" : "https://example.org"}/${text.replace(/\s/g, "")}`;
  const inPost = (body: string) => ({ "index.md": head(text, more) + body, "index.fr.md": head(text, `picture_alt: ${words}\n${from}`) + body, "dot.svg": dot });
  const inDocument = (body: string) => ({ ".md": head(text) + body, ".fr.md": head(text, from) + body });
  return [
    { name: `posts/text-${number}/`, versions: [inPost(bold), inPost(calm)] },
    { name: `topics/t-${number}`, versions: [inDocument(text), inDocument("Words.")] },
    { name: `authors/a-${number}`, versions: [inDocument(text), inDocument("Words.")] },
    { name: `plan/${planYear(number)}`, versions: [{ ".md": plan(text, way, text), ".fr.md": planIn(text, text) }, { ".md": plan(text, "/blog/", "Words."), ".fr.md": planIn(text, "Words.") }] },
  ];
}

/** A payload where a name, a day or an address is expected, and in front matter that nobody quotes. */
function inNames(number: number, text: string): Item[] {
  const words = quoted(text);
  const values = ["published", "updated", "id", "author", "lang"].map((key) => `${key}: ${words}\n`);
  const lists = ["topics", "reports_on", "redirect_from"].map((key) => `${key}: [${words}]\n`);
  const old = `published: 2000-01-01\nredirect_from: [${quoted(`/${text}`)}]\n`;
  return [
    { name: `posts/names-${number}/`, versions: [{ "index.md": `${head("x", `${values.join("")}${lists.join("")}picture: { file: ${words}, alt: "x", focus: ${words} }\n`)}Words.\n` }] },
    { name: `posts/old-${number}/`, versions: [{ "index.md": `${head("x", old)}Words.\n` }] },
    { name: `posts/raw-${number}/`, versions: [{ "index.md": `---\ntitle: ${text}\nsummary: ${text}\npublished: 2000-01-01\n---\n\nWords.\n` }] },
  ];
}

/** A payload as the name of a picture's file, which has no stroke; with a colon it would be an address. */
function inFile(number: number, text: string): Item {
  const file = `${onOneLine(text).replace(/[/\\:]/g, " ")}.svg`;
  const more = `published: 2000-01-01\npicture: { file: ${quoted(file)}, alt: "x" }\n`;
  return { name: `posts/file-${number}/`, versions: [{ "index.md": `${head("x", more)}![x](<${file.replace(/[<>&]/g, "\\$&")}>)\n`, [file]: dot }] };
}

/** The payloads of a class, without the characters that no field takes. */
function together(name: ClassName): string[] {
  return payloads.filter((payload) => payload.class === name).map(({ text }) => text.replace(/[^\P{Cc}\t\n\r]|\ufffe/gu, ""));
}

const allOf = (number: number) => `/blog/2024/01/all-${number}/`;

/** All payloads of a class in one post, and one page of the organisation. */
function ofClass(name: ClassName, number: number): Item[] {
  const texts = together(name);
  const [title, calm, bold] = [onOneLine(texts.join(" ")), texts.map(escaped).join("\n\n"), texts.join("\n\n")];
  const more = `published: 2024-01-${String(number + 1).padStart(2, "0")}\n`;
  const inPost = (body: string) => ({ "index.md": head(title, more) + body, "index.fr.md": head(title, from) + body });
  // Every page of the site shows it.
  const short = onOneLine(texts.slice(0, 3).join(" "));
  const inPage = (body: string) => ({ ".md": head(short) + body, ".fr.md": head(short, from) + body });
  return [
    { name: `posts/all-${number}/`, versions: [inPost(bold), inPost(calm)] },
    { name: `pages/all-${number}`, versions: [inPage(bold), inPage(calm)] },
  ];
}

function items(): Item[] {
  const everything = onOneLine(classes.flatMap(together).join(" "));
  const whole = { ".md": plan(everything, "/blog/", "Words."), ".fr.md": planIn(everything, "Words.") };
  const one = payloads.flatMap(({ number, text }) => [...inContent(number, text), ...inNames(number, text)]);
  const files = payloads.filter((payload) => payload.class === "attribute break-outs").map(({ number, text }) => inFile(number, text));
  return [...one, ...files, ...classes.flatMap(ofClass), { name: "plan/9000", versions: [whole] }];
}

type Imported = { folder: Folder; kept: Set<string>; refusals: string[] };

/** Imports each item in the first of its versions that is accepted. */
async function imported(items: Item[]): Promise<Imported> {
  const folder = await Folder.make();
  const left = new Map(items.map(({ name, versions }) => [name, [...versions]]));
  const refusals: string[] = [];
  const write = async (name: string) => {
    const [files] = left.get(name) ?? [];
    if (!files) for (const end of ["", ".md", ".fr.md"]) await rm(join(folder.path, "content", name + end), { recursive: true, force: true });
    if (!files) left.delete(name);
    for (const [end, text] of Object.entries(files ?? {})) await folder.write(`content/${name}${end}`, text);
  };
  for (let changed = [...left.keys()]; changed.length > 0; ) {
    await each(changed, write);
    const { code, stderr } = await run(folder, ["import", "content"], { DATABASE_URL: `sqlite://${folder.path}/pavise.db` });
    if (code === 0) return { folder, kept: new Set(left.keys()), refusals };
    const told = stderr.trimEnd().split(/\n(?=content\/)/);
    refusals.push(...told);
    // What has a control character has it in each version.
    const name = (line: string) => /content\/(\w+\/[^/.:]+\/?)/.exec(line)?.[1] ?? "";
    for (const line of told.filter((line) => line.includes("a control character"))) left.set(name(line), []);
    changed = [...new Set(told.map(name))].filter(Boolean);
    for (const name of changed) left.get(name)?.shift();
  }
  throw new Error(`what is wrong cannot be found: ${refusals.at(-1)}`);
}

const test = base.extend<object, { attacked: Imported & { server: Server } }>({
  attacked: [
    async ({}, use) => {
      const all = await imported(items());
      await using folder = all.folder;
      await using server = await Server.start({ DATABASE_URL: `sqlite://${folder.path}/pavise.db` });
      await use({ ...all, server });
    },
    { scope: "worker", timeout: 600_000 },
  ],
});

// Without its Content-Security-Policy a page has no second line of defence.
test.use({ bypassCSP: true });

/** The numbers of those that are in the store under this name. */
function keptIn({ kept }: Imported, name: (number: number) => string): number[] {
  return payloads.map(({ number }) => number).filter((number) => kept.has(name(number)));
}

/** A page in which documents can be opened. */
async function frames(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${url}/robots.txt`);
  return page;
}

// Requests

type Request = readonly [path: string, fields?: Record<string, string>];

/** Every request whose answer may show this, or lead to where it says. */
function shown(text: string): Request[] {
  const value = encodeURIComponent(text);
  return [
    [`/search/?q=${value}`],
    ["/message/", { message: text, reply_to: text, about: text, homepage: text }],
    ["/theme", { theme: "dark", back: text }],
    ["/data", { data: "full", back: `/${text}` }],
  ];
}

/** Every other address that takes something from who asks, with this in it. */
function taken(text: string): Request[] {
  const value = encodeURIComponent(text);
  const all = (names: string) => names.split(" ").map((name) => `${name}=${value}`).join("&");
  const addresses = [
    `/search/?q=xss&${all("topic author year language page")}`,
    `/search/shared/?title=${value}`,
    `/search/shared/?${all("text url")}`,
    `/${value}/`,
    `/blog/?topic=${value}`,
    `/blog/?year=${value}`,
    `/topics/access/?before=${value}`,
    `/action-plan/2023/?${all("q area")}`,
    `/message/?${all("message reply_to about")}`,
    `/offline/?${all("told q url path")}`,
    `/fr/blog/2023/03/${value}/?lang=${value}`,
    `/tag/${value}/`,
    `/media/${value}/${value}.svg`,
    `/api/search?q=xss&page=${value}`,
    `/api/get_post?slug=${value}`,
  ];
  return addresses.map((address) => [address]);
}

/** The payloads in as few texts of at most so many characters as hold them, one after the other. */
function packed(most: number): string[] {
  const texts: string[] = [];
  for (const { text } of payloads) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + text.length < most) texts[texts.length - 1] = `${last} ${text}`;
    else texts.push(text);
  }
  return texts;
}

// Tests of the same site run one after the other: it takes a while to make.

test.describe("readers", () => {
  test.describe.configure({ mode: "default" });

  test("the corpus has hundreds of payloads, and a page without any care runs most of them", async ({ server, context }) => {
    const counts = Object.fromEntries(classes.map((name) => [name, payloads.filter((payload) => payload.class === name).length]));
    expect(counts).toEqual({
      "script elements": 35,
      "event handlers": 49,
      addresses: 32,
      "links and forms": 17,
      "embedded documents": 17,
      "head elements": 14,
      SVG: 28,
      MathML: 12,
      mutations: 38,
      "attribute break-outs": 24,
      "element break-outs": 18,
      "scripts and JSON": 23,
      "entities and Unicode": 28,
      "control characters": 25,
      styles: 22,
      "names that are taken": 18,
      "links in Markdown": 42,
      "pictures in Markdown": 18,
      "blocks in Markdown": 34,
      "templates and polyglots": 22,
      "direction and invisible marks": 12,
      "front matter": 20,
    });
    const runs = await Runs.in(context);
    const armed = await openAll(await frames(context, server.url), payloads.map(carelessPage));
    const ran = classes.map((name) => payloads.filter((payload) => payload.class === name && runs.numbers.has(payload.number)).length);
    expect(Math.min(...ran), "of each class some run").toBeGreaterThanOrEqual(5);
    expect(runs.numbers.size).toBeGreaterThanOrEqual(300);
    expect(armed.length, "what only waits is seen as well").toBeGreaterThan(runs.numbers.size);
  });

  test("what a reader asks for or writes runs in no page", async ({ server: { url }, context }) => {
    test.setTimeout(240_000);
    const runs = await Runs.in(context);
    // What is not shown is as good a few at a time; the filter of the front page takes 100 characters.
    const filters = packed(100).map((text): Request => [`/?q=${encodeURIComponent(text)}`]);
    const asked = [...payloads.flatMap(({ text }) => shown(text)), ...packed(200).flatMap(taken), ...filters];
    const answers = await each(asked, ([path, fields]) => answerOf(url, path, { fields }));
    const isHtml = ({ type }: { type: string }) => type.startsWith("text/html");
    const odd = answers.filter((it) => it.status >= 500 || (it.status >= 300 && it.status < 400) || it.isGuessed || !(isHtml(it) || /^(application\/json|text\/plain)/.test(it.type)));
    expect(odd.slice(0, 5).map(({ path, status, type }) => `${path}: ${status} ${type}`)).toEqual([]);
    // The same page for many is shown once.
    const pages = [...new Set(answers.filter(isHtml).map(({ text }) => text))];
    expect(mentionAll(pages)).toBe(true);
    const armed = await openAll(await frames(context, url), pages);
    expect(armed).toEqual([]);
    expect(runs.seen).toEqual([]);
  });

  test("what a reader asks for or writes does not run where the islands are awake", async ({ server: { url }, context }) => {
    const runs = await Runs.in(context);
    const page = await context.newPage();
    const armed: string[] = [];
    const look = async () => void armed.push(...(await provokedAwake(page)));
    for (const name of classes) {
      const value = encodeURIComponent(together(name).join(" ").slice(0, 200));
      for (const path of [`/search/?q=${value}&told=${value}`, `/?q=${value}`]) {
        await page.goto(`${url}${path}#${value}`);
        await look();
      }
    }
    // A form that is shown again has each field as it was written.
    const words = classes.flatMap(together).join("\n").slice(0, 5001);
    await page.goto(`${url}/message/`);
    await page.getByLabel("Your message").evaluate((field: HTMLTextAreaElement, words) => {
      field.removeAttribute("maxlength");
      field.value = words;
    }, words);
    await page.getByLabel("The address of the page").fill(onOneLine(words));
    await page.getByRole("button", { name: "Send" }).click();
    await expect(page.getByText("This is too long")).toBeVisible();
    await look();
    // The filter of the front page, as one types.
    await page.goto(url);
    await awake(page);
    await page.getByRole("searchbox").fill(onOneLine(words).slice(0, 100));
    await expect(page.getByText("No post has")).toBeVisible();
    await look();
    expect(armed).toEqual([]);
    expect(runs.seen).toEqual([]);
  });
});

test.describe("editors", () => {
  test.describe.configure({ mode: "default" });

  test("what an import refuses it refuses in sentences", async ({ attacked }) => {
    const { refusals, kept } = attacked;
    const sentence = /^(pavise: )?content\/\w+\/\S+\.md:\d+: \S+(\s+\S+)+$/;
    expect(refusals.filter((line) => !sentence.test(line))).toEqual([]);
    expect([...kept].filter((name) => name.startsWith("posts/names-")), "a payload is no name and no day").toEqual([]);
    // Of what shows words, only those with a control character are not in the store.
    for (const name of [(n: number) => `posts/text-${n}/`, (n: number) => `topics/t-${n}`, (n: number) => `authors/a-${n}`, (n: number) => `plan/${planYear(n)}`]) {
      expect(keptIn(attacked, name).length).toBeGreaterThan(payloads.length - 20);
    }
    expect(classes.map((_, number) => kept.has(`posts/all-${number}/`) && kept.has(`pages/all-${number}`))).not.toContain(false);
    expect(kept).toContain("plan/9000");
  });

  test("what an editor writes runs in no page", async ({ attacked, context }) => {
    test.setTimeout(240_000);
    const { kept, server: { url } } = attacked;
    const runs = await Runs.in(context);
    const page = await frames(context, url);
    await expect.poll(async () => JSON.parse((await ask(url, "/api/search?q=xss")).text).is_complete, { timeout: 60_000 }).toBe(true);
    const posts = keptIn(attacked, (number) => `posts/text-${number}/`);
    const years = [...new Set(posts.map((number) => day(number).slice(0, 4)))];
    const results = years.flatMap((year) => Array.from({ length: 10 }, (_, n) => `/search/?q=xss&year=${year}&page=${n + 1}`));
    // Each payload has its post, and every fourth another of the pages that it is on; lists have them all.
    const another = (number: number) => [`/fr${post(number)}`, `/topics/t-${number}/`, `/action-plan/${planYear(number)}/`, `/authors/a-${number}/`][(number / 4) % 4] ?? "";
    const paths = [
      ...posts.map(post),
      ...posts.filter((number) => number % 4 === 0).map(another),
      ...keptIn(attacked, (number) => `posts/file-${number}/`).map((number) => `/blog/2000/01/file-${number}/`),
      // Old addresses lead on.
      ...payloads.filter(({ number }) => number % 8 === 0 && kept.has(`posts/old-${number}/`)).map(({ text }) => `/${text.split("/").map(encodeURIComponent).join("/")}`),
      ...results,
      ...posts.filter((number) => number % 20 === 0).map((number) => `/search/?q=%22xss+${number}%22`),
      ...["", "/fr"].flatMap((lang) => ["/", "/?q=xss", "/topics/", "/authors/", "/action-plan/", "/action-plan/9000/", "/search/?q=xss", "/styleguide/"].map((path) => lang + path)),
      ...classes.flatMap((_, number) => [allOf(number), `/fr${allOf(number)}`, `/all-${number}/`, `/fr/all-${number}/`]),
    ];
    const failed: string[] = [];
    const seen: string[] = [];
    const armed: string[] = [];
    const open = async (paths: string[]) => {
      // Readers of little data get pages that are made from the others.
      const answers = await each(paths, (path) => answerOf(url, path, { cookie: path.startsWith("/fr/") ? "data=little" : "" }));
      failed.push(...answers.filter(({ status }) => status !== 200).map(({ path, status }) => `${path}: ${status}`));
      armed.push(...(await openAll(page, answers.map(({ text }) => text))));
      for (const { text } of answers) seen.push(text);
      return answers;
    };
    for (let at = 0; at < paths.length; at += 400) await open(paths.slice(at, at + 400));
    // All lists to their ends.
    for (let lists = ["/blog/", ...years.map((year) => `/fr/blog/${year}/`)]; lists.length > 0; ) {
      const answers = await open(lists);
      lists = answers.flatMap(({ text }) => /<link rel="next" href="([^"]*)"/.exec(text)?.[1]?.replaceAll("&amp;", "&") ?? []);
    }
    expect(failed).toEqual([]);
    expect(mentionAll(seen)).toBe(true);
    expect(armed).toEqual([]);
    expect(runs.seen).toEqual([]);
  });

  test("what is in a drawing neither runs nor calls elsewhere where it is opened by itself", async ({ context }) => {
    const careless = await Runs.in(context);
    const page = await context.newPage();
    const open = async (address: string) => {
      await page.goto(address);
      await page.evaluate(() => {
        for (const element of document.querySelectorAll("*")) {
          for (const name of ["focus", "click"]) element.dispatchEvent(new Event(name, { bubbles: true, cancelable: true }));
        }
      });
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20))));
    };
    await page.route("http://careless.example/*", (route) => {
      const number = Number(/\d+/.exec(new URL(route.request().url()).pathname));
      return route.fulfill({ contentType: "image/svg+xml", body: drawings[number - 1] ?? "" });
    });
    for (const [index] of drawings.entries()) await open(`http://careless.example/${index + 1}`);
    expect(careless.numbers.size, "a site without any care has most of them run").toBeGreaterThanOrEqual(20);

    const day = "2000-01-01";
    const posts = drawings.map((_, index) => ({ name: `drawn-${index + 1}`, file: `drawing-${index + 1}.svg` }));
    const files = posts.flatMap(({ name, file }, index) => [
      [`content/posts/${name}/index.md`, `---\ntitle: "x"\nsummary: "x"\npublished: ${day}\npicture: { file: "${file}", alt: "x" }\n---\n\nWords.\n`],
      [`content/posts/${name}/${file}`, drawings[index] ?? ""],
    ]);
    await using folder = await Folder.make();
    for (const [path = "", text = ""] of files) await folder.write(path, text);
    const store = { DATABASE_URL: `sqlite://${folder.path}/pavise.db` };
    expect((await run(folder, ["import", "content"], store)).code).toBe(0);
    await using server = await Server.start(store);
    const before = careless.seen.length;
    let opened = 0;
    for (const { name } of posts) {
      const { text } = await ask(server.url, `/blog/2000/01/${name}/`);
      const [picture] = /\/media\/[^"\s]*\.svg/.exec(text) ?? [];
      if (!picture) continue;
      opened += 1;
      await open(server.url + picture);
    }
    expect(opened, "what only says something is a drawing like another").toBeGreaterThanOrEqual(2);
    expect(careless.seen.slice(before)).toEqual([]);
  });

  test("what an editor writes does not run where the islands are awake", async ({ attacked, context }) => {
    const { url } = attacked.server;
    const runs = await Runs.in(context);
    const page = await context.newPage();
    const armed: string[] = [];
    const look = async () => void armed.push(...(await provokedAwake(page)));
    for (const path of [...classes.map((_, number) => allOf(number)), "/", "/fr/action-plan/9000/", "/styleguide/"]) {
      await page.goto(url + path);
      await look();
    }
    // From page to page in place.
    await page.goto(`${url}/blog/`);
    await awake(page);
    const cards = page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("heading") });
    await cards.first().getByRole("link").click();
    await expect(page).toHaveURL(url + allOf(classes.length - 1));
    await look();
    await page.goto(`${url}/blog/`);
    await awake(page);
    await page.getByRole("link", { name: "Older posts" }).click();
    await expect(cards).toHaveCount(24);
    await look();
    // Suggestions.
    const titles = payloads.map(({ text }) => ({ path: text, lang: text, title: text }));
    await page.route("**/api/suggest?*", (route) => route.fulfill({ json: titles }));
    await page.goto(`${url}/search/`);
    await awake(page);
    await page.getByRole("combobox").first().fill("xss");
    await expect(page.getByRole("option", { includeHidden: false }).filter({ hasText: "xss" }).first()).toBeVisible();
    await look();
    expect(armed).toEqual([]);
    expect(runs.seen).toEqual([]);
  });

  test.describe("offline", () => {
    test.use({ serviceWorkers: "allow" });

    test("nothing runs in what is kept and shown without a network", async ({ attacked: { server: { url } }, context }) => {
      const runs = await Runs.in(context);
      const page = await context.newPage();
      const numbers = classes.map((_, number) => number);
      for (const number of numbers.slice(0, 3)) await visit(page, url + allOf(number));
      const act = (fields: Record<string, string>) => page.evaluate(async (fields) => (await fetch("/offline/", { method: "POST", body: new URLSearchParams(fields) })).text(), fields);
      expect(await act({ do: "save", path: allOf(3) })).toBe("saved");
      expect(await act({ do: "pack" })).toBe("packed");
      await page.goto(`${url}/robots.txt`);
      await context.setOffline(true);
      // Many at a time: each of these pages takes a look at all that is kept.
      const values = packed(1000).map(encodeURIComponent);
      const asked = values.flatMap((value) => [`/offline/?told=${value}`, `/${value}/?q=${value}`, `/search/?q=${value}`]);
      const paths = [...asked, "/offline/", "/search/?q=xss", "/search/?q=script", ...numbers.map(allOf)];
      const shown = await page.evaluate(async (paths) => {
        const pages = new Set<string>();
        const rest = paths.values();
        const ask = async () => {
          for (const path of rest) pages.add(await (await fetch(path, { headers: { accept: "text/html" } })).text());
        };
        await Promise.all(Array.from({ length: 6 }, ask));
        return [...pages];
      }, paths);
      expect(mentionAll(shown)).toBe(true);
      const armed = await openAll(page, shown);
      // Messages that wait, all in one list.
      await page.evaluate(async (texts) => {
        for (const text of texts) await fetch("/message/", { method: "POST", body: new URLSearchParams({ message: text, reply_to: text, about: text }), redirect: "manual" });
      }, packed(200));
      const look = async (path: string, heading: string | RegExp) => {
        await page.goto(url + path);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
        armed.push(...(await provoked(page)));
      };
      await look(`/offline/?told=${values[0]}`, "Reading offline");
      await expect(page.getByRole("region", { name: "Waiting to be sent" }).getByRole("listitem")).toHaveCount(packed(200).length);
      await look("/search/?q=xss", "Search");
      await look(allOf(0), /xss/);
      await look(allOf(classes.length - 1), /xss/);
      await look(`/${values[0]}/`, "This page is not kept here");
      expect(armed).toEqual([]);
      expect(runs.seen).toEqual([]);
    });
  });

  test("a mistake is one line and does nothing to a terminal, whatever it quotes", async ({ attacked: { refusals } }) => {
    const odd = refusals.filter((line) => /\p{Cc}/u.test(line));
    expect(odd.slice(0, 5), `${odd.length} of them`).toEqual([]);
  });
});
