import type { ComponentChildren } from "preact";
import type { Desk } from "../core/desk.js";
import type { Lead } from "../core/model.js";
import { date } from "../ui/format.js";
import { Phone } from "../ui/Phone.js";
import { s } from "../ui/strings.js";
import { Hidden } from "./access/Hidden.js";
import { mask, words } from "./access/strings.js";
import { CopyButton } from "./CopyButton.js";
import "./LeadFacts.css";
import { localTime } from "./zones.js";

/** What is known about a lead. */
export function LeadFacts({ desk, lead }: { desk: Desk; lead: Lead }) {
  const there = localTime(lead.identifiers, desk.now.value);
  const owner = desk.colleagues.get(lead.ownerId)?.name ?? lead.ownerName;
  const presence = lead.ownerId === desk.user.id ? "online" : desk.presence.of(lead.ownerId).value;
  return (
    <dl class="facts">
      {lead.identifiers.map((identifier) => (
        <Fact key={identifier.id} term={identifier.label || s.lead.identifier(identifier.kind)}>
          {identifier.masked ? (
            <Hidden desk={desk} leadId={lead.id} field={identifier.kind} identifierId={identifier.id} value={identifier.value} />
          ) : (
            <span class="fact-copy">
              <span class="num grow fact-value">
                <Phone value={identifier.value} />
              </span>
              <CopyButton text={identifier.value} />
            </span>
          )}
        </Fact>
      ))}
      {lead.maskedFields.map((field) => (
        <Fact key={field} term={words.fields[field] ?? field}>
          <Hidden desk={desk} leadId={lead.id} field={field} value={mask} />
        </Fact>
      ))}
      <Fact term={s.lead.owner}>
        {lead.ownerId ? (
          <span class="fact-owner">
            <span class={`presence presence-${presence}`} role="img" aria-label={s.presence[presence]} title={s.presence[presence]} />
            {owner}
          </span>
        ) : (
          <span class="quiet">{s.lead.unassigned}</span>
        )}
      </Fact>
      {there && (
        <Fact term={s.lead.localTime}>
          <span class="num">{there}</span>
        </Fact>
      )}
      {lead.source && <Fact term={s.lead.source}>{lead.source}</Fact>}
      {lead.createdAt > 0 && (
        <Fact term={s.lead.created}>
          <span class="num">{date(lead.createdAt)}</span>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
