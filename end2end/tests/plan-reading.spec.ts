import { expect, test } from "../fixtures.js";
import { commitments, plan, plans, texts } from "../pages.js";

type Value = { as_of: string; value: number };
type Commitment = { slug: string; title: string; unit: string; target: number; values: Value[]; evidence: { title: string; url: string } };
type Plan = { title: string; summary: string; areas: { title: string; commitments: Commitment[] }[] };

test("the list of plans leads to the plan of 2023", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(plans);
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { level: 1 })).toHaveText("Action Plan");
  await expect(main.getByText(/^\d+ of \d+ commitments reached$/)).toBeVisible();
  await main.getByRole("link", { name: "Action Plan 2023" }).click();
  await expect(page).toHaveURL(plan);
  await expect(main.getByRole("heading", { level: 1 })).toHaveText("Action Plan 2023");
});

test("the plan says what it is, and that its figures are illustrative", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(plan);
  const main = page.getByRole("main");
  await expect(main.getByText("Our Action Plan 2023 outlines how we will address challenges")).toBeVisible();
  await expect(main.getByText("All figures on this page are illustrative.")).toBeVisible();
  const areas = await main.getByRole("heading", { level: 2 }).count();
  expect(areas).toBeGreaterThanOrEqual(3);
  expect(areas).toBeLessThanOrEqual(4);
  expect(await commitments(page).count()).toBeGreaterThanOrEqual(8);
});

/** A number as English writes it. */
function grouped(number: number): string {
  return number.toLocaleString("en");
}

test("each commitment has its target, count, unit, day, evidence and progress", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(plan);
  expect(await commitments(page).count()).toBeGreaterThan(0);
  for (const commitment of await commitments(page).all()) {
    const title = (await commitment.getByRole("heading", { level: 3 }).textContent()) ?? "";
    expect(title).toMatch(/^\S.*[^#]$/);
    await expect(commitment.getByRole("paragraph").first()).toHaveText(/^\d{1,3}(,\d{3})* [a-z].+$/);
    const bar = commitment.getByRole("progressbar");
    await expect(bar).toHaveAccessibleName(title);
    const percent = await bar.evaluate((bar: HTMLProgressElement) => bar.value);
    await expect(commitment).toContainText(/Target: [\d,]+(, from [\d,]+)? · |Target of [\d,]+ reached · /);
    await expect(commitment).toContainText(`${percent}% of the way`);
    const counted = commitment.getByRole("paragraph").filter({ hasText: "Evidence:" });
    await expect(counted).toHaveText(/^Counted on [A-Z][a-z]+ \d{1,2}, \d{4}\. Evidence: \S/);
    await expect(counted.getByRole("time")).toHaveAttribute("datetime", /^\d{4}-\d{2}-\d{2}$/);
    await expect(counted.getByRole("link")).toHaveAttribute("href", /^(https:\/\/|\/)/);
  }
});

test("the page and the API tell the same plan", { tag: ["@plain", "@store"] }, async ({ page, request }) => {
  const told: Plan = await (await request.get("/api/get_plan?year=2023")).json();
  await page.goto(plan);
  const main = page.getByRole("main");
  await expect(main.getByText(told.summary, { exact: true })).toBeVisible();
  expect(await texts(main.getByRole("heading", { level: 2 }))).toEqual(told.areas.map((area) => area.title));
  const all = told.areas.flatMap((area) => area.commitments);
  await expect(commitments(page)).toHaveCount(all.length);
  for (const [index, { slug, title, unit, target, values, evidence }] of all.entries()) {
    const shown = commitments(page).nth(index);
    const last = values.at(-1);
    await expect(shown).toHaveAttribute("id", slug);
    await expect(shown.getByRole("heading")).toHaveText(title);
    await expect(shown.getByRole("link", { name: `Link to this commitment: ${title}` })).toHaveAttribute("href", `#${slug}`);
    await expect(shown).toContainText(`${grouped(last?.value ?? NaN)} ${unit}`);
    await expect(shown).toContainText(new RegExp(`Target(:| of) ${grouped(target)}(?![\\d,]*\\d)`));
    await expect(shown.getByRole("time").first()).toHaveAttribute("datetime", last?.as_of ?? "");
    await expect(shown.getByRole("link", { name: evidence.title, exact: true }).first()).toHaveAttribute("href", evidence.url);
    await shown.getByText("Its values over time").click();
    const rows = shown.getByRole("row");
    await expect(rows).toHaveCount(values.length + 1);
    for (const [place, { as_of, value }] of values.entries()) {
      const row = rows.nth(place + 1);
      await expect(row.getByRole("time")).toHaveAttribute("datetime", as_of);
      await expect(row.getByRole("cell").last()).toHaveText(grouped(value));
    }
  }
});

test("evidence on this site is there", async ({ page, request }) => {
  await page.goto(plan);
  const hrefs = await page.getByRole("main").getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  const own = hrefs.filter((href) => href.startsWith("/"));
  expect(own.length).toBeGreaterThan(0);
  for (const href of own) expect((await request.get(href, { maxRedirects: 0 })).status(), href).toBe(200);
});

test("a year without a plan is not found", { tag: "@store" }, async ({ request }) => {
  for (const year of ["1999", "23", "next", "02023", "20230", "-2023"]) {
    const answer = await request.get(`/action-plan/${year}/`);
    expect(answer.status(), year).toBe(404);
  }
});

test("on paper a commitment's evidence has its address", async ({ page }) => {
  await page.goto(plan);
  const evidence = page.locator(".commitment").getByRole("link").and(page.locator("[href^=http]")).first();
  await page.emulateMedia({ media: "print" });
  const after = await evidence.evaluate((link) => getComputedStyle(link, "::after").content);
  expect(after).toBe(`" (${await evidence.getAttribute("href")})"`);
});
