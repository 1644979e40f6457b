// The published site: the addresses that its readers use, whatever machine answers, and what pages say of themselves.

import { type HTMLElement, parse } from "node-html-parser";
import { type Answer, ask } from "./http.js";
import { values } from "./xml.js";

/** Where readers find the site: not where the machine under test listens, as behind a proxy. */
export const origin = "https://www.example.org";

/** What gives a server that address: `test.use({ settings: published })`. */
export const published = { PAVISE_BASE_URL: origin };

/** The languages of the site, the default one first. */
export const languages = ["en", "fr", "es", "ar"] as const;

export type Language = (typeof languages)[number];

/** The address in `language` of what has the path `path` in the default one. */
export function localized(language: string, path: string): string {
  return language === "en" ? path : `/${language}${path}`;
}

/** Takes a path apart into its language and the path that it has in the default one. */
export function unlocalized(path: string): [language: string, path: string] {
  const [, language = "", rest = ""] = /^\/(\w+)(\/.*)$/.exec(path) ?? [];
  return languages.some((known) => known === language) && language !== "en" ? [language, rest] : ["en", path];
}

/** What a reader's whole address is at the machine: the path, with the query. */
export function pathOf(address: string): string {
  const { origin: its, pathname, search } = new URL(address);
  if (its !== origin) throw new Error(`${address} is not an address of ${origin}`);
  return pathname + search;
}

/** Asks the machine at `url` for what readers find at `address`, a whole one or one from the root of the site. */
export async function visit(url: string, address: string): Promise<Answer> {
  return ask(url, address.startsWith("/") ? address : pathOf(address));
}

/** The page at `address`, which has to be there. */
export async function pageAt(url: string, address: string): Promise<HTMLElement> {
  const { status, text } = await visit(url, address);
  if (status !== 200) throw new Error(`${address} answers ${status}`);
  return document(text);
}

export function document(html: string): HTMLElement {
  return parse(html);
}

/** The attribute `name` of every element that `selector` finds, where it is there. */
export function attributes(page: HTMLElement, selector: string, name: string): string[] {
  return page.querySelectorAll(selector).flatMap((element) => element.getAttribute(name) ?? []);
}

/** What `<meta>` says under each of its names; the first counts. */
export function meta(page: HTMLElement): Record<string, string> {
  const said = page.querySelectorAll("meta").map((element) => {
    const name = element.getAttribute("property") ?? element.getAttribute("name") ?? "";
    return [name, element.getAttribute("content") ?? ""] as const;
  });
  return Object.fromEntries(said.toReversed());
}

/** The structured data of a page, each value of a graph by itself. */
export function structuredData(page: HTMLElement): Record<string, unknown>[] {
  const scripts = page.querySelectorAll(`script[type="application/ld+json"]`);
  return scripts.map((script) => JSON.parse(script.rawText)).flatMap((value) => value["@graph"] ?? [value]);
}

/** The pages of the site in each language: `hreflang` and address, as the page's own head has it. */
export function alternates(page: HTMLElement): Record<string, string> {
  const links = page.querySelectorAll("head link[rel=alternate][hreflang]");
  return Object.fromEntries(links.map((link) => [link.getAttribute("hreflang"), link.getAttribute("href")]));
}

/** The shards of the sitemap. */
export async function shards(url: string): Promise<string[]> {
  return values((await ask(url, "/sitemap.xml")).text, "/s:sitemapindex/s:sitemap/s:loc");
}

/** Every whole address of the sitemap. */
export async function sitemap(url: string): Promise<string[]> {
  const files = await Promise.all((await shards(url)).map((shard) => visit(url, shard)));
  return files.flatMap(({ text }) => values(text, "/s:urlset/s:url/s:loc"));
}
