-- name: GetConversation :one
select sqlc.embed(c), coalesce(r.seq, 0)::int as read_seq, coalesce(r.inbound_read, 0)::int as inbound_read
from conversation_rows c
left join read_markers r on r.org_id = c.org_id and r.conversation_id = c.id and r.user_id = @user_id
where c.org_id = @org_id and c.id = @id and c.lead_deleted_at is null;

-- name: GetConversationAlone :one
select * from conversation_rows where org_id = @org_id and id = @id;

-- name: ConversationsOfLead :many
select sqlc.embed(c), coalesce(r.seq, 0)::int as read_seq, coalesce(r.inbound_read, 0)::int as inbound_read
from conversation_rows c
left join read_markers r on r.org_id = c.org_id and r.conversation_id = c.id and r.user_id = @user_id
where c.org_id = @org_id and c.lead_id = @lead_id and c.lead_deleted_at is null
order by c.last_message_at desc, c.id desc;

-- name: UnreadMine :one
select coalesce(sum(c.inbound_count - coalesce(r.inbound_read, 0)), 0)::int as unread
from leads l
join conversations c on c.org_id = l.org_id and c.lead_id = l.id
left join read_markers r on r.org_id = c.org_id and r.conversation_id = c.id and r.user_id = @user_id
where l.org_id = @org_id and l.owner_id = @user_id and l.deleted_at is null;

-- name: InsertConversation :execrows
insert into conversations (org_id, id, lead_id, identifier_id, connector_id, sender_id, channel)
select s.org_id, @id, i.lead_id, i.id, s.connector_id, s.id, s.channel
from senders s
join identifiers i on i.org_id = s.org_id and i.id = @identifier_id
where s.org_id = @org_id and s.id = @sender_id and i.lead_id = @lead_id
on conflict (org_id, identifier_id, sender_id) do nothing;

-- name: FindConversation :one
select * from conversation_rows
where org_id = @org_id and sender_id = @sender_id and identifier_id = @identifier_id and lead_id = @lead_id;

-- The conversation row stays locked to the commit: its last_seq + 1 is ours.
-- name: LockConversation :one
select c.org_id, c.id, c.lead_id, l.first_name, l.last_name, l.owner_id, c.channel,
       c.identifier_id, i.kind as identifier_kind, i.value as identifier_value, i.label as identifier_label,
       c.sender_id, s.address as sender_address, s.label as sender_label, s.ref as sender_ref,
       c.connector_id, k.provider,
       c.last_seq, c.inbound_count, c.window_expires_at, c.last_message_at, c.version,
       i.invalid as identifier_invalid, i.opted_out_at, l.deleted_at as lead_deleted_at,
       c.snoozed_until, c.snoozed_by, c.back_at, i.stops
from conversations c
join leads l on l.org_id = c.org_id and l.id = c.lead_id
join identifiers i on i.org_id = c.org_id and i.id = c.identifier_id
join senders s on s.org_id = c.org_id and s.id = c.sender_id
join connectors k on k.org_id = c.org_id and k.id = c.connector_id
where c.org_id = @org_id and c.id = @id and l.deleted_at is null
for update of c;

-- The same by who wrote to which sender, which the caller knows. A person known by
-- phone and by WhatsApp id may have a conversation under either; the one used last
-- wins. identities is 1 when they came with both and one of them is not known yet.
-- Every message that comes in begins with this. The identifiers are looked up first
-- whatever the planner knows: of tables that it has no statistics of it may take all that
-- the sender has.
-- name: LockConversationOf :one
with i as materialized (
  select * from identifiers o
  where o.org_id = @org_id and ((o.kind = 'phone' and o.value = @phone) or (o.kind = 'whatsapp' and o.value = @whatsapp))
)
select c.id, c.lead_id, l.first_name, l.last_name, l.owner_id,
       c.identifier_id, i.kind as identifier_kind, i.value as identifier_value, i.label as identifier_label,
       i.invalid as identifier_invalid, i.opted_out_at, l.deleted_at as lead_deleted_at,
       c.last_seq, c.inbound_count, c.window_expires_at, c.version, c.snoozed_until, c.snoozed_by, c.back_at, i.stops,
       case when @phone::text <> '' and @whatsapp::text <> '' then (
         select count(*)::int from identifiers o
         where o.org_id = @org_id and ((o.kind = 'phone' and o.value = @phone) or (o.kind = 'whatsapp' and o.value = @whatsapp))
       ) else 2 end::int as identities
from i
join conversations c on c.org_id = i.org_id and c.identifier_id = i.id
join leads l on l.org_id = c.org_id and l.id = c.lead_id
where i.org_id = @org_id and c.sender_id = @sender_id
order by c.last_message_at desc
limit 1
for update of c;

-- The same for many at once, but for conversations that somebody else has locked: nobody
-- waits for them here. What is joined laterally is looked up by key for each message; a
-- plain join may be planned as one with all that the org has. Of somebody who came with
-- two identities it is said how many of them are known, and how many conversations they
-- have with the sender.
-- name: LockConversationsOf :many
select x.place::int as place, c.id, c.lead_id, l.first_name, l.last_name, l.owner_id,
       c.identifier_id, i.kind as identifier_kind, i.value as identifier_value, i.label as identifier_label,
       i.invalid as identifier_invalid, i.opted_out_at, l.deleted_at as lead_deleted_at,
       c.last_seq, c.inbound_count, c.window_expires_at, c.version, c.snoozed_until, c.snoozed_by, c.back_at, i.stops,
       p.identities::int as identities, p.conversations::int as conversations
from (select unnest(@places::int[]) as place, unnest(@phones::text[]) as phone, unnest(@whatsapps::text[]) as whatsapp,
             unnest(@sender_ids::uuid[]) as sender_id) x
cross join lateral (
  select o.* from identifiers o where o.org_id = @org_id and o.kind = 'phone' and o.value = x.phone
  union all
  select o.* from identifiers o where o.org_id = @org_id and o.kind = 'whatsapp' and o.value = x.whatsapp
) i
cross join lateral (
  select count(*) as identities, count(t.id) as conversations
  from identifiers o
  left join conversations t on t.org_id = o.org_id and t.identifier_id = o.id and t.sender_id = x.sender_id
  where x.phone <> '' and x.whatsapp <> ''
    and o.org_id = @org_id and ((o.kind = 'phone' and o.value = x.phone) or (o.kind = 'whatsapp' and o.value = x.whatsapp))
) p
cross join lateral (
  select t.* from conversations t
  where t.org_id = @org_id and t.identifier_id = i.id and t.sender_id = x.sender_id
  for update skip locked
) c
cross join lateral (select o.first_name, o.last_name, o.owner_id, o.deleted_at from leads o where o.org_id = @org_id and o.id = c.lead_id offset 0) l;

-- A message that comes late does not take the conversation back in the list.
-- name: AdvanceConversation :exec
update conversations
set last_seq = @last_seq, inbound_count = @inbound_count, window_expires_at = @window_expires_at, version = @version,
    snoozed_until = @snoozed_until, back_at = @back_at,
    last_message_at = case when last_seq = 0 then @last_message_at else greatest(last_message_at, @last_message_at) end
where org_id = @org_id and id = @id;

-- name: AdvanceConversations :exec
update conversations c
set last_seq = n.last_seq, inbound_count = n.inbound_count, version = n.version,
    window_expires_at = nullif(n.window_expires_at, '0001-01-01 00:00:00+00'),
    back_at = case when c.snoozed_until is not null then n.last_message_at else c.back_at end, snoozed_until = null,
    last_message_at = case when c.last_seq = 0 then n.last_message_at else greatest(c.last_message_at, n.last_message_at) end
from (select unnest(@ids::uuid[]) as id, unnest(@last_seqs::int[]) as last_seq, unnest(@inbound_counts::int[]) as inbound_count,
             unnest(@versions::int[]) as version, unnest(@window_expires_ats::timestamptz[]) as window_expires_at,
             unnest(@last_message_ats::timestamptz[]) as last_message_at) n
where c.org_id = @org_id and c.id = any(@ids::uuid[]) and c.id = n.id;

-- How many of the lead's messages lie beyond a read marker; usually none, so
-- the newest end of the index is all that is read.
-- name: CountInboundBetween :one
select count(*)::int from messages
where org_id = @org_id and conversation_id = @conversation_id and direction = 'inbound'
  and seq > @after_seq and seq <= @last_seq;

-- name: AdvanceReadMarker :one
insert into read_markers (org_id, conversation_id, user_id, seq, inbound_read)
values (@org_id, @conversation_id, @user_id, @seq, @inbound_read)
on conflict (org_id, conversation_id, user_id) do update
set seq = greatest(read_markers.seq, excluded.seq),
    inbound_read = greatest(read_markers.inbound_read, excluded.inbound_read)
returning seq, inbound_read;

-- name: DefaultSender :one
select s.* from senders s join connectors k on k.org_id = s.org_id and k.id = s.connector_id
where s.org_id = @org_id and s.channel = @channel and k.state <> 'archived'
order by (k.state = 'active') desc, s.position, s.id
limit 1;

-- name: GetSender :one
select * from senders where org_id = @org_id and id = @id;
