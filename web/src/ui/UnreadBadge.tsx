import { s } from "./strings.js";

/** How many messages of a conversation the user has not read; nothing for none. */
export function UnreadBadge({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span class="badge num">
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span class="sr">{s.list.unreadCount(count)}</span>
    </span>
  );
}
