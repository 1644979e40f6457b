import { defineConfig } from "@playwright/test";

// Every journey runs in Chromium as it is. What must also work for readers whose browser runs no JavaScript, or gets no
// WebAssembly, is tagged @plain and runs again that way; what reads from the store is tagged @store and runs again on
// PostgreSQL.
export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  // Bounds for what hangs, with room for a machine that is busy: what is quick is told by `make bench`.
  timeout: 180_000,
  expect: { timeout: 15_000 },
  // What passes only then is listed as flaky.
  retries: 1,
  use: {
    // A trace makes a journey take twice as long.
    trace: process.env.PAVISE_TRACE ? "retain-on-failure" : "off",
    // A page's own requests can be watched and held only where no service worker answers them; what it does has files of its own.
    serviceWorkers: "block",
    launchOptions: {
      executablePath: process.env.PAVISE_CHROMIUM ?? "/usr/bin/chromium-headless-shell",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "chromium" },
    { name: "no-javascript", grep: /@plain/, use: { javaScriptEnabled: false } },
    { name: "no-webassembly", grep: /@plain/, metadata: { blockWasm: true } },
    { name: "postgresql", grep: /@store/, metadata: { postgres: true } },
  ],
});
