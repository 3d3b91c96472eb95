/**
 * What stands between a browser and the hub: a company's own web server, which has
 * pages of its own and passes everything else on. A test can cut it, as a bad line would.
 */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";

export class Wire {
  private readonly server: Server;
  private readonly pages = new Map<string, string>();
  private readonly sockets = new Set<Duplex>();
  private down = false;
  private socketsDown = false;
  private readonly refused = new Set<string>();
  private readonly unanswered = new Set<string>();

  private constructor(private readonly target: URL) {
    this.server = createServer((question, answer) => this.pass(question, answer));
    this.server.on("upgrade", (question, socket, head) => this.upgrade(question, socket, head));
    this.server.on("connection", (socket: Socket) => this.keep(socket));
  }

  static async to(url: string): Promise<Wire> {
    const wire = new Wire(new URL(url));
    await new Promise<void>((resolve) => wire.server.listen(0, "127.0.0.1", resolve));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A page of the company's own at this path. */
  page(path: string, html: string): void {
    this.pages.set(path, html);
  }

  /** Breaks everything that is open and lets nothing through. */
  cut(): void {
    this.down = true;
    this.breakAll();
  }

  /** Breaks the web sockets alone. */
  cutSockets(): void {
    this.socketsDown = true;
    this.breakAll();
  }

  /** Lets no call of this method through. */
  refuse(method: string): void {
    this.refused.add(method);
  }

  /** Lets calls of this method through, and loses the hub's answers. */
  loseAnswers(method: string): void {
    this.unanswered.add(method);
  }

  mend(): void {
    this.down = false;
    this.socketsDown = false;
    this.refused.clear();
    this.unanswered.clear();
  }

  async stop(): Promise<void> {
    this.breakAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private breakAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private keep(socket: Duplex): void {
    if (this.down) return void socket.destroy();
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  }

  private pass(question: IncomingMessage, answer: ServerResponse): void {
    const path = question.url ?? "/";
    const page = this.pages.get(path);
    if (page !== undefined) {
      answer.setHeader("Content-Type", "text/html; charset=utf-8");
      answer.end(page);
      return;
    }
    if (this.down || ends(path, this.refused)) return void answer.destroy();
    const { hostname, port } = this.target;
    const on = request({ hostname, port, path, method: question.method, headers: question.headers }, (from) => {
      if (ends(path, this.unanswered)) {
        from.resume();
        from.on("end", () => answer.destroy());
        return;
      }
      answer.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(answer);
    });
    on.on("error", () => answer.destroy());
    answer.on("close", () => on.destroy());
    question.pipe(on);
  }

  private upgrade(question: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.down || this.socketsDown) return void socket.destroy();
    // The hub checks where the page came from; this server answers for its own pages.
    const headers = { ...question.headers, host: this.target.host, origin: this.target.origin };
    const on = connect(Number(this.target.port), this.target.hostname, () => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
      on.write([`GET ${question.url} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
      on.write(head);
      on.pipe(socket).pipe(on);
    });
    on.on("error", () => socket.destroy());
    on.on("close", () => socket.destroy());
    socket.on("close", () => on.destroy());
  }
}

function ends(path: string, methods: ReadonlySet<string>): boolean {
  return [...methods].some((method) => path.endsWith(`/${method}`));
}
