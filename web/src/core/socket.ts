/**
 * One live connection that comes back by itself: idle → connecting → live →
 * waiting → connecting …, or closed for good when coming back is of no use.
 */
import { signal, type ReadonlySignal } from "@preact/signals-core";
import { closeCodes } from "../gen/closecodes.js";
import type { ClientFrameJson, PositionJson, ServerFrameJson } from "../gen/converse/v1/socket_pb.js";
import { fullJitter } from "./backoff.js";
import type { Env, SocketLike } from "./env.js";
import { asApiError } from "./error.js";

export type SocketState = "idle" | "connecting" | "live" | "waiting" | "closed";

export interface SocketOptions {
  env: Pick<Env, "clock" | "random" | "openSocket" | "socketURL" | "online">;
  ticket(): Promise<string>;
  positions(): PositionJson[];
  onFrame(frame: ServerFrameJson): void;
}

const protocol = "converse.v1.json";
const patienceMs = 15_000; // from the ticket to the welcome
const steadyMs = 10_000; // live this long, and the next pause starts small again
const typingMs = 3_000;
const activityMs = 30_000;
const pauses = { quick: [500, 30_000], slow: [5_000, 60_000] } as const;

export class LiveSocket {
  private readonly current = signal<SocketState>("idle");
  private readonly why = signal("");
  private readonly options: SocketOptions;
  private wire: SocketLike | undefined;
  private round = 0; // callbacks of earlier connections carry a lower number
  private attempt = 0;
  private askedPause: number | undefined;
  private cancelTimer = (): void => undefined;
  private cancelSteady = (): void => undefined;
  private readonly typed = new Map<string, number>();
  private active = -Infinity;
  private unwatch: (() => void) | undefined;

  constructor(options: SocketOptions) {
    this.options = options;
  }

  get state(): ReadonlySignal<SocketState> {
    return this.current;
  }

  /** The name of the code that closed it for good; "Unauthenticated" without a session. */
  get closedBy(): ReadonlySignal<string> {
    return this.why;
  }

  start(): void {
    this.unwatch ??= this.watch();
    if (this.current.value === "idle" || this.current.value === "closed") this.connect();
  }

  stop(): void {
    this.unwatch?.();
    this.unwatch = undefined;
    this.drop();
    this.current.value = "idle";
  }

  /** Ends a pause early, when there is reason to believe that it will work now. */
  hurry(): void {
    if (this.current.value === "waiting") this.connect();
  }

  /** Replaces a connection that may be dead without anyone having noticed. */
  renew(): void {
    if (this.current.value === "live") this.connect();
  }

  /** Tells colleagues that the user is writing. */
  typing(conversationId: string): void {
    const now = this.options.env.clock.now();
    if (now - (this.typed.get(conversationId) ?? -Infinity) < typingMs) return;
    if (this.say({ typing: { conversationId, state: "writing" } })) this.typed.set(conversationId, now);
  }

  /** Tells colleagues that a draft stands before the user, or no longer. */
  replying(conversationId: string, replying: boolean): void {
    if (!replying) this.typed.delete(conversationId);
    this.say({ typing: { conversationId, state: replying ? "replying" : "stopped" } });
  }

  /** Tells the server that the user touched the page. */
  activity(): void {
    const now = this.options.env.clock.now();
    if (now - this.active < activityMs) return;
    if (this.say({ activity: {} })) this.active = now;
  }

  private watch(): () => void {
    let before = this.options.env.online.value;
    return this.options.env.online.subscribe((online) => {
      if (online && !before) this.hurry();
      before = online;
    });
  }

  private say(frame: ClientFrameJson): boolean {
    if (this.current.value !== "live" || !this.wire) return false;
    this.wire.send(JSON.stringify(frame));
    return true;
  }

  private connect(): void {
    this.drop();
    const { env } = this.options;
    const round = this.round;
    const mine = (fn: () => void) => () => {
      if (round === this.round) fn();
    };
    this.why.value = "";
    this.current.value = "connecting";
    this.cancelTimer = env.clock.after(patienceMs, mine(() => this.pause(false)));
    this.options.ticket().then(
      (ticket) => mine(() => this.open(ticket, round))(),
      (error: unknown) =>
        mine(() => {
          if (asApiError(error).code === "unauthenticated") this.end("Unauthenticated");
          else this.pause(false);
        })(),
    );
  }

  private open(ticket: string, round: number): void {
    const { env } = this.options;
    const wire = env.openSocket(env.socketURL, protocol, {
      onOpen: () => {
        if (round === this.round) wire.send(JSON.stringify({ hello: { ticket, positions: this.options.positions() } }));
      },
      onText: (text) => {
        if (round === this.round) this.hear(JSON.parse(text) as ServerFrameJson);
      },
      onClose: (code) => {
        if (round === this.round) this.closed(code);
      },
    });
    this.wire = wire;
  }

  private hear(frame: ServerFrameJson): void {
    if (frame.closing?.reconnectAfterMs !== undefined) this.askedPause = frame.closing.reconnectAfterMs;
    this.options.onFrame(frame);
    if (!frame.welcome) return;
    this.cancelTimer();
    this.current.value = "live";
    this.cancelSteady = this.options.env.clock.after(steadyMs, () => (this.attempt = 0));
  }

  private closed(number: number): void {
    const code = closeCodes[number];
    // Whoever is to begin afresh does so with a connection of its own.
    if (code && (!code.comeBack || code.afresh)) this.end(code.name);
    else this.pause(code?.slowly ?? false);
  }

  private pause(slowly: boolean): void {
    this.drop();
    const [base, cap] = slowly ? pauses.slow : pauses.quick;
    const { env } = this.options;
    // A slow return is never at once: the base is certain, the rest is chance.
    const chance = fullJitter(this.attempt++, base, cap, env.random);
    const wait = this.askedPause ?? (slowly ? base + chance : chance);
    this.askedPause = undefined;
    this.current.value = "waiting";
    this.cancelTimer = env.clock.after(wait, () => {
      if (env.online.value) this.connect();
    });
  }

  private end(name: string): void {
    this.drop();
    this.why.value = name;
    this.current.value = "closed";
  }

  private drop(): void {
    this.round++;
    this.cancelTimer();
    this.cancelSteady();
    this.wire?.close();
    this.wire = undefined;
  }
}
