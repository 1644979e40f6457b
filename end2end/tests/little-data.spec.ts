// Little data: chosen with a switch or asked for by the browser, pictures wait for a tap, no font and nothing ahead, and the bytes are counted.

import type { BrowserContext, Page } from "@playwright/test";
import { accessible, awake, expect } from "../fixtures.js";
import { ask } from "../http.js";
import { isKept, kept } from "../offline.js";
import { photograph } from "../pictures.js";
import { projectContent, testOf, writtenPost } from "../sites.js";
import { home, plan, post, untranslated } from "../pages.js";

const test = testOf(() => ({
  ...projectContent(),
  "posts/photo/index.md": writtenPost("Photo", "2024-01-04", `Words.\n\n![An inner sea](inner.png "Seen from above")\n\nA [![linked](inner.png)](https://example.org/).`, [
    "picture:",
    `  file: "photo.png"`,
    `  alt: "A photograph of \\"nothing\\""`,
  ]),
  "posts/photo/photo.png": photograph(1400, 700),
  "posts/photo/inner.png": photograph(700, 350),
}));

const photo = "/blog/2024/01/photo/";

const button = (page: Page, name = "Use little data") => page.getByRole("contentinfo").getByRole("button", { name });

async function choose(page: Page): Promise<void> {
  await page.goto(home);
  await button(page).click();
  await expect(page.getByText("This site uses little data")).toBeVisible();
}

/** Shows that the reader wants more of a page than to read it. */
const intend = (page: Page) => page.getByRole("contentinfo").getByRole("button").first().focus();

/** Goes to a page and begins to do something there, as that is what the service worker comes with; waits until `path` is kept. */
async function visit(page: Page, path: string, expected = path): Promise<void> {
  await page.goto(path);
  await intend(page);
  await isKept(page, expected);
}

/** The addresses that a context asks for from now on, but for those of pages. */
function asked(context: BrowserContext): string[] {
  const all: string[] = [];
  context.on("request", (request) => {
    if (request.resourceType() !== "document") all.push(new URL(request.url()).pathname);
  });
  return all;
}

test("a switch turns it on and off, and leads back", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/?q=sender");
  await button(page).click();
  // Where the switch is, at the foot.
  await expect(page).toHaveURL("/?q=sender#data-switch");
  await expect(button(page, "Show everything again")).toBeInViewport();
  await expect(page.getByText("This site uses little data: pictures wait for a tap, and no font is fetched.")).toBeVisible();
  await expect(page.getByRole("main").getByRole("img").filter({ visible: true })).toHaveCount(1);
  await page.goto(plan);
  await expect(page.getByText("This site uses little data")).toBeVisible();
  await button(page, "Show everything again").click();
  await expect(page).toHaveURL(`${plan}#data-switch`);
  await expect(page.getByText("This site uses little data")).toBeHidden();
  await page.goto(post);
  await expect(page.getByRole("article").getByRole("img").first()).toBeVisible();
});

test("pictures are their words and size until a tap loads them, each by itself", async ({ page, context }) => {
  await choose(page);
  await page.goto(photo);
  const all = asked(context);
  await accessible(page);
  const later = page.getByRole("article").getByRole("link", { name: /Show the picture, at most \d+ kB/ });
  await expect(later).toHaveCount(2);
  await expect(later.first()).toContainText('A photograph of "nothing"');
  await expect(page.getByRole("article").getByText("[linked]")).toBeVisible();
  await expect(page.getByRole("figure")).toContainText("Seen from above");
  expect(all.filter((path) => path !== "/favicon.svg")).toEqual([]);
  await later.last().click();
  const picture = page.getByRole("article").getByRole("img", { name: "An inner sea" });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
  expect(all.filter((path) => path.startsWith("/media/"))).toEqual([expect.stringMatching(/\/inner-(320|640)\.avif$/)]);
  await expect(later).toHaveCount(1);
  await expect(page).toHaveURL(photo);
  await later.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article").getByRole("img", { name: /^A photograph/ })).toBeFocused();
});

test("what a picture costs is no more than it says", async ({ server }) => {
  const { text } = await ask(server.url, photo, { headers: { "save-data": "on" } });
  const said = [...text.matchAll(/at most (\d+) kB/g)].map(([, kilobytes]) => Number(kilobytes) * 1_000);
  const files = [...text.matchAll(/<template><picture.*?<\/template>/g)].map(([template]) => [...template.matchAll(/\/media\/[^\s",]+/g)].map(([file]) => file));
  expect(said).toHaveLength(2);
  for (const [at, most] of said.entries()) {
    for (const file of files[at] ?? []) {
      expect(file).not.toMatch(/-(960|1280|1400)\./);
      expect((await ask(server.url, file)).body.length).toBeLessThanOrEqual(most);
    }
  }
});

test("without JavaScript a picture is a link to its file", { tag: "@plain" }, async ({ page, request }) => {
  test.skip(test.info().project.name !== "no-javascript", "this is for readers without JavaScript");
  await choose(page);
  await page.goto(photo);
  const later = page.getByRole("link", { name: /Show the picture/ }).first();
  const file = await request.get((await later.getAttribute("href")) ?? "");
  expect(file.headers()["content-type"]).toBe("image/jpeg");
});

test("the browser asks for it with a header, and the reader's own choice wins", async ({ server }) => {
  const isLittle = async (headers: Record<string, string>) => (await ask(server.url, post, { headers })).text.slice(0, 200).includes(" data-saving");
  expect(await isLittle({})).toBe(false);
  expect(await isLittle({ "save-data": "on" })).toBe(true);
  expect(await isLittle({ "save-data": "off" })).toBe(false);
  expect(await isLittle({ cookie: "data=little" })).toBe(true);
  expect(await isLittle({ "save-data": "on", cookie: "a=b; data=full" })).toBe(false);
  expect(await isLittle({ cookie: "data=other" })).toBe(false);
  for (const headers of [{}, { "save-data": "on" }] as Record<string, string>[]) {
    expect((await ask(server.url, post, { headers })).headers["vary"]).toMatch(/^cookie, save-data\b/);
  }
});

test("a finished page is never another reader's", async ({ server }) => {
  const of = async (headers: Record<string, string>) => ask(server.url, home, { headers: { "accept-encoding": "br", ...headers } });
  for (let round = 0; round < 2; round += 1) {
    const [full, little, dark] = [await of({}), await of({ cookie: "data=little" }), await of({ cookie: "theme=dark; data=little" })];
    const tags = [full, little, dark].map(({ headers }) => headers["etag"]);
    expect(new Set(tags).size).toBe(3);
    expect((await of({ cookie: "data=little", "if-none-match": tags[0] ?? "" })).status).toBe(200);
    expect((await of({ cookie: "data=little", "if-none-match": tags[1] ?? "" })).status).toBe(304);
  }
});

test("nothing but the page is asked for until the reader does something, and nothing ahead after that", async ({ page, context }) => {
  await choose(page);
  for (const path of [home, post, untranslated, "/ar/", plan]) {
    const all = asked(context);
    await page.goto(path, { waitUntil: "networkidle" });
    expect(all.filter((file) => file !== "/favicon.svg"), path).toEqual([]);
  }
  await intend(page);
  await awake(page);
  const pages: string[] = [];
  page.on("request", (request) => pages.push(new URL(request.url()).pathname));
  const asides = /^\/(favicon|pkg\/)/;
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Topics" }).hover();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Posts" }).click();
  await expect(page).toHaveURL("/blog/");
  expect(pages.filter((path) => !asides.test(path))).toEqual(["/blog/"]);
});

test("who scrolls with a finger, taps a picture or goes on by a link pays for nothing else", async ({ browser, server }) => {
  const context = await browser.newContext({ baseURL: server.url, hasTouch: true, viewport: { width: 360, height: 740 }, serviceWorkers: "block" });
  await context.addCookies([{ name: "data", value: "little", url: server.url }]);
  const page = await context.newPage();
  const all = asked(context);
  await page.goto(photo);
  const session = await context.newCDPSession(page);
  await page.evaluate(() => addEventListener("pointerdown", () => document.body.setAttribute("data-touched", "")));
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x: 180, y: 600 }] });
  for (let y = 560; y >= 200; y -= 40) await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: 180, y }] });
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await expect(page.locator("body[data-touched]")).toBeAttached();
  await page.getByRole("article").getByRole("link", { name: /Show the picture/ }).last().tap();
  const picture = page.getByRole("article").getByRole("img", { name: "An inner sea" });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
  await page.getByRole("heading", { level: 1 }).tap();
  await page.keyboard.press("Tab");
  await page.getByRole("contentinfo").getByRole("link").first().tap();
  await page.waitForURL((url) => url.pathname !== photo);
  expect(all.filter((path) => path !== "/favicon.svg")).toEqual([expect.stringMatching(/^\/media\/.*\.avif$/)]);
  // A button is another matter.
  await page.goto(post);
  await intend(page);
  await expect.poll(() => all.filter((path) => path.endsWith(".wasm")).length).toBe(1);
  await context.close();
});

test("the bytes of a visit are less than a third of what they were", async ({ browser, server }) => {
  const bytes = async (cookie: boolean): Promise<number> => {
    const context = await browser.newContext({ serviceWorkers: "block" });
    if (cookie) await context.addCookies([{ name: "data", value: "little", url: server.url }]);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    let sum = 0;
    session.on("Network.loadingFinished", ({ encodedDataLength }) => (sum += encodedDataLength));
    for (const path of [home, photo, post]) {
      await page.goto(server.url + path, { waitUntil: "networkidle" });
      await page.mouse.wheel(0, 20_000);
      await page.waitForFunction(() => [...document.images].every((image) => image.complete || image.getBoundingClientRect().top > innerHeight));
      await page.waitForLoadState("networkidle");
    }
    await context.close();
    return sum;
  };
  const [full, little] = [await bytes(false), await bytes(true)];
  expect(little, "three pages, each with its headers, the icon, and nothing else").toBeLessThan(45_000);
  expect(little * 3).toBeLessThan(full);
});

test.describe("with a service worker", () => {
  test.use({ serviceWorkers: "allow" });

  test("the button that saves a page calls for what it needs, and one press is enough", async ({ page, context }) => {
    await choose(page);
    await page.goto(post);
    const save = page.getByRole("button", { name: "Save for offline" });
    await save.click();
    await expect(save).toHaveAttribute("aria-pressed", "true", { timeout: 45_000 });
    await context.setOffline(true);
    await page.reload();
    await expect(page.getByText("You are reading the copy")).toBeVisible();
  });

  test("the list of what is kept says so at once, and a copy of before costs as little", { tag: "@fails" }, async ({ page, context }) => {
    await visit(page, post);
    await visit(page, "/offline/", post);
    await button(page).click();
    await expect(page).toHaveURL("/offline/#data-switch");
    await expect(page.getByText("This site uses little data")).toBeVisible();
    await context.setOffline(true);
    const all = asked(context);
    await page.goto(post, { waitUntil: "networkidle" });
    await expect(page.getByText("You are reading the copy")).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("data-saving", "on");
    expect(all.filter((path) => /\.(js|wasm)$/.test(path)), "the module is not started").toEqual([]);
  });

  test("nothing is fetched by the way", { tag: "@fails" }, async ({ page }) => {
    await choose(page);
    await visit(page, home, home);
    await visit(page, post, post);
    await page.goto("/no-such-page/");
    await page.goto("/search/?q=sender");
    await visit(page, plan, plan);
    expect((await kept(page)).files?.filter((path) => path.includes("/search."))).toEqual([]);
  });
});

for (const [name, size] of Object.entries({ telephone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } })) {
  test(`every page is whole on a ${name}`, async ({ page }) => {
    await page.setViewportSize(size);
    await choose(page);
    for (const path of [home, "/blog/", post, photo, `/ar${untranslated}`]) {
      await page.goto(path);
      await accessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
    }
  });
}
