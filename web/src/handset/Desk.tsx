import { useSignal } from "@preact/signals";
import { Smartphone, X } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { List } from "./List";
import { Mischief } from "./Mischief";
import { Phone } from "./Phone";
import { loaded, notice, phones } from "./store";
import { Wire } from "./Wire";
import { words } from "./words";

export type Panel = "" | "mischief" | "wire";

/** The whole page: the list of handsets, the phones on the desk, and a panel. */
export function Desk() {
  const panel = useSignal<Panel>("");
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) panel.value = "";
    };
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [panel]);
  return (
    <div class="desk" data-phones={phones.value.length} data-panel={panel.value}>
      <List panel={panel} />
      <main class="surface" aria-label={words.title}>
        {phones.value.length === 0 && loaded.value && (
          <div class="empty">
            <Smartphone size={56} strokeWidth={1} aria-hidden="true" />
            <h2>{words.emptyDesk}</h2>
            <p>{words.emptyDeskHint}</p>
          </div>
        )}
        {phones.value.map((phone) => (
          <Phone key={phone.id} phone={phone} onMischief={() => (panel.value = "mischief")} />
        ))}
      </main>
      {panel.value === "mischief" && <Mischief onClose={() => (panel.value = "")} />}
      {panel.value === "wire" && <Wire onClose={() => (panel.value = "")} />}
      {notice.value && (
        <div class="toast" role="alert">
          <span>{notice.value}</span>
          <button type="button" class="icon-btn" aria-label={words.close} onClick={() => (notice.value = "")}>
            <X size={16} strokeWidth={1.75} aria-hidden="true" />
          </button>
        </div>
      )}
    </div>
  );
}
