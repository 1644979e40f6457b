// Requests as bytes: no redirect followed, no path tidied, no body decoded.

import { request as send } from "node:http";

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
