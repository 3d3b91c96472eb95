-- The lists of conversations. Those of few are queries of their own, so that each is read
-- by the index that finds them.

-- name: ListConversations :many
select sqlc.embed(c), coalesce(r.seq, 0)::int as read_seq, coalesce(r.inbound_read, 0)::int as inbound_read
from conversation_rows c
left join read_markers r on r.org_id = c.org_id and r.conversation_id = c.id and r.user_id = @user_id
left join marks k on k.org_id = c.org_id and k.conversation_id = c.id and k.user_id = @user_id
where c.org_id = @org_id
  and (c.last_message_at, c.id) < (@before_at::timestamptz, @before_id::uuid)
  and (not @mine::boolean or c.owner_id = @user_id)
  and (not @unread::boolean or c.inbound_count > coalesce(r.inbound_read, 0) or coalesce(k.unread or k.mention_seq > 0, false))
  and (c.snoozed_until is null or c.snoozed_until <= now() or coalesce(k.unread or k.mention_seq > 0, false))
  and c.last_seq > 0 and c.lead_deleted_at is null and (@channel::text = '' or c.channel = @channel)
  and (@see_all::bool or c.owner_id = any(@see_owners::uuid[]) or (@see_unassigned::bool and c.owner_id is null))
order by c.last_message_at desc, c.id desc
limit @most;

-- name: UnassignedConversations :many
select sqlc.embed(c), coalesce(r.seq, 0)::int as read_seq, coalesce(r.inbound_read, 0)::int as inbound_read
from conversation_rows c
left join read_markers r on r.org_id = c.org_id and r.conversation_id = c.id and r.user_id = @user_id
left join marks k on k.org_id = c.org_id and k.conversation_id = c.id and k.user_id = @user_id
where c.org_id = @org_id and c.owner_id is null
  and (c.last_message_at, c.id) < (@before_at::timestamptz, @before_id::uuid)
  and (c.snoozed_until is null or c.snoozed_until <= now() or coalesce(k.unread or k.mention_seq > 0, false))
  and c.last_seq > 0 and c.lead_deleted_at is null and (@channel::text = '' or c.channel = @channel)
  and (@see_all::bool or c.owner_id = any(@see_owners::uuid[]) or (@see_unassigned::bool and c.owner_id is null))
order by c.last_message_at desc, c.id desc
limit @most;

-- name: MentioningConversations :many
select sqlc.embed(c), coalesce(r.seq, 0)::int as read_seq, coalesce(r.inbound_read, 0)::int as inbound_read
from conversation_rows c
left join read_markers r on r.org_id = c.org_id and r.conversation_id = c.id and r.user_id = @user_id
join marks k on k.org_id = c.org_id and k.conversation_id = c.id and k.user_id = @user_id and k.named_seq > 0
where c.org_id = @org_id
  and (c.last_message_at, c.id) < (@before_at::timestamptz, @before_id::uuid)
  and c.last_seq > 0 and c.lead_deleted_at is null and (@channel::text = '' or c.channel = @channel)
  and (@see_all::bool or c.owner_id = any(@see_owners::uuid[]) or (@see_unassigned::bool and c.owner_id is null))
order by c.last_message_at desc, c.id desc
limit @most;

-- A window that is open was opened within a day, so the newest conversations are all
-- that is read; an hour is for clocks that differ.
-- name: ClosingConversations :many
select sqlc.embed(c), coalesce(r.seq, 0)::int as read_seq, coalesce(r.inbound_read, 0)::int as inbound_read
from conversation_rows c
left join read_markers r on r.org_id = c.org_id and r.conversation_id = c.id and r.user_id = @user_id
left join marks k on k.org_id = c.org_id and k.conversation_id = c.id and k.user_id = @user_id
where c.org_id = @org_id and c.channel = 'whatsapp' and c.last_message_at > now() - interval '25 hours'
  and c.window_expires_at > now() and c.window_expires_at < now() + @within::interval
  and (c.window_expires_at, c.id) > (@after_at::timestamptz, @after_id::uuid)
  and (c.snoozed_until is null or c.snoozed_until <= now() or coalesce(k.unread or k.mention_seq > 0, false))
  and c.last_seq > 0 and c.lead_deleted_at is null and (@channel::text = '' or c.channel = @channel)
  and (@see_all::bool or c.owner_id = any(@see_owners::uuid[]) or (@see_unassigned::bool and c.owner_id is null))
order by c.window_expires_at, c.id
limit @most;

-- name: SnoozedConversations :many
select sqlc.embed(c), coalesce(r.seq, 0)::int as read_seq, coalesce(r.inbound_read, 0)::int as inbound_read
from conversation_rows c
left join read_markers r on r.org_id = c.org_id and r.conversation_id = c.id and r.user_id = @user_id
where c.org_id = @org_id and c.snoozed_until > now()
  and (c.snoozed_until, c.id) > (@after_at::timestamptz, @after_id::uuid)
  and c.last_seq > 0 and c.lead_deleted_at is null and (@channel::text = '' or c.channel = @channel)
  and (@see_all::bool or c.owner_id = any(@see_owners::uuid[]) or (@see_unassigned::bool and c.owner_id is null))
order by c.snoozed_until, c.id
limit @most;

-- How many conversations the filters list, up to 100 each. Unread ones are looked for
-- among the newest 1,000: elsewhere every conversation of the org would be read.
-- name: CountConversations :one
with talk as not materialized (
  select c.id, c.channel, c.inbound_count, c.last_message_at, c.window_expires_at, c.snoozed_until, l.owner_id,
         coalesce(k.mention_seq, 0) as mention_seq, coalesce(k.unread or k.mention_seq > 0, false) as calls,
         c.snoozed_until is null or c.snoozed_until <= now() or coalesce(k.unread or k.mention_seq > 0, false) as awake
  from conversations c
  join leads l on l.org_id = c.org_id and l.id = c.lead_id
  left join marks k on k.org_id = c.org_id and k.conversation_id = c.id and k.user_id = @user_id
  where c.org_id = @org_id and c.last_seq > 0 and l.deleted_at is null and (@channel::text = '' or c.channel = @channel)
    and (@see_all::bool or l.owner_id = any(@see_owners::uuid[]) or (@see_unassigned::bool and l.owner_id is null))
)
select
  (select count(*) from (
     select 1 from (select t.id, t.inbound_count, t.calls from talk t where t.awake order by t.last_message_at desc, t.id desc limit 1000) n
     left join read_markers r on r.org_id = @org_id and r.conversation_id = n.id and r.user_id = @user_id
     where n.calls or n.inbound_count > coalesce(r.inbound_read, 0) limit 100) x)::int as unread,
  (select count(*) from (select 1 from talk t where t.owner_id is null and t.awake limit 100) x)::int as unassigned,
  (select count(*) from (
     select 1 from talk t
     where t.channel = 'whatsapp' and t.last_message_at > now() - interval '25 hours' and t.awake
       and t.window_expires_at > now() and t.window_expires_at < now() + @within::interval limit 100) x)::int as window_closing,
  (select count(*) from (select 1 from talk t where t.snoozed_until > now() limit 100) x)::int as snoozed,
  (select count(*) from (select 1 from talk t where t.mention_seq > 0 limit 100) x)::int as mentions;
