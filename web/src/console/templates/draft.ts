import type { Template_ActionJson, Template_HeaderJson, TemplateDraftJson, TemplateJson } from "../../gen/converse/v1/template_pb.js";

/** What stands over a template's text. The file is an example, for those who review it. */
export type HeaderValues = Required<Omit<Template_HeaderJson, "file">> & Pick<Template_HeaderJson, "file">;

/** A template as it stands in the editor. */
export interface TemplateValues {
  connectorId: string;
  name: string;
  language: string;
  category: string;
  body: string;
  footer: string;
  header: HeaderValues;
  actions: Template_ActionJson[];
  examples: Record<string, string>;
}

export function valuesOf(template: TemplateJson | undefined, connectorId: string): TemplateValues {
  return {
    connectorId: template ? (template.connectorId ?? "") : connectorId,
    name: template?.name ?? "",
    language: template?.language ?? "en_US",
    category: template?.category || "utility",
    body: template?.body ?? "",
    footer: template?.footer ?? "",
    header: { kind: template?.header?.kind ?? "", text: template?.header?.text ?? "", example: template?.header?.example ?? "", file: template?.header?.file },
    actions: template?.actions ?? [],
    examples: Object.fromEntries((template?.variables ?? []).map((v) => [v.name ?? "", v.example ?? ""])),
  };
}

export function draftOf(values: TemplateValues, channel: string): TemplateDraftJson {
  const { header, examples, ...rest } = values;
  const named = variablesOf(values.body);
  const { file, ...above } = header;
  return {
    ...rest,
    channel,
    ...(header.kind === "" ? {} : { header: { ...above, ...(file?.id ? { file: { id: file.id } } : {}) } }),
    examples: Object.fromEntries(named.map((name) => [name, examples[name] ?? ""])),
  };
}

/** Whether what stands over the text is a file. */
export function isFile(kind: string): boolean {
  return ["image", "video", "document"].includes(kind);
}

/** The names of a text's variables, each once. */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{\s*([\w.-]+)\s*\}\}/g)].map((found) => found[1] ?? ""))];
}

/** A text with its examples in place. */
export function filled(text: string, examples: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (whole, name: string) => examples[name] || whole);
}
