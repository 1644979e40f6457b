import type { Locator, Page } from "@playwright/test";
import { accessible, awake, expect, test } from "../fixtures.js";
import { plan, plans, scrollY, texts } from "../pages.js";

const tag = ["@plain", "@store"];
const training = "Train the people who keep those networks running";
const formation = "Former les personnes qui font fonctionner ces réseaux";
const misguided = "Misguided Policies the World over Are Slowly Killing the Open Internet";

function commitment(page: Page, title: string): Locator {
  const heading = page.getByRole("heading", { level: 3, name: title });
  return page.getByRole("main").getByRole("listitem").filter({ has: heading });
}

/** The rows of a table as a reader reads them, cell by cell. */
function rows(table: Locator): Promise<string[][]> {
  return table.getByRole("row").evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
}

test("the list of plans has each year, and leads to it", { tag }, async ({ page, request }) => {
  await page.goto(plans);
  const years = page.getByRole("main").getByRole("heading", { level: 2 }).getByRole("link");
  expect(await texts(years)).toEqual(["Action Plan 2023"]);
  await expect(page.getByRole("main")).toContainText("1 of 10 commitments reached");
  for (const href of await years.evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""))) {
    expect((await request.get(href)).status()).toBe(200);
  }
});

test("each commitment has an address of its own, which leads to it", { tag }, async ({ page }) => {
  await page.goto(plan);
  const links = page.getByRole("link", { name: /^Link to this commitment: / });
  await expect(links).toHaveCount(10);
  const hrefs = await links.evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  expect(new Set(hrefs).size).toBe(10);
  await page.getByRole("link", { name: `Link to this commitment: ${training}` }).click();
  await expect(page).toHaveURL(`${plan}#network-builders`);
  await expect(commitment(page, training)).toBeInViewport();
  await page.goto("about:blank");
  await page.goto(`${plan}#network-builders`);
  await expect(commitment(page, training).getByRole("heading", { level: 3 })).toBeInViewport();
  expect(await scrollY(page)).toBeGreaterThan(100);
  await expect(page.locator(":target")).toContainText(training);
});

test("a commitment and its bar are named by its title, and by nothing else", { tag }, async ({ page }) => {
  await page.goto(plan);
  await expect(commitment(page, training).getByRole("progressbar")).toHaveAccessibleName(training);
  await expect(commitment(page, training).getByRole("heading", { level: 3 })).toHaveAccessibleName(training);
});

test("its history opens, and tells each count with its day", { tag }, async ({ page }) => {
  await page.goto(plan);
  const table = commitment(page, training).getByRole("table");
  await expect(table).toBeHidden();
  await commitment(page, training).getByText("Its values over time").click();
  await expect(table).toBeVisible();
  expect(await rows(table)).toEqual([
    ["Day", "Value"],
    ["March 31, 2023", "198"],
    ["June 30, 2023", "520"],
    ["September 30, 2023", "871"],
  ]);
  await expect(table.getByRole("columnheader")).toHaveCount(2);
  await expect(commitment(page, training)).toContainText("871 people trained to build and maintain networks");
  await expect(commitment(page, training)).toContainText("Counted on September 30, 2023.");
  await commitment(page, training).getByText("Its values over time").click();
  await expect(table).toBeHidden();
});

test("its history opens by keyboard, and is accessible", async ({ page }) => {
  await page.goto(plan);
  await awake(page);
  for (const commitment of await page.getByRole("group").filter({ hasText: "Its values over time" }).all()) {
    await commitment.getByText("Its values over time").focus();
    await page.keyboard.press("Enter");
    await expect(commitment.getByRole("table")).toBeVisible();
  }
  await accessible(page);
});

test("the posts that report on a commitment are there, and lead to the words", { tag }, async ({ page }) => {
  await page.goto(plan);
  const reports = page.getByRole("main").getByRole("listitem").getByRole("list").getByRole("link");
  const found = await reports.evaluateAll((links) => links.map((link) => [link.textContent ?? "", link.getAttribute("href") ?? ""] as const));
  expect(found).toHaveLength(7);
  await expect(commitment(page, training)).toContainText("Reported in");
  expect(await texts(commitment(page, training).getByRole("list").getByRole("link"))).toEqual([misguided]);
  for (const [title, href] of new Map(found)) {
    expect((await page.goto(href))?.status(), href).toBe(200);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  }
});

test("a commitment on which no post reports says nothing of reports", { tag }, async ({ page }) => {
  await page.goto(plan);
  const routes = commitment(page, "Bring signed routes to the networks we work with");
  await expect(routes.getByText("Counted on")).toBeVisible();
  await expect(routes.getByText("Reported in")).toHaveCount(0);
});

test("a number is grouped as a reader of each language writes it", { tag }, async ({ page }) => {
  await page.goto(plan);
  await expect(commitment(page, training)).toContainText("Target: 1,200 · 72% of the way");
  await page.goto(`/fr${plan}`);
  // A narrow no-break space in the number, no-break spaces before the colon and the sign.
  await expect(commitment(page, formation)).toContainText("Objectif\u00a0: 1\u202f200 · 72\u00a0% du chemin parcouru");
  // Spanish groups from five digits on.
  await page.goto(`/es${plan}`);
  await expect(page.getByRole("main")).toContainText("Objetivo: 1200 · 72\u00a0% del camino");
  await page.goto(`/ar${plan}`);
  await expect(page.getByRole("main")).toContainText("الهدف: 1,200");
});

test("a French reader gets all of it in French", { tag }, async ({ page }) => {
  await page.goto(`/fr${plan}`);
  const shown = commitment(page, formation);
  await expect(shown).toContainText("871 personnes formées à construire et à entretenir des réseaux");
  await expect(shown).toContainText("Relevé le 30 septembre 2023.");
  await shown.getByText("Ses valeurs au fil du temps").click();
  expect(await rows(shown.getByRole("table"))).toEqual([
    ["Jour", "Valeur"],
    ["31 mars 2023", "198"],
    ["30 juin 2023", "520"],
    ["30 septembre 2023", "871"],
  ]);
  await page.getByRole("link", { name: `Lien vers cet engagement : ${formation}` }).click();
  await expect(page).toHaveURL(`/fr${plan}#network-builders`);
  await expect(shown).toContainText("Traité dans");
  await shown.getByRole("list").getByRole("link", { name: /^Partout dans le monde/ }).click();
  await expect(page).toHaveURL(/^[^#]*\/fr\/blog\/2023\/03\/misguided-policies/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Partout dans le monde/);
});

test("a French reader of the list of plans is told how many are kept", { tag }, async ({ page }) => {
  await page.goto(`/fr${plans}`);
  await expect(page.getByRole("main")).toContainText("1 engagement tenu sur 10");
  await page.getByRole("main").getByRole("link", { name: "Plan d’action 2023" }).click();
  await expect(page).toHaveURL(`/fr${plan}`);
});
