import { LayoutTemplate, SearchX, X } from "lucide-preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { HeaderFile } from "../core/headerfile.js";
import type { Lead, Template } from "../core/model.js";
import type { Around } from "../core/outboxitem.js";
import { rankTemplates } from "../core/templates.js";
import { EmptyState } from "./EmptyState.js";
import { IconButton } from "./IconButton.js";
import { Skeleton } from "./Skeleton.js";
import { s } from "./strings.js";
import { TemplateForm } from "./TemplateForm.js";

export interface TemplatePanelProps {
  load(): Promise<Template[]>;
  /** Chosen from the start: the one that was offered. */
  initial?: Template | undefined;
  lead: Lead | undefined;
  userName: string;
  draft: string;
  recent: readonly string[];
  /** Rises when the templates may be others than before. */
  changes: number;
  /** Takes the file of a kind for a template's header. */
  headerFile(kind: string): Promise<HeaderFile>;
  onSend(template: Template, values: Record<string, string>, around: Around): void;
  onClose(): void;
}

/** Chooses a template, fills it in with the text in sight, and sends it. */
export function TemplatePanel(props: TemplatePanelProps) {
  const [templates, setTemplates] = useState<Template[] | "loading" | "failed">("loading");
  const [chosen, setChosen] = useState(props.initial);
  const [query, setQuery] = useState("");
  const panel = useRef<HTMLElement>(null);
  const load = () => {
    setTemplates((before) => (Array.isArray(before) ? before : "loading"));
    props.load().then(setTemplates, () => setTemplates((before) => (Array.isArray(before) ? before : "failed")));
  };
  useEffect(load, [props.changes]);
  useEffect(() => panel.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus(), [templates === "loading", chosen?.id]);

  const ranked = useMemo(() => (Array.isArray(templates) ? rankTemplates(templates, props.draft, props.recent, navigator.language) : []), [templates]);
  const words = query.toLowerCase().trim();
  const shown = ranked.filter((t) => `${t.name} ${t.category} ${t.body}`.toLowerCase().includes(words));

  return (
    <section
      ref={panel}
      class={`templates ${chosen ? "templates-chosen" : ""}`}
      role="dialog"
      aria-label={s.templates.title}
      data-testid="template-picker"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        props.onClose();
      }}
    >
      <header class="templates-head">
        <h2 class="grow">{s.templates.title}</h2>
        <IconButton icon={X} label={s.close} onClick={props.onClose} />
      </header>
      <div class="templates-body">
        <div class="templates-list">
          <input
            class="field"
            type="search"
            placeholder={s.templates.search}
            aria-label={s.templates.search}
            value={query}
            {...(chosen ? {} : { "data-autofocus": "" })}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
          <div class="scroll templates-scroll" tabIndex={-1}>
            {templates === "loading" && <Skeleton shape="lines" count={5} />}
            {templates === "failed" && (
              <EmptyState icon={LayoutTemplate} title={s.templates.failed}>
                <button type="button" class="btn" onClick={load}>
                  {s.tryAgain}
                </button>
              </EmptyState>
            )}
            {Array.isArray(templates) && templates.length === 0 && (
              <EmptyState icon={LayoutTemplate} title={s.templates.none} text={s.templates.noneHelp} />
            )}
            {ranked.length > 0 && shown.length === 0 && <EmptyState icon={SearchX} title={s.templates.noMatch} />}
            <ul>
              {shown.map((template) => (
                <li key={template.id}>
                  <button
                    type="button"
                    class="template-row"
                    aria-pressed={chosen?.id === template.id}
                    data-testid="template"
                    onClick={() => setChosen(template)}
                  >
                    <span class="template-line">
                      <span class="clip template-name">{template.name}</span>
                      <span class="tag">{template.category.toLowerCase()}</span>
                    </span>
                    <span class="template-body">{template.body}</span>
                  </button>
                </li>
              ))}
            </ul>
          </div>
        </div>
        <div class="templates-detail">
          {chosen ? (
            <TemplateForm
              key={chosen.id}
              template={chosen}
              lead={props.lead}
              userName={props.userName}
              onBack={() => setChosen(undefined)}
              headerFile={props.headerFile}
              onSend={(values, around) => props.onSend(chosen, values, around)}
            />
          ) : (
            <EmptyState icon={LayoutTemplate} title={s.templates.preview} text={s.templates.pick} />
          )}
        </div>
      </div>
    </section>
  );
}
