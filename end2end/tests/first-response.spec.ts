// What a reader gets with the first packets: the whole page with its styles, within one initial window of TCP.

import { expect, test } from "../fixtures.js";
import { ask } from "../http.js";
import { everyPage } from "../pages.js";

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
