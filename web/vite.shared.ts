import preact from "@preact/preset-vite";
import type { PluginOption, UserConfig } from "vite";

/**
 * The emoji picker writes an inline style sheet and style attributes, which a
 * strict content policy refuses. These are the same two steps through the CSSOM.
 */
function strictStyles(): PluginOption {
  const replacements: [string, string][] = [
    [
      "style.textContent = baseStyles + EXTRA_STYLES;\n    this.shadowRoot.appendChild(style);",
      "style.remove(); const sheet = new CSSStyleSheet(); sheet.replaceSync(baseStyles + EXTRA_STYLES); this.shadowRoot.adoptedStyleSheets = [sheet];",
    ],
    [
      "targetNode.setAttribute(attributeName, newValue);",
      "if (attributeName === 'style') targetNode.style.cssText = newValue; else targetNode.setAttribute(attributeName, newValue);",
    ],
  ];
  return {
    name: "strict-styles",
    transform(code, id) {
      if (!id.endsWith("emoji-picker-element/picker.js")) return null;
      for (const [from, to] of replacements) {
        if (!code.includes(from)) throw new Error(`emoji-picker-element has changed: ${from}`);
        code = code.replace(from, to);
      }
      return { code, map: null };
    },
  };
}

/** What the builds of the pages and of the widget have in common. */
export function shared(): UserConfig {
  return {
    plugins: [preact({ prefreshEnabled: false, devToolsEnabled: false }), strictStyles()],
    optimizeDeps: { exclude: ["emoji-picker-element"] },
    build: {
      target: ["es2022", "chrome125", "firefox128", "safari17.5"],
      cssTarget: ["chrome125", "firefox128", "safari17.5"],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  };
}
