import type { Locator, Page } from "@playwright/test";
import { awake, expect, test } from "../fixtures.js";
import { isMarked, mark, post, texts } from "../pages.js";

const title = "We Testified Because the Internet Needs a Voice";
const next = "/blog/2023/03/misguided-policies-the-world-over-are-slowly-killing-the-open-internet/";
const copied = "The link is copied.";

const told = (page: Page) => page.locator("#share-status");

function share(page: Page): Locator {
  return page.getByRole("article").getByRole("list").filter({ has: page.getByRole("link", { name: "Link to this page" }) });
}

function copy(page: Page): Locator {
  return share(page).getByRole("button", { name: "Copy the link" });
}

function sheet(page: Page): Locator {
  return share(page).getByRole("button", { name: "Share with …" });
}

/** What the share sheet of `withSheet` was given. */
function given(page: Page): Promise<unknown> {
  return page.evaluate(() => (window as unknown as { given: unknown }).given);
}

/** A browser with a share sheet, which the reader uses or closes. */
async function withSheet(page: Page, end: "shared" | "closed"): Promise<void> {
  await page.addInitScript((end) => {
    Object.defineProperty(Navigator.prototype, "share", {
      value: (data: ShareData) => {
        Object.assign(window, { given: { ...data } });
        return end === "shared" ? Promise.resolve() : Promise.reject(new DOMException("closed", "AbortError"));
      },
    });
  }, end);
}

async function without(page: Page, ...names: string[]): Promise<void> {
  await page.addInitScript((names) => names.forEach((name) => Reflect.deleteProperty(Navigator.prototype, name)), names);
}

test("a post can be passed on by its link and by mail", { tag: ["@plain", "@store"] }, async ({ page, baseURL }) => {
  for (const [lang, link, mail, subject] of [
    ["", "Link to this page", "Send by email", title],
    ["/fr", "Lien vers cette page", "Envoyer par e-mail", "Nous avons témoigné parce que l’Internet a besoin d’une voix"],
    ["/ar", "رابط هذه الصفحة", "إرسال بالبريد الإلكتروني", "أدلينا بشهادتنا لأن الإنترنت تحتاج إلى صوت"],
  ] as const) {
    await page.goto(`${lang}${post}`);
    await expect(page.getByRole("link", { name: link })).toHaveAttribute("href", `${baseURL}${lang}${post}`);
    const href = (await page.getByRole("link", { name: mail }).getAttribute("href")) ?? "";
    expect(href).toMatch(/^mailto:\?/);
    const fields = new URLSearchParams(href.replace("mailto:?", ""));
    expect(Object.fromEntries(fields)).toEqual({ subject, body: `${baseURL}${lang}${post}` });
  }
});

test("what needs the module is not offered before it is there", { tag: "@fails" }, async ({ page }) => {
  await withSheet(page, "shared");
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(post);
  expect(await texts(share(page).getByRole("listitem"))).toEqual(["Link to this page", "Send by email"]);
});

test("the link is copied, and the reader is told", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${post}?from=elsewhere#think-in-layers`);
  await awake(page);
  await copy(page).click();
  await expect(told(page)).toHaveText(copied);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${baseURL}${post}`);
});

test("the link is copied by keyboard", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(post);
  await awake(page);
  await share(page).getByRole("link", { name: "Link to this page" }).focus();
  await page.keyboard.press("Tab");
  await expect(copy(page)).toBeFocused();
  await page.keyboard.press("Space");
  await expect(told(page)).toHaveText(copied);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${baseURL}${post}`);
});

test("after the page changed in place, it is the new page's link that is copied", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(post);
  await awake(page);
  await mark(page);
  await page.getByRole("navigation", { name: "Neighbouring posts" }).getByRole("link", { name: /^Older/ }).click();
  await expect(page).toHaveURL(next);
  await expect(told(page)).toBeEmpty();
  await copy(page).click();
  await expect(told(page)).toHaveText(copied);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${baseURL}${next}`);
  expect(await isMarked(page)).toBe(true);
});

test("where the browser refuses to copy, the reader gets the link to copy it themselves", async ({ page, baseURL }) => {
  await page.addInitScript(() => {
    Clipboard.prototype.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  });
  await page.goto(post);
  await awake(page);
  await copy(page).click();
  await expect(told(page)).toHaveText(`The link could not be copied. Here it is: ${baseURL}${post}`);
});

test("a browser without clipboard and share sheet is offered neither", async ({ page }) => {
  await without(page, "clipboard", "share");
  await page.goto(post);
  await awake(page);
  expect(await texts(share(page).getByRole("listitem"))).toEqual(["Link to this page", "Send by email"]);
});

test("a browser with a clipboard alone is offered that", async ({ page }) => {
  await without(page, "share");
  await page.goto(post);
  await awake(page);
  await expect(copy(page)).toBeVisible();
  await expect(sheet(page)).toBeHidden();
});

for (const end of ["shared", "closed"] as const) {
  test(`the share sheet gets title and address, and is ${end} in silence`, async ({ page, baseURL }) => {
    await withSheet(page, end);
    await page.goto(post);
    await awake(page);
    await sheet(page).click();
    await expect.poll(() => given(page)).toEqual({ title: `${title} · Pavise`, url: `${baseURL}${post}` });
    await expect(told(page)).toBeEmpty();
  });
}

test("nobody else hears of a page that is read and passed on", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const asked: string[] = [];
  context.on("request", (request) => asked.push(request.url()));
  await withSheet(page, "shared");
  await page.goto(post);
  await awake(page);
  await copy(page).click();
  await expect(told(page)).toHaveText(copied);
  const before = asked.length;
  await sheet(page).click();
  await expect.poll(() => given(page)).toBeTruthy();
  expect(asked).toHaveLength(before);
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.filter((url) => !url.startsWith(`${baseURL}/`))).toEqual([]);
});
