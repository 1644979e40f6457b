import { expect, test } from "../fixtures.js";
import { home, plan, post } from "../pages.js";

/** What is around every page in English: its landmarks, and all ways that they hold. */
const frame = `
- link "Skip to content":
  - /url: "#main"
- banner:
  - link "Pavise":
    - /url: /
  - navigation "Main":
    - list:
      - /children: equal
      - listitem:
        - link "Home"
      - listitem:
        - link "Posts"
      - listitem:
        - link "Topics"
      - listitem:
        - link "Action Plan"
      - listitem:
        - link "Search"
  - navigation "Languages":
    - group: English
  - form "Colours of this site":
    - /children: equal
    - button "Light"
    - button "Dark"
    - button "As my device" [pressed]
- main
- contentinfo:
  - paragraph: Pavise publishes the work of people who keep the Internet open, secure and for everyone.
  - button "Use little data"
  - navigation "More of this site":
    - list:
      - /children: equal
      - listitem:
        - link "About"
      - listitem:
        - link "Accessibility"
      - listitem:
        - link "Contact"
      - listitem:
        - link "Privacy"
      - listitem:
        - link "Authors"
      - listitem:
        - link "Feed"
      - listitem:
        - link "Reading offline":
          - /url: /offline/
      - listitem:
        - link "Back to top":
          - /url: "#main"
- status
`;

/** Each page in English, by the name of its snapshot. */
const pages: Record<string, string> = {
  "front-page": home,
  "list-of-posts": "/blog/",
  "a-post": post,
  "a-topic": "/topics/interconnection/",
  "the-plan": plan,
  "a-page-of-the-organisation": "/about/",
};

for (const [name, address] of Object.entries(pages)) {
  test(`a screen reader finds its way around ${name.replaceAll("-", " ")}`, { tag: ["@plain", "@store"] }, async ({ page }) => {
    await page.goto(address);
    await expect(page.locator("body")).toMatchAriaSnapshot(frame);
    await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
  });
}

test("a screen reader finds its way around a post in Arabic", { tag: ["@plain", "@store"] }, async ({ page }) => {
  await page.goto(`/ar${post}`);
  await expect(page.locator("body")).toMatchAriaSnapshot({ name: "a-post-in-arabic.aria.yml" });
});
