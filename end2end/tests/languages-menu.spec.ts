import type { Page } from "@playwright/test";
import { accessible, awake, expect, test } from "../fixtures.js";
import { isMarked, mark, post, texts } from "../pages.js";

type Words = { tag: string; dir: string; name: string; menu: string; main: string; skip: string; footer: string; home: string; heading: string };

const english: Words = {
  tag: "en",
  dir: "ltr",
  name: "English",
  menu: "Languages",
  main: "Main",
  skip: "Skip to content",
  footer: "More of this site",
  home: "Home",
  heading: "We Testified Because the Internet Needs a Voice",
};
const french: Words = {
  tag: "fr",
  dir: "ltr",
  name: "Français",
  menu: "Langues",
  main: "Menu principal",
  skip: "Aller au contenu",
  footer: "Autres pages du site",
  home: "Accueil",
  heading: "Nous avons témoigné parce que l’Internet a besoin d’une voix",
};
const arabic: Words = {
  tag: "ar",
  dir: "rtl",
  name: "العربية",
  menu: "اللغات",
  main: "القائمة الرئيسية",
  skip: "الانتقال إلى المحتوى",
  footer: "المزيد من هذا الموقع",
  home: "الرئيسية",
  heading: "أدلينا بشهادتنا لأن الإنترنت تحتاج إلى صوت",
};

/** Chooses another language in the menu of a page in `from`. */
async function choose(page: Page, from: Words, to: Words): Promise<void> {
  const menu = page.getByRole("navigation", { name: from.menu });
  const link = menu.getByRole("link", { name: to.name });
  await expect(link).toBeHidden();
  await menu.getByText(from.name).first().click();
  await link.click();
}

/** Everything around a page is in one language, and in no other. */
async function isAround(page: Page, words: Words): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("lang", words.tag);
  await expect(page.locator("html")).toHaveAttribute("dir", words.dir);
  await expect(page.getByRole("navigation", { name: words.main }).getByRole("link", { name: words.home })).toBeVisible();
  await expect(page.getByRole("navigation", { name: words.footer })).toBeVisible();
  await expect(page.getByRole("link", { name: words.skip })).toBeAttached();
  for (const other of [english, french, arabic].filter((other) => other !== words)) {
    await expect(page.getByRole("link", { name: other.skip })).toHaveCount(0);
    await expect(page.getByRole("navigation", { name: other.main, exact: true })).toHaveCount(0);
    await expect(page.getByRole("navigation", { name: other.footer })).toHaveCount(0);
  }
}

for (const reader of [french, arabic]) {
  const tag = ["@plain", "@store"];
  test(`a reader of ${reader.name} stays on the page that they read, in English and back`, { tag }, async ({ page }) => {
    for (const path of [post, "/blog/?topic=access&year=2023", "/blog/2023/03/", "/topics/access/", "/authors/policy-desk/", "/about/", "/action-plan/2023/"]) {
      await page.goto(`/${reader.tag}${path}`);
      await choose(page, reader, english);
      await expect(page).toHaveURL(path);
      await isAround(page, english);
      await choose(page, english, reader);
      await expect(page).toHaveURL(`/${reader.tag}${path}`);
      await isAround(page, reader);
    }
  });
}

test("the menu names each language in itself, and says which one is shown", { tag: "@plain" }, async ({ page }) => {
  await page.goto(`/fr${post}`);
  const menu = page.getByRole("navigation", { name: "Langues" });
  await menu.getByText("Français").first().click();
  const links = menu.getByRole("link");
  expect(await texts(links)).toEqual(["English", "Français", "Español", "العربية"]);
  await expect(menu.getByRole("link", { name: "Français" })).toHaveAttribute("aria-current", "true");
  await expect(menu.getByRole("link", { name: "العربية" })).toHaveAttribute("dir", "rtl");
  await expect(menu.getByRole("link", { name: "العربية" })).toHaveAttribute("lang", "ar");
});

test("the menu opens and closes by keyboard, and leads on", { tag: "@plain" }, async ({ page }) => {
  await page.goto(`/fr${post}`);
  const menu = page.getByRole("navigation", { name: "Langues" });
  await page.getByRole("navigation", { name: "Menu principal" }).getByRole("link", { name: "Recherche" }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(menu.getByRole("link", { name: "English" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(menu.getByRole("link", { name: "English" })).toBeHidden();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(menu.getByRole("link", { name: "English" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(post);
});

test.describe("without a load", () => {
  test.beforeEach(async ({ page }) => {
    await page.goto(post);
    await awake(page);
    await mark(page);
  });

  test.afterEach(async ({ page }) => {
    expect(await isMarked(page), "all of this happened without a load").toBe(true);
  });

  test("another language brings its header, footer, direction and theme buttons", async ({ page }) => {
    for (const [from, to, dark] of [[english, french, "Sombre"], [french, arabic, "داكن"], [arabic, english, "Dark"]] as const) {
      await choose(page, from, to);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(to.heading);
      await isAround(page, to);
      await awake(page);
      await page.getByRole("button", { name: dark }).click();
      await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
      await accessible(page);
    }
    await page.goBack();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(arabic.heading);
    await isAround(page, arabic);
  });

  test("the head is what an ordinary load gives", async ({ page }) => {
    const described = () => page.evaluate(() => [...document.head.children].map((element) => element.outerHTML).toSorted());
    await choose(page, english, arabic);
    await isAround(page, arabic);
    const swapped = await described();
    await page.reload();
    await awake(page);
    await mark(page);
    expect(swapped).toEqual(await described());
  });

  test("the menu leads to the page that is shown, wherever a reader went before", async ({ page }) => {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Topics" }).click();
    await page.getByRole("main").getByRole("link", { name: "Intermediaries" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Intermediaries");
    await choose(page, english, french);
    await expect(page).toHaveURL("/fr/topics/intermediaries/");
    await page.getByRole("main").getByRole("link", { name: french.heading }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(french.heading);
    await choose(page, french, arabic);
    await expect(page).toHaveURL(`/ar${post}`);
    await page.goBack();
    await expect(page.locator("html")).toHaveAttribute("lang", "fr");
    await choose(page, french, english);
    await expect(page).toHaveURL(post);
  });
});
