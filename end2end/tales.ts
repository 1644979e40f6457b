// Thirty posts, a day apart or more, for lists of several pages.

import { postFile } from "./program.js";
import type { Files } from "./sites.js";

/** The days of the posts, oldest first: six in 2022, the others in three months of 2023. */
const days = [
  ...Array.from({ length: 6 }, (_, n) => `2022-11-${n + 10}`),
  ...Array.from({ length: 8 }, (_, n) => `2023-01-${n + 10}`),
  ...Array.from({ length: 8 }, (_, n) => `2023-03-${n + 10}`),
  ...Array.from({ length: 8 }, (_, n) => `2023-04-${n + 10}`),
];

/** The titles in the order in which a reader gets them. */
export const newestFirst = days.map((_, n) => `Tale ${n + 1}`).toReversed();

/** The months of 2023 as its page names them, each with its posts. */
export const months = {
  "January 2023": newestFirst.slice(16, 24),
  "March 2023": newestFirst.slice(8, 16),
  "April 2023": newestFirst.slice(0, 8),
};

/** A topic's file. */
function topic(title: string): string {
  return `---\ntitle: "${title}"\nsummary: "About it."\n---\n`;
}

/** A content folder with the posts. Every second one is about the topic `odd`, and none about `quiet`. */
export function tales(): Files {
  const posts = days.map((day, n) => {
    const topics = n % 2 === 0 ? 'topics: ["odd"]\n' : "";
    return [`posts/tale-${n + 1}/index.md`, postFile(`Tale ${n + 1}`, day).replace("---\n\n", `${topics}---\n\n`)] as const;
  });
  return { "topics/odd.md": topic("Odd tales"), "topics/quiet.md": topic("Quiet tales"), ...Object.fromEntries(posts) };
}
