import { expect, leaving, Server, test } from "../fixtures.js";
import { ask } from "../http.js";
import { Folder, portuguese, postFile } from "../program.js";
import { alternates, document, pageAt, published, sitemap } from "../site.js";

test("a site that speaks two languages has no address in any other", async () => {
  await using server = await Server.start({ ...published, PAVISE_LANGUAGES: "en fr" });
  for (const path of ["/ar/", "/es/", "/ar/blog/", "/ar/feed/", "/ar/about/", "/ar/manifest.webmanifest", "/cards/ar.png", "/es/action-plan/2023/"])
    expect.soft((await ask(server.url, path)).status, path).toBe(404);
  for (const path of ["/", "/fr/", "/fr/blog/", "/fr/feed/"]) expect.soft((await ask(server.url, path)).status, path).toBe(200);
  const page = await pageAt(server.url, "/fr/about/");
  expect(Object.keys(alternates(page))).toEqual(["en", "fr", "x-default"]);
  expect(page.querySelectorAll("nav details a[hreflang]").map((link) => link.getAttribute("hreflang"))).toEqual(["en", "fr"]);
  expect((await sitemap(server.url)).filter((address) => /\/(ar|es)\//.test(address))).toEqual([]);
  expect((await ask(server.url, "/api/latest_posts?lang=ar")).status).toBe(400);
});

test("a site that speaks one language offers no other", async ({ page }) => {
  await using server = await Server.start({ PAVISE_LANGUAGES: "en" });
  await using _ = leaving(page);
  await page.goto(server.url);
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Languages" })).toHaveCount(0);
  expect((await ask(server.url, "/fr/")).status).toBe(404);
});

test("a language is added by its file alone and is served below its tag", { tag: "@plain" }, async ({ page }) => {
  const files = { "locales/pt.ftl": await portuguese() };
  await using server = await Server.start({ PAVISE_LANGUAGES: "en pt" }, files);
  await using _ = leaving(page);
  await page.goto(server.url);
  await page.getByRole("navigation", { name: "Languages" }).getByText("English").first().click();
  await page.getByRole("link", { name: "Português" }).click();
  await expect(page).toHaveURL(`${server.url}/pt/`);
  await expect(page.locator("html")).toHaveAttribute("lang", "pt");
  await page.getByRole("link", { name: "Publicações", exact: true }).click();
  await expect(page).toHaveURL(`${server.url}/pt/blog/`);
  await expect(page.getByRole("link", { name: "We Testified Because the Internet Needs a Voice" })).toBeVisible();
});

test("what a new language has no words for is shown in the first one, and said to be so", async () => {
  const files = { "locales/pt.ftl": await portuguese("nav-home", "footer-about") };
  await using server = await Server.start({ PAVISE_LANGUAGES: "en pt" }, files);
  const page = await pageAt(server.url, "/pt/blog/2023/03/we-testified-because-the-internet-needs-a-voice/");
  expect(page.querySelector("html")?.getAttribute("lang")).toBe("pt");
  const words = page.querySelectorAll("header nav a").map((link) => link.textContent);
  expect(words).toEqual(expect.arrayContaining(["Home", "Publicações", "Português"]));
  const title = page.querySelector("h1");
  expect([title?.getAttribute("lang"), title?.textContent]).toEqual(["en", "We Testified Because the Internet Needs a Voice"]);
  const note = page.querySelector("main a[hreflang=en]");
  expect(note?.getAttribute("href")).toBe("/blog/2023/03/we-testified-because-the-internet-needs-a-voice/");
  const { status, text } = await ask(server.url, "/pt/nowhere/");
  expect([status, document(text).querySelector("h1")?.textContent]).toEqual([404, "Não há página aqui"]);
});

test("words of the site in a new language come in with its content", async () => {
  const pt = { "locales/pt.ftl": await portuguese() };
  await using content = await Folder.make({
    "posts/a-tale/index.md": postFile("A tale", "2024-01-01"),
    "posts/a-tale/index.pt.md": `---\ntitle: "Um conto"\nsummary: "Sobre ele."\nmade_from: "00000000"\n---\n\nPalavras.\n`,
  });
  await using server = await Server.start({ PAVISE_LANGUAGES: "en pt", PAVISE_CONTENT_DIR: content.path }, pt);
  expect((await ask(server.url, "/pt/blog/2024/01/a-tale/")).text).toContain("Um conto");
  expect((await ask(server.url, "/pt/feed/json/")).text).toContain("Palavras.");
  expect((await ask(server.url, "/blog/2024/01/a-tale/")).text).not.toContain("Um conto");
});

test("the first language may be another one, with originals in the second", async () => {
  const files = {
    "posts/a-tale/index.md": postFile("A tale", "2024-01-01").replace("---\n", `---\nlang: "en"\n`),
    "posts/a-tale/index.fr.md": `---\ntitle: "Un conte"\nsummary: "À propos."\nmade_from: "00000000"\n---\n\nDes mots.\n`,
  };
  await using content = await Folder.make(files);
  await using server = await Server.start({ PAVISE_LANGUAGES: "fr en", PAVISE_CONTENT_DIR: content.path });
  for (const [path, language, title] of [["/", "fr", "Un conte"], ["/en/", "en", "A tale"]] as const) {
    const page = await pageAt(server.url, `${path}blog/2024/01/a-tale/`);
    expect.soft(page.querySelector("html")?.getAttribute("lang"), path).toBe(language);
    const heading = page.querySelector("h1");
    expect.soft([heading?.textContent, heading?.getAttribute("lang")], path).toEqual([title, undefined]);
    expect.soft(alternates(page)["x-default"], path).toBe(alternates(page)["fr"]);
  }
  expect((await ask(server.url, "/fr/")).status).toBe(404);
});
