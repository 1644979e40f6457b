import { expect, leaving, Server, test as asItIs } from "../fixtures.js";
import { post } from "../pages.js";
import { Folder, run } from "../program.js";
import { type Files, projectContent, testOf, translation, voice, writtenPost } from "../sites.js";

/** What readers of each language are told, and the words of the link to the original. */
const told = {
  fr: ["L’original a changé depuis que cette traduction a été faite.", "Lire l’original (English)"],
  es: ["El original ha cambiado desde que se hizo esta traducción.", "Leer el original (English)"],
  ar: ["تغيّر الأصل بعد إنجاز هذه الترجمة.", "اقرأ الأصل (English)"],
} as const;

const untouched = "/blog/2023/03/misguided-policies-the-world-over-are-slowly-killing-the-open-internet/";

/** A page of each kind whose text is translated, its file, and what an editor makes of it. */
const changed: [page: string, file: string, change: (text: string) => string][] = [
  [post, "posts/we-testified-because-the-internet-needs-a-voice/index.md", (text) => `${text}\nOne more paragraph.\n`],
  ["/topics/access/", "topics/access.md", (text) => text.replace("Being connected", "Staying connected")],
  ["/authors/policy-desk/", "authors/policy-desk.md", (text) => text.replace('title: "Policy Desk"', 'title: "Desk for Policy"')],
  ["/about/", "pages/about.md", (text) => `${text}\nOne more paragraph.\n`],
  ["/action-plan/2023/", "plan/2023.md", (text) => text.replace("Train the people who keep", "Teach the people who keep")],
];

const test = testOf(() => {
  const files = projectContent();
  for (const [, file, change] of changed) {
    const before = files[file] ?? "";
    files[file] = change(before);
    if (files[file] === before) throw new Error(`${file} is not changed`);
  }
  return files;
});

for (const [lang, [words, link]] of Object.entries(told)) {
  test(`a reader of ${lang} is told that the original has changed, with a way there`, { tag: "@plain" }, async ({ page }) => {
    for (const [path] of changed) {
      await page.goto(`/${lang}${path}`);
      const notice = page.getByRole("main").getByText(words);
      await expect(notice, path).toBeVisible();
      expect((await voice(notice)).lang, path).toBe(lang);
      await notice.getByRole("link", { name: link, exact: true }).click();
      await expect(page).toHaveURL(path);
      await expect(page.locator("html")).toHaveAttribute("lang", "en");
    }
  });

  test(`a reader of ${lang} is told nothing where the original is as it was`, { tag: "@plain" }, async ({ page }) => {
    for (const path of [untouched, "/topics/interconnection/", "/authors/europe-desk/", "/contact/"]) {
      await page.goto(`/${lang}${path}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByText(words), path).toHaveCount(0);
      await expect(page.getByRole("link", { name: link }), path).toHaveCount(0);
    }
  });
}

test("a reader of the original is told nothing", { tag: "@plain" }, async ({ page }) => {
  for (const [path] of changed) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("main").getByRole("link", { name: /^Read it in/ })).toHaveCount(0);
  }
});

asItIs("no translation of the project's own content is behind", { tag: "@store" }, async ({ page }) => {
  for (const [lang, [words]] of Object.entries(told)) {
    for (const [path] of changed) {
      await page.goto(`/${lang}${path}`);
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      await expect(page.getByText(words), path).toHaveCount(0);
    }
  }
});

asItIs("a translation that was brought up to date is no longer said to be behind", async ({ page }) => {
  const file = "content/posts/a-post/index.fr.md";
  const files: Files = {
    "content/posts/a-post/index.md": writtenPost("A post", "2024-01-15", "Words."),
    [file]: translation("Un article", "Des mots."),
  };
  await using folder = await Folder.make(files);
  const settings = { DATABASE_URL: `sqlite://${folder.path}/pavise.db`, PAVISE_CONTENT_DIR: `${folder.path}/content` };
  await using server = await Server.start(settings);
  await using _ = leaving(page);
  await page.goto(`${server.url}/fr/blog/2024/01/a-post/`);
  await expect(page.getByText(told.fr[0])).toBeVisible();
  const { stdout } = await run(folder, ["check"]);
  const present = /a-post in fr: stale: .*`made_from: "([0-9a-f]{8})"`/.exec(stdout)?.[1];
  await folder.write(file, translation("Un article", "Des mots.", present));
  expect(await run(folder, ["import", "content"], settings)).toMatchObject({ code: 0 });
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Un article");
  await expect(page.getByText(told.fr[0])).toHaveCount(0);
});
