// Requests that no browser sends, byte by byte.

import { once } from "node:events";
import { connect } from "node:http2";
import { expect, test } from "../fixtures.js";
import { ask, asset, complaints, raw, request, statuses } from "../http.js";
import { home, plan, post, topic } from "../pages.js";

const FORM = "application/x-www-form-urlencoded";

/** The line that says which site is meant. */
function own(url: string): string {
  return `Host: ${new URL(url).host}`;
}

/** Everything before the body of an answer. */
function head(got: string): string {
  return got.split("\r\n\r\n", 1)[0] ?? "";
}

function body(got: string): string {
  return got.slice(head(got).length + 4);
}

/** Why an answer may lead a reader to another site, or nothing. */
function leadsAway(got: string): string | undefined {
  const location = /^location: (.*)$/im.exec(head(got))?.[1] ?? "/";
  if (!/^\/(?![/\\])/.test(location)) return `leads to ${location}`;
  if (/evil/i.test(got)) return "repeats what it was sent";
  return undefined;
}

/** One address of each kind, with the methods that it knows. */
async function kinds(url: string): Promise<Record<string, string>> {
  const html = (await ask(url, home)).text;
  const picture = /src="(\/media\/[^"]+)"/.exec(html)?.[1] ?? "";
  const read = [home, post, "/action-plan", "/search/shared/", asset(html, "js"), asset(html, "wasm"), "/sw.js", "/favicon.svg", picture, "/cards/en.png"];
  const more = ["/feed/", "/feeds.opml", "/sitemap.xml", "/sitemaps/pages.xml", "/robots.txt", `${plan.slice(0, -1)}.txt`, "/api/latest_posts", "/healthz", "/readyz"];
  const all = [...read, ...more].map((path) => [path, "GET,HEAD"]);
  return { ...Object.fromEntries(all), "/theme": "POST", "/data": "POST", "/message/": "GET,HEAD,POST", "/ar/message/": "GET,HEAD,POST" };
}

/** What may say which site is meant: lines of the head. */
const HOSTS: Record<string, (host: string) => string[]> = {
  none: () => [],
  "nothing in it": () => ["Host:"],
  two: (host) => [host, "Host: evil.example"],
  "two, the other first": (host) => ["Host: evil.example", host],
  "another site": () => ["Host: evil.example"],
  "a path": (host) => [`${host}/evil`],
  "a name before it": (host) => [host.replace(": ", ": evil@")],
  "a name after it": (host) => [`${host}@evil.example`],
  "another port": () => ["Host: evil.example:99999"],
  "a space": (host) => [`${host} evil.example`],
  markup: () => [`Host: "><script>evil()</script>`],
  "no text": () => ["Host: \u00ffevil"],
  "a line end": (host) => [`${host}\r\n evil.example`],
  "half a line end": (host) => [`${host}\rX: evil`],
  "headers for proxies": (host) => [host, ...["Host", "Server", "Proto", "Prefix", "For", "Port"].map((what) => `X-Forwarded-${what}: evil.example`)],
  "another address in headers": (host) => [host, ...["X-Original-URL", "X-Rewrite-URL", "X-Host", "X-HTTP-Host-Override"].map((name) => `${name}: /evil`)],
  "a proxy's own header": (host) => [host, "Forwarded: for=evil;host=evil.example;proto=https", "Via: 1.1 evil.example"],
};

test("whatever site a request says it means, no answer repeats it or leads there", async ({ server: { url } }) => {
  const before = (await ask(url, home)).text;
  const wrongMonth = post.replace("/03/", "/04/");
  const paths = [home, "/about", "/action-plan", "/action-plan?a=b", wrongMonth, "/tag/access/", "/nowhere/", topic, "/feed/", "/feeds.opml", "/sitemap.xml"];
  const all = [...paths, "/robots.txt", "/manifest.webmanifest", `${plan.slice(0, -1)}.txt`, "/api/latest_posts", "/search/shared/?text=x", "/healthz"];
  const cases = Object.entries(HOSTS).flatMap(([name, lines]) => all.map((path) => ({ name, path, lines: lines(own(url)) })));
  const wrong = await complaints(cases, async ({ name, path, lines }) => {
    const got = await raw(url, request(path, lines));
    const [status = 0] = statuses(got);
    const complaint = status >= 500 || status === 0 ? `status ${status}` : leadsAway(got);
    return complaint && `${name}, ${path}: ${complaint}`;
  });
  expect(wrong).toEqual([]);
  expect((await ask(url, home)).text, "what others get").toBe(before);
});

test("a form leads back to this site, whatever site it says it comes from", async ({ server: { url } }) => {
  const referers = ["http://evil.example/x", "http://evil.example//evil.example/", "http://evil.example/\\evil.example", "evil.example", "//evil.example/"];
  const backs = ["/", "//evil.example/", "/\\evil.example", "/%0d%0aSet-Cookie:%20evil=1", "https://evil.example/", "%2F%2Fevil.example", "/\tevil.example"];
  const cases = referers.flatMap((referer) => backs.map((back) => ({ referer, back })));
  const wrong = await complaints(cases, async ({ referer, back }) => {
    const lines = ["Host: evil.example", `Referer: ${referer}`, `Content-Type: ${FORM}`];
    const got = await raw(url, request("/theme", lines, { method: "POST", body: `theme=dark&back=${back}` }));
    const complaint = statuses(got)[0] === 303 ? leadsAway(got) : `status ${statuses(got)}`;
    return complaint && `${referer}, ${back}: ${complaint}`;
  });
  expect(wrong).toEqual([]);
});

test("a request that does not say once, and as a name, which site it means is refused", async ({ server: { url } }) => {
  // RFC 9112, 3.2: a server that guesses may guess another site than the proxy in front of it.
  const cases = ["none", "two", "two, the other first", "a path", "a name before it", "a name after it", "a space", "markup", "no text", "a line end", "half a line end"];
  const wrong = await complaints([...cases, "two that are the same"], async (name) => {
    const lines = HOSTS[name]?.(own(url)) ?? [own(url), own(url)];
    const got = await raw(url, request("/healthz", lines));
    return statuses(got)[0] !== 400 && `${name}: ${statuses(got)}`;
  });
  expect(wrong).toEqual([]);
});

test("over HTTP/2 a host that is not the address's is refused", async ({ server: { url } }) => {
  const session = connect(url);
  try {
    const status = async (asked: Record<string, string>) => {
      const [headers] = (await once(session.request({ ":path": home, ...asked }), "response")) as [Record<string, unknown>];
      return headers[":status"];
    };
    expect(await status({ ":authority": "a.example", host: "A.example" })).toBe(200);
    expect(await status({ ":authority": "a.example", host: "b.example" })).toBe(400);
    expect(await status({ ":authority": "a.example" })).toBe(200);
  } finally {
    session.destroy();
  }
});

test("an address with a site in it is read as one of this site, or refused", async ({ server: { url } }) => {
  const before = (await ask(url, home)).text;
  const targets = [
    "http://evil.example/", "http://evil.example", "http://evil.example?q=x", "http://evil.example/action-plan", "http://evil.example//about",
    "http://u:p@evil.example/about", `http://evil.example/action-plan?x=1`, "https://evil.example:1/about", "ftp://evil.example/about", "//evil.example/about",
    "//evil.example", "///evil.example/about", "/\\evil.example", "\\\\evil.example\\about", "http:evil.example", "http:///evil.example", "javascript:evil()",
    "evil.example:443", "evil.example", "evil.example/about", "@evil.example/", ":80/", "*", "?evil", "#evil", "/about#evil", "/about\\..\\evil",
    "http://evil.example/../../etc/passwd", "/.//evil.example", "/..//evil.example", "/%2f%2fevil.example", "/%5cevil.example", "/%09/evil.example",
  ];
  const wrong = await complaints(targets, async (target) => {
    const got = await raw(url, request(target, [own(url)]));
    const [status = 0] = statuses(got);
    const complaint = [200, 308, 400, 404].includes(status) ? leadsAway(got) : `status ${status}`;
    return complaint && `${target}: ${complaint}`;
  });
  expect(wrong).toEqual([]);
  expect((await ask(url, home)).text, "what others get").toBe(before);
});

test("no way of writing .. leads out of the site", async ({ server: { url } }) => {
  const starts = ["/", "/pkg/", "/media/", "/media/0123456789abcdef/", "/cards/", "/cards/en/", "/blog/2023/03/", "/topics/", "/sitemaps/", "/action-plan/", "/ar/", "/.well-known/", "/api/"];
  const dots = ["..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae", "%f0%80%80%ae.", "%u002e%u002e", "%ef%bc%8e%ef%bc%8e", "..%00", "....", "..;", "..%20", "."];
  const slashes = ["/", "%2f", "%5c", "\\", "%252f", "%c0%af", "//", "%00/"];
  const ups = dots.flatMap((dot) => slashes.map((slash) => dot + slash));
  const targets = starts.flatMap((start) => ups.map((up) => `${start}${up.repeat(8)}etc/passwd`)).concat(ups.map((up) => `/pkg/${up.repeat(3)}Cargo.toml`));
  const wrong = await complaints(targets, async (target) => {
    const got = await raw(url, request(target, [own(url)]));
    const complaint = [301, 308, 400, 404].includes(statuses(got)[0] ?? 0) ? leadsAway(got) : `status ${statuses(got)}`;
    const file = /root:x:|\[package\]/.test(got) && "has a file";
    return (complaint ?? file) && `${target}: ${complaint ?? file}`;
  });
  expect(wrong).toEqual([]);
});

test("an address that is written in an odd way is none, or leads to the one that is meant", async ({ server: { url } }) => {
  const bare = post.slice(0, -1);
  const script = asset((await ask(url, home)).text, "js");
  const odd = (path: string) => [`${path}%00`, `${path}%00/`, `${path}%2f`, `${path}%5c`, `${path}%20`, `${path}%ff`, `${path}%c0%af`, `${path};x=1`, `${path}/.`, `${path}/%2e`];
  const files = ["/Cargo.toml", "/.env", "/.git/HEAD", "/data/pavise.db", "/pavise.db", "/content/pages/about.md", "/index.html", "/pkg/", "/pkg/pavise.css", "/pkg/pavise.js", "/pkg/pavise.d.ts", "/media/", "/cards/"];
  const slashes = ["/blog%2f", "/%2fblog/", "/blog%2f2023/", "/blog/2023%2f03/", "/blog//2023/", "/./blog/", "/blog/./", "/blog/../about/", "/ar%2fabout/", post.replaceAll("/", "%2f")];
  const bytes = ["/\u00ff", "/\u00c0\u00ae\u00c0\u00ae/etc/passwd", "/a\u0000b", "/a\u0001b", "/a b", "/a\tb", "/\u00c3\u00a9/", `/"><script>`, "/{x}|^`", "/%", "/%2", "/%zz", "/%ff/", "/%00/"];
  const long = [`/${"a".repeat(60_000)}`, `${"/a".repeat(30_000)}`, "/".repeat(60_000), `/blog/2023/03/${"%2e%2e%2f".repeat(5_000)}`, `/media/${"a".repeat(9_000)}/a.svg`, `/cards/en/${"a-".repeat(9_000)}a.png`];
  const targets = [bare, script, "/media/0123456789abcdef/a.svg", "/cards/en.png", "/about", "/topics/access"].flatMap(odd).concat(files, slashes, bytes, long);
  const wrong = await complaints(targets, async (target) => {
    const got = await raw(url, request(target, [own(url)]));
    const complaint = [301, 308, 400, 404, 414, 431].includes(statuses(got)[0] ?? 0) ? leadsAway(got) : `status ${statuses(got)}`;
    const repeats = /<script>"|\[package\]|SQLite format/.test(got) && "has what it must not have";
    return (complaint ?? repeats) && `${target.slice(0, 80)}: ${complaint ?? repeats}`;
  });
  expect(wrong).toEqual([]);
});

/** A form whose body has these bytes, by these lines of the head, and a request behind it that a proxy may not have seen. */
function smuggling(host: string, lines: string[], form: string, start = "POST /theme HTTP/1.1"): string {
  return [start, host, `Content-Type: ${FORM}`, ...lines, "", form].join("\r\n") + request("/smuggled", [host]);
}

const SENT = "theme=dark&back=/";
const CHUNKS = `11\r\n${SENT}\r\n0\r\n\r\n`;

test("requests one after the other are each answered, where it is plain where each ends", async ({ server: { url } }) => {
  const cases: [lines: string[], form: string][] = [
    [["Content-Length: 17"], SENT],
    [["Content-Length: 17", "Content-Length: 17"], SENT],
    [["Transfer-Encoding: chunked"], CHUNKS],
    [["transfer-encoding:\tChunked "], CHUNKS],
    [["Transfer-Encoding: chunked"], `0011;a=b\r\n${SENT}\r\n0\r\n\r\n`],
    [["Transfer-Encoding: chunked"], `11\r\n${SENT}\r\n0\r\nContent-Length: 100\r\nHost: evil.example\r\n\r\n`],
  ];
  const wrong = await complaints(cases, async ([lines, form]) => {
    const got = statuses(await raw(url, smuggling(own(url), lines, form)));
    return String(got) !== "303,404" && `${lines} ${JSON.stringify(form)}: ${got}`;
  });
  expect(wrong).toEqual([]);
});

/** Each says in two ways, or in none that is sound, where its body ends. */
const AMBIGUOUS: [lines: string[], form: string][] = [
  [["Content-Length: 5", "Transfer-Encoding: chunked"], "0\r\n\r\n"],
  [["Transfer-Encoding: chunked", "Content-Length: 5"], "0\r\n\r\n"],
  [["Transfer-Encoding: chunked", "Content-Length: 100"], "0\r\n\r\n"],
  [["Content-Length: 17", "Content-Length: 0"], SENT],
  [["Content-Length: 0", "Content-Length: 17"], SENT],
  ...["+17", "-17", "1 7", "17,17", "17, 17", "17, 0", "0x11", "1e1", "", "17.0", "17;", "\u00b2", "\u000b17", "99999999999999999999", "18446744073709551615", "18446744073709551633"].map(
    (length): [string[], string] => [[`Content-Length: ${length}`], SENT],
  ),
  ...["xchunked", "chunkedx", "chunked, identity", "identity", "gzip", "chunked;q=1", `"chunked"`, "\u000bchunked", "chunked\u000b", "\u00a0chunked", "chun ked", "chunked,,x", "", "cow"].flatMap(
    (coding): [string[], string][] => [
      [[`Transfer-Encoding: ${coding}`], CHUNKS],
      [["Content-Length: 0", `Transfer-Encoding: ${coding}`], ""],
    ],
  ),
  ...[
    "Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked", " Transfer-Encoding: chunked", "Transfer-Encoding:\r\n chunked", "X: y\r\n Transfer-Encoding: chunked",
    "X: y\rTransfer-Encoding: chunked", "Transfer-Encoding:\u0000chunked", "Transfer-Encoding\u0000: chunked", "Transfer-Encoding chunked", "X: a\u0000b", ": chunked",
    "Transfer\u00adEncoding: chunked", "Content-Length : 17", " Content-Length: 17", "Content-Length\n: 17",
  ].flatMap((line): [string[], string][] => [
    [[line], CHUNKS],
    [["Content-Length: 0", line], ""],
    [["Transfer-Encoding: chunked", line], CHUNKS],
  ]),
  // Who ends a line by a line feed alone sees two answers to the question; who does not, one.
  [["Content-Length: 0", "X: y\nTransfer-Encoding: chunked"], ""],
  [["Content-Length: 17", "X: y\nContent-Length: 0"], SENT],
  [["Transfer-Encoding: chunked", "X: y\nContent-Length: 5"], "0\r\n\r\n"],
  ...["ffffffffffffffffff", "10000000000000011", "-11", "+11", "0x11", " 11", "1 1", "", "zz", "11\n", "11\r", "11;a\nb", "11,11"].map(
    (size): [string[], string] => [["Transfer-Encoding: chunked"], `${size}\r\n${SENT}\r\n0\r\n\r\n`],
  ),
  [["Transfer-Encoding: chunked"], `11\n${SENT}\n0\n\n`],
  [["Transfer-Encoding: chunked"], `11\r\n${SENT}xx0\r\n\r\n`],
];

test("a request of which it is not plain where it ends is the last on its connection", async ({ server: { url } }) => {
  const starts = ["POST /theme HTTP/1.1", "GET / HTTP/1.1", "POST /nothing HTTP/1.1", "GET /favicon.svg HTTP/1.1"];
  const cases = starts.flatMap((start) => AMBIGUOUS.map(([lines, form]) => ({ start, lines, form })));
  const wrong = await complaints(cases, async ({ start, lines, form }) => {
    const got = statuses(await raw(url, smuggling(own(url), lines, form, start)));
    return (got.length !== 1 || (got[0] ?? 0) >= 502) && `${start} ${JSON.stringify([lines, form])}: ${got}`;
  });
  expect(wrong).toEqual([]);
  const old = statuses(await raw(url, smuggling(own(url), ["Transfer-Encoding: chunked", "Connection: keep-alive"], CHUNKS, "POST /theme HTTP/1.0")));
  expect(old, "HTTP/1.0 has no chunks").toEqual([400]);
});

test("a form in a coding that the site does not decode is refused", async ({ server: { url } }) => {
  // RFC 9112, 6.1: what is left of the coding would be taken for the form.
  const codings = [["chunked, chunked"], ["chunked", "chunked"], ["identity, chunked"], ["identity", "chunked"], ["gzip, chunked"], ["cow, chunked"]];
  const wrong = await complaints(codings, async (lines) => {
    const got = statuses(await raw(url, smuggling(own(url), lines.map((coding) => `Transfer-Encoding: ${coding}`), CHUNKS)));
    return String(got) !== "400" && String(got) !== "501" && `${lines.join(" / ")}: ${got}`;
  });
  expect(wrong).toEqual([]);
});

test("what a request that needs no body has as one is never answered as another request", async ({ server: { url } }) => {
  const hidden = request("/smuggled", [own(url)]);
  const whole = (start: string, more: string[] = []) => [start, own(url), ...more, `Content-Length: ${hidden.length}`, "", hidden].join("\r\n");
  const forged = [`Content-Type: ${FORM}`, "Origin: http://evil.example"];
  const starts: [string, string[]?][] = [
    ["GET / HTTP/1.1"], ["HEAD / HTTP/1.1"], ["GET /about HTTP/1.1"], ["GET /favicon.svg HTTP/1.1"], ["GET /feed/ HTTP/1.1"], ["GET /api/latest_posts HTTP/1.1"],
    ["GET /healthz HTTP/1.1"], ["DELETE / HTTP/1.1"], ["OPTIONS / HTTP/1.1"], ["TRACE / HTTP/1.1"], ["CONNECT / HTTP/1.1"], ["POST /theme HTTP/1.1", forged],
    ["POST /theme HTTP/1.1", [`Content-Type: text/plain`]], ["POST /message/ HTTP/1.1", forged], ["GET / HTTP/1.1", ["Expect: 100-continue"]],
    ["GET / HTTP/1.1", ["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"]], ["GET / HTTP/1.1", ["Upgrade: websocket", "Sec-WebSocket-Version: 13"]],
  ];
  const wrong = await complaints(starts, async ([start, lines]) => {
    const got = statuses(await raw(url, whole(start, lines) + request("/healthz", [own(url)])));
    return (got.includes(404) || got.includes(101)) && `${start} ${lines}: ${got}`;
  });
  expect(wrong).toEqual([]);
});

test("a method that an address does not know is refused, and nothing of the request comes back", async ({ server: { url } }) => {
  const methods = ["HEAD", "OPTIONS", "TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "MOVE", "M-SEARCH", "PURGE", "QUERY", "PRI", "DEBUG", "NONSENSE", "get", "Get", "post"];
  const cases = Object.entries(await kinds(url)).flatMap(([path, allow]) => methods.map((method) => ({ method, path, allow })));
  const wrong = await complaints(cases, async ({ method, path, allow }) => {
    const got = await raw(url, request(path, [own(url), "Cookie: theme=dark; a=back-again", "Authorization: back-again", "X-Mine: back-again"], { method }));
    const [status = 0] = statuses(got);
    const said = /^allow: (.*)$/im.exec(head(got))?.[1]?.replaceAll(", ", ",");
    const knows = allow.split(",").includes(method);
    const refused = status === 501 || (status === 405 && said === allow);
    const complaint = [
      knows ? status >= 400 && `status ${status}` : !refused && `status ${status}, allow ${said}`,
      got.includes("back-again") && "echoes",
      method === "HEAD" && body(got) !== "" && "has a body",
      /^content-type: message\/http/im.test(got) && "is a trace",
    ].find(Boolean);
    return complaint && `${method} ${path}: ${complaint}`;
  });
  expect(wrong).toEqual([]);
  const elsewhere = ["/nothing/x", "/api/nothing", "*"].flatMap((path) => methods.map((method) => ({ method, path })));
  const found = await complaints(elsewhere, async ({ method, path }) => {
    const got = await raw(url, request(path, [own(url), "X-Mine: back-again"], { method }));
    return (![404, 405].includes(statuses(got)[0] ?? 0) || got.includes("back-again")) && `${method} ${path}: ${statuses(got)}`;
  });
  expect(found).toEqual([]);
  for (const method of ["G@T", "GE T", "", "G\u0000T", "\u00e9", "GET\t"]) expect(statuses(await raw(url, request("/", [own(url)], { method }))), method).toEqual([400]);
});

test("whatever part of an answer is asked for, its length is what is sent", async ({ server: { url } }) => {
  const many = Array.from({ length: 500 }, (_, n) => `${n}-${n + 1}`).join(",");
  const ranges = [
    "bytes=0-9", "bytes=5-", "bytes=-5", "bytes=-0", "bytes=9-0", "bytes=0-0,2-2,4-4", `bytes=${many}`, `bytes=${"0-,".repeat(500)}0-`, "bytes=0-18446744073709551616",
    "bytes=18446744073709551615-", "bytes=-18446744073709551615", "bytes=99999999999999999999-", "bytes=", "bytes=-", "bytes=a-b", "bytes 0-1", "items=0-1", "bytes=0-1-2", "\u00ff",
  ];
  const paths = Object.entries(await kinds(url)).filter(([, allow]) => allow.includes("GET")).map(([path]) => path);
  const cases = [...paths, "/nowhere/"].flatMap((path) => ranges.flatMap((range) => ["identity", "br"].map((encoding) => ({ path, range, encoding }))));
  const wrong = await complaints(cases, async ({ path, range, encoding }) => {
    const headers = { range, "accept-encoding": encoding };
    const [whole, part] = [await ask(url, path, { headers: { "accept-encoding": encoding } }), await ask(url, path, { headers })];
    const length = part.headers["content-length"];
    const complaint = [
      ![whole.status, 206, 416].includes(part.status) && `status ${part.status}`,
      length !== undefined && Number(length) !== part.body.length && `${part.body.length} bytes of ${length}`,
      part.status === 206 && !part.headers["content-range"] && !part.headers["content-type"]?.startsWith("multipart/byteranges") && "a part of what it does not say",
      // A page may have another form by now; what it says is the same.
      part.status === whole.status && encoding === "identity" && !part.body.equals(whole.body) && "other bytes",
    ].find(Boolean);
    return complaint && `${path} ${range.slice(0, 40)} ${encoding}: ${complaint}`;
  });
  expect(wrong).toEqual([]);
});

test("a client of HTTP/1.0 gets the same answers, in one piece each", async ({ server: { url } }) => {
  const paths = [...Object.keys(await kinds(url)), "/nowhere/", "/sitemaps/posts-0.xml", "/api/nothing"];
  const cases = paths.flatMap((path) => [[], [own(url)], ["Host: evil.example"]].map((lines) => ({ path, lines })));
  const wrong = await complaints(cases, async ({ path, lines }) => {
    const got = await raw(url, request(path, lines, { version: "HTTP/1.0" }));
    const { status } = await ask(url, path);
    const length = /^content-length: (\d+)$/im.exec(head(got))?.[1];
    const complaint = [
      statuses(got)[0] !== status && `status ${statuses(got)} for ${status}`,
      /^transfer-encoding:/im.test(head(got)) && "is in chunks",
      length !== undefined && Number(length) !== body(got).length && `${body(got).length} bytes of ${length}`,
      leadsAway(got),
    ].find(Boolean);
    return complaint && `${path} ${lines}: ${complaint}`;
  });
  expect(wrong).toEqual([]);
});

test("what is no request of a version that the site knows is refused, and others are answered", async ({ server: { url } }) => {
  const host = own(url);
  const old = ["GET /\r\n", "GET /\r\n\r\n", "GET\r\n\r\n", "/\r\n\r\n", "get / http/1.1\r\n\r\n"];
  const versions = ["HTTP/0.9", "HTTP/1.2", "HTTP/1.11", "HTTP/2", "HTTP/2.0", "HTTP/3", "HTTP/9.9", "HTTP/1", "HTTP/-1.1", "http/1.1", "HTTPS/1.1", "ICY/1.1", "HTTP/1.1 x", " HTTP/1.1", "HTTP/1.1\u0000"];
  const lines = versions.map((version) => request("/", [host], { version }));
  const other = [
    "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003".padEnd(500, "a"), "\u0000".repeat(1000), "\u00ff".repeat(1000), "\u00ef\u00bb\u00bfGET / HTTP/1.1\r\n\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "SSH-2.0-x\r\n", "EHLO x\r\n", "{}\r\n\r\n", "GET\t/\tHTTP/1.1\r\n\r\n", "GET/HTTP/1.1\r\n\r\n",
  ];
  const refused = await complaints([...old, ...lines, ...other], async (bytes) => {
    const got = statuses(await raw(url, bytes));
    return String(got) !== "400" && `${JSON.stringify(bytes.slice(0, 60))}: ${got}`;
  });
  expect(refused).toEqual([]);
  // As many bytes as the name of HTTP/2 has, and then what is no frame of it, or one that may not stand there.
  const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  const settings = "\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000";
  const frames = [
    "x".repeat(100), "GET / HTTP/1.1\r\n\r\n".repeat(9), "\u00ff\u00ff\u00ff\u0004\u0000\u0000\u0000\u0000\u0000", `${settings}\u0000\u0000\u0001\u0001\u0004\u0000\u0000\u0000\u0000\u0082`,
    `${settings}\u0000\u0000\u0001\u0001\u0004\u0000\u0000\u0000\u0001\u00ff`, `${settings}\u0000\u0000\u0004\u0003\u0000\u0000\u0000\u0000\u0001\u0000\u0000\u0000\u0008`, `${settings}\u0000\u0000\u0003\u0004\u0000\u0000\u0000\u0000\u0000abc`,
    `${settings}\u0000\u0000\u0004\u0008\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000`, `${settings}\u0000\u0000\u0001\u0009\u0004\u0000\u0000\u0000\u0001\u0082`,
  ];
  const answered = await complaints(frames, async (frame) => {
    const got = await raw(url, preface + frame);
    // The frame that says goodbye, and no answer.
    return (statuses(got).length > 0 || !got.includes("\u0000\u0000\u0008\u0007\u0000\u0000\u0000\u0000\u0000")) && `${JSON.stringify(frame.slice(0, 60))}: ${JSON.stringify(got.slice(0, 99))}`;
  });
  expect(answered).toEqual([]);
  expect(await ask(url, "/healthz")).toMatchObject({ status: 200, text: "ok\n" });
});

test("a request with too much in it is refused, and others are answered", async ({ server: { url } }) => {
  const long = "a".repeat(100_000);
  const host = own(url);
  const cases: Record<string, string> = {
    "a thousand headers": request("/", [host, ...Array.from({ length: 1_000 }, (_, n) => `X-${n}: a`)]),
    "a hundred thousand headers": request("/", [host, ...Array.from({ length: 100_000 }, (_, n) => `X-${n}: a`)]),
    "a hundred thousand times the same header": request("/", [host, ...Array.from({ length: 100_000 }, () => "Cookie: theme=dark")]),
    "a header of 100 kB": request("/", [host, `X: ${long}`]),
    "the name of a header of 100 kB": request("/", [host, `${long}: x`]),
    "cookies of 100 kB": request("/", [host, `Cookie: ${"a=b; ".repeat(20_000)}`]),
    "ETags of 100 kB": request("/", [host, `If-None-Match: ${`"a", `.repeat(20_000)}`]),
    "a site of 100 kB": request("/", [`Host: ${long}`]),
    "an address of 100 kB": request(`/${long}`, [host]),
    "a query of 100 kB": request(`/?q=${long}`, [host]),
    "an address with a site of 100 kB": request(`http://${long}/`, [host]),
    "a method of 100 kB": request("/", [host], { method: long }),
    "a version of 100 kB": request("/", [host], { version: `HTTP/1.1${long}` }),
    "a first line of 5 MB without an end": `GET /${long.repeat(50)}`,
    "a header of 5 MB without an end": `GET / HTTP/1.1\r\n${host}\r\nX: ${long.repeat(50)}`,
    "words after a size of 100 kB": smuggling(host, ["Transfer-Encoding: chunked"], `11;${long}\r\n${SENT}\r\n0\r\n\r\n`),
    "trailers of 100 kB": smuggling(host, ["Transfer-Encoding: chunked"], `11\r\n${SENT}\r\n0\r\nX: ${long}\r\n\r\n`),
  };
  const wrong = await complaints(Object.entries(cases), async ([name, bytes]) => {
    const got = statuses(await raw(url, bytes));
    // Nothing came where the site closed before it was heard.
    return (got.length > 1 || ![400, 414, 431, undefined].includes(got[0])) && `${name}: ${got}`;
  });
  expect(wrong).toEqual([]);
  expect(await ask(url, "/healthz")).toMatchObject({ status: 200, text: "ok\n" });
  expect((await ask(url, home)).status).toBe(200);
});
