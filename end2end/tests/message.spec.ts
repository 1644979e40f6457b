// What readers write to the organisation arrives, once, and nothing of it is lost on the way.

import { accessible, expect, Server, test } from "../fixtures.js";
import { ask, submit } from "../http.js";
import { Folder, run } from "../program.js";

/** The messages as the operator sees them. */
async function messages(store: string): Promise<string> {
  await using folder = await Folder.make();
  const { code, stdout, stderr } = await run(folder, ["messages"], { DATABASE_URL: store });
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

function times(text: string, words: string): number {
  return text.split(words).length - 1;
}

test("a message is written, sent and read by the operator, who removes it", { tag: ["@plain", "@store"] }, async ({ page, server }, info) => {
  const words = `The plan has a mistake, ${info.project.name} ${info.workerIndex}.`;
  const store = info.project.metadata["postgres"] ? (process.env["PAVISE_TEST_POSTGRES"] ?? "") : server.store;
  await page.goto("/contact/");
  await page.getByRole("main").getByRole("link", { name: "A form" }).click();
  await expect(page).toHaveURL("/message/");
  await page.getByLabel("Your message").fill(words);
  await page.getByLabel("Your e-mail address").fill("reader@example.org");
  await page.getByLabel("The address of the page").fill("/action-plan/2023/");
  await expect(page.getByLabel("Leave this field empty")).toBeHidden();
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page).toHaveURL("/message/sent/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your message has arrived");
  const all = await messages(store);
  expect(times(all, words)).toBe(1);
  const [, name = ""] = new RegExp(`^([0-9a-f]{16}) · \\S+Z · en\nanswer to: reader@example.org\nabout: /action-plan/2023/\n    ${words}`, "m").exec(all) ?? [];
  await using folder = await Folder.make();
  const remove = () => run(folder, ["messages", "--remove", name], { DATABASE_URL: store });
  expect(await remove()).toMatchObject({ code: 0, stdout: `${name}: removed\n` });
  expect(times(await messages(store), words)).toBe(0);
  expect(await remove()).toMatchObject({ code: 1, stderr: expect.stringContaining(`no message is called \`${name}\``) });
});

test("what has to be changed is said beside it, and nothing has to be written again", { tag: ["@plain", "@fails"] }, async ({ page, javaScriptEnabled }) => {
  await page.goto("/fr/message/");
  // Words to a browser, none to the site.
  await page.getByLabel("Votre message").fill("  ");
  await page.getByLabel("Votre adresse e-mail").fill("lectrice@example.org");
  await page.getByRole("button", { name: "Envoyer" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "n’a pas été envoyé" })).toBeVisible();
  const field = page.getByLabel("Votre message");
  await expect(field).toBeFocused();
  await expect(field).toHaveAccessibleDescription("Écrivez ce que vous voulez dire.");
  await expect(page.getByLabel("Votre adresse e-mail")).toHaveValue("lectrice@example.org");
  if (javaScriptEnabled) await accessible(page);
  await field.fill("Une question de plus.");
  await page.getByRole("button", { name: "Envoyer" }).click();
  await expect(page).toHaveURL("/fr/message/sent/");
});

test("what cannot be stored is answered with the form and a reason", async () => {
  await using server = await Server.start();
  const send = (fields: Record<string, string>) => submit(server.url, "/message/", fields);
  for (const [fields, why] of [
    [{ message: " \r\n" }, "Write what you want to say."],
    [{ message: "a".repeat(5001) }, "This is too long: 5,000 characters fit in."],
    [{ message: "a", reply_to: "b" }, "This is not an e-mail address."],
    [{ message: "a", homepage: "https://example.org" }, "Empty it, and send the message again."],
    [{}, "Write what you want to say."],
  ] as const) {
    const answer = await send(fields);
    expect([answer.status, answer.headers["cache-control"]]).toEqual([422, "no-cache"]);
    expect(answer.text).toContain(why);
  }
  const markup = await send({ message: `</textarea><script>alert(1)</script>`, reply_to: `"><b>`, about: `" autofocus onfocus="alert(1)` });
  expect(markup.text).not.toMatch(/<script>alert|"><b>|" autofocus onfocus/);
  expect(await messages(server.store)).toBe("");
  const large = await send({ message: "a".repeat(80_000) });
  expect(large.status).toBe(413);
  const odd = await ask(server.url, "/message/", { method: "POST", headers: { "content-type": "text/plain" }, body: "message=a" });
  expect(odd.status).toBe(415);
  const elsewhere = await submit(server.url, "/message/", { message: "a" }, { "sec-fetch-site": "cross-site" });
  expect(elsewhere.status).toBe(403);
});

test("the same message, sent again, is stored once", async () => {
  await using server = await Server.start();
  const send = async (fields: Record<string, string>) => {
    const { status, headers } = await submit(server.url, "/ar/message/", fields);
    expect([status, headers["location"]]).toEqual([303, "/ar/message/sent/"]);
  };
  await Promise.all([send({ message: "twice" }), send({ message: "twice" }), send({ message: "twice\r\n", homepage: "" })]);
  expect(times(await messages(server.store), "twice")).toBe(1);
  await send({ message: "twice", reply_to: "reader@example.org" });
  expect(times(await messages(server.store), "twice"), "an answer goes elsewhere").toBe(2);
  await send({ message: "\u001b[31mred\u0000" });
  expect(await messages(server.store)).toContain("    [31mred\n");
});

test("what was written is there again after a look at another page", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/contact/");
  await page.getByRole("main").getByRole("link", { name: "A form" }).click();
  await page.getByLabel("Your message").fill("Half a sentence");
  await page.getByRole("main").getByRole("link", { name: "What is kept" }).click();
  await expect(page).toHaveURL("/privacy/");
  await page.goBack();
  await expect(page.getByLabel("Your message")).toHaveValue("Half a sentence");
});
