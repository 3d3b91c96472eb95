// In a chunk of its own: a page pays for the launcher, and for the rest when it opens.
import componentStyles from "../styles/components.css?inline";
import panelStyles from "./panel.css?inline";

export { Panel } from "./Panel.js";

export const panelSheet = new CSSStyleSheet();
panelSheet.replaceSync(componentStyles + panelStyles);
