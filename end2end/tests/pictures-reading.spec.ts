import type { Locator, Page } from "@playwright/test";
import { accessible, expect } from "../fixtures.js";
import { ask } from "../http.js";
import { cutout, fromCamera, photograph } from "../pictures.js";
import { attributes, pageAt } from "../site.js";
import { testOf, writtenPost } from "../sites.js";

function pictured(title: string, published: string, file: string, body = "Words."): string {
  return writtenPost(title, published, body, ["picture:", `  file: "${file}"`, `  alt: "What ${file} shows"`, `  focus: "30% 70%"`]);
}

const SVG = `<!-- by whom --><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 50"><metadata>where</metadata><path id="a" fill="#0b6277" d="M0 0h80v50H0z"/><use href="#a"/></svg>`;

const test = testOf(() => ({
  "posts/photo/index.md": pictured("Photo", "2024-01-04", "my photo, 1.png", `![An inner sea](inner.png "Seen from above")\n\nWords.`),
  "posts/photo/my photo, 1.png": photograph(1400, 700),
  "posts/photo/inner.png": photograph(700, 350),
  "posts/cutout/index.md": pictured("Cutout", "2024-01-03", "cutout.png"),
  "posts/cutout/cutout.png": cutout(500, 300),
  "posts/camera/index.md": pictured("Camera", "2024-01-02", "camera.JPG"),
  "posts/camera/camera.JPG": fromCamera(),
  "posts/drawing/index.md": pictured("Drawing", "2024-01-01", "drawing.svg"),
  "posts/drawing/drawing.svg": SVG,
}));

const post = (slug: string) => `/blog/2024/01/${slug}/`;

/** The file that the browser took, once it is there. */
async function taken(picture: Locator): Promise<string> {
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
  return picture.evaluate((image: HTMLImageElement) => image.currentSrc);
}

/** The addresses of all files that the page offers of its pictures. */
async function offered(url: string, path: string): Promise<string[]> {
  const page = await pageAt(url, path);
  const sets = attributes(page, "main source", "srcset").flatMap((set) => set.split(",").map((one) => one.split(" ")[0] ?? ""));
  return [...sets, ...attributes(page, "main img", "src")];
}

const inColumn = (page: Page, name: string) => page.getByRole("article").getByRole("img", { name });

test("a reader gets the smallest file that fits, in the best format", { tag: "@plain" }, async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(post("photo"));
  const own = inColumn(page, "What my photo, 1.png shows");
  expect(await taken(own)).toMatch(/\/media\/[0-9a-f]{16}\/my-photo--1-960\.avif$/);
  for (const [name, value] of Object.entries({ width: "1400", height: "700", fetchpriority: "high" })) await expect(own).toHaveAttribute(name, value);
  expect(await own.getAttribute("loading"), "it is not waited for").toBeNull();
  const inner = inColumn(page, "An inner sea");
  await expect(inner).toHaveAttribute("loading", "lazy");
  expect(await taken(inner)).toMatch(/\/inner-640\.avif$/);
  await expect(page.getByRole("figure")).toContainText("Seen from above");
  await page.goto("/blog/");
  const [lead, ...others] = await page.getByRole("main").getByRole("img").all();
  await expect(lead ?? page.locator("never")).toHaveAttribute("fetchpriority", "high");
  expect(others.length).toBeGreaterThan(0);
  for (const other of others) await expect(other).toHaveAttribute("loading", "lazy");
});

test("pages with photographs are accessible", async ({ page }) => {
  for (const path of ["/blog/", post("photo")]) {
    await page.goto(path);
    await accessible(page);
  }
});

test("no page with photographs is wider than the screen", async ({ page }) => {
  for (const width of [320, 800, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of ["/", "/blog/", post("photo")]) {
      await page.goto(path);
      const right = await page.getByRole("main").getByRole("img").evaluateAll((all) => all.map((it) => it.getBoundingClientRect().right));
      expect(Math.max(...right), `${path} at ${width}`).toBeLessThanOrEqual(width);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${path} at ${width}`).toBe(width);
    }
  }
});

test("a sharp screen gets more pixels, and none gets more than there are", async ({ browser, server }) => {
  const page = await browser.newPage({ baseURL: server.url, viewport: { width: 390, height: 800 }, deviceScaleFactor: 3 });
  await page.goto(post("photo"));
  expect(await taken(inColumn(page, "What my photo, 1.png shows"))).toMatch(/-1280\.avif$/);
  expect(await taken(inColumn(page, "An inner sea"))).toMatch(/\/inner-700\.avif$/);
  await page.close();
});

test("every file is there, in the format that is said of it, for ever", async ({ server }) => {
  const types: Record<string, string> = { avif: "image/avif", webp: "image/webp", jpg: "image/jpeg", png: "image/png", svg: "image/svg+xml" };
  for (const slug of ["photo", "cutout", "camera", "drawing"]) {
    const addresses = await offered(server.url, post(slug));
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) {
      const { status, headers } = await ask(server.url, address);
      expect([status, headers["content-type"]], address).toEqual([200, types[address.split(".").at(-1) ?? ""]]);
      expect(headers["cache-control"]).toContain("immutable");
    }
  }
});

test("what something shines through is offered with that in every format", async ({ page, server }) => {
  const addresses = await offered(server.url, post("cutout"));
  expect(addresses.map((address) => address.split("-").at(-1))).toEqual(["320.avif", "500.avif", "320.webp", "500.webp", "500.png"]);
  await page.goto(post("cutout"));
  for (const address of addresses) {
    const alpha = await page.evaluate(async (src) => {
      const image = Object.assign(new Image(), { src });
      await image.decode();
      const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context?.drawImage(image, 0, 0);
      const at = (x: number) => context?.getImageData(Math.floor(image.naturalWidth * x), 10, 1, 1).data[3] ?? -1;
      return [at(0.25), at(0.75)];
    }, address);
    expect(alpha[0], address).toBeLessThan(20);
    expect(alpha[1], address).toBeGreaterThan(235);
  }
});

test("a photograph is upright, and nothing that the camera wrote is served", async ({ page, server }) => {
  await page.goto(post("camera"));
  const picture = inColumn(page, "What camera.JPG shows");
  await expect(picture).toHaveAttribute("width", "32");
  await expect(picture).toHaveAttribute("height", "64");
  await taken(picture);
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalHeight / image.naturalWidth)).toBe(2);
  expect(fromCamera().includes("Pavise camera")).toBe(true);
  for (const address of await offered(server.url, post("camera"))) {
    const { body } = await ask(server.url, address);
    for (const trace of ["Exif", "EXIF", "eXIf", "camera", "ns.adobe.com"]) expect(body.includes(trace), `${trace} in ${address}`).toBe(false);
  }
});

test("a drawing is served without what only describes it", async ({ server }) => {
  const [address = ""] = await offered(server.url, post("drawing"));
  const { text } = await ask(server.url, address);
  expect(text).toContain('href="#a"');
  expect(text).not.toMatch(/whom|where/);
});

test("nothing moves when a picture comes, and its place has its colour until then", async ({ page }) => {
  let come = () => {};
  const waited = new Promise<void>((done) => (come = done));
  await page.route("**/media/**", async (route) => {
    await waited;
    await route.continue();
  });
  await page.goto(post("photo"), { waitUntil: "commit" });
  const words = page.getByText("Words.").first();
  const picture = inColumn(page, "What my photo, 1.png shows");
  await expect(words).toBeVisible();
  const before = [await picture.boundingBox(), await words.boundingBox()];
  expect(await picture.evaluate((image: HTMLImageElement) => image.complete)).toBe(false);
  const colour = await picture.evaluate((image) => getComputedStyle(image).backgroundColor);
  expect(colour).toMatch(/^(oklab|color|rgb)\(/);
  come();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  expect([await picture.boundingBox(), await words.boundingBox()]).toEqual(before);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the words of a picture can be read on its place in the ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(post("photo"));
    const contrasts = await page.evaluate(() => {
      const luminance = (colour: string): number => {
        const context = new OffscreenCanvas(1, 1).getContext("2d");
        if (!context) return 0;
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        const [r = 0, g = 0, b = 0] = [...context.getImageData(0, 0, 1, 1).data].map((byte) => {
          const value = byte / 255;
          return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const image = document.querySelector("article img") as HTMLImageElement;
      const ink = luminance(getComputedStyle(document.documentElement).getPropertyValue("--ink"));
      return [...Array.from({ length: 12 }, (_, n) => `tone-${n}`), "tone-grey"].map((tone) => {
        image.className = tone;
        const place = luminance(getComputedStyle(image).backgroundColor);
        return (Math.max(ink, place) + 0.05) / (Math.min(ink, place) + 0.05);
      });
    });
    for (const contrast of contrasts) expect(contrast).toBeGreaterThanOrEqual(7);
    expect(new Set(contrasts).size, "the tones differ").toBeGreaterThan(6);
  });
}

test("what an editor wants in view stays in view where a card crops", { tag: "@plain" }, async ({ page }) => {
  await page.goto("/blog/");
  for (const picture of await page.getByRole("main").getByRole("img").all()) {
    const crop = await picture.evaluate((image) => [getComputedStyle(image).objectFit, getComputedStyle(image).objectPosition]);
    expect(crop).toEqual(["cover", "30% 70%"]);
  }
});
