import type { AccessJson } from "../../gen/converse/v1/permission_pb.js";
import { p } from "./strings.js";

/** What somebody may do with leads, as a short list. */
export function AccessFacts({ access }: { access: AccessJson }) {
  const yes = (may: boolean | undefined) => (may ? p.yes : p.no);
  const facts: [string, string][] = [
    [p.right("view"), p.scope(access.view ?? "")],
    [p.right("edit"), p.scope(access.edit ?? "")],
    [p.right("delete"), p.scope(access.delete ?? "")],
    [p.right("export"), p.scope(access.export ?? "")],
    [p.right("create"), yes(access.create)],
    [p.right("import"), yes(access.import)],
  ];
  const masks = access.masks ?? [];
  return (
    <dl class="people-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt>{p.access.hidden}</dt>
        <dd>
          {masks.length === 0 && !access.maskText
            ? p.access.nothingHidden
            : masks.map((mask) => (
                <span key={mask.field} class="people-mask">
                  {p.field(mask.field ?? "")}: {mask.mask === "all" ? p.access.all : p.access.ends(mask.field ?? "")}
                </span>
              ))}
          {access.maskText && <span class="people-mask">{p.access.text}</span>}
          {masks.length > 0 && access.noReveal && <span class="people-mask">{p.access.noReveal}</span>}
        </dd>
      </div>
    </dl>
  );
}
