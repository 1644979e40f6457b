import { expect, test } from "../fixtures.js";
import { plan, plans, texts } from "../pages.js";

type Commitment = { title: string; unit: string; target: number; current: number; as_of: string; evidence: { title: string; url: string } };
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
  expect(await main.getByRole("listitem").count()).toBeGreaterThanOrEqual(8);
});

test("each commitment has its target, count, unit, day, evidence and progress", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(plan);
  for (const commitment of await page.getByRole("main").getByRole("listitem").all()) {
    const title = (await commitment.getByRole("heading", { level: 3 }).textContent()) ?? "";
    expect(title).not.toBe("");
    await expect(commitment.getByRole("paragraph").first()).toHaveText(/^\d+ [a-z].+$/);
    const bar = commitment.getByRole("progressbar");
    await expect(bar).toHaveAccessibleName(title);
    const percent = await bar.evaluate((bar: HTMLProgressElement) => bar.value);
    await expect(commitment).toContainText(/Target: \d+(, from \d+)? · |Target of \d+ reached · /);
    await expect(commitment).toContainText(`${percent}% of the way`);
    await expect(commitment).toContainText(/Counted on \d{1,2} [A-Z][a-z]+ \d{4}\./);
    await expect(commitment.getByRole("time")).toHaveAttribute("datetime", /^\d{4}-\d{2}-\d{2}$/);
    await expect(commitment.getByRole("link")).toHaveAttribute("href", /^(https:\/\/|\/)/);
  }
});

test("the page and the API tell the same plan", { tag: ["@plain", "@store"] }, async ({ page, request }) => {
  const told: Plan = await (await request.get("/api/get_plan?year=2023")).json();
  await page.goto(plan);
  const main = page.getByRole("main");
  await expect(main.getByText(told.summary, { exact: true })).toBeVisible();
  expect(await texts(main.getByRole("heading", { level: 2 }))).toEqual(told.areas.map((area) => area.title));
  const commitments = told.areas.flatMap((area) => area.commitments);
  await expect(main.getByRole("listitem")).toHaveCount(commitments.length);
  for (const [index, commitment] of commitments.entries()) {
    const shown = main.getByRole("listitem").nth(index);
    await expect(shown.getByRole("heading")).toHaveText(commitment.title);
    await expect(shown).toContainText(`${commitment.current} ${commitment.unit}`);
    await expect(shown).toContainText(new RegExp(`Target(:| of) ${commitment.target}\\b`));
    await expect(shown.getByRole("time")).toHaveAttribute("datetime", commitment.as_of);
    await expect(shown.getByRole("link", { name: commitment.evidence.title })).toHaveAttribute("href", commitment.evidence.url);
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
