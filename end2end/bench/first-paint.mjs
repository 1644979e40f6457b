// How many requests must be answered before a reader can read: all but the page itself are held back, and the page's own
// words must be painted all the same. Prints the number of answers that were needed.

import { chromium } from "@playwright/test";

const [url] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.PAVISE_CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const page = await browser.newPage();
let answered = 0;
await page.route("**/*", (route) => {
  if (!route.request().isNavigationRequest()) return;
  answered += 1;
  return route.continue();
});
await page.goto(url, { waitUntil: "commit" });
await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
await page.getByRole("heading", { level: 1 }).waitFor();
const shift = await page.evaluate(() => {
  const observer = new PerformanceObserver(() => {});
  observer.observe({ type: "layout-shift", buffered: true });
  return observer.takeRecords().reduce((sum, entry) => sum + entry.value, 0);
});
console.log(JSON.stringify({ requests: answered, shift }));
await browser.close();
