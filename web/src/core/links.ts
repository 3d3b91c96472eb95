import type { Call } from "./api.js";
import type { Env } from "./env.js";

// The server's links work for five minutes.
const lifeMs = 4 * 60_000;

/** Links to files, each asked for once while it works. */
export class Links {
  private readonly known = new Map<string, { url: Promise<string>; until: number }>();

  constructor(
    private readonly env: Pick<Env, "clock" | "baseURL">,
    private readonly call: Call,
  ) {}

  to(mediaId: string): Promise<string> {
    const now = this.env.clock.now();
    const link = this.known.get(mediaId);
    if (link && link.until > now) return link.url;
    const url = this.call("MediaService/GetDownload", { mediaId }).then((answer) => absolute(this.env.baseURL, answer.url ?? ""));
    this.known.set(mediaId, { url, until: now + lifeMs });
    url.catch(() => this.known.delete(mediaId));
    return url;
  }
}

function absolute(baseURL: string, url: string): string {
  return url.startsWith("/") ? baseURL + url : url;
}
