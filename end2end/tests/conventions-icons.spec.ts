import { expect, test } from "../fixtures.js";
import { ask } from "../http.js";
import { isPng, sizeOf, sizesInIco } from "../png.js";
import { attributes, languages, localized, pageAt, published } from "../site.js";

test.use({ settings: published });

type Manifest = Record<string, unknown> & { icons: { src: string; sizes: string; type: string; purpose?: string }[] } & {
  shortcuts: { name: string; url: string }[];
  share_target: { action: string; method: string; params: Record<string, string> };
};

for (const language of languages) {
  test(`the site can be installed in ${language}, with icons of the sizes that it says`, async ({ server }) => {
    const page = await pageAt(server.url, localized(language, "/blog/"));
    const [address = "", ...more] = attributes(page, "head link[rel=manifest]", "href");
    expect(more).toEqual([]);
    const { status, headers, text } = await ask(server.url, address);
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("application/manifest+json");
    const manifest: Manifest = JSON.parse(text);
    const start = localized(language, "/");
    expect(manifest).toMatchObject({ lang: language, dir: language === "ar" ? "rtl" : "ltr", start_url: `${start}?installed`, id: start, scope: "/" });
    expect(manifest).toMatchObject({ name: expect.stringMatching(/\S/), short_name: "Pavise" });
    expect(manifest["display"]).toMatch(/^(minimal-ui|standalone)$/);
    for (const colour of ["background_color", "theme_color"]) expect(manifest[colour]).toMatch(/^#[0-9a-f]{6}$/);
    for (const { src, sizes, type } of manifest.icons) {
      const icon = await ask(server.url, src);
      expect(icon, src).toMatchObject({ status: 200, headers: { "content-type": type } });
      if (type === "image/png") expect([isPng(icon), sizeOf(icon.body)], src).toEqual([true, sizes]);
      else expect([sizes, type], src).toEqual(["any", "image/svg+xml"]);
    }
    expect(manifest.shortcuts.map(({ url }) => url)).toEqual(["/blog/", "/action-plan/", "/search/", "/offline/"].map((path) => localized(language, path)));
    for (const { name, url } of manifest.shortcuts) {
      expect(name).toMatch(/\S/);
      expect((await ask(server.url, url)).status, url).toBe(200);
    }
    const { action, method, params } = manifest.share_target;
    expect([action, method, params]).toEqual([localized(language, "/search/shared/"), "GET", { title: "title", text: "text", url: "url" }]);
    const png = manifest.icons.filter(({ type }) => type === "image/png");
    expect(png.map(({ sizes, purpose }) => `${sizes} ${purpose ?? "any"}`)).toEqual(
      expect.arrayContaining(["192x192 any", "512x512 any", "512x512 maskable"]),
    );
  });
}

test("what another program shares leads to the page of a link, and else to a search", async ({ server }) => {
  const leads = async (shared: Record<string, string>, path = "/search/shared/") => {
    const { status, headers } = await ask(server.url, `${path}?${new URLSearchParams(shared)}`);
    expect([status, headers["cache-control"]]).toEqual([303, "no-store"]);
    return headers["location"];
  };
  const base = published["PAVISE_BASE_URL"] ?? "";
  expect(await leads({ title: "A post", url: `${base}/blog/2023/` })).toBe("/blog/2023/");
  expect(await leads({ text: `Look: ${base}/fr/topics/` })).toBe("/fr/topics/");
  expect(await leads({ title: "Sender pays" }, "/fr/search/shared/")).toBe("/fr/search/?q=Sender%20pays");
  expect(await leads({ url: "https://elsewhere.example/2023/sender-pays.html" })).toBe("/search/?q=sender%20pays");
  expect(await leads({ url: `${base}.evil.example/` })).toMatch(/^\/search\/\?q=/);
  expect(await leads({})).toBe("/search/?q=");
  expect((await ask(server.url, "/search/shared/?title=%ff%00&title=b")).status).toBeLessThan(500);
});

test("a browser that asks for nothing but favicon.ico gets an icon", async ({ server }) => {
  const { status, headers, body } = await ask(server.url, "/favicon.ico");
  expect(status).toBe(200);
  expect(headers["content-type"]).toMatch(/^image\/(x-icon|vnd\.microsoft\.icon)$/);
  expect(sizesInIco(body)).toEqual(expect.arrayContaining(["32x32"]));
});

test("a page names its icons, and a telephone gets one of its own size", async ({ server }) => {
  const page = await pageAt(server.url, "/");
  expect(attributes(page, "head link[rel=icon]", "href")).toEqual(["/favicon.svg"]);
  const [touch = ""] = attributes(page, "head link[rel=apple-touch-icon]", "href");
  expect(touch).toBe("/apple-touch-icon.png");
  const icon = await ask(server.url, touch);
  expect([isPng(icon), sizeOf(icon.body)]).toEqual([true, "180x180"]);
});

test("what is no picture has no size", async ({ server }) => {
  const svg = await ask(server.url, "/favicon.svg");
  expect([isPng(svg), sizeOf(svg.body), sizesInIco(svg.body)]).toEqual([false, undefined, []]);
  const icon = await ask(server.url, "/icon-192.png");
  expect(isPng({ ...icon, body: icon.body.subarray(0, -20) })).toBe(false);
});
