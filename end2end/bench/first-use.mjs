// What a reader on an old phone and a slow network waits for: 400 ms to the server, 400 kbit/s, a processor four times slower.
// Prints the first paint, and when the filter of the front page answers to what the reader began to type as soon as the page
// was painted, both in milliseconds after the navigation began.

import { chromium } from "@playwright/test";

const [url] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.PAVISE_CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const page = await browser.newPage({ viewport: { width: 412, height: 823 } });
const devtools = await page.context().newCDPSession(page);
const kbits = (speed) => (speed * 1000) / 8;
await devtools.send("Network.enable");
await devtools.send("Network.emulateNetworkConditions", { offline: false, latency: 400, downloadThroughput: kbits(400), uploadThroughput: kbits(400) });
await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
// In the page itself, so that no word between the browser and this program counts: types once there is a field and something is
// painted, and looks at each frame whether cards have gone.
await page.addInitScript(() => {
  let cards = 0;
  const look = () => {
    const painted = performance.getEntriesByName("first-contentful-paint").length > 0;
    const field = document.querySelector("main input[type=search]");
    const shown = document.querySelectorAll("#posts > li:not([hidden])").length;
    if (!cards && painted && field && document.readyState !== "loading") {
      cards = shown;
      field.value = "sender";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    if (cards && shown < cards) window.answered = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});
await page.goto(url, { waitUntil: "commit" });
await page.waitForFunction(() => "answered" in window, undefined, { timeout: 60_000 });
const figures = await page.evaluate(() => ({
  paint: Math.round(performance.getEntriesByName("first-contentful-paint")[0].startTime),
  use: Math.round(window.answered),
}));
if (process.env.BENCH_TRACE) {
  const rows = await page.evaluate(() => performance.getEntriesByType("resource").map((it) => [it.name.split("/").pop(), Math.round(it.startTime), Math.round(it.responseEnd), it.encodedBodySize]));
  for (const row of rows.sort((a, b) => a[1] - b[1])) console.error(row.join(" "));
}
console.log(JSON.stringify(figures));
await browser.close();
