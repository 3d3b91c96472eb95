import { render } from "preact";
import { browserEnv } from "../browser/env.js";
import { followTheme } from "../browser/theme.js";
import { Session } from "../core/session.js";
import baseStyles from "../styles/base.css?inline";
import tokens from "../styles/tokens.css?inline";
import launcherStyles from "./launcher.css?inline";
import { WidgetState } from "./state.js";
import { Widget } from "./Widget.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(tokens + baseStyles + launcherStyles);

// The widget talks to the server it was loaded from.
const home = new URL(import.meta.url).origin;

/**
 * The chat as an element for any page. `lead-id` opens the ways to talk to that
 * lead; `getToken`, set before it is connected, signs in on a page of another origin.
 */
export class ConverseWidget extends HTMLElement {
  static readonly observedAttributes = ["lead-id"];
  getToken: (() => Promise<string>) | undefined;
  private session: Session | undefined;
  private state: WidgetState | undefined;
  private stop: (() => void) | undefined;

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const env = browserEnv(home === location.origin ? "" : home);
    const { getToken } = this;
    this.session = new Session(env, getToken ? { getToken } : {});
    this.state = new WidgetState(env.storage);
    this.showLead();
    this.stop = followTheme(this);
    void this.session.resume();
    render(<Widget session={this.session} state={this.state} origin={home} root={root} />, root);
  }

  disconnectedCallback(): void {
    this.stop?.();
    this.session?.leave();
    if (this.shadowRoot) render(null, this.shadowRoot);
  }

  attributeChangedCallback(): void {
    this.showLead();
  }

  private showLead(): void {
    const id = this.getAttribute("lead-id");
    if (id && this.state) this.state.page.value = { kind: "lead", id };
  }
}
