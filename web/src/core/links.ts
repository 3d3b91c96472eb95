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

  /** A link to a file, or to its small picture. */
  to(mediaId: string, preview = false): Promise<string> {
    const now = this.env.clock.now();
    const key = preview ? `${mediaId} preview` : mediaId;
    const link = this.known.get(key);
    if (link && link.until > now) return link.url;
    const url = this.call("MediaService/GetDownload", { mediaId, preview }).then((answer) => absolute(this.env.baseURL, answer.url ?? ""));
    this.known.set(key, { url, until: now + lifeMs });
    url.catch(() => this.known.delete(key));
    return url;
  }

  /** Has a file fetched from its provider at once that is late or did not come. */
  async fetchAgain(mediaId: string): Promise<void> {
    await this.call("MediaService/RetryFetch", { mediaId });
  }
}

function absolute(baseURL: string, url: string): string {
  return url.startsWith("/") ? baseURL + url : url;
}
