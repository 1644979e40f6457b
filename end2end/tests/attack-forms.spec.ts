// Forms that another site, or no browser at all, sends in a reader's name.

import { connect } from "node:http2";
import { expect, test } from "../fixtures.js";
import { ask, complaints } from "../http.js";
import { everyPage } from "../pages.js";
import { Folder, run } from "../program.js";
import { attributes, document, languages, localized, origin as known, published } from "../site.js";

// The address that readers know is another than the machine's own, as behind a proxy.
test.use({ settings: published });

test.afterEach(({ server }) => expect(server.log, "a defect").not.toMatch(/a defect|panicked/));

type Fields = Record<string, string>;

/** Every address that a form is sent to, with what it sends. */
const ENDPOINTS: Record<string, (words: string) => Fields> = {
  "/theme": () => ({ theme: "dark", back: "/" }),
  "/data": () => ({ data: "little", back: "/" }),
  ...Object.fromEntries(languages.map((language) => [localized(language, "/message/"), (words: string) => ({ message: words })])),
};

/** The ways to write a form; a page of another site can send the first three, and what has no type, without asking. */
const TYPES: Record<string, { type?: string; write: (fields: Fields) => string }> = {
  urlencoded: { type: "application/x-www-form-urlencoded", write: urlencoded },
  multipart: {
    type: "multipart/form-data; boundary=x",
    write: (fields) => `${Object.entries(fields).map(([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join("")}--x--\r\n`,
  },
  "text/plain": { type: "text/plain", write: urlencoded },
  json: { type: "application/json", write: (fields) => JSON.stringify(fields) },
  none: { write: urlencoded },
};

function urlencoded(fields: Fields): string {
  return new URLSearchParams(fields).toString();
}

/** What a browser says of where a form comes from: nothing, if it is old or none. */
const SITES = [undefined, "none", "same-origin", "same-site", "cross-site"];

/** The page that a form comes from, by what it is to the site at `url`. */
function origins(url: string): Record<string, string | undefined> {
  const { host, hostname, port } = new URL(url);
  return {
    none: undefined,
    own: `http://${host}`,
    known,
    "of nowhere": "null",
    "another site": "https://evil.example",
    "another port": `http://${hostname}:${Number(port) - 1}`,
    "own, encrypted": `https://${host}`,
    "another scheme": `ftp://${host}`,
    "own as a beginning": `http://${host}.evil.example`,
    "own as a path": `http://evil.example/${host}`,
    "own as a user": `http://${host}@evil.example`,
    "known as a beginning": `${known}.evil.example`,
    "known as an end": known.replace("www", "evil-www"),
    "known, without its scheme": known.replace("https:", "http:"),
    "a part of known": known.replace("www.", ""),
    "two, the own first": `http://${host} https://evil.example`,
    "another program": "file://",
  };
}

/**
 * Whether a form is the site's own. What a browser says of the two sites counts, as no page can change it; an old one says only
 * the origin.
 */
function isOwn(site: string | undefined, origin: string): boolean {
  if (site === "same-origin" || site === "none") return true;
  // A Host header has no scheme: which of the two is meant cannot be told from it.
  return origin === "known" || (site === undefined && ["none", "own", "own, encrypted"].includes(origin));
}

type Case = { site: string | undefined; from: string; type: string; number: number };

/** Each of all with each of all. */
function cases(url: string): Case[] {
  const all = SITES.flatMap((site) => Object.keys(origins(url)).flatMap((from) => Object.keys(TYPES).map((type) => ({ site, from, type }))));
  return all.map((one, number) => ({ ...one, number }));
}

for (const [path, fields] of Object.entries(ENDPOINTS)) {
  test(`${path} takes the site's own forms, and nothing else has an effect`, async ({ server }) => {
    const words = (number: number) => `${path} ${number}.`;
    const all = cases(server.url);
    const taken = (it: Case) => isOwn(it.site, it.from) && it.type === "urlencoded";
    const wrong = await complaints(all, async (it) => {
      const { type, write } = TYPES[it.type] ?? { write: urlencoded };
      const [origin, host] = [origins(server.url)[it.from], new URL(server.url).host];
      const said = { ...(type && { "content-type": type }), ...(it.site && { "sec-fetch-site": it.site }), ...(origin && { origin }) };
      const answer = await ask(server.url, path, { method: "POST", headers: { host, ...said }, body: write(fields(words(it.number))) });
      const expected = !isOwn(it.site, it.from) ? 403 : taken(it) ? 303 : 415;
      const cookie = answer.headers["set-cookie"];
      const complaint = [
        answer.status !== expected && `status ${answer.status} for ${expected}`,
        (cookie !== undefined) !== (taken(it) && !path.endsWith("/message/")) && `cookie ${cookie}`,
        answer.headers["access-control-allow-origin"] && "lets others read",
      ].find(Boolean);
      return complaint && `${it.site}, ${it.from}, ${it.type}: ${complaint}`;
    });
    expect(wrong).toEqual([]);
    if (!path.endsWith("/message/")) return;
    await using folder = await Folder.make();
    const { stdout } = await run(folder, ["messages"], { DATABASE_URL: server.store });
    const stored = all.filter(({ number }) => stdout.includes(`    ${words(number)}\n`));
    expect(stored, "what is stored").toEqual(all.filter(taken));
  });
}

test("every form that a page sends is one of these", async ({ server }) => {
  const pages = [...Object.values(everyPage), ...languages.map((language) => localized(language, "/message/"))];
  const actions: string[] = [];
  for (const path of pages) actions.push(...attributes(document((await ask(server.url, path)).text), "form[method=post]", "action"));
  // What is filled in in the browser is no address yet.
  const found = [...new Set(actions)].filter((action) => action.startsWith("/"));
  expect(found).toEqual(expect.arrayContaining(Object.keys(ENDPOINTS)));
  // The others are answered in the browser, by the service worker.
  for (const path of found.filter((path) => !(path in ENDPOINTS))) expect((await ask(server.url, path, { method: "POST" })).status, path).toBe(405);
});

test("over HTTP/2, where the site is named in another place, the rule is the same", async ({ server }) => {
  const client = connect(server.url);
  const [own, host] = [server.url, new URL(server.url).host];
  const cases: [headers: Record<string, string>, status: number][] = [
    [{}, 303],
    [{ origin: own }, 303],
    [{ origin: known }, 303],
    [{ "sec-fetch-site": "same-origin", origin: own }, 303],
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ origin: "https://evil.example", host: "evil.example" }, 400],
    [{ "sec-fetch-site": "cross-site", origin: "https://evil.example", host: "evil.example" }, 400],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site", origin: "null" }, 403],
  ];
  const wrong = await complaints(cases, async ([headers, expected]) => {
    const stream = client.request({ ":method": "POST", ":authority": host, ":path": "/theme", "content-type": "application/x-www-form-urlencoded", ...headers });
    stream.end("theme=dark&back=/");
    const answer = await new Promise<Record<string, unknown>>((done, failed) => stream.once("response", done).once("error", failed).resume());
    const kept = answer["set-cookie"] !== undefined;
    return (answer[":status"] !== expected || kept !== (expected === 303)) && `${JSON.stringify(headers)}: ${answer[":status"]}`;
  });
  client.close();
  expect(wrong).toEqual([]);
});

test("another site can change nothing by any other method, anywhere", async ({ server }) => {
  const foreign = [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }, { origin: "https://evil.example" }, { origin: "null" }] as Record<string, string>[];
  const paths = [...Object.keys(ENDPOINTS), "/", "/about/", "/offline/", "/message/sent/", "/search/shared/", "/api/latest_posts", "/api/nothing", "/healthz", "/favicon.svg", "/nothing/x"];
  const methods = ["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "NONSENSE", "post", "TRACE"];
  const all = foreign.flatMap((headers) => paths.flatMap((path) => methods.map((method) => ({ headers, path, method }))));
  const wrong = await complaints(all, async ({ headers, path, method }) => {
    const { status, headers: said } = await ask(server.url, path, { method, headers });
    return (status !== 403 || said["set-cookie"]) && `${method} ${path} ${JSON.stringify(headers)}: ${status}`;
  });
  expect(wrong).toEqual([]);
});

test("nothing that is only read has an effect, whatever it says that it means", async ({ server }) => {
  const overrides: Record<string, string>[] = [{}, ...["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"].map((name) => ({ [name]: "POST" }))];
  const type = { "content-type": "application/x-www-form-urlencoded" };
  const sent = Object.entries(ENDPOINTS).map(([path, fields]) => [path, urlencoded(fields("only read"))] as const);
  const others = [...Object.values(everyPage), "/api/latest_posts", "/feed/", "/search/shared/?text=x"].map((path) => [path, "theme=dark&back=/&data=little&message=only+read"] as const);
  const all = [...sent, ...others].flatMap(([path, body]) => overrides.flatMap((override) => ["GET", "HEAD"].map((method) => ({ path, body, override, method }))));
  const wrong = await complaints(all, async ({ path, body, override, method }) => {
    const target = `${path}${path.includes("?") ? "&" : "?"}_method=POST&${body}`;
    const answers = [await ask(server.url, target, { method, headers: override }), await ask(server.url, path, { method, headers: { ...type, ...override }, body })];
    const bad = answers.find(({ status, headers }) => headers["set-cookie"] !== undefined || status >= 500);
    return bad && `${method} ${path} ${JSON.stringify(override)}: ${bad.status} ${bad.headers["set-cookie"]}`;
  });
  expect(wrong).toEqual([]);
  await using folder = await Folder.make();
  const { stdout } = await run(folder, ["messages"], { DATABASE_URL: server.store });
  expect(stdout).not.toContain("only read");
});

test("a form with other fields than its own, or with its own in another shape, has no effect and is refused", async ({ server }) => {
  const of = (name: string, value: string) => [
    "", "&&&&", `${name}=`, `${name}=${value}`, `back=/`, `${name}[]=${value}&back=/`, `${name}=${value}&${name}=${value}&back=/`, `${name}=${value}&back=/&back=/`, `${name}=${value};back=/`,
    `${name}=%00&back=/`, `${name}=%ff&back=/`, `${name}=${value}%00&back=/`, `${name}=${value}%0d%0aSet-Cookie:%20a=b&back=/`, `${name}=${value}; Domain=evil.example&back=/`, `${name}=${value.toUpperCase()}&back=/`,
    `${name}=${value}%20&back=/`, `${name}=../../x&back=/`, `${name}=__proto__&back=/`, `%00${name}=${value}&back=/`, `{"${name}":"${value}","back":"/"}`, "=".repeat(50_000), "a&".repeat(50_000),
  ];
  const all = [...of("theme", "dark").map((body) => ["/theme", body] as const), ...of("data", "little").map((body) => ["/data", body] as const)];
  const wrong = await complaints(all, async ([path, body]) => {
    const { status, headers } = await ask(server.url, path, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body });
    return (status < 400 || status >= 500 || headers["set-cookie"]) && `${path} ${body.slice(0, 60)}: ${status} ${headers["set-cookie"]}`;
  });
  expect(wrong).toEqual([]);
});
