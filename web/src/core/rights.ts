import type { RightsJson } from "../gen/converse/v1/permission_pb.js";

/**
 * What the signed-in user may do, as the server works it out: screens offer buttons by
 * this and by nothing else. Nothing of it lasts longer than the session that told it.
 */
export class Rights {
  constructor(
    private readonly json: RightsJson,
    private readonly userId: string,
  ) {}

  /** Rises with each change on the server. */
  get version(): number {
    return this.json.version ?? 0;
  }

  /** Every page of the settings. */
  get administers(): boolean {
    return this.json.administers ?? false;
  }

  get managesPeople(): boolean {
    return this.json.managesPeople ?? false;
  }

  get creates(): boolean {
    return this.leads.create ?? false;
  }

  get imports(): boolean {
    return this.leads.import ?? false;
  }

  /** Some leads at least. */
  get exports(): boolean {
    return some(this.leads.export);
  }

  get edits(): boolean {
    return some(this.leads.edit);
  }

  get deletes(): boolean {
    return some(this.leads.delete);
  }

  /** Hidden values may be looked at one by one, with a reason. */
  get reveals(): boolean {
    return !this.leads.noReveal;
  }

  /** Whether leads of that owner, empty for nobody, may be changed. */
  mayEdit(ownerId: string): boolean {
    // Whose it is stays hidden: the server knows.
    if (this.hides("owner")) return this.edits;
    switch (this.leads.edit) {
      case "all":
        return true;
      case "group":
        return ownerId === "" || ownerId === this.userId || (this.json.colleagueIds ?? []).includes(ownerId);
      case "own":
        return ownerId === this.userId;
      default:
        return false;
    }
  }

  /** Whether a field is hidden, by its name in the protocol: last_name, custom.budget. */
  hides(field: string): boolean {
    return this.leads.masks?.some((mask) => mask.field === field) ?? false;
  }

  private get leads() {
    return this.json.leads ?? {};
  }
}

function some(scope: string | undefined): boolean {
  return scope !== undefined && scope !== "" && scope !== "none";
}
