import type { Page } from "@playwright/test";
import { accessible, awake, expect, leaving, Server, test } from "../fixtures.js";
import { isMarked, mark, post, texts } from "../pages.js";
import { Folder, postFile } from "../program.js";
import { voice } from "../sites.js";

const address = `/fr${post}`;
const title = "Nous avons témoigné parce que l’Internet a besoin d’une voix";
const untranslated = "/blog/2023/02/sender-pays-what-lessons-european-policy-makers-should-take-from-the-case-of-south-korea/";
const notice = "Ce texte n’est pas encore traduit en français. L’original figure ci-dessous.";

async function isHeadedInFrench(page: Page, heading: string | RegExp): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  await expect(page.locator("html")).toHaveAttribute("dir", "ltr");
}

/** The way of a reader who came from elsewhere, stop by stop, all in French. */
const way: ((page: Page) => Promise<void>)[] = [
  async (page) => {
    await page.getByRole("navigation", { name: "Dans cet article" }).getByRole("link", { name: "Penser en couches" }).click();
    await expect(page).toHaveURL(/#penser-en-couches$/);
    await expect(page.getByRole("heading", { name: "Penser en couches" })).toBeInViewport();
  },
  async (page) => {
    await page.getByRole("navigation", { name: "Thèmes" }).getByRole("link", { name: "Intermédiaires" }).click();
    await isHeadedInFrench(page, "Intermédiaires");
    await expect(page.getByRole("link", { name: "Flux de « Intermédiaires »" })).toBeVisible();
  },
  async (page) => {
    await page.getByRole("main").getByRole("link", { name: title }).click();
    await isHeadedInFrench(page, title);
  },
  async (page) => {
    await page.getByRole("link", { name: "Pôle Politiques publiques" }).click();
    await isHeadedInFrench(page, "Pôle Politiques publiques");
  },
  async (page) => {
    await page.goBack();
    await isHeadedInFrench(page, title);
  },
  async (page) => {
    await page.getByRole("link", { name: "notre plan d’action" }).click();
    await isHeadedInFrench(page, "Plan d’action 2023");
    await expect(page).toHaveURL("/fr/action-plan/2023/");
  },
  async (page) => {
    await page.goBack();
    await page.getByRole("navigation", { name: "Vous êtes ici" }).getByRole("link", { name: "mars 2023" }).click();
    await isHeadedInFrench(page, "Articles parus en mars 2023");
  },
];

test("a French reader who comes from elsewhere reads a post whole, in French", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(address);
  await isHeadedInFrench(page, title);
  await expect(page).toHaveTitle(`${title} · Pavise`);
  const menu = page.getByRole("navigation", { name: "Menu principal" });
  expect(await texts(menu.getByRole("link"))).toEqual(["Accueil", "Articles", "Thèmes", "Plan d’action", "Recherche"]);
  const article = page.getByRole("article");
  await expect(article).toContainText("Par Pôle Politiques publiques");
  await expect(article).toContainText("Publié le 14 mars 2023");
  await expect(article).toContainText(/\d minutes de lecture/);
  await expect(article.getByRole("img")).toHaveAccessibleName("Le Capitole des États-Unis");
  expect(await texts(article.getByRole("heading", { level: 2 }))).toEqual([
    "Dans cet article",
    "Ce que font vingt-six mots",
    "Ceux qu’elle abrite",
    "Penser en couches",
    "Il existe de meilleurs outils",
    "Partager",
    "Articles liés",
  ]);
  await expect(article.getByText("c’est donc à nous, qui en dépendons, de le faire.")).toBeVisible();
  await expect(page.getByText(notice)).toHaveCount(0);
  await expect(page.getByRole("navigation", { name: "Autres pages du site" }).getByRole("link", { name: "Vie privée" })).toBeVisible();
});

test("contents, topic, author and plan are a way in French, there and back", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(address);
  for (const stop of way) await stop(page);
});

test("each stop of that way is accessible, and none is a load", async ({ page }) => {
  await page.goto(address);
  await awake(page);
  await mark(page);
  await accessible(page);
  for (const stop of way) {
    await stop(page);
    await accessible(page);
  }
  expect(await isMarked(page)).toBe(true);
});

test("a text that is not in French says so, is marked as English, and leads to its original", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(`/fr${untranslated}`);
  await isHeadedInFrench(page, "Expéditeur-payeur : quelles leçons les décideurs européens devraient tirer du cas de la Corée du Sud");
  await expect(page.getByText(notice)).toBeVisible();
  expect(await voice(page.getByText(notice))).toEqual({ lang: "fr", dir: "ltr" });
  expect(await voice(page.getByText("What happened where it was tried?"))).toEqual({ lang: "en", dir: "ltr" });
  expect(await voice(page.getByRole("link", { name: "Lessons for Europe" }).first())).toEqual({ lang: "en", dir: "ltr" });
  await page.getByRole("link", { name: "Lire l’original (English)" }).click();
  await expect(page).toHaveURL(untranslated);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Sender Pays: What Lessons/);
});

test("a post of which nothing is in French is listed and shown as English", async ({ page }) => {
  await using content = await Folder.make({ "posts/only-english/index.md": postFile("Only English", "2024-01-01") });
  await using server = await Server.start({ PAVISE_CONTENT_DIR: content.path });
  await using _ = leaving(page);
  await page.goto(`${server.url}/fr/blog/`);
  expect(await voice(page.getByRole("heading", { name: "Only English" }))).toEqual({ lang: "en", dir: "ltr" });
  await page.getByRole("link", { name: "Only English" }).click();
  await isHeadedInFrench(page, "Only English");
  expect(await voice(page.getByRole("heading", { level: 1 }))).toEqual({ lang: "en", dir: "ltr" });
  await expect(page.getByText(notice)).toBeVisible();
  await accessible(page);
});

test("an address that leads nowhere says so in French", { tag: ["@plain", "@store", "@fails"] }, async ({ page }) => {
  const answer = await page.goto("/fr/nulle-part/");
  expect(answer?.status()).toBe(404);
  await isHeadedInFrench(page, "Il n’y a pas de page ici");
  await expect(page.getByText("L’adresse est peut-être mal saisie, ou la page a été déplacée.")).toBeVisible();
  await page.getByRole("link", { name: "Aller à la page d’accueil" }).click();
  await expect(page).toHaveURL("/fr/");
  await isHeadedInFrench(page, /^Notre Internet, notre avenir/);
});
