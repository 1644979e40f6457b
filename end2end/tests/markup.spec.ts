import { HtmlValidate } from "html-validate";
import { expect, test } from "../fixtures.js";
import { ask } from "../http.js";
import { everyPage } from "../pages.js";

// A title is as long as its author made it.
const validator = new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "long-title": "off" } });

for (const [name, address] of Object.entries({ ...everyPage, "a page that is not there": "/nowhere/" })) {
  test(`${name} is valid HTML`, { tag: "@store" }, async ({ server }) => {
    const { text } = await ask(server.url, address);
    const { results } = await validator.validateString(text);
    const told = results.flatMap(({ messages }) => messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`));
    expect(told).toEqual([]);
  });
}
