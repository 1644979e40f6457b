import type { Page } from "@playwright/test";
import { accessible, awake, expect, leaving, Server, test } from "../fixtures.js";
import { isMarked, mark, post, texts } from "../pages.js";
import { Folder, postFile } from "../program.js";
import { voice } from "../sites.js";

const address = `/ar${post}`;
const title = "أدلينا بشهادتنا لأن الإنترنت تحتاج إلى صوت";
const untranslated = "/blog/2023/02/sender-pays-what-lessons-european-policy-makers-should-take-from-the-case-of-south-korea/";
const notice = "لم يُترجَم هذا النص إلى العربية بعد. وفيما يلي الأصل.";

async function isHeadedInArabic(page: Page, heading: string | RegExp): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
  await expect(page.locator("html")).toHaveAttribute("lang", "ar");
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
}

/** The way of a reader who came from elsewhere, stop by stop, all in Arabic. */
const way: ((page: Page) => Promise<void>)[] = [
  async (page) => {
    await page.getByRole("navigation", { name: "في هذا المقال" }).getByRole("link", { name: "فلنفكّر في الطبقات" }).click();
    await expect(page.getByRole("heading", { name: "فلنفكّر في الطبقات" })).toBeInViewport();
  },
  async (page) => {
    await page.getByRole("navigation", { name: "المواضيع" }).getByRole("link", { name: "الوسطاء" }).click();
    await isHeadedInArabic(page, "الوسطاء");
    await expect(page.getByRole("link", { name: "خلاصة تحديثات «الوسطاء»" })).toBeVisible();
  },
  async (page) => {
    await page.getByRole("main").getByRole("link", { name: title }).click();
    await isHeadedInArabic(page, title);
  },
  async (page) => {
    await page.getByRole("link", { name: "قسم السياسات" }).click();
    await isHeadedInArabic(page, "قسم السياسات");
  },
  async (page) => {
    await page.goBack();
    await isHeadedInArabic(page, title);
  },
  async (page) => {
    await page.getByRole("link", { name: "خطة عملنا" }).click();
    await isHeadedInArabic(page, /2023/);
    await expect(page).toHaveURL("/ar/action-plan/2023/");
  },
  async (page) => {
    await page.goBack();
    await page.getByRole("navigation", { name: "أنت هنا" }).getByRole("link", { name: "مارس 2023" }).click();
    await isHeadedInArabic(page, "مقالات شهر مارس 2023");
  },
];

test("an Arabic reader who comes from elsewhere reads a post whole, in Arabic", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(address);
  await isHeadedInArabic(page, title);
  await expect(page).toHaveTitle(`${title} · Pavise`);
  const menu = page.getByRole("navigation", { name: "القائمة الرئيسية" });
  expect(await texts(menu.getByRole("link"))).toEqual(["الرئيسية", "المقالات", "المواضيع", "خطة العمل", "البحث"]);
  const article = page.getByRole("article");
  await expect(article).toContainText("بقلم قسم السياسات");
  await expect(article).toContainText("نُشر في 14 مارس 2023");
  await expect(article).toContainText(/مدة القراءة: (\d+ )?دق/);
  await expect(article.getByRole("img")).toHaveAccessibleName("مبنى الكابيتول في الولايات المتحدة");
  expect(await texts(article.getByRole("heading", { level: 2 }))).toEqual([
    "في هذا المقال",
    "ما تفعله ست وعشرون كلمة",
    "من يحتمي بهذا القانون",
    "فلنفكّر في الطبقات",
    "ثمة أدوات أفضل",
    "مشاركة",
    "مقالات ذات صلة",
  ]);
  await expect(article.getByText("ولذا يجب أن يدلي بها من يعتمدون عليها منّا.")).toBeVisible();
  await expect(page.getByText(notice)).toHaveCount(0);
  await expect(page.getByRole("navigation", { name: "المزيد من هذا الموقع" }).getByRole("link", { name: "الخصوصية" })).toBeVisible();
});

test("contents, topic, author and plan are a way in Arabic, there and back", { tag: ["@plain", "@store"] }, async ({ page }) => {
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

test("a text that is not in Arabic says so, runs from left to right, and leads to its original", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(`/ar${untranslated}`);
  await isHeadedInArabic(page, /كوريا الجنوبية؟$/);
  expect(await voice(page.getByText(notice))).toEqual({ lang: "ar", dir: "rtl" });
  expect(await voice(page.getByText("What happened where it was tried?"))).toEqual({ lang: "en", dir: "ltr" });
  expect(await voice(page.getByRole("link", { name: "Lessons for Europe" }).first())).toEqual({ lang: "en", dir: "ltr" });
  expect(await voice(page.getByText("Without the rule, each side pays"))).toEqual({ lang: "en", dir: "ltr" });
  await page.getByRole("link", { name: "اقرأ الأصل (English)" }).click();
  await expect(page).toHaveURL(untranslated);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.locator("html")).toHaveAttribute("dir", "ltr");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Sender Pays: What Lessons/);
});

test("a post of which nothing is in Arabic is listed and shown as English", async ({ page }) => {
  await using content = await Folder.make({ "posts/only-english/index.md": postFile("Only English", "2024-01-01") });
  await using server = await Server.start({ PAVISE_CONTENT_DIR: content.path });
  await using _ = leaving(page);
  await page.goto(`${server.url}/ar/blog/`);
  expect(await voice(page.getByRole("heading", { name: "Only English" }))).toEqual({ lang: "en", dir: "ltr" });
  await page.getByRole("link", { name: "Only English" }).click();
  await isHeadedInArabic(page, "Only English");
  expect(await voice(page.getByRole("heading", { level: 1 }))).toEqual({ lang: "en", dir: "ltr" });
  expect(await voice(page.getByText(notice))).toEqual({ lang: "ar", dir: "rtl" });
  await accessible(page);
});

test("an address that leads nowhere says so in Arabic", { tag: ["@plain", "@store", "@fails"] }, async ({ page }) => {
  const answer = await page.goto("/ar/nowhere/");
  expect(answer?.status()).toBe(404);
  await isHeadedInArabic(page, "لا توجد صفحة هنا");
  await expect(page.getByText("ربما كُتب العنوان خطأً، أو نُقلت الصفحة.")).toBeVisible();
  await page.getByRole("link", { name: "انتقل إلى الصفحة الرئيسية" }).click();
  await expect(page).toHaveURL("/ar/");
  await isHeadedInArabic(page, /^إنترنتنا، مستقبلنا/);
});
