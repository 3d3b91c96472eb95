import type { HeaderFile } from "../../core/headerfile.js";
import type { ConnectorJson } from "../../gen/converse/v1/connector_pb.js";
import { Select } from "../../ui/form/Select.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { HeaderFileField } from "../../ui/HeaderFileField.js";
import { paths } from "../router.js";
import { isFile, variablesOf, type HeaderValues } from "./draft.js";
import { t } from "./strings.js";

export interface HeaderFieldsProps {
  header: HeaderValues;
  /** The account that the template is of. */
  connector: ConnectorJson | undefined;
  /** Takes the example; undefined where the account is given an address, or nothing. */
  file: HeaderFile | undefined;
  /** The template is with its provider. */
  fixed: boolean;
  faults: Readonly<Record<string, string>>;
  onChange(change: Partial<HeaderValues>): void;
}

/** What stands over the text. */
export function HeaderFields({ header, connector, file, fixed, faults, onChange }: HeaderFieldsProps) {
  const { kind } = header;
  return (
    <>
      <Select
        label={t.header}
        value={kind}
        fault={faults["header.kind"]}
        testId="template-header"
        options={Object.entries(t.headers).map(([value, label]) => ({ value, label }))}
        onChange={(next) => onChange({ kind: next, text: "", example: "", file: undefined })}
      />
      {kind === "text" && (
        <TextInput label={t.headerText} value={header.text} fault={faults["header.text"]} maxLength={60} onInput={(text) => onChange({ text })} />
      )}
      {kind === "text" && variablesOf(header.text).length > 0 && (
        <TextInput label={t.headerVariable} value={header.example} fault={faults["header.example"]} onInput={(example) => onChange({ example })} />
      )}
      {kind === "location" && <p class="meta">{t.place}</p>}
      {isFile(kind) && !fixed && connector?.exampleProblem && (
        <p class="strip strip-amber" role="status" data-testid="example-problem">
          {connector.exampleProblem}{" "}
          <a href={paths.settings("connectors", connector.id ?? "")} target="_blank" rel="noopener">
            {t.openAccount}
          </a>
        </p>
      )}
      {isFile(kind) && file && (!fixed || header.file) && (
        <HeaderFileField
          label={t.headerFile[kind] ?? ""}
          header={file}
          stored={header.file && { kind, name: header.file.name ?? "", size: Number(header.file.size ?? 0) }}
          fixed={fixed}
          fault={faults["header.file"]}
          help={t.headerFileHelp}
          onRemove={() => onChange({ file: undefined })}
        />
      )}
      {isFile(kind) && !fixed && !file && !connector?.exampleProblem && (
        <TextInput
          label={t.headerExample}
          help={t.headerExampleHelp}
          value={header.example}
          fault={faults["header.example"] ?? faults["header.file"]}
          onInput={(example) => onChange({ example })}
        />
      )}
    </>
  );
}
