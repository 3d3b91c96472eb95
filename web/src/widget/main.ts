import { ConverseWidget } from "./element.js";

// A page may include the script more than once, and in more than one version.
if (!customElements.get("converse-widget")) customElements.define("converse-widget", ConverseWidget);
