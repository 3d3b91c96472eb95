import { Lock } from "lucide-preact";
import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { matching, mentionBefore, mentionsIn } from "../core/mentions.js";
import type { Colleague } from "../core/team.js";
import { Avatar } from "./Avatar.js";
import { sends, useAutosize } from "./autosize.js";
import { Icon } from "./Icon.js";
import { s } from "./strings.js";
import { t } from "./teamWords.js";

export interface NoteComposerProps {
  leadName: string;
  text: ReadonlySignal<string>;
  input: RefObject<HTMLTextAreaElement>;
  colleagues(): Promise<Colleague[]>;
  onText(text: string): void;
  onAdd(mentionIds: string[]): void;
  hint: ComponentChildren;
}

const longest = 4096;
const mostChoices = 6;

/** Writes to colleagues. It shares nothing with the composer of messages but its place. */
export function NoteComposer(props: NoteComposerProps) {
  const { input } = props;
  const text = props.text.value;
  const [colleagues, setColleagues] = useState<Colleague[]>([]);
  const [picking, setPicking] = useState<{ from: number; word: string }>();
  const [at, setAt] = useState(0);
  useAutosize(input, text);
  useEffect(() => {
    props.colleagues().then(setColleagues, () => setColleagues([]));
  }, []);
  const left = longest - text.length;
  const fine = text.trim() !== "" && left >= 0;
  const found = picking ? matching(colleagues, picking.word).slice(0, mostChoices) : [];

  const look = () => {
    const element = input.current;
    setPicking(element ? mentionBefore(element.value, element.selectionStart) : undefined);
    setAt(0);
  };
  const pick = (colleague: Colleague | undefined) => {
    if (!picking || !colleague?.sees) return;
    const end = picking.from + 1 + picking.word.length;
    const name = `@${colleague.name} `;
    props.onText(text.slice(0, picking.from) + name + text.slice(end).replace(/^ /, ""));
    setPicking(undefined);
    const caret = picking.from + name.length;
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(caret, caret);
    });
  };
  const add = () => {
    if (!fine) return;
    props.onAdd(mentionsIn(text, colleagues));
    setPicking(undefined);
    input.current?.focus();
  };
  const keyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (found.length > 0 && step !== undefined) setAt((at + step + found.length) % found.length);
    else if (found.length > 0 && (event.key === "Tab" || sends(event))) pick(found[at]);
    else if (found.length > 0 && event.key === "Escape") {
      event.stopPropagation();
      setPicking(undefined);
    } else if (sends(event)) add();
    else return;
    event.preventDefault();
  };

  return (
    <form
      class="composer note-composer"
      data-testid="note-composer"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      {props.hint}
      <div class="mentions-list">
        {found.length > 0 && (
          <ul id="mentions" class="mentions mentions-box scroll" role="listbox" aria-label={t.note.pick} data-testid="mentions">
            {found.map((colleague, i) => (
              <li
                key={colleague.id}
                id={`mention-${colleague.id}`}
                class="mentions-item"
                role="option"
                aria-selected={i === at}
                aria-disabled={!colleague.sees}
                onPointerDown={(event) => {
                  event.preventDefault();
                  pick(colleague);
                }}
              >
                <Avatar name={colleague.name} id={colleague.id} size="small" />
                <span class="grow">
                  {colleague.name}
                  {!colleague.sees && <span class="meta"> {t.note.cannotSee}</span>}
                </span>
              </li>
            ))}
          </ul>
        )}
        <div class="composer-box">
          <textarea
            ref={input}
            class="composer-text scroll"
            rows={1}
            dir="auto"
            value={text}
            placeholder={t.note.placeholder}
            aria-label={t.note.label(props.leadName)}
            aria-invalid={left < 0}
            aria-autocomplete="list"
            aria-haspopup="listbox"
            aria-controls={found.length > 0 ? "mentions" : undefined}
            aria-activedescendant={found[at] ? `mention-${found[at].id}` : undefined}
            data-testid="note-text"
            onInput={(event) => {
              props.onText(event.currentTarget.value);
              look();
            }}
            onClick={look}
            onBlur={() => setPicking(undefined)}
            onKeyDown={keyDown}
          />
          <div class="composer-tools">
            <span class="note-lock">
              <Icon of={Lock} label={t.note.private} />
            </span>
            <span class="grow" />
            {left < 200 && (
              <span class={`meta num ${left < 0 ? "composer-over" : ""}`}>{left < 0 ? s.composer.over(-left) : s.composer.lengthLeft(left)}</span>
            )}
            <button type="submit" class="note-send" disabled={!fine} data-testid="note-send">
              {t.note.add}
            </button>
          </div>
        </div>
      </div>
    </form>
  );
}
