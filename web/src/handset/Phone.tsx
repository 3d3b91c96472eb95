import { useSignal } from "@preact/signals";
import { BatteryFull, CloudLightning, Plane, Signal as Bars, Wifi, X } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { Chat } from "./Chat";
import { ControlCentre } from "./ControlCentre";
import { Face } from "./Face";
import { Inbox } from "./Inbox";
import { nameOf } from "./merge";
import { openThread, type Phone as PhoneState, putDown } from "./store";
import { switches, turnSwitch } from "./switches";
import { hue } from "./text";
import { bare, now } from "./time";
import type { Handset } from "./types";
import { words } from "./words";

/** One phone: its case, its status bar, and what is on its screen. */
export function Phone({ phone, onMischief }: { phone: PhoneState; onMischief: () => void }) {
  const controls = useSignal(false);
  const view = phone.view.value;
  const name = view ? nameOf(view) : phone.id;
  const thread = view?.threads.find((other) => other.key === phone.thread.value);
  return (
    <article class="handset" aria-label={name} style={{ "--hue": hue(phone.id) }}>
      <div class={`phone ${phone.banner.value ? "buzz" : ""}`}>
        <div class="screen" data-look={phone.thread.value ? (thread?.channel ?? "sms") : "inbox"}>
          <StatusBar phone={phone} view={view} onControls={() => (controls.value = !controls.value)} open={controls.value} />
          {view && phone.thread.value ? (
            <Chat key={phone.thread.value} phone={phone} view={view} />
          ) : (
            view && <Inbox phone={phone} view={view} />
          )}
          <Banner phone={phone} view={view} />
          {controls.value && view && (
            <ControlCentre phone={phone} view={view} onMischief={onMischief} onClose={() => (controls.value = false)} />
          )}
        </div>
      </div>
      {view && <Dock phone={phone} view={view} onMischief={onMischief} />}
    </article>
  );
}

interface StatusBarProps {
  phone: PhoneState;
  view: Handset | undefined;
  open: boolean;
  onControls: () => void;
}

function StatusBar({ view, open, onControls }: StatusBarProps) {
  const icon = { size: 15, strokeWidth: 2, "aria-hidden": true } as const;
  return (
    <div class="status-bar">
      <time class="num">{bare(now.value)}</time>
      <button type="button" class="island" aria-expanded={open} aria-label={words.controls} title={words.controls} onClick={onControls} />
      <span class="status-icons">
        {view?.flight ? (
          <Plane {...icon} aria-hidden={false} aria-label={words.flight} />
        ) : (
          <>
            <Bars {...icon} />
            <Wifi {...icon} />
          </>
        )}
        <BatteryFull {...icon} size={18} />
      </span>
    </div>
  );
}

/** How long a banner stays at the top of the screen. */
const bannerFor = 5_000;

function Banner({ phone, view }: { phone: PhoneState; view: Handset | undefined }) {
  const banner = phone.banner.value;
  useEffect(() => {
    if (!banner) return;
    const timer = setTimeout(() => (phone.banner.value = undefined), bannerFor);
    return () => clearTimeout(timer);
  }, [banner, phone]);
  const thread = view?.threads.find((other) => other.key === banner?.key);
  if (!banner || !thread) return null;
  return (
    <button type="button" class="banner" onClick={() => openThread(phone, banner.key)}>
      <span class="row-face">
        <Face id={thread.address} name={thread.label} size={36} />
        <span class={`channel-dot ${thread.channel}`} />
      </span>
      <span class="grow">
        <strong class="clip">{thread.label || thread.address}</strong>
        <span class="banner-text">{banner.text}</span>
      </span>
    </button>
  );
}

/** The switches under the phone, where there is room for them. */
function Dock({ phone, view, onMischief }: { phone: PhoneState; view: Handset; onMischief: () => void }) {
  return (
    <div class="dock" role="toolbar" aria-label={words.controls}>
      {switches.map(({ name, Icon, Off, label, hint }) => {
        const on = view[name];
        const Shape = on ? Icon : Off;
        return (
          <button
            key={name}
            type="button"
            class={`dock-btn ${name}`}
            aria-pressed={on}
            aria-label={label}
            title={`${label}: ${hint}`}
            onClick={() => void turnSwitch(view, name)}
          >
            <Shape size={18} strokeWidth={1.75} aria-hidden="true" />
          </button>
        );
      })}
      <span class="dock-gap" />
      <button type="button" class="dock-btn" title={words.mischief} aria-label={words.mischief} onClick={onMischief}>
        <CloudLightning size={18} strokeWidth={1.75} aria-hidden="true" />
      </button>
      <button type="button" class="dock-btn" title={words.close} aria-label={words.close} onClick={() => putDown(phone)}>
        <X size={18} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </div>
  );
}
