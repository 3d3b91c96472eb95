import { CloudLightning, TimerOff, X } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import { api } from "./api";
import { attempt, confirm, type Phone, putDown } from "./store";
import { switches, turnSwitch } from "./switches";
import { span, now } from "./time";
import type { Handset } from "./types";
import { words } from "./words";

interface Props {
  phone: Phone;
  view: Handset;
  onMischief: () => void;
  onClose: () => void;
}

/** The sheet that comes down from the top of the phone: switches and windows. */
export function ControlCentre({ phone, view, onMischief, onClose }: Props) {
  const sheet = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    sheet.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const open = view.threads.filter((thread) => thread.windowUntil && Date.parse(thread.windowUntil) > now.value);

  async function expire(address: string) {
    if (await attempt(() => api.expireWindow(address, view.id))) confirm(words.expired);
  }

  return (
    <div
      class="control-centre"
      role="dialog"
      aria-label={words.controls}
      tabIndex={-1}
      ref={sheet}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onClose();
      }}
    >
      <div class="tiles">
        {switches.map(({ name, Icon, Off, label, hint }) => {
          const on = view[name];
          const Shape = on ? Icon : Off;
          return (
            <button key={name} type="button" class={`tile ${name}`} aria-pressed={on} onClick={() => void turnSwitch(view, name)}>
              <Shape size={20} strokeWidth={1.75} aria-hidden="true" />
              <strong>{label}</strong>
              <span class="meta">{hint}</span>
            </button>
          );
        })}
      </div>
      {open.map((thread) => (
        <button key={thread.key} type="button" class="tile wide" onClick={() => void expire(thread.address)}>
          <TimerOff size={20} strokeWidth={1.75} aria-hidden="true" />
          <span class="grow">
            <strong>{words.expire}</strong>
            <span class="meta clip">
              {thread.label || thread.address} · {words.windowOpen(span(Date.parse(thread.windowUntil ?? "") - now.value))}
            </span>
          </span>
        </button>
      ))}
      <button
        type="button"
        class="tile wide"
        onClick={() => {
          onClose();
          onMischief();
        }}
      >
        <CloudLightning size={20} strokeWidth={1.75} aria-hidden="true" />
        <strong>{words.mischief}</strong>
      </button>
      <div class="form-end">
        <button type="button" class="btn small plain" onClick={() => putDown(phone)}>
          {words.allHandsets}
        </button>
        <button type="button" class="btn small" onClick={onClose}>
          <X size={16} strokeWidth={1.75} aria-hidden="true" />
          {words.close}
        </button>
      </div>
    </div>
  );
}
