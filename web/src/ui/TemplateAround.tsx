import { FileText, Image, MapPin, Video } from "lucide-preact";
import { useState } from "preact/hooks";
import type { Attachments } from "../core/attachments.js";
import type { Template } from "../core/model.js";
import type { Around } from "../core/outboxitem.js";
import { pieces, valueFault } from "../core/templates.js";
import { errorText } from "./toasts.js";
import { asApiError } from "../core/error.js";
import { Icon } from "./Icon.js";
import { s } from "./strings.js";

const words = {
  header: "Header",
  file: { image: "Picture over the text", video: "Video over the text", document: "Document over the text" } as Record<string, string>,
  choose: "Choose a file; it goes with the template.",
  arriving: "Uploading…",
  arrived: (name: string) => `${name} is ready.`,
  refused: "This file cannot go with the template.",
  place: "A template with a place over its text cannot be sent from here.",
  button: (text: string) => `Value of the button “${text}”`,
};

const accepts: Record<string, string> = { image: "image/*", video: "video/*", document: "" };
const marks = { image: Image, video: Video, document: FileText, location: MapPin } as const;

/** What is filled in around a template's text. */
export interface AroundState {
  headerText: string;
  buttons: Record<string, string>;
  file: { state: "" | "arriving" | "ready" | "refused"; name: string; fault: string };
  /** Everything that is needed is there. */
  ready: boolean;
  setHeaderText(text: string): void;
  setButton(at: number, value: string): void;
  take(file: File): Promise<void>;
  values(): Around;
}

/** Whether a button needs a value with each message. */
function varies(action: Template["actions"][number]): boolean {
  return action.kind === "copy_code" || (action.kind === "url" && action.value.endsWith("{{1}}"));
}

function takesText(template: Template): boolean {
  return template.header?.kind === "text" && template.header.text.includes("{{");
}

function takesFile(template: Template): boolean {
  return ["image", "video", "document"].includes(template.header?.kind ?? "");
}

/** The state of a template's header and buttons while it is filled in. */
export function useAround(template: Template, attach: () => Promise<Attachments>): AroundState {
  const [headerText, setHeaderText] = useState("");
  const [buttons, setButtons] = useState<Record<string, string>>({});
  const [file, setFile] = useState<AroundState["file"]>({ state: "", name: "", fault: "" });
  const [mediaId, setMediaId] = useState("");
  const needed = template.actions.flatMap((action, i) => (varies(action) ? [i] : []));
  const take = async (chosen: File) => {
    setFile({ state: "arriving", name: chosen.name, fault: "" });
    try {
      const attached = await attach();
      await attached.add([chosen]);
      const mine = attached.list.value.at(-1);
      const stop = attached.list.subscribe((list) => {
        const now = list.find((one) => one.id === mine?.id);
        if (now?.state === "ready") {
          setMediaId(now.mediaId);
          setFile({ state: "ready", name: chosen.name, fault: "" });
        } else if (now?.state === "refused") setFile({ state: "refused", name: chosen.name, fault: now.problem?.reason === "server" ? now.problem.text : words.refused });
        if (now?.state !== "uploading") queueMicrotask(() => stop());
      });
    } catch (thrown) {
      setFile({ state: "refused", name: chosen.name, fault: errorText(asApiError(thrown)) });
    }
  };
  const ready =
    template.header?.kind !== "location" &&
    (!takesText(template) || valueFault(headerText) === undefined) &&
    (!takesFile(template) || mediaId !== "") &&
    needed.every((at) => valueFault(buttons[at] ?? "") === undefined);
  return {
    headerText,
    buttons,
    file,
    ready,
    setHeaderText,
    setButton: (at, value) => setButtons((before) => ({ ...before, [at]: value })),
    take,
    values: () => ({
      ...(takesText(template) ? { headerText } : {}),
      ...(mediaId === "" ? {} : { mediaIds: [mediaId] }),
      ...(needed.length > 0 ? { buttonValues: buttons } : {}),
    }),
  };
}

/** A template's header as the lead will read it. */
export function TemplateHeader({ header, value }: { header: NonNullable<Template["header"]>; value: string }) {
  const mark = marks[header.kind as keyof typeof marks];
  if (mark) {
    return (
      <div class="template-media">
        <Icon of={mark} size={20} />
      </div>
    );
  }
  const name = /\{\{\s*([\w.-]+)\s*\}\}/.exec(header.text)?.[1] ?? "";
  return (
    <strong class="template-above">
      {pieces(header.text, { [name]: value })
        .map((piece) => piece.text)
        .join("")}
    </strong>
  );
}

/** Fields for what a template's header and buttons need. */
export function AroundFields({ template, around, tried }: { template: Template; around: AroundState; tried: boolean }) {
  const { header } = template;
  const told = (value: string) => {
    const fault = valueFault(value);
    return fault && (tried || fault !== "empty") ? s.templates.fault(fault) : "";
  };
  return (
    <>
      {header?.kind === "location" && <p class="meta form-fault">{words.place}</p>}
      {takesText(template) && (
        <label class="form-field">
          <span class="form-label">{words.header}</span>
          <input class="field" value={around.headerText} data-testid="header-text" onInput={(event) => around.setHeaderText(event.currentTarget.value)} />
          <span class="meta form-fault">{told(around.headerText)}</span>
        </label>
      )}
      {header && takesFile(template) && (
        <label class="form-field">
          <span class="form-label">{words.file[header.kind]}</span>
          <input
            type="file"
            accept={accepts[header.kind]}
            data-testid="header-file"
            onChange={(event) => {
              const [chosen] = event.currentTarget.files ?? [];
              if (chosen) void around.take(chosen);
            }}
          />
          <span class={`meta ${around.file.state === "refused" ? "form-fault" : ""}`} role="status">
            {{ "": words.choose, arriving: words.arriving, ready: words.arrived(around.file.name), refused: around.file.fault }[around.file.state]}
          </span>
        </label>
      )}
      {template.actions.map(
        (action, i) =>
          varies(action) && (
            <label key={i} class="form-field">
              <span class="form-label">{words.button(action.text)}</span>
              <input
                class="field"
                value={around.buttons[i] ?? ""}
                placeholder={action.example}
                data-testid={`button-${i}`}
                onInput={(event) => around.setButton(i, event.currentTarget.value)}
              />
              <span class="meta form-fault">{told(around.buttons[i] ?? "")}</span>
            </label>
          ),
      )}
    </>
  );
}
