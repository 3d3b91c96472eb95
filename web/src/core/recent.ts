import type { TextStorage } from "./env.js";

const kept = 6;

/** The templates a user sent last, the latest first. */
export class RecentTemplates {
  private readonly key: string;

  constructor(
    private readonly storage: TextStorage,
    userId: string,
  ) {
    this.key = `converse:templates:${userId}`;
  }

  list(): string[] {
    return (this.storage.get(this.key) ?? "").split(" ").filter((id) => id !== "");
  }

  add(id: string): void {
    const others = this.list().filter((other) => other !== id);
    this.storage.set(this.key, [id, ...others].slice(0, kept).join(" "));
  }
}
