import { FileText, Film, Image, Paperclip, X } from "lucide-preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { HeaderFile } from "../core/headerfile.js";
import { AttachFace } from "./AttachFace.js";
import { a, endingsOf } from "./attachWords.js";
import { fileSize } from "./format.js";
import { Icon } from "./Icon.js";
import { IconButton } from "./IconButton.js";
import { s } from "./strings.js";

const marks: Record<string, typeof FileText> = { image: Image, video: Film };

export interface HeaderFileFieldProps {
  label: string;
  header: HeaderFile;
  /** A file that is there already: its kind, its name and its size in bytes. */
  stored?: { kind: string; name: string; size: number } | undefined;
  /** It cannot be changed: only what is there is shown. */
  fixed?: boolean;
  /** What is wrong, beside what is wrong with the file itself. */
  fault?: string | undefined;
  /** Says more than what can be chosen. */
  help?: string;
  onRemove?(): void;
}

/** Chooses the one file over a template's text, having said what it may be. */
export function HeaderFileField({ label, header, stored, fixed = false, fault, help = "", onRemove }: HeaderFileFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const choose = useRef<HTMLButtonElement>(null);
  const file = header.file.value;
  const rules = header.rules.value;
  const { rule } = header;
  useEffect(() => void (fixed || header.load()), [header, fixed]);
  const nothing = rules && !rule ? a.none : fault;
  const problem = file?.problem ? a.problem(file.problem, rules) : header.unknown.value ? a.failed : nothing;
  const again = header.unknown.value || (file?.problem?.reason === "server" && file.problem.again);
  const remove = () => {
    header.remove();
    onRemove?.();
    choose.current?.focus();
  };
  const told = file && { uploading: a.arriving(file.file.name), ready: a.ready(file.file.name), refused: "" }[file.state];
  return (
    <div class="form-field header-file" role="group" aria-labelledby={`${id}-label`} data-testid="header-file-field" data-state={file?.state ?? (stored ? "stored" : "")}>
      <span id={`${id}-label`} class="form-label">
        {label}
      </span>
      {file && (
        <div class={`attach-item ${file.state === "refused" ? "attach-refused" : ""}`}>
          <AttachFace one={file} />
          <FileName name={file.file.name} size={file.file.size} />
          <IconButton icon={X} label={file.state === "uploading" ? a.cancel(file.file.name) : a.remove(file.file.name)} onClick={remove} />
        </div>
      )}
      {!file && stored && (
        <div class="attach-item">
          <span class="attach-face">
            <Icon of={marks[stored.kind] ?? FileText} size={20} />
          </span>
          <FileName name={stored.name} size={stored.size} />
          {!fixed && <IconButton icon={X} label={a.remove(stored.name)} onClick={remove} />}
        </div>
      )}
      {!fixed && (
        <button
          ref={choose}
          type="button"
          class="btn"
          disabled={rule === undefined}
          aria-describedby={`${id}-note`}
          data-testid="choose-header-file"
          {...(problem ? { "data-fault": "" } : {})}
          onClick={() => input.current?.click()}
        >
          <Icon of={Paperclip} />
          {file || stored ? a.chooseOther : a.chooseOne}
        </button>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept={[...(rule?.types ?? []), ...(rule?.endings ?? [])].join(",")}
        data-testid="header-file"
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          if (chosen) void header.choose(chosen);
          event.currentTarget.value = ""; // so that the same one can be chosen again
        }}
      />
      <div id={`${id}-note`} class={`meta ${problem ? "form-fault" : ""}`} role={problem ? "alert" : undefined}>
        {problem ?? (fixed ? "" : `${rule ? `${a.rule(endingsOf(rule.endings ?? []), Number(rule.maxBytes ?? 0))}. ` : ""}${help}`)}
        {again && (
          <button type="button" class="link" onClick={() => (header.unknown.value ? void header.load() : header.again())}>
            {s.tryAgain}
          </button>
        )}
      </div>
      <span class="sr" role="status">
        {told}
      </span>
    </div>
  );
}

function FileName({ name, size }: { name: string; size: number }) {
  return (
    <span class="grow">
      <span class="attach-name clip">{name}</span>
      <span class="meta num">{fileSize(size)}</span>
    </span>
  );
}
