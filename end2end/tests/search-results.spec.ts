import type { Locator, Page } from "@playwright/test";
import { Database, expect, Server, test } from "../fixtures.js";
import { ask } from "../http.js";
import { post, texts, untranslated } from "../pages.js";
import { Folder, run } from "../program.js";
import { testOf, translation, writtenPost } from "../sites.js";

const search = "/search/";

function field(page: Page): Locator {
  return page.getByRole("search").locator("#search-input");
}

function results(page: Page): Locator {
  return page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("heading", { level: 2 }) });
}

async function look(page: Page, query: string): Promise<void> {
  await field(page).fill(query);
  await field(page).press("Enter");
}

test("a reader asks, sees why each result is there, and goes on to it", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto("/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Search" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Search" })).toBeVisible();
  await look(page, "senate committees");
  await expect(page).toHaveURL(/\/search\/\?q=senate\+committees/);
  const first = results(page).first();
  await expect(first.getByRole("heading")).toHaveText("We Testified Because the Internet Needs a Voice");
  await page.waitForLoadState();
  expect(await texts(first.locator("mark"))).toContain("Senate");
  await expect(field(page)).toHaveValue("senate committees");
  await first.getByRole("link").click();
  await expect(page).toHaveURL(post);
  await page.goBack();
  await expect(results(page).first()).toBeVisible();
});

for (const [language, query, first, reader] of [
  ["fr", "corée", "Expéditeur-payeur", "Corée"],
  ["es", "sancion", "Las sanciones pueden", "sanciones"],
  ["ar", "العقوبات", "العقوبات قد تحرم", "العقوبات"],
] as const) {
  test(`a reader of ${language} is answered in their language`, { tag: ["@plain", "@store"] }, async ({ page }) => {
    await page.goto(`/${language}${search}`);
    await look(page, query);
    await expect(results(page).first().getByRole("heading")).toContainText(first);
    await page.waitForLoadState();
    expect((await texts(results(page).first().locator("mark"))).join(" ")).toContain(reader);
    await expect(results(page).first().getByRole("link")).toHaveAttribute("href", new RegExp(`^/${language}/`));
    });
}

test("a mistyped word is taken for the one that is there, and the reader is told", { tag: "@plain" }, async ({ page }) => {
  await page.goto(`${search}?q=Brusels+workshop`);
  const note = page.getByText("Nothing has “Brusels workshop” in it.");
  await expect(results(page).first().getByRole("heading")).toContainText("Brussels Workshop");
  await note.getByRole("link", { name: "brussels workshop" }).click();
  await expect(page).toHaveURL(/q=brussels%20workshop/);
  await expect(page.getByText("in it.")).toHaveCount(0);
  await expect(results(page).first().getByRole("heading")).toContainText("Brussels Workshop");
});

test("words of which no text has all find those that have some", { tag: "@plain" }, async ({ page }) => {
  await page.goto(`${search}?q=korea+zebra`);
  await expect(page.getByText("Nothing has all of these words in it.")).toBeVisible();
  await expect(results(page).first().getByRole("link")).toHaveAttribute("href", untranslated);
});

test("where nothing is found there are ways on", { tag: "@plain" }, async ({ page }) => {
  await page.goto(`${search}?q=zebra&year=2023`);
  await expect(page.getByRole("main").getByRole("status").filter({ hasText: "zebra" })).toHaveText("Nothing was found for “zebra”.");
  await expect(page.getByRole("navigation", { name: "Topics" }).getByRole("link", { name: "Access", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Search everything for it" }).click();
  await expect(page).toHaveURL(/\/search\/\?q=zebra$/);
});

test("a search is narrowed by topic, author, year and language", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(search);
  const narrow = page.getByRole("group");
  await narrow.getByText("Narrow the search").click();
  await field(page).fill("sanction");
  await page.getByLabel("Topic", { exact: true }).selectOption({ label: "Access" });
  await page.getByLabel("Author", { exact: true }).selectOption({ label: "Policy Desk" });
  await page.getByLabel("Year", { exact: true }).selectOption("2023");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/topic=access&author=policy-desk&year=2023/);
  await expect(results(page)).toHaveCount(1);
  await expect(results(page).getByRole("heading")).toContainText("Sanctions Can Deny");
  await expect(page.getByLabel("Topic", { exact: true })).toHaveValue("access");
  await page.goto(`${search}?q=corée&language=fr`);
  const link = results(page).first().getByRole("link");
  await expect(link).toContainText("Corée du Sud");
  await expect(link).toHaveAttribute("href", `/fr${untranslated}`);
  expect(await link.evaluate((link) => link.closest<HTMLElement>("[lang]")?.lang)).toBe("fr");
});

test("a phrase in quotes is looked for as it stands", { tag: "@plain" }, async ({ page }) => {
  await page.goto(`${search}?q=%22needs+a+voice%22`);
  await expect(results(page)).toHaveCount(1);
  await page.goto(`${search}?q=%22voice+a+needs%22`);
  await expect(page.getByText("Nothing has all of these words in it.")).toBeVisible();
});

test("no query and no choice is a mistake", async ({ server: { url } }) => {
  const queries = ["%00", "%22", "%22%22%22", "*", "a:b", "-", "(", "%F0%9F%9B%A1", "%E2%80%AE", "x".repeat(5000), "%22" + "a+".repeat(500) + "%22", "=internet", "%1F%1E", "..%2F"];
  for (const query of queries) {
    expect.soft((await ask(url, `${search}?q=${query}`)).status, query.slice(0, 40)).toBe(200);
    expect.soft((await ask(url, `/api/suggest?q=${query}`)).status, query.slice(0, 40)).toBe(200);
  }
  for (const choice of ["topic=nowhere", "topic=%00", "author=x/y", "year=20x", "year=9999", "language=xx", "page=0", "page=99", "page=x"]) {
    expect.soft((await ask(url, `${search}?q=internet&${choice}`)).status, choice).toBe(200);
  }
  expect((await ask(url, "/api/search?q=internet&page=11")).status).toBe(400);
  // A byte that is no text is a broken address, as it is everywhere.
  expect([200, 400]).toContain((await ask(url, `${search}?q=%FF`)).status);
});

test("what is found is not for search engines, and its address is one", async ({ server: { url } }) => {
  const { text } = await ask(url, `${search}?page=1&q=open+internet&topic=nowhere`);
  expect(text).toContain(`<meta name="robots" content="noindex">`);
  expect(text).toContain(`<link rel="canonical" href="${url}/search/?q=open%20internet">`);
});

test("what is published is found, and not what it said before", { tag: "@store" }, async () => {
  await using folder = await Folder.make();
  await using database = await Database.ofProject();
  const settings = { DATABASE_URL: database?.url ?? `sqlite://${folder.path}/pavise.db` };
  await using server = await Server.start(settings);
  const found = async (query: string) => JSON.parse((await ask(server.url, `/api/search?q=${query}`)).text).found.length;
  const bring = async (files: Record<string, string>) => {
    await using changed = await Folder.make(files);
    expect((await run(folder, ["import", changed.path], settings)).code).toBe(0);
  };
  expect(await found("lighthouse")).toBe(0);
  await bring({ "posts/a-lighthouse/index.md": writtenPost("A lighthouse", "2024-01-01", "It burns.") });
  await expect.poll(() => found("lighthouses")).toBe(1);
  const page = await ask(server.url, `${search}?q=lighthouse`);
  expect(page.text).toContain("/blog/2024/01/a-lighthouse/");
  await bring({ "posts/a-lighthouse/index.md": writtenPost("A tower", "2024-01-01", "It burns.") });
  await expect.poll(() => found("lighthouse")).toBe(0);
  expect((await ask(server.url, `${search}?q=lighthouse`)).text).not.toContain("/blog/2024/01/a-lighthouse/");
});

const many = () =>
  Object.fromEntries(
    Array.from({ length: 25 }, (_, n) => [`posts/tale-${n}/index.md`, writtenPost(`Tale of lamps ${n}`, `2024-01-${String(n + 1).padStart(2, "0")}`, "A lamp burns.")]),
  );

testOf(() => ({ ...many(), "posts/tale-3/index.fr.md": translation("Une fable", "Une lampe.") }))(
  "results come ten to a page, the newer of two that are equally good first",
  async ({ page }) => {
    await page.goto(`${search}?q=lamp`);
    await expect(page.getByText("Results 1 to 10")).toBeVisible();
    expect((await texts(results(page).getByRole("heading")))[0]).toBe("Tale of lamps 24");
    await page.getByRole("link", { name: "More results" }).click();
    await expect(page).toHaveURL(/q=lamp&page=2/);
    await expect(page.getByText("Results 11 to 20")).toBeVisible();
    await page.getByRole("link", { name: "More results" }).click();
    await expect(page.getByText("Results 21 to 25")).toBeVisible();
    await expect(page.getByRole("link", { name: "More results" })).toHaveCount(0);
    await page.getByRole("link", { name: "Better results" }).click();
    await expect(page.getByText("Results 11 to 20")).toBeVisible();
    await page.goto(`${search}?q=lamp&page=9`);
    await expect(page.getByText("Results 1 to 10")).toBeVisible();
  },
);
