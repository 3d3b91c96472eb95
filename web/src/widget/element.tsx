import { computed, effect, signal } from "@preact/signals";
import { render } from "preact";
import { browserEnv, browserStorage } from "../browser/env.js";
import { followTheme } from "../browser/theme.js";
import type { Env } from "../core/env.js";
import { Session } from "../core/session.js";
import { Tokens, type GetToken } from "../core/token.js";
import baseStyles from "../styles/base.css?inline";
import tokens from "../styles/tokens.css?inline";
import { tell } from "./embed.js";
import launcherStyles from "./launcher.css?inline";
import { mayCall } from "./permission.js";
import { WidgetState, type SignIn } from "./state.js";
import { Widget } from "./Widget.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(tokens + baseStyles + launcherStyles);

// The widget talks to the server it was loaded from.
const home = new URL(import.meta.url).origin;
const abroad = home !== location.origin;

// One for all elements that come and go: it listens to the page for as long as that lives.
let world: Env | undefined;

/**
 * The chat as an element for any page. The attributes `lead-id` and `phone` open the ways
 * to talk to a lead, `theme` ("light" or "dark") overrules the system's. On a page of
 * another site `getToken`, here or in `window.Converse`, signs its user in. There is one
 * chat a page: of several elements the first that is connected is it.
 */
export class ConverseWidget extends HTMLElement {
  static readonly observedAttributes = ["lead-id", "phone", "theme"];
  private static living: ConverseWidget | undefined;
  private static readonly waiting = new Set<ConverseWidget>();
  private readonly theme = signal<"light" | "dark" | undefined>(undefined);
  private session: Session | undefined;
  private state: WidgetState | undefined;
  private ends: (() => void)[] = [];
  private ask: GetToken | undefined;

  /** Answers a token for the page's user. A page may set another at any time. */
  get getToken(): GetToken | undefined {
    return this.ask ?? window.Converse?.getToken;
  }

  set getToken(ask: GetToken | undefined) {
    const begins = !this.getToken && ask;
    this.ask = ask;
    if (begins && this.session) this.restart();
  }

  /** Opens the pop-up, at a lead if one is named. */
  open(leadId?: string): void {
    if (leadId && this.state) this.state.page.value = { kind: "lead", id: leadId };
    this.state?.setOpen(true);
  }

  close(): void {
    this.state?.setOpen(false);
  }

  /** Asks for a token anew: the page's user has changed. */
  renew(): void {
    void this.session?.renew();
  }

  connectedCallback(): void {
    this.upgrade("getToken");
    if (this.session) return; // moved within the page
    if (ConverseWidget.living) {
      ConverseWidget.waiting.add(this);
      return;
    }
    ConverseWidget.living = this;
    this.begin();
  }

  disconnectedCallback(): void {
    // An element that is moved is taken out and put back in one go.
    queueMicrotask(() => {
      if (this.isConnected) return;
      ConverseWidget.waiting.delete(this);
      if (ConverseWidget.living !== this) return;
      this.end();
      ConverseWidget.living = undefined;
      for (const next of ConverseWidget.waiting) {
        ConverseWidget.waiting.delete(next);
        next.connectedCallback();
        break;
      }
    });
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (name === "theme") this.theme.value = now === "light" || now === "dark" ? now : undefined;
    else this.showLead();
  }

  private begin(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    world ??= browserEnv(abroad ? home : "");
    const signIn: SignIn = this.getToken ? "token" : abroad ? "missing" : "cookie";
    const session = new Session(world, {
      ...(signIn === "token" ? { tokens: new Tokens(world.clock, () => this.giveToken()) } : {}),
      ...(abroad ? { mayCall: () => mayCall(home) } : {}),
    });
    const state = new WidgetState(browserStorage(), signIn);
    this.session = session;
    this.state = state;
    this.showLead();
    this.ends = [followTheme(this, () => this.theme.value ?? (abroad ? "system" : undefined)), this.report(session, state)];
    if (signIn !== "missing") void session.resume();
    render(<Widget session={session} state={state} origin={home} root={root} />, root);
  }

  private end(): void {
    for (const end of this.ends) end();
    this.session?.leave();
    this.session = undefined;
    this.state = undefined;
    if (this.shadowRoot) render(null, this.shadowRoot);
  }

  private restart(): void {
    this.end();
    this.begin();
  }

  private giveToken(): ReturnType<GetToken> {
    if (!this.getToken) throw new Error("the page has taken getToken away");
    return this.getToken();
  }

  /** Tells the page what happens here, once each. */
  private report(session: Session, state: WidgetState): () => void {
    const unread = computed(() => (session.state.value.kind === "in" ? session.state.value.desk.unreadMine.value : 0));
    let wasOpen = state.open.peek();
    const ends = [
      effect(() => tell(this, "converse:unread", { count: unread.value })),
      effect(() => {
        const { kind } = session.state.value;
        if (kind !== "unknown") tell(this, "converse:session", { state: kind });
      }),
      effect(() => {
        const open = state.open.value;
        if (open !== wasOpen) tell(this, open ? "converse:open" : "converse:close", undefined);
        wasOpen = open;
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  private showLead(): void {
    if (!this.state) return;
    const id = this.getAttribute("lead-id");
    const phone = this.getAttribute("phone");
    if (id) this.state.page.value = { kind: "lead", id };
    else if (phone) this.state.page.value = { kind: "phone", phone };
    else this.state.page.value = { kind: "list" };
  }

  // A page may have set the property before it knew the element.
  private upgrade(name: "getToken"): void {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    Reflect.deleteProperty(this, name);
    this[name] = value;
  }
}
