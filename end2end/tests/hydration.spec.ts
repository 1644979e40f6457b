import { asset } from "../http.js";
import { awake, expect, test } from "../fixtures.js";
import { everyPage, home } from "../pages.js";

for (const [name, address] of Object.entries(everyPage)) {
  test(`${name} wakes up in silence`, async ({ page }) => {
    await page.goto(address);
    await awake(page);
  });
}

test("a page that is not there wakes up too", { tag: "@fails" }, async ({ page }) => {
  await page.goto("/nowhere/");
  await awake(page);
});

test("a page asks for its script, its module, its face and pictures, and for nothing of anyone else's", async ({ page, baseURL }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const html = (await (await page.goto(home))?.text()) ?? "";
  await awake(page);
  const expected = [home, asset(html, "js"), asset(html, "wasm")].map((path) => new URL(path, baseURL).href);
  const others = asked.filter((url) => !/\/media\/[0-9a-f]{16}\/|\/favicon\.svg$|\/pkg\/headings\.[0-9a-f]{16}\.woff2$/.test(url));
  expect(others.toSorted()).toEqual(expected.toSorted());
  expect(asked.filter((url) => !url.startsWith(`${baseURL}/`))).toEqual([]);
});

test("a reader who saves data gets the module at the first sign of intent", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "connection", { value: { saveData: true } });
  });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(home, { waitUntil: "networkidle" });
  expect(asked.filter((url) => url.includes("/pkg/"))).toEqual([]);
  await page.keyboard.press("Tab");
  await page.getByRole("searchbox").focus();
  await awake(page);
});
