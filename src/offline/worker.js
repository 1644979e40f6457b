// The service worker: the reader's own small server, for when the site's is out of reach. `mod.rs` says what it keeps.
// What stands before it: SITE (this release, from the server) and wasm_bindgen (the search, from Rust).

const SHELL = `pavise-shell-${SITE.release}`; // the pages that are filled in here, of this release
const VISITED = "pavise-visited"; // pages as they were last read
const SAVED = "pavise-saved"; // pages that the reader keeps, with their pictures
const PACKS = "pavise-packs"; // the latest posts of a language as text
const FILES = "pavise-files"; // code, fonts and pictures that were loaded
const OUTBOX = "pavise-outbox"; // messages that the site does not have yet
const CACHES = [SHELL, VISITED, SAVED, PACKS, FILES, OUTBOX];
const MOST = { [VISITED]: 60, [FILES]: 120 };
/** How long the network may keep silent before a page that is here is shown, in milliseconds. */
const PATIENCE = 6_000;
/** How long the list waits for the words that the site has for it now, in milliseconds. */
const BRIEFLY = 2_000;
/** How long an answer may keep silent while something else waits for it, in milliseconds. */
const PATIENCE_AT_MOST = 20_000;
/** How old a pack becomes before it is brought up to date by the way, in milliseconds. */
const PACK_AGE = 6 * 3_600_000;
/** Where it is noted, beside the packs, that the reader has removed one: no other comes by itself. */
const UNWANTED = "/?unwanted";

const windows = () => clients.matchAll({ type: "window", includeUncontrolled: true });

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("message", (event) => event.waitUntil(remember(event)));
addEventListener("sync", (event) => event.waitUntil(sendWaiting()));
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const answer = url.origin === location.origin && answerOf(event, event.request, url);
  if (answer) event.respondWith(answer);
});

/** Brings what this release needs; if a part of it does not come, the release before stays. */
async function install() {
  skipWaiting();
  const before = await Promise.all((await caches.keys()).filter((name) => name.startsWith("pavise-shell-")).map(shells));
  const open = (await windows()).map(({ url }) => langOf(new URL(url).pathname));
  await Promise.all([...new Set([...before.flat(), ...open])].map(fetchShell));
  const code = await (await caches.open(FILES)).keys();
  const last = (await entries(VISITED)).pop()?.response;
  if (code.some(({ url }) => /\/pkg\/search\.[^/]*$/.test(url)) && !isSaving((await last?.text()) ?? "")) await searchFile();
}

async function shells(name) {
  return (await (await caches.open(name)).keys()).map(({ url }) => langOf(new URL(url).pathname));
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("pavise-") && !CACHES.includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable();
  await clients.claim();
  await dropUnusedCode();
  // A page of this list was shown empty as long as nobody was here to fill it in.
  await renewLists();
}

/** Shows the list anew where it is open. Not waited for: it is this worker that answers, once it is active. */
async function renewLists(told) {
  const lists = (await windows()).map((window) => ({ window, url: new URL(window.url) })).filter(({ url }) => isOffline(url));
  for (const { window, url } of lists) window.navigate(told ? `${url.pathname}?told=${told}` : url.href).catch(() => {});
}

/** Removes the code of releases whose pages are all gone. */
async function dropUnusedCode() {
  // What another release has fetched for itself looks unused until it takes over.
  if (registration.installing || registration.waiting) return;
  const files = await caches.open(FILES);
  const isOld = (path) => path.startsWith("/pkg/") && !SITE.code.includes(path);
  const old = (await files.keys()).map(({ url }) => new URL(url).pathname).filter(isOld);
  if (old.length === 0) return;
  const pages = (await Promise.all([SHELL, VISITED, SAVED].map(entries))).flat();
  const html = (await Promise.all(pages.map(({ response }) => response.text()))).join();
  await Promise.all(old.filter((path) => !html.includes(path)).map((path) => files.delete(path)));
}

// Which address is what

/** The part of an address that says its language: nothing, `/fr`. */
function langOf(path) {
  return SITE.languages.find((lang) => lang && path.startsWith(`${lang}/`)) ?? "";
}

function isOffline({ pathname }) {
  return pathname === `${langOf(pathname)}/offline/`;
}

/** Where the installed site is led by what its reader shares with it. */
function isShared({ pathname }) {
  return pathname === `${langOf(pathname)}/search/shared/`;
}

function isSearch({ pathname }) {
  return pathname === `${langOf(pathname)}/search/`;
}

/** Whether a request comes from a page of this site: another site's could send any form. Who is not seen here the site itself knows. */
function isOwn({ mode, referrer }) {
  return mode !== "navigate" || referrer.startsWith(`${location.origin}/`);
}

/** A page says itself that its reader wants little data. */
function isSaving(html) {
  return /<html[^>]* data-saving/.test(html);
}

function isMessage({ pathname }) {
  return pathname === `${langOf(pathname)}/message/`;
}

function isPage({ mode, headers }, { pathname }) {
  const asked = mode === "navigate" || headers.get("accept")?.startsWith("text/html");
  return asked && !/\/feed\/|^\/(api|media|pkg|cards)\/|\.[^/]*$/.test(pathname);
}

/** The address by which a page is kept: without what means nothing to it. */
function keyOf(url) {
  const { pathname, searchParams } = new URL(url, location.origin);
  const query = [...searchParams].filter(([name]) => SITE.query.includes(name));
  return pathname + (query.length > 0 ? `?${new URLSearchParams(query)}` : "");
}

function answerOf(event, request, url) {
  if (isOffline(url)) return request.method === "POST" ? act(event, url) : listPage(event, url);
  // What another site's form says is not kept, and what becomes of it the browser tells.
  if (request.method === "POST" && isMessage(url)) return isOwn(request) ? send(event, url) : undefined;
  if (request.method !== "GET") return request.mode === "navigate" ? sent(request) : undefined;
  if (/^\/(pkg|media)\//.test(url.pathname)) return file(event, url.pathname);
  if (url.pathname === "/api/suggest") return fetch(request).then((answer) => (answer.status < 500 ? answer : suggestions(url)), () => suggestions(url));
  return isPage(request, url) ? page(event, url) : undefined;
}

/** Sends a form; where that cannot be done, says so. */
async function sent(request) {
  const lang = langOf(new URL(request.referrer || "/", location.origin).pathname);
  return fetch(request).catch(() => Response.redirect(`${lang}/offline/?told=failed`, 303));
}

// Keeping

async function find(name, key) {
  return (await caches.open(name)).match(key, { ignoreVary: true });
}

/** What a cache has, the oldest first. */
async function entries(name) {
  const cache = await caches.open(name);
  const all = (await cache.keys()).map(async ({ url }) => ({ url: new URL(url), response: await cache.match(url, { ignoreVary: true }) }));
  return (await Promise.all(all)).filter(({ response }) => response);
}

/** Keeps an answer, which may be the first part of a `whole`. Without room, what can be spared goes, as much as it takes; an error
    says that there is none all the same. */
async function put(name, key, response, { isAsked = false, whole } = {}) {
  const cache = await caches.open(name);
  for (let next = response, spared; next; ) {
    const again = next.clone();
    try {
      await cache.put(key, next);
      next = undefined;
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error;
      spared ??= await spare(new Blob(whole ?? [await again.clone().arrayBuffer()]), isAsked);
      const oldest = spared.shift();
      if (!oldest) throw error;
      await oldest.cache.delete(oldest.url);
      next = again;
    }
  }
  if (!MOST[name]) return;
  // Code is not counted: it goes with the pages that need it.
  const keys = (await cache.keys()).filter(({ url }) => name !== FILES || isPicture(url));
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST[name])).map((old) => cache.delete(old)));
}

/** What can be spared for `body`, the oldest first: pictures that were only seen, and for what the reader asked for, pages that they
    only visited. Nothing, where all of it would not be enough. */
async function spare(body, isAsked) {
  const all = [];
  let lacking = body.size;
  for (const name of isAsked ? [FILES, VISITED] : [FILES]) {
    const cache = await caches.open(name);
    for (const { url, response } of await entries(name)) {
      if (name === FILES && !isPicture(url)) continue;
      all.push({ cache, url });
      // Read to its end: what is still open takes its room when it is gone.
      lacking -= (await response.arrayBuffer()).byteLength;
    }
  }
  // The rest has to fit in as it is. That is tried: Chromium says of every device that there is room.
  const files = await caches.open(FILES);
  const rest = new Response(body.slice(0, Math.max(1, lacking)));
  const isEnough = await files.put("/media/", rest).then(() => files.delete("/media/"), () => false);
  return isEnough ? all : [];
}

/** Removes the pictures that were only seen. */
async function dropPictures() {
  const files = await caches.open(FILES);
  const pictures = (await files.keys()).filter(({ url }) => isPicture(url));
  await Promise.all(pictures.map((picture) => files.delete(picture)));
}

function isPicture(url) {
  return new URL(url, location.origin).pathname.startsWith("/media/");
}

/** The address of all files of the same picture. */
function setOf(path) {
  return path.split("/", 3).join("/");
}

/** An answer as it is kept: with when it came, and without what is true of its way here alone. */
function copyOf(response, more = {}) {
  const headers = new Headers(response.headers);
  for (const name of ["content-encoding", "content-length", "vary", "link"]) headers.delete(name);
  for (const [name, value] of Object.entries({ "x-kept": headers.get("x-kept") ?? String(Date.now()), ...more })) headers.set(name, value);
  return new Response(response.body, { headers });
}

function isKeepable(response) {
  const html = response.headers.get("content-type")?.startsWith("text/html");
  return response.ok && html && !response.headers.get("cache-control")?.includes("no-store");
}

/** Keeps a page that the reader is on, and brings up to date the copy that they saved. What was asked of a search is nobody's business. */
async function keepPage(response) {
  const url = new URL(response.url);
  if (isSearch(url) || isOffline(url) || url.pathname.endsWith("/message/sent/")) return;
  const key = keyOf(url);
  if (!isKeepable(response)) {
    if (response.status === 404 || response.status === 410) await (await caches.open(VISITED)).delete(key);
    return;
  }
  const saved = await find(SAVED, key);
  if (saved) await inTurn(async () => keepWhole(key, response, filesOf(await response.clone().text(), saved)));
  else await put(VISITED, key, copyOf(response));
}

/** The pictures of a page that was saved before, when it was perhaps another: the files that were chosen then, as far as it still
    has them, and of the others those that every browser reads. */
function filesOf(html, saved) {
  const files = JSON.parse(saved.headers.get("x-files") ?? "[]").filter((path) => html.includes(`${setOf(path)}/`));
  const shown = isSaving(html) ? [] : [...html.matchAll(/<img [^>]*?src="(\/media\/[^"]*)/g)].map(([, path]) => path);
  return [...files, ...shown.filter((path) => !files.some((file) => setOf(file) === setOf(path)))];
}

/** Keeps a page that came without this worker seeing that it is read, by its address, or by what it has loaded: the first page of a
    reader came before it. */
async function remember({ source, data }) {
  const [page, files] = typeof data === "string" ? [data, []] : [source.url, data];
  const wanted = files.map((name) => new URL(name)).filter(({ origin, pathname }) => origin === location.origin && /^\/(pkg|media)\//.test(pathname));
  await Promise.allSettled(wanted.map(({ pathname }) => keptFile(pathname)));
  const url = new URL(page);
  if (isPage({ mode: "navigate" }, url)) await seen(url, await fetchInTime(page));
}

/** A file by its address, which changes with its bytes: from here, or from the network and then kept. */
async function keptFile(path) {
  const kept = (await find(FILES, path)) ?? (await find(SAVED, path));
  if (kept) return kept;
  const response = await fetchInTime(path);
  if (response.ok) await put(FILES, path, response.clone()).catch(() => {});
  return response;
}

/** An answer that has come whole, however slowly, but never silent for long: what waits for it must not wait for ever. */
async function fetchInTime(address, options = {}) {
  const late = new AbortController();
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => late.abort(), PATIENCE_AT_MOST);
  };
  try {
    wait();
    const response = await fetch(address, { ...options, signal: late.signal });
    const copy = response.clone().body?.getReader();
    for (let part; copy && !part?.done; part = await copy.read()) wait();
    return response;
  } finally {
    clearTimeout(timer);
  }
}

async function file(event, path) {
  const kept = (await find(FILES, path)) ?? (await find(SAVED, path));
  if (kept) return kept;
  try {
    const response = await fetch(event.request);
    // An answer to a part of it is not the file.
    if (response.status === 200) event.waitUntil(put(FILES, path, response.clone()).catch(() => {}));
    return response;
  } catch {
    // The same picture in another width does as well.
    const others = isPicture(path) ? [...(await entries(SAVED)), ...(await entries(FILES))] : [];
    return others.find(({ url }) => setOf(url.pathname) === setOf(path))?.response ?? Response.error();
  }
}

// Pages: the network first, always; then what is here

async function page(event, url) {
  const key = keyOf(url);
  const asked = (async () => {
    const response = (await event.preloadResponse) ?? (await fetch(event.request));
    // A page that is fetched ahead is not read, perhaps.
    if (!event.request.headers.has("x-ahead")) event.waitUntil(seen(url, response.clone()).catch(() => {}));
    return response;
  })();
  event.waitUntil(asked.catch(() => {}));
  let copy, packed;
  const isHereAlways = isSearch(url) || isShared(url);
  if (!isHereAlways) {
    for (const it of new Set([key, wholeOf(url)])) copy ??= (await find(SAVED, it)) ?? (await find(VISITED, it));
    if (!copy) packed = await packedPost(url);
  }
  const isHere = isHereAlways || copy || packed;
  // Who reads something else meanwhile has more of it than who waits for a network that says nothing.
  const late = new Promise((done) => setTimeout(done, isHere ? PATIENCE : PATIENCE_AT_MOST));
  const response = await Promise.race([asked, late]).catch(() => {});
  if (response && !(response.status >= 500 && isHere)) return response;
  if (isShared(url)) return searchShared(url);
  if (isSearch(url)) return foundPage(url, asked);
  if (copy) return shownCopy(copy, url);
  return packed ? packedPage(url, packed) : missingPage(url, asked);
}

async function seen(url, response) {
  const html = await response.clone().text();
  // What waits is sent from a full device as well.
  await keepPage(response).catch(() => {});
  await onTheWay(url, response.ok && !isSaving(html));
}

/** What is done while the network is there and the reader reads, and `mayCost` something: not every answer says that it may. */
async function onTheWay(url, mayCost) {
  const lang = langOf(url.pathname);
  await dropUnusedCode().catch(() => {});
  await sendWaiting().catch(() => {});
  await haveShell(lang);
  if (!mayCost) return;
  const pack = await find(PACKS, lang || "/");
  const isOld = pack && Date.now() - Number(pack.headers.get("x-kept")) > PACK_AGE;
  const isNew = !pack && url.searchParams.has("installed") && !(await find(PACKS, UNWANTED));
  if (isOld || isNew) await fetchPack(lang);
  if ((await (await caches.open(VISITED)).keys()).length > 1) await searchFile();
}

async function searchFile() {
  const file = await keptFile(SITE.code.find((path) => path.startsWith("/pkg/search.")));
  if (!file.ok) throw new Error(`the search answers ${file.status}`);
  return file;
}

// What is filled in here. The words and the markup are the server's: templates in its page at /offline/.

async function fetchShell(lang) {
  await keepShell(lang, await fetchInTime(`${lang}/offline/`));
}

async function haveShell(lang) {
  if (!(await find(SHELL, `${lang}/offline/`))) await fetchShell(lang);
}

/** Keeps the page with the templates, if it is one of this release: while a site is renewed, some of its machines have another. */
async function keepShell(lang, response) {
  const html = await response.clone().text();
  const isOurs = isKeepable(response) && html.includes(`data-release="${SITE.release}"`);
  if (!isOurs) throw new Error(`${lang}/offline/ is no page of release ${SITE.release} (${response.status})`);
  await put(SHELL, `${lang}/offline/`, copyOf(response));
}

class Shell {
  constructor(html, response) {
    this.html = html;
    this.response = response;
    this.lang = /<html lang="([^"]*)/.exec(html)?.[1] ?? "en";
  }

  static async of(lang) {
    const kept = (await find(SHELL, `${lang}/offline/`)) ?? (await entries(SHELL))[0]?.response;
    return kept && new Shell(await kept.text(), kept);
  }

  /** A template with its places filled in: those in capitals with markup, the others with words. */
  part(name, values = {}) {
    const [, template = ""] = new RegExp(`<template id="offline-${name}">([^]*?)</template>`).exec(this.html) ?? [];
    return template.replace(/\{(\w+)\}/g, (_, place) => {
      const value = values[place] ?? "";
      return place === place.toUpperCase() ? value : escaped(String(value));
    });
  }

  /** The whole page with `main` as its content, in the theme in which it was kept. */
  page(main, status = 200, title) {
    let html = this.html.replace(/(<main[^>]*>)[^]*<\/main>/, (_, open) => `${open}${main}</main>`);
    if (title) html = html.replace(/<title>[^<]*/, () => `<title>${escaped(title)}`);
    return new Response(html, { status, headers: this.response.headers });
  }

  size(bytes) {
    const [unit, amount] = bytes < 1e6 ? ["kilobyte", Math.ceil(bytes / 1e3)] : ["megabyte", bytes / 1e6];
    return new Intl.NumberFormat(this.lang, { style: "unit", unit, maximumFractionDigits: 1 }).format(amount);
  }

  date(time, timeZone) {
    return new Intl.DateTimeFormat(this.lang, { dateStyle: "long", timeZone }).format(new Date(Number(time)));
  }

  language(tag) {
    return new Intl.DisplayNames(this.lang, { type: "language" }).of(tag);
  }

  number(number) {
    return new Intl.NumberFormat(this.lang).format(number);
  }
}

/** Without a single page to fill in there are no words either: what was `asked` of the site comes, or the browser says what it says. */
async function filled(lang, make, asked = Response.error()) {
  const shell = await Shell.of(lang);
  return shell ? make(shell) : asked;
}

async function missingPage(url, asked) {
  const lang = langOf(url.pathname);
  const make = async (shell) => {
    const head = shell.part("missing", { url: url.href });
    return shell.page(head + field(shell) + (await list(shell, lang)), 503);
  };
  return filled(lang, make, asked);
}

/** The address of a page without what it narrows by itself: its copy has all of it. */
function wholeOf(url) {
  const whole = new URL(url);
  for (const name of ["q", "area"]) whole.searchParams.delete(name);
  return keyOf(whole);
}

/** A copy with words that it is one, of when, and with a way to what is there now. */
async function shownCopy(copy, url) {
  const [html, shell] = await Promise.all([copy.clone().text(), Shell.of(langOf(url.pathname))]);
  const note = shell?.part("copy", { date: shell.date(copy.headers.get("x-kept")), url: url.href }) ?? "";
  // Who is led to the heading hears what stands above it.
  const noted = html.replace(/<main[^>]*>/, (open) => open + note).replace("<h1", note ? '<h1 aria-describedby="copy-note"' : "<h1");
  return new Response(noted, { headers: copy.headers });
}

async function listPage(event, url) {
  const lang = langOf(url.pathname);
  const fetched = (async () => keepShell(lang, (await event.preloadResponse) ?? (await fetchInTime(`${lang}/offline/`))))();
  // On a full device, too, the site is there for what waits.
  const reached = fetched.catch((error) => {
    if (error.name !== "QuotaExceededError") throw error;
  });
  const posted = reached.then(deliverWaiting);
  // Its words may be of before the reader chose little data; but who is here has no network, often.
  if (!(await find(SHELL, `${lang}/offline/`))) await fetched.catch(() => {});
  const delivered = await Promise.race([posted.catch(() => {}), new Promise((done) => setTimeout(done, BRIEFLY))]);
  if (!delivered) event.waitUntil(posted.then(renewAfter).catch(() => {}));
  return filled(lang, async (shell) => {
    const [what = ""] = delivered?.sent > 0 ? ["sent"] : (/^[a-z]+$/.exec(url.searchParams.get("told") ?? "") ?? []);
    const told = shell.part(`told-${what}`);
    return shell.page(shell.part("head", { TOLD: told }) + field(shell) + (await list(shell, lang)));
  });
}

/** The field of a search. How many suggestions there are, the page fills in itself. */
function field(shell, q = "") {
  return shell.part("field", { q, count: "{count}" });
}

async function list(shell, lang) {
  const all = [packOf(lang), otherPacks(lang), kept(SAVED), kept(VISITED), waiting(), total()];
  const [pack, others, saved, visited, messages, bytes] = await Promise.all(all);
  const items = (all) => all.map((it) => shell.part("item", { ...it, size: shell.size(it.size) })).join("");
  const packed = (post) => shell.part("packed", post);
  const facts = (pack) => ({ count: shell.number(pack.posts.length), size: shell.size(pack.size), date: shell.date(pack.time) });
  const other = (pack) => shell.part("other-pack", { ...pack, ...facts(pack), language: shell.language(pack.path.slice(1) || SITE.lang) });
  const waits = (message) => shell.part("waits", { ...message, begin: message.message.slice(0, 40), REFUSED: message.isRefused ? shell.part("refused") : "" });
  const lists = {
    WAITING: messages.length > 0 ? shell.part("waiting", { ITEMS: messages.map(waits).join("") }) : "",
    PACK: pack ? shell.part("pack", { ...facts(pack), ITEMS: pack.posts.map(packed).join("") }) : shell.part("no-pack"),
    OTHERS: others.map(other).join(""),
    SAVED: saved.length > 0 ? shell.part("items", { ITEMS: items(saved) }) : shell.part("none-saved"),
    VISITED: visited.length > 0 ? shell.part("items", { ITEMS: items(visited) }) : shell.part("none-visited"),
    ALL: bytes > 0 ? shell.part("all", { total: shell.size(bytes) }) : "",
  };
  return shell.part("list", lists);
}

/** How many bytes "Remove everything" removes. */
async function total() {
  const all = (await Promise.all([VISITED, SAVED, PACKS, FILES].map(entries))).flat();
  const removed = all.filter(({ url }) => !url.pathname.startsWith("/pkg/"));
  const sizes = await Promise.all(removed.map(async ({ response }) => (await response.blob()).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The pages in a cache, the newest first, each as something that can be read, searched and measured. */
async function kept(name) {
  const all = await entries(name);
  const sizes = new Map();
  for (const { url, response } of all) sizes.set(url.pathname + url.search, (await response.clone().blob()).size);
  const pages = all.filter(({ response }) => response.headers.get("content-type")?.startsWith("text/html"));
  const read = pages.map(async ({ url, response }) => {
    const path = url.pathname + url.search;
    const files = JSON.parse(response.headers.get("x-files") ?? "[]");
    const size = [path, ...files].reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
    return { path, size, ...textOf(await response.text()) };
  });
  return (await Promise.all(read)).reverse();
}

// Saving

/** Does what a form of the list asks for, or the button on a page, which wants a word as the answer. */
async function act(event, url) {
  const lang = langOf(url.pathname);
  if (!isOwn(event.request)) return Response.redirect(`${lang}/offline/`, 303);
  const form = await event.request.formData();
  const said = await done(lang, form).catch((error) => (error.name === "QuotaExceededError" ? "full" : "failed"));
  if (event.request.mode !== "navigate") return new Response(said);
  return Response.redirect(`${lang}/offline/?told=${said}`, 303);
}

async function done(lang, form) {
  const path = form.get("path") ?? "";
  switch (form.get("do")) {
    case "ask":
      return (await find(SAVED, keyOf(path))) ? "saved" : "removed";
    case "save":
      return inTurn(() => save(keyOf(path), form.getAll("file")));
    case "pack":
      return fetchPack(lang, { isAsked: true });
    case "unpack":
      await (await caches.open(PACKS)).delete(form.get("path") ?? (lang || "/"));
      await wantNoPack();
      return "removed";
    case "remove":
      return inTurn(() => remove(keyOf(path)));
    case "discard":
      await (await caches.open(OUTBOX)).delete(path);
      return "removed";
    case "remove-all":
      return inTurn(removeAll);
    default:
      return "failed";
  }
}

let last = Promise.resolve();

/** Does what changes the saved pages one after the other. */
function inTurn(work) {
  const done = last.then(work);
  last = done.catch(() => {});
  return done;
}

async function save(key, files) {
  const paths = [...new Set(files.map((file) => new URL(file, location.origin).pathname))].filter(isPicture);
  const now = await fetchInTime(key, { headers: { accept: "text/html" } }).catch(() => {});
  const page = now && now.status < 500 ? now : await find(VISITED, key);
  if (!page || !isKeepable(page)) return "failed";
  await keepWhole(key, page, paths);
  await (await caches.open(VISITED)).delete(key);
  await searchFile().catch(() => {});
  return "saved";
}

/** Keeps a page with its pictures until the reader removes it: whole, or as it was before. */
async function keepWhole(key, page, paths) {
  const parts = [];
  for (const path of paths) {
    if (await find(SAVED, path)) continue;
    const picture = (await find(FILES, path)) ?? (await fetchInTime(path));
    if (!picture.ok) throw new Error(`${path} answers ${picture.status}`);
    parts.push([path, picture]);
  }
  parts.push([key, copyOf(page, { "x-files": JSON.stringify(paths) })]);
  const bodies = await Promise.all(parts.map(([, part]) => part.arrayBuffer()));
  try {
    for (const [at, [path, part]] of parts.entries()) await put(SAVED, path, new Response(bodies[at], part), { isAsked: true, whole: bodies.slice(at) });
  } finally {
    await dropUnusedPictures();
  }
}

async function remove(key) {
  await Promise.all([SAVED, VISITED].map(async (name) => (await caches.open(name)).delete(key)));
  await dropUnusedPictures();
  return "removed";
}

async function removeAll() {
  await Promise.all([VISITED, SAVED, PACKS].map((name) => caches.delete(name)));
  await dropPictures();
  await wantNoPack();
  return "removed";
}

/** Removes the pictures that no saved page has. */
async function dropUnusedPictures() {
  const all = await entries(SAVED);
  const used = new Set(all.flatMap(({ response }) => JSON.parse(response.headers.get("x-files") ?? "[]")));
  const cache = await caches.open(SAVED);
  const isUnused = ({ url }) => isPicture(url) && !used.has(url.pathname);
  await Promise.all(all.filter(isUnused).map(({ url }) => cache.delete(url)));
}

// Messages: each is here from before it is sent until the site has it

/** Sends a message; where that cannot be done, it waits. */
async function send(event, url) {
  const lang = langOf(url.pathname);
  const form = await event.request.formData();
  const fields = new URLSearchParams(["message", "reply_to", "about", "homepage"].map((name) => [name, form.get(name) ?? ""]));
  const place = await placeOf(url.pathname, fields);
  const waits = await put(OUTBOX, place, new Response(fields), { isAsked: true }).then(() => true, () => false);
  const answer = await deliver(url.pathname, fields);
  // The thanks, or the form with all that was written. Another refusal has none of the words: they stay here.
  if (answer?.ok || answer?.status === 422) {
    await (await caches.open(OUTBOX)).delete(place);
    return answer.redirected ? Response.redirect(answer.url, 303) : answer;
  }
  if (waits) {
    if (answer) return refuse(place, fields).then(() => answer, () => answer);
    registration.sync?.register("messages").catch(() => {});
    return Response.redirect(`${lang}/offline/?told=queued`, 303);
  }
  // There is no room for it but in the page itself.
  return filled(lang, (shell) => {
    const message = shell.part("waits", { ...Object.fromEntries(fields), path: url.pathname });
    return shell.page(shell.part("head", { TOLD: shell.part("told-full") }) + shell.part("waiting", { ITEMS: message }), 507);
  });
}

/** Where a message waits: the same place for the same words, as often as they are sent. */
async function placeOf(path, fields) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(String(fields))));
  return `${path}?message=${[...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The site's answer to a message: its thanks, or that it does not take it. Nothing else is one: the message is not there. */
async function deliver(path, fields) {
  const answer = await fetchInTime(path, { method: "POST", body: fields }).catch(() => {});
  const isStored = answer?.ok && answer.redirected && new URL(answer.url).pathname === `${path}sent/`;
  // What is said of the message itself would be said of it again.
  return isStored || [413, 415, 422].includes(answer?.status) ? answer : undefined;
}

/** Keeps a message so that it is not sent again by itself. */
function refuse(place, fields) {
  return put(OUTBOX, place, new Response(fields, { headers: { "x-refused": "1" } }));
}

/** The messages that wait, the oldest first. */
async function waiting() {
  const all = (await entries(OUTBOX)).map(async ({ url, response }) => {
    const fields = new URLSearchParams(await response.text());
    const isRefused = response.headers.has("x-refused");
    return { ...Object.fromEntries(fields), fields, isRefused, path: url.pathname, place: url.pathname + url.search };
  });
  return Promise.all(all);
}

/** Sends what waits; an error says that something waits still. */
async function sendWaiting() {
  const delivered = await deliverWaiting();
  await renewAfter(delivered);
  if (delivered.left > 0) throw new Error("the site could not be reached");
}

async function renewAfter({ sent, refused }) {
  if (sent + refused > 0) await renewLists(sent > 0 ? "sent" : undefined);
}

/** Sends what waits, each for itself, and says how many arrived, were refused, and wait still. */
async function deliverWaiting() {
  const messages = (await waiting()).filter(({ isRefused }) => !isRefused);
  const outbox = await caches.open(OUTBOX);
  let [sent, refused] = [0, 0];
  for (const { path, place, fields } of messages) {
    const answer = await deliver(path, fields);
    if (answer?.ok) {
      await outbox.delete(place);
      sent += 1;
    } else if (answer && (await outbox.match(place))) {
      await refuse(place, fields);
      refused += 1;
    }
  }
  return { sent, refused, left: messages.length - sent - refused };
}

// The pack: the latest posts as text

async function packOf(lang) {
  const response = await find(PACKS, lang || "/");
  if (!response) return undefined;
  const text = await response.clone().text();
  return { ...JSON.parse(text), size: new Blob([text]).size, time: response.headers.get("x-kept") };
}

/** The packs of other languages. */
async function otherPacks(lang) {
  const keys = await (await caches.open(PACKS)).keys();
  const paths = keys.map(({ url }) => new URL(url)).filter(({ search }) => !search).map(({ pathname }) => pathname);
  const others = paths.filter((path) => path !== (lang || "/"));
  return Promise.all(others.map(async (path) => ({ path, ...(await packOf(path === "/" ? "" : path)) })));
}

async function wantNoPack() {
  await (await caches.open(PACKS)).put(UNWANTED, new Response());
}

/** Fetches the pack, or of it what has changed. */
async function fetchPack(lang, asked) {
  // Another language's words would bring that one's posts.
  await haveShell(lang);
  const before = await packOf(lang);
  const known = new Map(before?.posts.map((post) => [post.hash, post]));
  const query = new URLSearchParams({ lang: (await Shell.of(lang)).lang, have: [...known.keys()].join() });
  const response = await fetchInTime(`/api/pack?${query}`);
  if (!response.ok) return "failed";
  const { order, posts } = await response.json();
  for (const post of posts) known.set(post.hash, post);
  const pack = { posts: order.map((hash) => known.get(hash)).filter(Boolean) };
  // The reader may have removed it meanwhile.
  if (!asked && (before ? !(await find(PACKS, lang || "/")) : await find(PACKS, UNWANTED))) return "removed";
  await put(PACKS, lang || "/", new Response(JSON.stringify(pack), { headers: { "x-kept": String(Date.now()) } }), asked);
  if (asked) await (await caches.open(PACKS)).delete(UNWANTED);
  await searchFile().catch(() => {});
  return "packed";
}

async function packedPost(url) {
  const pack = await packOf(langOf(url.pathname));
  const post = pack?.posts.find(({ path }) => path === url.pathname);
  return post && { ...post, time: pack.time };
}

async function packedPage(url, post) {
  return filled(langOf(url.pathname), (shell) => {
    const values = { ...post, HTML: post.html, date: shell.date(post.published * 1_000, "UTC"), kept: shell.date(post.time) };
    return shell.page(shell.part("post", values), 200, post.title);
  });
}

// Searching

/** Everything of a language that is here and can be searched, each address once. */
async function texts(lang) {
  const pages = [...(await kept(SAVED)), ...(await kept(VISITED))].filter(({ path, isText }) => isText && langOf(path) === lang);
  const packed = (await packOf(lang))?.posts.map((post) => ({ ...post, body: wordsOf(post.html) })) ?? [];
  return [...new Map([...packed, ...pages].map((text) => [text.path, text])).values()];
}

let search;

/** What here has the words of `query`; nothing where the search itself is not here. */
async function searched(shell, lang, query, isOpen, limit) {
  search ??= searchFile().then((file) => wasm_bindgen({ module_or_path: file }));
  await search.catch((error) => {
    search = undefined;
    throw error;
  });
  const all = await texts(lang);
  const index = new wasm_bindgen.Kept(shell.lang, all);
  const found = index.search(query, isOpen, limit);
  index.free();
  return found.map((it) => ({ ...all[it.text], ...it, plain: all[it.text].title }));
}

async function foundPage(url, asked) {
  const lang = langOf(url.pathname);
  const q = url.searchParams.get("q")?.trim() ?? "";
  const isNarrow = ["topic", "author", "year", "language", "page"].some((name) => url.searchParams.get(name));
  const make = async (shell) => {
    const head = shell.part("search", { url: url.href }) + field(shell, q);
    if (!q) return shell.page(head + (await list(shell, lang)));
    const found = await searched(shell, lang, q, false, 20).catch(() => {});
    const marked = (pieces) => pieces.map(([text, isMarked]) => (isMarked ? `<mark>${escaped(text)}</mark>` : escaped(text))).join("");
    const item = (it) => shell.part("found", { ...it, TITLE: marked(it.title), PASSAGE: marked(it.passage) });
    const [{ isPart, meant } = {}] = found ?? [];
    const how = !found ? "no-search" : found.length === 0 ? "found-none" : isPart ? "found-part" : meant ? "found-meant" : "found-some";
    const some = shell.part(how, { q, meant, path: `${lang}/search/?${new URLSearchParams({ q: meant ?? "" })}` });
    const results = found?.length > 0 ? shell.part("results", { ITEMS: found.map(item).join("") }) : "";
    const all = found && isNarrow ? shell.part("found-all") : "";
    return shell.page(head + some + all + results + (results ? "" : await list(shell, lang)), 200, q);
  };
  return filled(lang, make, asked);
}

/** `https://example.org/2023/sender-pays.html?x` has the words `sender pays`. */
function wordsOfLink(link) {
  const last = link.replace(/^https?:\/\/|[?#].*$/g, "").split("/").filter(Boolean);
  const stem = last.length > 1 ? last.pop().replace(/\.(html?|php|pdf|txt)$/, "") : last.join();
  try {
    return decodeURIComponent(stem).replace(/[-_+]/g, " ");
  } catch {
    return stem;
  }
}

/** Leads to a page that is shared, or to a search for what is, as the site does (shared.rs). */
function searchShared(url) {
  const [title, text, link] = ["title", "text", "url"].map((name) => url.searchParams.get(name)?.trim() ?? "");
  const words = `${link} ${text}`.split(/\s+/);
  const own = words.find((word) => word.startsWith(`${location.origin}/`));
  const q = title || words.filter((word) => !/^https?:/.test(word)).join(" ").trim() || wordsOfLink(link || text);
  return Response.redirect(own ?? `${langOf(url.pathname)}/search/?${new URLSearchParams({ q })}`, 303);
}

async function suggestions(url) {
  const tag = url.searchParams.get("lang");
  const lang = SITE.languages.find((lang) => lang === `/${tag}`) ?? "";
  const shell = await Shell.of(lang);
  const found = shell ? await searched(shell, lang, url.searchParams.get("q") ?? "", true, 8).catch(() => []) : [];
  const titles = found.map(({ path, lang, plain }) => ({ path, lang, title: plain }));
  return new Response(JSON.stringify(titles), { headers: { "content-type": "application/json" } });
}

// Words in markup

/** What a page says of itself: its title and language, and, where the server has its words as text too, those words. */
function textOf(html) {
  const first = (pattern) => decoded(pattern.exec(html)?.[1] ?? "");
  const lang = first(/<html lang="([^"]*)/);
  const published = first(/<meta property="article:published_time" content="([^"]*)/);
  const [, main = ""] = /<main[^>]*>([^]*)<\/main>/.exec(html) ?? [];
  const [, attributes = "", title = ""] = /<h1([^>]*)>([^]*?)<\/h1>/.exec(main) ?? [];
  return {
    isText: /<link rel="alternate" type="text\/plain"/.test(html),
    title: wordsOf(title) || first(/<title>([^<]*)/),
    lang: /lang="([^"]*)/.exec(attributes)?.[1] ?? lang,
    summary: first(/<meta name="description" content="([^"]*)/),
    bodyLang: /<div(?=[^>]* class="prose")[^>]* lang="([^"]*)/.exec(main)?.[1] ?? lang,
    body: wordsOf(main.replace(/<(nav|form|footer|h1)\b[^]*?<\/\1>|<section\b[^>]* class="related"[^]*?<\/section>/g, " ")),
    published: published ? Date.parse(published) / 1_000 : undefined,
  };
}

function wordsOf(html) {
  const blocks = html.replace(/<\/(p|h[1-6]|li|blockquote|pre|td|th|figcaption)>/g, "\n");
  return decoded(blocks.replace(/<(script|style|template|svg)\b[^]*?<\/\1>|<[^>]*>/g, "")).replace(/[ \t]+/g, " ").replace(/\s*\n\s*/g, "\n").trim();
}

const ENTITIES = { amp: "&", nbsp: "\u00a0", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'" };

function decoded(text) {
  return text.replace(/&(amp|nbsp|lt|gt|quot|#x27|#39);/g, (_, name) => ENTITIES[name]);
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
