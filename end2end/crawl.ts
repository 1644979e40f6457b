// A walk over the whole site, along everything that its pages, manifests and feeds name.

import type { HTMLElement } from "node-html-parser";
import { type Answer, links } from "./http.js";
import { attributes, document, origin, structuredData, visit } from "./site.js";
import { values } from "./xml.js";

/** An address, where it is named, and the part of the page that it means. */
export type Reference = { from: string; to: string; fragment: string };

export type Visited = { answer: Answer; page: HTMLElement | undefined };

/** What was met, by address from the root of the site, and everything that was named on the way. */
export type Walk = { met: Map<string, Visited>; references: Reference[]; noAddresses: string[] };

/** The attributes that name addresses, each with the elements on which they do. */
const NAMES = {
  href: "a[href], area[href], link[href], use[href]",
  src: "img[src], script[src], source[src], iframe[src]",
  action: "form[method=get][action]",
  "data-js": "script[data-js]",
  "data-wasm": "script[data-wasm]",
  content: `meta[property="og:image"], meta[property="og:url"]`,
};

function namedByPage(page: HTMLElement): string[] {
  // What is filled in in the browser leads nowhere yet.
  for (const template of page.querySelectorAll("template")) template.remove();
  const named = Object.entries(NAMES).flatMap(([name, selector]) => attributes(page, selector, name));
  const sets = attributes(page, "[srcset]", "srcset").flatMap((set) => set.split(",").map((part) => part.trim().split(" ")[0] ?? ""));
  // A name such as …/#organization is of a thing, not of a part of the page.
  const data = structuredData(page).flatMap(texts).filter((text) => text.startsWith(origin)).map((text) => text.replace(/#.*/, ""));
  const styles = page.querySelectorAll("style").map((style) => style.rawText).join("\n");
  const inStyles = [...styles.matchAll(/url\(["']?([^"')]+)/g)].map(([, address = ""]) => address);
  return [...named, ...sets, ...data, ...inStyles];
}

/** Every text in a value of JSON. */
function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value && typeof value === "object" ? Object.values(value).flatMap(texts) : [];
}

/** What an answer names: addresses as they are written. */
function named({ answer, page }: Visited): string[] {
  const type = answer.headers["content-type"]?.split(";")[0] ?? "";
  const inHeader = links(answer).map(({ href }) => href);
  if (page) return [...namedByPage(page), ...inHeader];
  if (type === "application/manifest+json") {
    const { icons, start_url: start } = JSON.parse(answer.text);
    return [start, ...icons.map((icon: { src: string }) => icon.src), ...inHeader];
  }
  if (type === "application/feed+json") return [...texts(JSON.parse(answer.text)).filter((text) => /^https?:\S+$/.test(text)), ...inHeader];
  if (type.endsWith("+xml") && !type.startsWith("image/")) return [...values(answer.text, "//@href | //link[text()]"), ...inHeader];
  return inHeader;
}

/** Walks the site at the machine `url` from the front page until everything that is named was met. Redirects are not followed. */
export async function walk(url: string): Promise<Walk> {
  const start = { from: "what readers type", to: "/", fragment: "" };
  const result: Walk = { met: new Map(), references: [start], noAddresses: [] };
  const asked = new Set(["/"]);
  let ahead = ["/"];
  while (ahead.length > 0) {
    const found = ahead.splice(0, 4).map(async (from) => {
      const answer = await visit(url, from);
      const isPage = answer.headers["content-type"]?.startsWith("text/html") ?? false;
      const visited = { answer, page: isPage ? document(answer.text) : undefined };
      result.met.set(from, visited);
      return { from, addresses: answer.status === 200 ? named(visited) : [] };
    });
    for (const { from, addresses } of await Promise.all(found)) {
      for (const address of addresses) {
        if (!URL.canParse(address, origin + from)) {
          result.noAddresses.push(`${address} on ${from}`);
          continue;
        }
        const whole = new URL(address, origin + from);
        if (whole.origin !== origin) continue;
        const to = whole.pathname + whole.search;
        result.references.push({ from, to, fragment: decodeURIComponent(whole.hash.slice(1)) });
        if (!asked.has(to)) ahead = [...ahead, to];
        asked.add(to);
      }
    }
  }
  return result;
}
