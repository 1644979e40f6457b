import type { Page } from "@playwright/test";
import { awake, expect, leaving, Server, test } from "../fixtures.js";
import { cards, texts } from "../pages.js";
import { Folder, postFile } from "../program.js";

async function withTenPosts(page: Page, work: (url: string) => Promise<void>): Promise<void> {
  await using content = await Folder.make();
  for (let day = 1; day <= 10; day++) {
    const title = day <= 2 ? `An old tale ${day}` : `A new tale ${day}`;
    await content.write(`posts/tale-${day}/index.md`, postFile(title, `2024-05-${String(day).padStart(2, "0")}`));
  }
  await using server = await Server.start({ PAVISE_CONTENT_DIR: content.path });
  await using _ = leaving(page);
  await work(server.url);
}

test("the front page shows the eight newest posts", async ({ page }) => {
  await withTenPosts(page, async (url) => {
    await page.goto(url);
    const titles = await texts(cards(page).getByRole("heading"));
    expect(titles).toEqual([10, 9, 8, 7, 6, 5, 4, 3].map((day) => `A new tale ${day}`));
  });
});

test("a search finds older posts too, after the newer ones", async ({ page }) => {
  await withTenPosts(page, async (url) => {
    await page.goto(`${url}/?q=old`);
    expect(await texts(cards(page).getByRole("heading"))).toEqual(["An old tale 2", "An old tale 1"]);
    await expect(page.getByRole("search").getByRole("status")).toHaveText("Posts shown: 2 of 10");
    await awake(page);
    await page.getByRole("searchbox").fill("tale 1");
    expect(await texts(cards(page).getByRole("heading"))).toEqual(["A new tale 10", "An old tale 1"]);
  });
});

test("a post without a picture is whole", async ({ page }) => {
  await withTenPosts(page, async (url) => {
    await page.goto(`${url}/blog/2024/05/tale-3/`);
    await expect(page.getByRole("article").getByRole("heading", { level: 1 })).toHaveText("A new tale 3");
    await expect(page.getByRole("article").getByRole("img")).toHaveCount(0);
  });
});
