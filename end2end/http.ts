// Requests as bytes: no redirect followed, no path tidied, no body decoded.

import { request as send } from "node:http";
import { connect } from "node:net";

export type Answer = { status: number; headers: Record<string, string>; body: Buffer; text: string };

/** Sends one request to the site at `url`, and gives the answer as it came. Headers of the same name are joined. */
export async function ask(
  url: string,
  path: string,
  { method = "GET", headers = {}, body = "" }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((done, failed) => {
    const request = send({ hostname, port, path, method, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const whole = Buffer.concat(chunks);
      const all = Object.entries(response.headersDistinct).map(([name, values]) => [name, (values ?? []).join(", ")]);
      done({ status: response.statusCode ?? 0, headers: Object.fromEntries(all), body: whole, text: whole.toString() });
    });
    request.once("error", failed);
    request.end(body);
  });
}

/** Sends a form, as a browser does without JavaScript. */
export function submit(url: string, path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
  const form = { "content-type": "application/x-www-form-urlencoded", ...headers };
  return ask(url, path, { method: "POST", headers: form, body: new URLSearchParams(fields).toString() });
}

/** A site that keeps a connection longer than this without a word has no bound of its own. */
const LONGEST = 20_000;

/**
 * Sends these bytes on a connection of their own from an address of this machine, each character one byte, and gives what comes back until the site closes it.
 * A site that has seen enough may do so before it has read all of them.
 */
export async function raw(url: string, bytes: string, from = "127.0.0.1"): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((done, failed) => {
    const socket = connect({ host: hostname, port: Number(port), localAddress: from }).setEncoding("latin1");
    let got = "";
    const bound = setTimeout(() => socket.destroy(new Error(`still open: ${JSON.stringify(bytes.slice(0, 300))}`)), LONGEST);
    socket.on("data", (data) => (got += data));
    socket.on("error", (error: NodeJS.ErrnoException) => (error.code === "ECONNRESET" || error.code === "EPIPE" ? done(got) : failed(error)));
    socket.once("close", () => {
      clearTimeout(bound);
      done(got);
    });
    socket.write(bytes, "latin1");
  });
}

/** A request as bytes. It asks for the end of the connection, so that `raw` has an end. */
export function request(target: string, lines: string[], { method = "GET", version = "HTTP/1.1", body = "" } = {}): string {
  const length = body ? [`Content-Length: ${body.length}`] : [];
  return [`${method} ${target} ${version}`, ...lines, ...length, "Connection: close", "", body].join("\r\n");
}

/** The statuses of the answers in what came over a connection. */
export function statuses(got: string): number[] {
  return [...got.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));
}

/** What `check` says against each of the cases, some at once: an assertion for each would take longer than the cases. */
export async function complaints<Case>(cases: Iterable<Case>, check: (one: Case) => Promise<string | false | undefined>): Promise<string[]> {
  const [waiting, said] = [[...cases].entries(), new Map<number, string>()];
  const work = async () => {
    for (const [index, one] of waiting) {
      const complaint = await check(one);
      if (complaint) said.set(index, complaint);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return [...said.entries()].toSorted(([one], [other]) => one - other).map(([, complaint]) => complaint);
}

/** The address that the page `html` gives for its script or its WebAssembly. */
export function asset(html: string, kind: "js" | "wasm"): string {
  const found = new RegExp(`data-${kind}="([^"]+)"`).exec(html)?.[1];
  if (!found) throw new Error(`the page names no ${kind}`);
  return found;
}

export type Link = { href: string; rel: string; type: string | undefined };

/** The links of an answer's `Link` header. */
export function links(answer: Answer): Link[] {
  const parts = (answer.headers["link"] ?? "").matchAll(/<([^>]*)>([^<]*)/g);
  return [...parts].map(([, href = "", rest = ""]) => ({
    href,
    rel: /;\s*rel="([^"]*)"/.exec(rest)?.[1] ?? "",
    type: /;\s*type="([^"]*)"/.exec(rest)?.[1],
  }));
}
