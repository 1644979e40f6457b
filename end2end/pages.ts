// The pages of the site and what journeys through them have in common.

import type { Locator, Page, Route } from "@playwright/test";
import { HTMLElement, type Node, parse } from "node-html-parser";

export const home = "/";
export const plans = "/action-plan/";
export const plan = "/action-plan/2023/";
export const post = "/blog/2023/03/we-testified-because-the-internet-needs-a-voice/";
/** Only its title and summary are translated; its words have a picture. */
export const untranslated =
  "/blog/2023/02/sender-pays-what-lessons-european-policy-makers-should-take-from-the-case-of-south-korea/";
export const posts = "/blog/";
export const topics = "/topics/";
export const topic = "/topics/access/";
export const authors = "/authors/";
export const author = "/authors/policy-desk/";
export const about = "/about/";

/** One address of each kind of page, by what a person would call it. */
export const everyPage: Record<string, string> = {
  "the front page": home,
  "the narrowed front page": "/?q=sender",
  "a filter that finds nothing": "/?q=zebra",
  "the search page": "/search/",
  "results of a search": "/search/?q=sender",
  "results for a mistyped word in Arabic": "/ar/search/?q=%D8%A8%D8%B1%D9%88%D9%83%D8%B3%D9%8A%D9%84",
  "a search of everything that finds nothing": "/search/?q=zebra&year=2023",
  "a post": post,
  "a post with a picture in its words": untranslated,
  "the list of posts": posts,
  "a year of posts": "/blog/2023/",
  "a month of posts": "/blog/2023/03/",
  "the list of topics": topics,
  "a topic": topic,
  "the list of authors": authors,
  "an author": author,
  "a page of the organisation": about,
  "the list of plans": plans,
  "a plan": plan,
  "a narrowed plan": "/action-plan/2023/?area=secure",
  "what is kept for reading offline": "/offline/",
  "what is kept, in Arabic": "/ar/offline/",
  "the form to write to us": "/message/",
  "the form to write to us, in Arabic": "/ar/message/",
  "the thanks for a message": "/message/sent/",
  "the style guide": "/styleguide/",
  "the Arabic style guide": "/ar/styleguide/",
  "the Arabic front page": "/ar/",
  "a translated post in Arabic": `/ar${post}`,
  "an untranslated post in French": `/fr${untranslated}`,
};

/** The text of each element, without the space around it; what is inside stays as it is. */
export async function texts(elements: Locator): Promise<string[]> {
  return (await elements.allTextContents()).map((text) => text.trim());
}

/** The cards of the front page that a reader sees. */
export function cards(page: Page): Locator {
  return page.getByRole("region", { name: "Latest Posts" }).getByRole("listitem");
}

/** The commitments of a plan that a reader sees. */
export function commitments(page: Page): Locator {
  return page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3 }) });
}

type Part = string | { name: string; attributes: Record<string, string>; parts: Part[] };

/** Puts markup before the heading of the page or at the end of `main`: part by part, as the policy lets no text become markup. */
export async function insert(page: Page, html: string, where: "h1" | "main" = "h1"): Promise<void> {
  const partsOf = (node: Node): Part[] =>
    node.childNodes.map((child) => (child instanceof HTMLElement ? { name: child.rawTagName, attributes: child.attributes, parts: partsOf(child) } : child.text));
  const add = ({ where, parts }: { where: string; parts: Part[] }) => {
    const made = (part: Part): string | Element => {
      if (typeof part === "string") return part;
      const element = document.createElement(part.name);
      for (const [name, value] of Object.entries(part.attributes)) element.setAttribute(name, value);
      element.append(...part.parts.map(made));
      return element;
    };
    const place = document.querySelector(where);
    if (where === "main") place?.append(...parts.map(made));
    else place?.before(...parts.map(made));
  };
  await page.evaluate(add, { where, parts: partsOf(parse(html)) });
}

/** Leaves a mark in the page that survives everything but a load. */
export async function mark(page: Page): Promise<void> {
  await page.evaluate(() => void Object.assign(window, { mark: true }));
}

/** Whether the page is still the one that `mark` marked. */
export async function isMarked(page: Page): Promise<boolean> {
  return page.evaluate(() => "mark" in window);
}

export async function scrollY(page: Page): Promise<number> {
  return page.evaluate(() => window.scrollY);
}

/** A request that waits for the test. */
export class Held {
  private release_!: () => void;
  private readonly released = new Promise<void>((done) => (this.release_ = done));

  /** Keeps requests for `url` waiting until `release`; `only` says which of them. */
  static async at(page: Page, url: string, only: (route: Route) => boolean = () => true): Promise<Held> {
    const held = new Held();
    await page.route(url, async (route) => {
      if (only(route)) await held.released;
      // The page may have given the request up by now.
      await route.fallback().catch(() => {});
    });
    return held;
  }

  release(): void {
    this.release_();
  }
}

/** Answers the page's own fetches of `url` with what the site says, changed by `change`; ordinary loads stay as they are. */
export async function rewriteFetches(page: Page, url: string, change: (html: string) => string): Promise<void> {
  await page.route(url, async (route) => {
    if (route.request().resourceType() !== "fetch") return route.fallback();
    const response = await route.fetch();
    await route.fulfill({ response, body: change(await response.text()) });
  });
}
