import { HtmlValidate } from "html-validate";
import { expect, test } from "../fixtures.js";
import { ask } from "../http.js";
import { everyPage } from "../pages.js";

const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    // A button in a form submits it: HTML's own default, and what each of them is for.
    "no-implicit-button-type": "off",
    // Buttons of one name are how a form says which was pressed; the rule knows them by the type that is left out.
    "form-dup-name": "off",
  },
});

// Leptos marks places in its output with `<!>`. Browsers read an empty comment; the validator knows no such thing.
const MARKS = /<!>/g;

for (const [name, address] of Object.entries({ ...everyPage, "a page that is not there": "/nowhere/" })) {
  test(`${name} is valid HTML`, { tag: "@store" }, async ({ server }) => {
    const { text } = await ask(server.url, address);
    const { results } = await validator.validateString(text.replace(MARKS, "<!---->"));
    const told = results.flatMap(({ messages }) => messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`));
    expect(told).toEqual([]);
  });
}
