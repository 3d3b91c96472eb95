/** The real program, started on free ports over a fresh data folder. */
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Login {
  email: string;
  password: string;
  role: string;
  name: string;
}

export interface Connector {
  provider: string;
  webhook_url: string;
  signing_secret: string;
  sender: string;
}

interface ReadyLine {
  url: string;
  sandbox_url: string;
  host_url: string;
  logins: Login[];
  connectors: Connector[];
}

const program = join(import.meta.dirname, "../../../bin/converse");
// Few enough to start quickly, and a phone stands ready for each.
const leads = 200;
// The second comes four seconds after the first.
const fileTries = 2;

export class Hub {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly ready: ReadyLine,
  ) {}

  static async start(): Promise<Hub> {
    if (!existsSync(program)) throw new Error(`${program} is missing: run make build first`);
    const folder = mkdtempSync(join(tmpdir(), "converse-e2e-"));
    // The private database drops its rights, and must still reach its folder.
    chmodSync(folder, 0o755);
    const listen = ["--listen", "--internal-listen", "--sandbox-listen"].flatMap((flag) => [flag, "127.0.0.1:0"]);
    const child = spawn(program, ["dev", "--data", join(folder, "data"), "--leads", String(leads), "--file-tries", String(fileTries), ...listen], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    process.once("exit", () => child.kill());
    return new Hub(child, folder, await readyLine(child));
  }

  get url(): string {
    return this.ready.url;
  }

  get sandboxUrl(): string {
    return this.ready.sandbox_url;
  }

  /** The demo's CRM, on an origin of its own, with the widget on it. */
  get hostUrl(): string {
    return this.ready.host_url;
  }

  login(name: string): Login {
    const found = this.ready.logins.find((login) => login.name.startsWith(name));
    if (!found) throw new Error(`no demo login for ${name}`);
    return found;
  }

  connector(provider: string): Connector {
    const found = this.ready.connectors.find((connector) => connector.provider === provider);
    if (!found) throw new Error(`no connector of ${provider}`);
    return found;
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    if (this.process.exitCode === null) {
      this.process.kill("SIGTERM");
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function readyLine(child: ChildProcess): Promise<ReadyLine> {
  const log: string[] = [];
  if (!child.stdout || !child.stderr) throw new Error("the program has no output");
  createInterface(child.stderr).on("line", (line) => {
    log.push(line);
    if (log.length > 50) log.shift();
  });
  const { stdout } = child;
  return new Promise((resolve, reject) => {
    createInterface(stdout).once("line", (line) => resolve(JSON.parse(line) as ReadyLine));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`converse dev ended with ${code}:\n${log.join("\n")}`)));
  });
}
