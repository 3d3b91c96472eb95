import { ConverseWidget } from "./element.js";

if (!customElements.get("converse-widget")) customElements.define("converse-widget", ConverseWidget);
