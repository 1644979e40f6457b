// What a reader gets with the first packets: the whole page with its styles, within one initial window of TCP.

import { expect, test } from "../fixtures.js";
import { ask, asset } from "../http.js";
import { everyPage, home } from "../pages.js";

const WINDOW = 14_480;

const pages = Object.entries(everyPage).filter(([, address]) => !/^\/(ar|fr|es)\//.test(address) && address !== "/styleguide/");

for (const [lang, start] of Object.entries({ en: "", fr: "/fr", es: "/es", ar: "/ar" })) {
  test(`the first response of every page fits one window in ${lang}`, async ({ server }) => {
    for (const [name, address] of pages) {
      const { headers, body } = await ask(server.url, `${start}${address}`, { headers: { "accept-encoding": "br" } });
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const head = `HTTP/1.1 200 OK\r\n${lines.join("")}\r\n`;
      expect(head.length + body.length, name).toBeLessThanOrEqual(WINDOW);
      expect(body.length, name).toBeGreaterThan(3_000);
    }
  });
}

test("what a reader's browser gets to wake a page is within its budget", async ({ server }) => {
  const { text } = await ask(server.url, home);
  let bytes = 0;
  for (const kind of ["js", "wasm"] as const) {
    const { headers, body } = await ask(server.url, asset(text, kind), { headers: { "accept-encoding": "br" } });
    expect(headers["content-encoding"]).toBe("br");
    bytes += body.length;
  }
  expect(bytes).toBeGreaterThan(30_000);
  expect(bytes).toBeLessThanOrEqual(75_000);
  const loader = /<script data-js=[^>]*>(.*?)<\/script>/s.exec(text)?.[1] ?? "";
  expect(loader).toContain("import(");
  expect(loader.length).toBeLessThanOrEqual(2_850);
});

for (const [name, address] of Object.entries(everyPage)) {
  test(`${name} can be read when one answer is there`, async ({ page }) => {
    // Everything else is asked for and never answered.
    await page.route("**/*", (route) => (route.request().isNavigationRequest() ? route.continue() : undefined));
    await page.goto(address, { waitUntil: "commit" });
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("contentinfo")).toBeVisible();
  });
}
