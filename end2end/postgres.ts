// The way to the PostgreSQL of the tests, as a network that can be cut.

import { once } from "node:events";
import { connect, createServer, type Server as TcpServer, type Socket } from "node:net";

/** A way of its own between a machine and the PostgreSQL of the tests. */
export class Way implements AsyncDisposable {
  private readonly sockets = new Set<Socket>();
  private isOpen = true;
  private isHeld = false;

  private constructor(
    private readonly server: TcpServer,
    private readonly store: URL,
  ) {}

  /** Opens a way to the database at `postgres`. */
  static async to(postgres: string): Promise<Way> {
    const server = createServer();
    const way = new Way(server, new URL(postgres));
    const { port, hostname } = way.store;
    server.on("connection", (near) => {
      if (!way.isOpen) return near.destroy();
      const far = connect(Number(port), hostname);
      for (const socket of [near, far]) way.sockets.add(socket.on("error", () => {}));
      near.pipe(far).pipe(near);
      if (way.isHeld) for (const socket of [near, far]) socket.pause();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    way.store.port = String(typeof address === "object" ? address?.port : "");
    return way;
  }

  /** Where a machine finds the database on this way. */
  get url(): string {
    return this.store.href;
  }

  /** Ends every connection, and refuses new ones. */
  cut(): void {
    this.isOpen = false;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isOpen = true;
  }

  /** Lets nothing through, and says nothing of it. */
  hold(): void {
    this.isHeld = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** Lets nothing more through on the connections that are there, for good, and says nothing of it: new ones find the way. */
  lose(): void {
    for (const socket of this.sockets) socket.unpipe().pause();
    this.sockets.clear();
  }

  /** Lets through what has waited. */
  release(): void {
    this.isHeld = false;
    for (const socket of this.sockets) socket.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
  }
}
