import { ChevronDown } from "lucide-preact";
import type { LeadFieldJson } from "../../gen/converse/v1/lead_pb.js";
import type { ImportColumnJson, PreviewImportResponseJson } from "../../gen/converse/v1/transfer_pb.js";
import { Icon } from "../../ui/Icon.js";
import { t } from "./strings.js";

export interface MappingProps {
  preview: PreviewImportResponseJson;
  fields: readonly LeadFieldJson[];
  columns: readonly ImportColumnJson[];
  onChange(columns: ImportColumnJson[]): void;
}

const labelled = new Set(["phone", "email"]);
/** Fields that the product fills in by itself. */
const ours = new Set(["created_at", "modified_at"]);

/** Each column of the file with its first values, and the field it becomes. */
export function Mapping({ preview, fields, columns, onChange }: MappingProps) {
  const headers = preview.headers ?? [];
  const options = [
    { name: "", label: t.columns.skip },
    ...fields.filter((field) => !ours.has(field.name ?? "")).map((field) => ({ name: field.name ?? "", label: field.label ?? "" })),
    { name: "full_name", label: t.columns.fullName },
  ];
  const of = (index: number) => columns.find((column) => (column.index ?? 0) === index) ?? { index };
  const put = (index: number, change: ImportColumnJson) =>
    onChange(headers.map((_, at) => (at === index ? { ...of(index), ...change } : of(at))));
  return (
    <div class="table-scroll scroll" role="region" aria-label={t.columns.heading} tabIndex={0}>
      <table class="table transfer-mapping" data-testid="mapping">
        <thead>
          <tr>
            <th scope="col">{t.columns.file}</th>
            <th scope="col">{t.columns.samples}</th>
            <th scope="col">{t.columns.becomes}</th>
          </tr>
        </thead>
        <tbody>
          {headers.map((header, index) => {
            const column = of(index);
            const field = column.field ?? "";
            return (
              <tr key={header} class={field === "" ? "transfer-left-out" : ""}>
                <th scope="row">{header}</th>
                <td class="quiet">
                  <span class="transfer-samples">
                    {(preview.rows ?? [])
                      .map((row) => row.cells?.[index] ?? "")
                      .filter((cell) => cell !== "")
                      .slice(0, 3)
                      .map((cell, at) => (
                        <span key={at} class="transfer-sample clip" title={cell}>
                          {cell}
                        </span>
                      ))}
                  </span>
                </td>
                <td>
                  <span class="transfer-becomes">
                    <span class="form-select">
                      <select
                        class="field"
                        aria-label={t.columns.becomesOf(header)}
                        value={field}
                        onChange={(event) => put(index, { field: event.currentTarget.value, label: "" })}
                      >
                        {options.map((option) => (
                          <option key={option.name} value={option.name}>
                            {option.label}
                          </option>
                        ))}
                      </select>
                      <Icon of={ChevronDown} />
                    </span>
                    {labelled.has(field) && (
                      <span class="form-select">
                        <select
                          class="field"
                          aria-label={t.columns.labelOf(header)}
                          value={column.label ?? ""}
                          onChange={(event) => put(index, { label: event.currentTarget.value })}
                        >
                          {Object.entries(t.columns.labels).map(([value, label]) => (
                            <option key={value} value={value}>
                              {label}
                            </option>
                          ))}
                        </select>
                        <Icon of={ChevronDown} />
                      </span>
                    )}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
