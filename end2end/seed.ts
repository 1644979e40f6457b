// The words of the front page as its owner gave them: a hero, a heading, then eight posts of three lines each.

import { readFileSync } from "node:fs";
import { join } from "node:path";

export type SeedPost = { alt: string; title: string; summary: string };

const lines = readFileSync(join(import.meta.dirname, "seed/front-page.txt"), "utf8")
  .split("\n")
  .map((line) => line.trim())
  .filter((line) => line !== "");

const [alt = "", headline = "", summary = "", heading = "", ...rest] = lines;

export const seed = {
  alt,
  headline,
  summary,
  heading,
  posts: Array.from({ length: rest.length / 3 }, (_, index): SeedPost => {
    const [alt = "", title = "", summary = ""] = rest.slice(index * 3);
    return { alt, title, summary };
  }),
};
