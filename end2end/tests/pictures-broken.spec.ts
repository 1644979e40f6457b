import { expect, test } from "../fixtures.js";
import { ask } from "../http.js";
import { bomb, photograph } from "../pictures.js";
import { Folder, postFile, run } from "../program.js";
import { testOf } from "../sites.js";

/** A file that is not shown, and what is said of it. */
const broken: Record<string, [content: string | Buffer, said: RegExp]> = {
  "bomb.png": [bomb(), /50000 × 50000 pixels.*save it smaller/],
  "cut-off.png": [photograph(64, 32).subarray(0, 90), /cut off or damaged, export it again/],
  "renamed.jpg": [photograph(64, 32), /the name says image\/jpeg, but the file holds image\/png/],
  "text.webp": ["not a picture", /the name says image\/webp/],
  "empty.avif": ["", /the name says image\/avif/],
  "script.svg": [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 5"><script>alert(1)</script></svg>`, /has <script>.*take it out/],
  "handler.svg": [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 5" onload="alert(1)"/>`, /has `onload`/],
  "outside.svg": [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 5"><image href="https://tracker.example/a.png"/></svg>`, /outside of itself/],
  "laughs.svg": [`<!DOCTYPE svg [<!ENTITY a "ha">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 5"><text>&a;</text></svg>`, /DOCTYPE/],
};

function post(title: string, file: string): string {
  return postFile(title, "2024-01-01").replace("---\n\nWords.", `picture:\n  file: "${file}"\n  alt: "Shown by ${file}"\n---\n\n![Seen in ${file}](${file})\n\nWords.`);
}

function content(): Record<string, string | Uint8Array> {
  const posts = Object.entries(broken).flatMap(([file, [bytes]]) => {
    const folder = `posts/${file.replace(".", "-")}`;
    return [
      [`${folder}/index.md`, post(`With ${file}`, file)],
      [`${folder}/${file}`, bytes],
    ];
  });
  return { ...Object.fromEntries(posts), "posts/whole/index.md": post("Whole", "whole.png"), "posts/whole/whole.png": photograph(64, 32) };
}

const broke = testOf(content);

/** The lines that say why pictures are not shown, one for the picture beside the headline and one for that in the text. */
function expectTold(lines: string[]): void {
  for (const [file, [, said]] of Object.entries(broken)) {
    const about = lines.filter((line) => line.includes(`the picture \`${file}\``));
    expect(about, file).toHaveLength(2);
    for (const line of about) {
      expect(line).toMatch(said);
      expect(line).toContain(`posts/${file.replace(".", "-")}/index.md:`);
    }
  }
  expect(lines.filter((line) => line.includes("whole.png"))).toEqual([]);
}

broke("a site with broken pictures serves everything else, and its log says which", { tag: "@plain" }, async ({ page, server }) => {
  expectTold(server.log.split("\n"));
  await page.goto("/blog/");
  await expect(page.getByRole("main").getByRole("link", { name: /^(With|Whole)/ })).toHaveCount(Object.keys(broken).length + 1);
  await expect(page.getByRole("main").getByRole("img")).toHaveCount(1);
  await page.getByRole("link", { name: "With script.svg" }).click();
  await expect(page.getByRole("article")).toContainText("Seen in script.svg");
  await expect(page.getByRole("article").getByRole("img")).toHaveCount(0);
  await page.goto("/blog/2024/01/whole/");
  await expect(page.getByRole("article").getByRole("img", { name: "Seen in whole.png" })).toBeVisible();
  expect((await ask(server.url, "/media/0000000000000000/script.svg")).status).toBe(404);
});

test("an import tells broken pictures and goes on; a check tells them and fails", async () => {
  await using folder = await Folder.make(Object.fromEntries(Object.entries(content()).map(([name, bytes]) => [`content/${name}`, bytes])));
  const imported = await run(folder, ["import", "content"]);
  expect(imported.code).toBe(0);
  expectTold(imported.stdout.split("\n"));
  expect(imported.stdout).toContain(`${Object.keys(broken).length + 1} added`);
  const checked = await run(folder, ["check"]);
  expect(checked.code).toBe(1);
  expectTold(checked.stderr.split("\n"));
});
