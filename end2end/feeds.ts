// The feeds of the site, and what a reader's program gets from them, whatever their form.

import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { localized } from "./site.js";
import { mistakes, values } from "./xml.js";

export type Form = "RSS" | "Atom" | "JSON Feed";

type Served = { end: string; type: string };

export type Entry = { id: string; url: string; title: string; html: string };

/** What each form is served as, and where it stands below the page that it is of. */
export const forms: Record<Form, Served> = {
  RSS: { end: "feed/", type: "application/rss+xml" },
  Atom: { end: "feed/atom/", type: "application/atom+xml" },
  "JSON Feed": { end: "feed/json/", type: "application/feed+json" },
};

/** What has feeds, by what a person would call it, with its address. */
export const subjects = { "the site": "/", "a topic": "/topics/access/", "an author": "/authors/policy-desk/" };

export type Feed = { name: string; form: Form; language: string; page: string; path: string; type: string };

/** The feeds of each subject, in each form, in these languages. */
export function feeds(languages: Record<string, string> = { en: "English", fr: "French" }): Feed[] {
  const all: Feed[] = [];
  for (const [form, { end, type }] of Object.entries(forms) as [Form, Served][])
    for (const [subject, path] of Object.entries(subjects))
      for (const [language, words] of Object.entries(languages)) {
        const page = localized(language, path);
        all.push({ name: `the feed of ${subject} in ${words} as ${form}`, form, language, page, path: page + end, type });
      }
  return all;
}

const ajv = new Ajv2020({ allErrors: true });
formats.default(ajv);
const isFeed = ajv.compile(JSON.parse(readFileSync(join(import.meta.dirname, "schemas/feed.json"), "utf8")));

/** What is wrong with a feed of this form, by its schema. */
export function wrongIn(form: Form, text: string): string[] {
  if (form !== "JSON Feed") return mistakes(form.toLowerCase(), text);
  isFeed(JSON.parse(text));
  return (isFeed.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

/** The posts that a feed has, in its order. */
export function entries(form: Form, text: string): Entry[] {
  if (form === "JSON Feed") {
    return JSON.parse(text).items.map((item: Record<string, string>) => ({ ...item, html: item["content_html"] }));
  }
  const at = form === "RSS" ? "/rss/channel/item" : "/a:feed/a:entry";
  const names = form === "RSS" ? ["guid", "link", "title", "content:encoded"] : ["a:id", "a:link[@rel='alternate']/@href", "a:title", "a:content"];
  const [ids = [], urls = [], titles = [], texts = []] = names.map((name) => values(text, `${at}/${name}`));
  return ids.map((id, index) => ({ id, url: urls[index] ?? "", title: titles[index] ?? "", html: texts[index] ?? "" }));
}
