// Search without a network: over what is kept, in the same page and while one types.

import type { Page } from "@playwright/test";
import { accessible, awake, expect, test } from "../fixtures.js";
import { hasSearch, visit } from "../offline.js";
import { home, plan, post, untranslated } from "../pages.js";

test.use({ serviceWorkers: "allow" });

async function withPack(page: Page, lang = ""): Promise<void> {
  await visit(page, `${lang}${home}`);
  await page.goto(`${lang}/offline/`);
  await page.locator("form:has(input[value=pack]) button").click();
  await page.waitForURL(/told=packed/);
}

const field = (page: Page) => page.getByLabel("Search the site, or without a network what is kept here");

const results = (page: Page) => page.getByRole("main").getByRole("listitem");

test("a search finds what is kept, with its words marked, mistyped as well", { tag: "@fails" }, async ({ page, context }) => {
  await withPack(page);
  await context.setOffline(true);
  await field(page).fill("section 230");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/search/?q=section+230");
  await expect(page.getByText("What is kept on this device is searched.")).toBeVisible();
  await expect(results(page).first().getByRole("link")).toHaveText("We Testified Because the Internet Needs a Voice");
  await expect(results(page).first().locator("mark").first()).toHaveText(/section|230/i);
  await accessible(page);
  await field(page).fill("splintrenet");
  await page.keyboard.press("Enter");
  await expect(results(page).first().getByRole("link")).toHaveText(/Splinternet$/);
  await page.getByText("Nothing has “splintrenet” in it. These results are for").getByRole("link", { name: "splinternet" }).click();
  await expect(page).toHaveURL("/search/?q=splinternet");
  await expect(page.getByText("What was found here, the best first.")).toBeVisible();
  await field(page).fill("<script>zebra");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Nothing that is kept here has these words.")).toBeVisible();
  await expect(field(page)).toHaveValue("<script>zebra");
  await results(page).getByRole("link").first().click();
  await expect(page.getByRole("article")).toBeVisible();
});

test("the page of the search and what is shared with the installed site lead to what is kept", { tag: "@fails" }, async ({ page, context, baseURL }) => {
  await withPack(page);
  await context.setOffline(true);
  await page.goto("/search/");
  await expect(page.getByText("What is kept on this device is searched.")).toBeVisible();
  await expect(page.getByRole("region", { name: "The latest posts as text" })).toBeVisible();
  await accessible(page);
  await field(page).fill("section 230");
  await page.keyboard.press("Enter");
  await expect(results(page).first().getByRole("link")).toHaveText("We Testified Because the Internet Needs a Voice");
  await page.goto(`/search/shared/?${new URLSearchParams({ title: "", text: "Section 230 https://elsewhere.example/a" })}`);
  await expect(page).toHaveURL("/search/?q=Section+230");
  await expect(results(page).first().getByRole("link")).toHaveText("We Testified Because the Internet Needs a Voice");
  await page.goto(`/search/shared/?${new URLSearchParams({ url: "https://elsewhere.example/2023/section-230.html?a=b" })}`);
  await expect(page).toHaveURL("/search/?q=section+230");
  await page.goto(`/search/shared/?${new URLSearchParams({ title: "A post", url: baseURL + post })}`);
  await expect(page).toHaveURL(post);
  await expect(page.getByText("You are reading the text as it was on")).toBeVisible();
});

test("pages that were saved or opened are found too, and each once", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, plan);
  await visit(page, post);
  await page.getByRole("button", { name: "Save for offline" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await context.setOffline(true);
  await page.goto("/search/?q=subcommittee");
  await expect(results(page)).toHaveCount(1);
  await expect(results(page).getByRole("link")).toHaveAttribute("href", post);
  await page.goto("/search/?q=action+plan+2023");
  await expect(results(page).getByRole("link", { name: "Action Plan" }).first()).toHaveAttribute("href", plan);
});

test("a kept page is searched by its own words in their own language, and not by those of related posts", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, "/fr/");
  await visit(page, `/fr${untranslated}`);
  const [related] = await page.getByRole("complementary").or(page.locator(".related")).getByRole("link").allInnerTexts();
  expect(related).toBeTruthy();
  await expect.poll(() => hasSearch(page), "the search has come by the way").toBe(true);
  await context.setOffline(true);
  // The body is English here: "networking" is a form of its "network".
  await page.goto("/fr/search/?q=networking");
  await expect(results(page).getByRole("link")).toHaveAttribute("href", `/fr${untranslated}`);
  await page.goto(`/fr/search/?${new URLSearchParams({ q: `"${related}"` })}`);
  await expect(page.getByText("Rien ici ne contient tous ces mots.").or(page.getByText("Rien de ce qui est conservé ici ne contient ces mots."))).toBeVisible();
});

test("a search that was narrowed says that all of it was searched, in each language", { tag: "@fails" }, async ({ page, context }) => {
  await withPack(page);
  await page.goto("/fr/offline/");
  await page.goto("/es/offline/");
  await page.goto("/ar/offline/");
  await context.setOffline(true);
  const note = page.getByText("Your choice of topic, author, year, language or page does not hold here: everything that is kept was searched.");
  for (const choice of ["topic=access", "author=policy-desk", "year=1999", "language=fr", "page=2"]) {
    await page.goto(`/search/?q=section+230&${choice}`);
    await expect(note, choice).toBeVisible();
    await expect(results(page).first().getByRole("link"), choice).toHaveText("We Testified Because the Internet Needs a Voice");
  }
  await accessible(page);
  await page.goto("/search/?q=zebra&topic=access");
  await expect(page.getByText("Nothing that is kept here has these words.")).toBeVisible();
  await expect(note).toBeVisible();
  await expect(page.getByRole("link", { name: "Try again" }), "with a network the choice holds").toHaveAttribute("href", /topic=access/);
  // The site's own form sends what was not chosen as well.
  await page.goto("/search/?q=section+230&topic=&author=&year=&language=");
  await expect(page.getByText("What is kept on this device is searched.")).toBeVisible();
  await expect(note).toBeHidden();
  for (const [lang, words] of [
    ["fr", "Votre choix de thème, d’auteur, d’année, de langue ou de page ne vaut pas ici"],
    ["es", "Tu selección de tema, autor, año, idioma o página no se aplica aquí"],
    ["ar", "اختيارك للموضوع أو الكاتب أو السنة أو اللغة أو الصفحة لا يسري هنا"],
  ] as const) {
    await page.goto(`/${lang}/search/?q=zebra&year=2023`);
    await expect(page.getByText(words), lang).toBeVisible();
  }
});

test("in Arabic the forms of a letter do not matter", { tag: "@fails" }, async ({ page, context }) => {
  await withPack(page, "/ar");
  await context.setOffline(true);
  await page.goto(`/ar/search/?q=${encodeURIComponent("انترنت")}`);
  await expect(page.getByText("يجري البحث فيما هو محفوظ على هذا الجهاز.", { exact: false })).toBeVisible();
  await expect(results(page).first().locator("mark").first()).toBeVisible();
  await accessible(page);
});

test("in French no sign of the markup is taken for a word", { tag: "@fails" }, async ({ page, context }) => {
  await withPack(page, "/fr");
  await context.setOffline(true);
  await page.goto("/fr/search/?q=internet");
  await expect(results(page).first().locator("mark").first()).toBeVisible();
  expect(await page.getByRole("main").textContent()).not.toMatch(/&(nbsp|amp|lt|gt|quot);/);
  await page.goto("/fr/search/?q=nbsp");
  await expect(page.getByText("Rien de ce qui est conservé ici")).toBeVisible();
});

test("titles are suggested while one types", { tag: "@fails" }, async ({ page, context }) => {
  await withPack(page);
  await page.goto("/search/");
  await awake(page);
  await context.setOffline(true);
  await page.getByRole("combobox").pressSequentially("splint");
  await expect(page.getByRole("listbox").getByRole("option").first()).toHaveText(/Splinternet/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Splinternet/);
});

test("the list of what is kept suggests titles as well, and so does what was found", { tag: "@fails" }, async ({ page, context }) => {
  await withPack(page);
  await awake(page);
  await context.setOffline(true);
  await page.reload();
  await awake(page);
  const option = page.getByRole("listbox", { name: "Suggestions" }).getByRole("option").first();
  await field(page).pressSequentially("splint");
  await expect(option).toHaveText(/Splinternet/);
  await expect(page.getByText(/^Suggestions: \d\. The arrow keys choose one\.$/)).toHaveCount(1);
  await accessible(page);
  await page.keyboard.press("Enter");
  await expect(results(page).first().getByRole("link")).toHaveText(/Splinternet/);
  await awake(page);
  await field(page).fill("testif");
  await expect(option).toHaveText(/Testified/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("We Testified Because the Internet Needs a Voice");
});

test("where the search is not here, that is said", { tag: "@fails" }, async ({ page, context }) => {
  await visit(page, post);
  await context.setOffline(true);
  await page.evaluate(async () => {
    const files = await caches.open("pavise-files");
    for (const request of await files.keys()) if (request.url.includes("/search.")) await files.delete(request);
  });
  await page.goto("/search/?q=section");
  await expect(page.getByText("What is kept here cannot be searched yet")).toBeVisible();
  await expect(page.getByRole("region", { name: "From your visits" })).toBeVisible();
});
