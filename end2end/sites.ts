// Sites whose content a test writes itself, for what the project's own content does not have.

import type { Locator } from "@playwright/test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, Server, test } from "./fixtures.js";
import { Folder, postFile } from "./program.js";

/** The files of a content folder, by their paths. */
export type Files = Record<string, string>;

/** Every file of the project's own content. */
export function projectContent(): Files {
  const folder = join(root, "content");
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
}

/** A post as its file: these further lines of front matter, and this text. */
export function writtenPost(title: string, published: string, body: string, more: string[] = []): string {
  const escaped = title.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return postFile(escaped, published).replace("---\n\nWords.\n", () => [...more, "---", "", body, ""].join("\n"));
}

/** A translation as its file, made from the revision `from` of its original. */
export function translation(title: string, body: string, from = "00000000"): string {
  return `---\ntitle: "${title}"\nsummary: "${title}"\nmade_from: "${from}"\n---\n\n${body}\n`;
}

/** Tests of a site with this content. It is not on PostgreSQL: that store has the project's content. */
export function testOf(files: () => Record<string, string | Uint8Array>) {
  return test.extend<object, { server: Server }>({
    server: [
      async ({}, use) => {
        await using content = await Folder.make(files());
        await using server = await Server.start({ PAVISE_CONTENT_DIR: content.path });
        await use(server);
      },
      { scope: "worker" },
    ],
  });
}

/** The language and direction that an element has for a reader, from wherever it has them. */
export async function voice(element: Locator): Promise<{ lang: string | undefined; dir: string }> {
  return element.evaluate((element) => ({
    lang: element.closest<HTMLElement>("[lang]")?.lang,
    dir: getComputedStyle(element).direction,
  }));
}
