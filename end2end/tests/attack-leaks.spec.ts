// What an answer tells of the machine and the program behind it: nothing, whatever went wrong.

import { truncate } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { binary, expect, needs, root, Server, test } from "../fixtures.js";
import { ask, asset, complaints, raw, request, statuses } from "../http.js";
import { everyPage, home, plan, post, topic } from "../pages.js";
import { Way } from "../postgres.js";
import { Folder, postFile } from "../program.js";

const FORM = "Content-Type: application/x-www-form-urlencoded";

/** The tables of the store. */
const TABLES =
  "pictures|posts|plans|plan_areas|commitments|post_translations|post_topics|post_commitments|post_pictures|post_relations|post_addresses|removed_posts|removed_messages|" +
  "documents|document_translations|plan_translations|commitment_values|picture_files|changes|lists|store|messages|_sqlx_migrations";

/** What no answer says, by what it would tell. */
const TELLS: Record<string, RegExp> = {
  "a stack trace": /stack backtrace|RUST_BACKTRACE|thread '[^']*'|\bat \S+\.rs|^\s*\d+: 0x[0-9a-f]+/im,
  "a panic": /panicked|unwrap\(\)|called `|index out of bounds|a defect/i,
  "a path in Rust": /\b(?!https?)[a-z_]\w*::[A-Za-z_]\w*/,
  "a file of the source": /\.rs\b|\/src\/|Cargo\.(toml|lock)/,
  "a path of the machine": /(^|["'\s(=:,])(file:\/\/)?\/(root|home|usr|tmp|var|proc|etc|opt|mnt|srv|work)\/\w/,
  "a version": /\b(pavise|leptos|axum|hyper|tokio|tower|sqlx|sqlite|postgres(ql)?|tantivy|serde|rustc?|brotli|h2)[\s/_-]?v?\d+\.\d+/i,
  "an engine": /\b(sqlx|sqlite3?|postgres(ql)?|tantivy|rusqlite|pg_\w+)\b|SQLSTATE|database disk image|error returned from database|\(code: \d+\)/i,
  "a query": new RegExp(String.raw`\b(select|insert into|update|delete from|join|from|table)\s+"?(${TABLES})"?\s*(set|where|join|on|values|\(|;|$)|no such (table|column)|syntax error`, "im"),
};

/** The machine as this one knows it. */
const PLACES = [root, binary, process.cwd(), homedir(), tmpdir()].filter((place) => place.length > 2);

const SAYS_WHAT_IT_IS = /^(server|via|x-powered-by|x-aspnet\S*|x-generator|x-runtime|x-version|x-backend\S*|x-debug\S*|x-served-by|x-request-id|set-cookie2):/im;

/** What an answer tells that it should not; its own styles and scripts are the site's, and readers are to have them. */
function tells(got: string, url: string): string | undefined {
  const [head = ""] = got.split("\r\n\r\n", 1);
  if (SAYS_WHAT_IT_IS.test(head)) return `header ${SAYS_WHAT_IT_IS.exec(head)?.[0]}`;
  const text = got.replace(/<(style|script)\b[^>]*>[^]*?<\/\1>/g, "").replaceAll(url, "");
  const found = Object.entries(TELLS).find(([, words]) => words.test(text));
  if (found) return `${found[0]}: ${found[1].exec(text)?.[0]}`;
  const place = PLACES.find((place) => text.includes(`${place}/`));
  return place && `the folder ${place}`;
}

test.afterEach(({ server }) => expect(server.log, "a defect").not.toMatch(/a defect|panicked/));

type Sent = { path: string; lines?: string[]; method?: string; version?: string; body?: string };

/** Requests by the status that they get, or one of two: each way in which one can go wrong. */
const PROVOKED: Record<string, Sent[]> = {
  400: [
    { path: "/%ff/" }, { path: "/blog/2023/03/%ff/" }, { path: "/media/%ff/%ff" }, { path: "/cards/%ff.png" }, { path: "/sitemaps/%ff.xml" }, { path: "/topics/%ff/" }, { path: "/ar/%ff/" },
    { path: "/blog/?before=x" }, { path: "/api/get_post" }, { path: "/api/get_post?slug=No%20Slug" }, { path: "/api/latest_posts?limit=many" },
    { path: "/api/latest_posts?limit=99999999999999999999" }, { path: "/api/latest_posts?lang=xx" }, { path: "/api/get_plan?year=next" }, { path: "/api/search?q=a&page=x" },
    { path: "/", version: "HTTP/9.9" }, { path: "/", method: "G@T" }, { path: "/", lines: ["Content-Length: x"] }, { path: "/", lines: ["no header"] }, { path: "/\u0000" },
  ],
  403: [
    { path: "/theme", method: "POST", lines: [FORM, "Sec-Fetch-Site: cross-site"], body: "theme=dark&back=/" }, { path: "/message/", method: "POST", lines: ["Origin: null"] },
    { path: "/api/latest_posts", method: "POST", lines: ["Origin: null"] }, { path: "/healthz", method: "POST", lines: ["Origin: null"] }, { path: "/ar/", method: "DELETE", lines: ["Origin: null"] },
  ],
  404: [
    { path: "/nowhere/" }, { path: "/nowhere" }, { path: "/fr/nowhere/" }, { path: "/a/b/c/d" }, { path: "/blog/2023/03/no-such-post/" }, { path: "/blog/2023/03/no-such-post.txt" }, { path: "/action-plan/1999/" },
    { path: "/media/0123456789abcdef/a.svg" }, { path: "/media/x/y" }, { path: "/cards/xx.png" }, { path: "/cards/en/no-such-post.png" }, { path: "/sitemaps/posts-99.xml" }, { path: "/topics/none/feed/" },
    { path: "/pkg/pavise.js" }, { path: "/api/" }, { path: "/api/nothing" }, { path: "/api/get_post?slug=no-such-post" }, { path: "/metrics" }, { path: "/bench/table/" }, { path: "/.env" },
    { path: "/../../etc/passwd" }, { path: "/Cargo.toml" }, { path: "/%00" }, { path: "/<script>".replaceAll(/[<>]/g, (it) => encodeURIComponent(it)) },
  ],
  405: [
    { path: "/", method: "DELETE" }, { path: "/theme" }, { path: "/data", method: "PUT" }, { path: "/message/", method: "PATCH" }, { path: "/api/latest_posts", method: "POST" }, { path: "/healthz", method: "OPTIONS" },
    { path: "/feed/", method: "TRACE", lines: ["X-Mine: /root/x.rs"] }, { path: "/cards/en.png", method: "CONNECT" }, { path: "/favicon.svg", method: "NONSENSE" }, { path: "/es/", method: "get" },
  ],
  410: [{ path: "/2018/gone/" }, { path: "/fr/2018/gone/" }, { path: "/2018/gone.txt" }],
  413: [
    { path: "/message/", method: "POST", lines: [FORM], body: `message=${"a".repeat(80_000)}` }, { path: "/ar/message/", method: "POST", lines: [FORM], body: "&".repeat(80_000) },
    { path: "/theme", method: "POST", lines: [FORM], body: `back=/${"a".repeat(3_000_000)}` },
  ],
  "414 431": [{ path: `/${"a".repeat(70_000)}` }, { path: `/api/search?q=${"a".repeat(70_000)}` }, { path: "/api/latest_posts", lines: [`X: ${"a".repeat(900_000)}`] }],
  415: [
    { path: "/theme", method: "POST", lines: ["Content-Type: text/plain"], body: "theme=dark&back=/" }, { path: "/data", method: "POST", body: "data=full&back=/" },
    { path: "/message/", method: "POST", lines: ["Content-Type: application/json"], body: `{"message":"a"}` }, { path: "/fr/message/", method: "POST", lines: ["Content-Type: \u00ff"], body: "a" },
  ],
  422: [
    { path: "/theme", method: "POST", lines: [FORM], body: "theme=pink&back=/" }, { path: "/theme", method: "POST", lines: [FORM] }, { path: "/data", method: "POST", lines: [FORM], body: "data=none&back=/" },
    { path: "/data", method: "POST", lines: [FORM], body: "data=full&data=full&back=/" }, { path: "/message/", method: "POST", lines: [FORM] }, { path: "/ar/message/", method: "POST", lines: [FORM], body: "message=a&homepage=b" },
    { path: "/message/", method: "POST", lines: [FORM], body: "message=a&reply_to=x" }, { path: "/message/", method: "POST", lines: [FORM], body: "message=a&message=b" },
  ],
  431: [{ path: "/", lines: Array.from({ length: 1_000 }, (_, n) => `X-${n}: a`) }],
};

async function send(url: string, { path, lines = [], ...rest }: Sent): Promise<string> {
  const length = rest.method === "POST" && !rest.body ? ["Content-Length: 0"] : [];
  return raw(url, request(path, [`Host: ${new URL(url).host}`, ...lines, ...length], rest));
}

/** What is told by the answers of these, and those that have another status than one of `expected`. */
async function told(url: string, all: Sent[], expected?: number[]): Promise<string[]> {
  return complaints(all, async (one) => {
    const got = await send(url, one);
    const [status = 0] = statuses(got);
    const other = expected ? !expected.includes(status) : status === 0 || status >= 500;
    const complaint = other ? `status ${status}` : tells(got, url);
    return complaint && `${one.method ?? "GET"} ${one.path.slice(0, 80)} ${one.lines?.[0] ?? ""}: ${complaint}`;
  });
}

test("what is looked for here would be found", () => {
  const seen = [
    "thread 'main' panicked", "src/server/router.rs:12:5", "at core::ops::function", "leptos_axum::render", " /root/x", `"/home/me`, "Pavise 1.2.0", "axum/0.8", `error returned from database: (code: 11)`,
    "select slug from posts where", "insert into post_topics (post", "no such table: posts", "server: hyper", `${root}/target`,
  ];
  expect(seen.filter((text) => !tells(`HTTP/1.1 500 x\r\n${text}\r\n\r\n${text}`, "http://127.0.0.1:1"))).toEqual([]);
});

test("an error says nothing of what is behind it, whatever its status", async () => {
  const content = {
    "content/posts/a-tale/index.md": postFile("A tale", "2024-05-01"),
    "content/posts/gone/index.md": `---\nremoved: 2024-06-01\nredirect_from: ["/2018/gone/"]\n---\n`,
  };
  await using server = await Server.start({ PAVISE_CONTENT_DIR: "content" }, content);
  const wrong: string[] = [];
  for (const [status, all] of Object.entries(PROVOKED)) wrong.push(...(await told(server.url, all, status.split(" ").map(Number))));
  expect(wrong).toEqual([]);
  expect(server.log).not.toMatch(/a defect|panicked/);
});

test("an answer of the API to arguments that make no sense says only what is wrong with them", async ({ server }) => {
  const parameters: Record<string, string[]> = {
    latest_posts: ["lang", "limit"],
    list_posts: ["lang", "topic", "author", "period", "before", "after", "limit"],
    list_periods: ["of"],
    search: ["q", "lang", "topic", "author", "year", "language", "page"],
    suggest: ["q", "lang"],
    pack: ["lang", "have"],
    find_posts: ["q", "lang", "limit"],
    get_post: ["slug", "lang"],
    list_reports: ["year", "lang"],
    get_plan: ["year", "lang"],
    get_document: ["kind", "slug", "lang"],
    list_documents: ["kind", "lang"],
  };
  const values = [
    "", "%ff", "%00", "-1", "0", "1.5", "99999999999999999999", "1-1-1", "9223372036854775807-9223372036854775807", "%27", "%22", "%27%20or%201=1--", "%27)%3Bdrop%20x%3B--", "%25", "_", "%5C", "*", "%7B%7D", "[]",
    "null", "true", "None", "../../etc/passwd", "%24%7Bx%7D", "a".repeat(5_000), "%F0%9F%98%80", "%22%20OR%20NEAR", "(", "%5B%5B", "q:*", "a%20AND", "/.*/",
  ];
  const rest: Record<string, string> = { get_post: "slug=a", get_document: "kind=topic&slug=access", list_documents: "kind=topic", search: "q=a", suggest: "q=a", find_posts: "q=a", list_reports: "year=2023" };
  const all = Object.entries(parameters).flatMap(([name, arguments_]) =>
    arguments_.flatMap((argument) => {
      const others = (rest[name] ?? "").split("&").filter((part) => part && !part.startsWith(`${argument}=`));
      const queries = values.map((value) => `${argument}=${value}`).concat(argument, `${argument}[]=1`, `${argument}[x]=1`, `${argument}=1&${argument}=2`);
      return queries.map((query) => ({ path: `/api/${name}?${[...others, query].join("&")}` }));
    }),
  );
  expect(await told(server.url, all, [200, 400, 404])).toEqual([]);
});

test("no page, file or feed says which version of what it is made with", async ({ server }) => {
  const script = asset((await ask(server.url, home)).text, "js");
  const files = [script, "/sw.js", "/favicon.svg", "/robots.txt", "/sitemap.xml", "/sitemaps/pages.xml", "/feed/", "/feed/atom/", "/feed/json/", "/feeds.opml", "/manifest.webmanifest", `${plan.slice(0, -1)}.txt`, "/healthz", "/readyz"];
  const wrong = await complaints([...Object.values(everyPage), ...files], async (path) => {
    const got = await send(server.url, { path });
    const [head = ""] = got.split("\r\n\r\n", 1);
    // A post may be about anything; a tool's name in it is the author's.
    const generator = /<meta name="generator"|<generator[^>]*version/.test(got) && "names its generator";
    const place = PLACES.find((place) => got.includes(`${place}/`));
    const complaint = generator || SAYS_WHAT_IT_IS.exec(head)?.[0] || place || (TELLS["a version"]?.exec(got)?.[0] ?? /\b[\w-]+-\d+\.\d+\.\d+\/src\/|\.cargo\/registry|rustlib/.exec(got)?.[0]);
    return complaint && `${path}: ${complaint}`;
  });
  expect(wrong).toEqual([]);
});

/** One address of each kind that reads the store. */
const READ = [
  home, post, plan, topic, "/blog/", "/blog/2023/", "/topics/", "/authors/policy-desk/", "/about/", "/about", "/fr/", "/ar/blog/", "/search/?q=sender", "/feed/", "/feed/atom/", "/feed/json/", "/feeds.opml", "/sitemap.xml",
  "/sitemaps/pages.xml", "/sitemaps/posts-0.xml", "/media/0123456789abcdef/a.svg", "/cards/en/no-such-post.png", `${plan.slice(0, -1)}.txt`, "/styleguide/", "/nowhere/", "/nowhere", "/old/address/1.html", "/tag/access/",
  "/api/latest_posts", "/api/list_posts", "/api/search?q=internet", "/api/suggest?q=int", "/api/pack", "/api/get_post?slug=a", "/api/get_plan", "/api/list_reports?year=2023", "/api/list_documents?kind=topic", "/readyz", "/healthz",
];
const READS = READ.flatMap((path) => [{ path }, { path, method: "HEAD" }]);
const WRITES = ["/message/", "/ar/message/"].map((path) => ({ path, method: "POST", lines: [FORM], body: "message=a" }));

test("a store that is broken is the log's business", async () => {
  await using folder = await Folder.make();
  await using server = await Server.start({ DATABASE_URL: `sqlite://${folder.path}/pavise.db` });
  for (const file of ["pavise.db", "pavise.db-wal"]) await truncate(join(folder.path, file));
  expect(await told(server.url, READS, [200, 308, 404, 503])).toEqual([]);
  expect(await told(server.url, WRITES, [503])).toEqual([]);
  expect(await told(server.url, [{ path: "/readyz" }], [503])).toEqual([]);
  expect(await told(server.url, [{ path: "/blog/" }, { path: "/api/latest_posts" }], [503])).toEqual([]);
  expect(server.log).toContain("the store failed");
  expect(server.log).not.toMatch(/a defect|panicked/);
});

test("without its store, the site does not say that what it cannot look up is not there", async () => {
  await using folder = await Folder.make();
  await using server = await Server.start({ DATABASE_URL: `sqlite://${folder.path}/pavise.db` });
  for (const file of ["pavise.db", "pavise.db-wal"]) await truncate(join(folder.path, file));
  // Search engines and feed readers forget what is not found; a 5xx they ask for again.
  const unknown = ["/about", "/fr/about", "/2019/03/an-old-address/", "/old/address/1.html", "/blog/2023/03/an-old-name.txt", "/ar/blog/2023/03/an-old-name/", "/nowhere/"];
  const wrong = await complaints(unknown, async (path) => {
    const { status } = await ask(server.url, path);
    return status < 500 && `${path}: ${status}`;
  });
  expect(wrong).toEqual([]);
});

test("a store that is away is the log's business", async () => {
  const postgres = process.env.PAVISE_TEST_POSTGRES;
  needs(postgres, "no PostgreSQL is installed: scripts/setup test");
  await using way = await Way.to(postgres);
  await using server = await Server.start({ DATABASE_URL: way.url });
  way.cut();
  expect(await told(server.url, READS, [200, 308, 404, 503])).toEqual([]);
  expect(await told(server.url, WRITES, [503])).toEqual([]);
  expect(await told(server.url, [{ path: "/blog/" }, { path: "/api/latest_posts" }, { path: "/readyz" }], [503])).toEqual([]);
  expect(server.log).not.toMatch(/a defect|panicked/);
});
