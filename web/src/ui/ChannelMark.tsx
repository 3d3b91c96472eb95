import type { Channel } from "../core/model.js";
import { s } from "./strings.js";

export interface ChannelMarkProps {
  channel: Channel;
  /** Hidden beside the channel's name in words. */
  silent?: boolean;
}

// A speech bubble with a handset, and one with lines: two shapes, not two colours.
const shapes: Record<Channel, string> = {
  whatsapp: "M5.6 4.9c-.5.3-.8.8-.7 1.5.2 1.9 2.7 4.5 4.7 4.7.7.1 1.2-.2 1.5-.7.2-.3.1-.6-.2-.8l-1-.6c-.3-.2-.5-.1-.7.1l-.3.4c-.9-.4-1.6-1.1-2-2l.4-.3c.2-.2.3-.4.1-.7l-.6-1c-.2-.3-.5-.4-.8-.2z",
  sms: "M5 6.2h6M5 8.6h4",
};

export function ChannelMark({ channel, silent }: ChannelMarkProps) {
  const named = silent ? ({ "aria-hidden": true } as const) : ({ role: "img", "aria-label": s.channel(channel) } as const);
  return (
    <svg class={`channel channel-${channel}`} width="16" height="16" viewBox="0 0 16 16" {...named}>
      <path class="channel-body" d="M8 .8a7.1 7.1 0 0 0-6.2 10.6L.9 15.1l3.8-.9A7.1 7.1 0 1 0 8 .8z" />
      <path class="channel-sign" d={shapes[channel]} />
    </svg>
  );
}
