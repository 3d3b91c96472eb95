import { Globe, Trash2 } from "lucide-preact";
import { useState } from "preact/hooks";
import type { EmbedOriginJson } from "../../gen/converse/v1/embed_pb.js";
import { Confirm } from "../../ui/Confirm.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { useForm } from "../../ui/form/useForm.js";
import { IconButton } from "../../ui/IconButton.js";
import { DataTable } from "../DataTable.js";
import { When } from "../When.js";
import { e } from "./strings.js";

export interface SitesProps {
  sites: readonly EmbedOriginJson[];
  now: number;
  onAdd(origin: string): Promise<void>;
  onRemove(origin: string): void;
}

/** The sites whose pages may include the widget. */
export function Sites({ sites, now, onAdd, onRemove }: SitesProps) {
  const [leaving, setLeaving] = useState("");
  const [round, setRound] = useState(0);
  return (
    <section class="form-section">
      <h2>{e.sites}</h2>
      <p class="quiet">{e.sitesHelp}</p>
      {sites.length === 0 ? (
        <EmptyState icon={Globe} title={e.none} text={e.noneHelp} />
      ) : (
        <DataTable
          label={e.sites}
          testId="sites"
          rows={sites}
          keyOf={(site) => site.origin ?? ""}
          columns={[
            { key: "origin", label: e.site, cell: (site) => <code>{site.origin}</code>, sort: (site) => site.origin ?? "" },
            { key: "seen", label: e.seen, cell: (site) => <When at={site.seenAt} now={now} never={e.never} />, class: "tight wide" },
            { key: "added", label: e.addedOn, class: "wide", cell: (site) => <AddedCell site={site} now={now} /> },
            {
              key: "remove",
              label: e.remove,
              silent: true,
              class: "end",
              cell: (site) => <IconButton icon={Trash2} label={e.removeOf(site.origin ?? "")} onClick={() => setLeaving(site.origin ?? "")} />,
            },
          ]}
        />
      )}
      <AddSite
        key={round}
        onAdd={async (origin) => {
          await onAdd(origin);
          setRound(round + 1); // an empty field again
        }}
      />
      {leaving && (
        <Confirm
          title={e.removeTitle(leaving)}
          text={e.removeText}
          confirm={e.remove}
          onConfirm={() => onRemove(leaving)}
          onClose={() => setLeaving("")}
        />
      )}
    </section>
  );
}

function AddedCell({ site, now }: { site: EmbedOriginJson; now: number }) {
  return (
    <>
      <When at={site.addedAt} now={now} />
      <span class="meta site-by">{e.added(site.addedByName ?? "")}</span>
    </>
  );
}

function AddSite({ onAdd }: Pick<SitesProps, "onAdd">) {
  const form = useForm({ stored: { origin: "" }, guarded: false, onSave: ({ origin }) => onAdd(origin.trim()) });
  return (
    <form
      class="site-add"
      onSubmit={(event) => {
        event.preventDefault();
        void form.save();
      }}
    >
      <TextInput
        label={e.site}
        help={e.siteHelp}
        fault={form.faults.origin ?? form.fault}
        value={form.values.origin}
        placeholder={e.sitePlaceholder}
        type="text"
        autocomplete="off"
        maxLength={300}
        onInput={(origin) => form.set({ origin })}
        testId="site"
      />
      <button type="submit" class="btn primary" disabled={form.busy || form.values.origin.trim() === ""}>
        {form.busy ? e.adding : e.add}
      </button>
    </form>
  );
}
