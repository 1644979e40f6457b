import { accessible, awake, expect } from "../fixtures.js";
import { testOf, translation, voice, writtenPost } from "../sites.js";

const written = (lang: string, title: string, day: string, body: string) => writtenPost(title, day, body).replace("---\n", `---\nlang: "${lang}"\n`);

// Posts whose original is not in the site's first language.
const test = testOf(() => ({
  "posts/ecrit/index.md": written("fr", "Écrit en français", "2024-01-01", "Un paragraphe."),
  "posts/ecrit/index.es.md": translation("Escrito en francés", "Un párrafo."),
  "posts/maktub/index.md": written("ar", "كُتب بالعربية", "2024-01-02", "فقرة أولى.\n\nAn English paragraph."),
}));

test("a post written in French is whole for a French reader", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/fr/blog/2024/01/ecrit/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Écrit en français");
  expect(await voice(page.getByText("Un paragraphe."))).toEqual({ lang: "fr", dir: "ltr" });
  await expect(page.getByRole("link", { name: /^Lire l’original/ })).toHaveCount(0);
});

test("an English reader of it is told that it is in French, and led there", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/blog/2024/01/ecrit/");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  expect(await voice(page.getByRole("heading", { level: 1 }))).toEqual({ lang: "fr", dir: "ltr" });
  expect(await voice(page.getByText("Un paragraphe."))).toEqual({ lang: "fr", dir: "ltr" });
  const notice = page.getByText("This text is not translated into English yet. Below is the original.");
  expect((await voice(notice)).lang).toBe("en");
  await notice.getByRole("link", { name: "Read it in Français" }).click();
  await expect(page).toHaveURL("/fr/blog/2024/01/ecrit/");
});

test("a reader of its translation, which is behind, is led to the French original", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/es/blog/2024/01/ecrit/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Escrito en francés");
  await page.getByRole("link", { name: "Leer el original (Français)" }).click();
  await expect(page).toHaveURL("/fr/blog/2024/01/ecrit/");
});

test("a post written in Arabic runs from right to left on an English page, and what is around it does not", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/blog/");
  const card = page.getByRole("link", { name: "كُتب بالعربية" });
  expect(await voice(card)).toEqual({ lang: "ar", dir: "rtl" });
  await card.click();
  await expect(page).toHaveURL("/blog/2024/01/maktub/");
  expect(await voice(page.getByRole("heading", { level: 1 }))).toEqual({ lang: "ar", dir: "rtl" });
  expect(await voice(page.getByText("فقرة أولى."))).toEqual({ lang: "ar", dir: "rtl" });
  expect((await voice(page.getByText("An English paragraph."))).dir).toBe("ltr");
  expect(await voice(page.getByText("Published"))).toEqual({ lang: "en", dir: "ltr" });
  expect(await voice(page.getByRole("link", { name: "Read it in العربية" }))).toEqual({ lang: "en", dir: "ltr" });
});

test("a page of two languages is accessible, whichever is around", async ({ page }) => {
  for (const path of ["/blog/2024/01/maktub/", "/ar/blog/2024/01/ecrit/", "/es/blog/2024/01/ecrit/", "/ar/blog/"]) {
    await page.goto(path);
    await awake(page);
    await accessible(page);
  }
});
