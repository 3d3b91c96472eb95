import { useEffect } from "preact/hooks";

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "converse-widget": { "lead-id"?: string };
    }
  }
}

const source = import.meta.env.DEV ? "/src/widget/main.ts" : "/widget.js";

/** The widget as any page would include it: one script and one element. */
export function WidgetHost({ leadId }: { leadId: string }) {
  useEffect(() => {
    if (customElements.get("converse-widget") || document.querySelector(`script[src="${source}"]`)) return;
    const script = document.createElement("script");
    if (import.meta.env.DEV) script.type = "module";
    script.src = source;
    document.head.append(script);
  }, []);
  return <converse-widget lead-id={leadId} />;
}
