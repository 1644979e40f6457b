// A bad network between a browser and the site: answers break off, or never come.

import { createServer, type IncomingMessage, request, type Server as HttpServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What becomes of an answer: it comes whole; a part of its bytes comes and then nothing more, or the connection ends there; it
    ends before, once the answer has been given. */
export type Fate = "whole" | "lost" | { part: number; ends?: boolean };

/** A proxy at an address of its own. */
export class Proxy {
  /** The methods and paths of all requests so far. */
  readonly requests: string[] = [];
  /** A status with which the network itself answers in the site's place. */
  instead: (method: string, path: string) => number | undefined = () => undefined;
  /** Whether answers come as they are written, so that a part of the bytes is a part of the text. */
  isPlain = false;

  private constructor(
    private readonly server: HttpServer,
    /** Where the site is. It may move, or have several machines. */
    public target: string | ((path: string) => string),
    /** What becomes of the answer to a request. */
    public fate: (method: string, path: string) => Fate | Promise<Fate>,
  ) {}

  static async start(target: string, fate: (method: string, path: string) => Fate = () => "whole"): Promise<Proxy> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const proxy = new Proxy(server, target, fate);
    server.on("request", (asked: IncomingMessage, answer: ServerResponse) => void proxy.pass(asked, answer));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const [method, path] = [asked.method ?? "GET", asked.url ?? "/"];
    this.requests.push(`${method} ${path}`);
    const status = this.instead(method, path);
    if (status) return void answer.writeHead(status, { "content-type": "text/html" }).end("<p>Elsewhere</p>");
    try {
      const { status, headers, body } = await this.ask(asked, method, path);
      const fate = await this.fate(method, path);
      if (fate === "lost") return void asked.socket.destroy();
      if (fate !== "whole" && fate.part === 0) return;
      answer.writeHead(status, headers);
      if (fate === "whole") return void answer.end(body);
      // What the headers promise does not come.
      const end = () => void (fate.ends && asked.socket.end(() => asked.socket.destroy()));
      answer.write(body.subarray(0, Math.floor(body.length * fate.part)), end);
    } catch {
      asked.socket.destroy();
    }
  }

  private async ask(asked: IncomingMessage, method: string, path: string): Promise<{ status: number; headers: string[]; body: Buffer }> {
    const sent = await whole(asked);
    return new Promise((done, failed) => {
      const { hostname, port } = new URL(typeof this.target === "string" ? this.target : this.target(path));
      const encoding = this.isPlain ? { "accept-encoding": "identity" } : {};
      const headers = { ...asked.headers, ...encoding, connection: "close" };
      const onward = request({ hostname, port, method, path, headers, agent: false }, async (response) => {
        const body = await whole(response);
        const kept = response.rawHeaders.flatMap((name, at, all) => {
          const isName = at % 2 === 0 && !/^(connection|transfer-encoding|content-length)$/i.test(name);
          return isName ? [name, all[at + 1] ?? ""] : [];
        });
        const length = method === "HEAD" || response.statusCode === 304 ? [] : ["content-length", String(body.length)];
        done({ status: response.statusCode ?? 502, headers: [...kept, ...length], body });
      });
      onward.once("error", failed);
      onward.end(sent);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

async function whole(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
