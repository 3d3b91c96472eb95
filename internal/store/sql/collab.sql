-- Notes, marks, snooze and transfers.

-- name: InsertInternal :exec
insert into messages (org_id, id, conversation_id, seq, direction, kind, text, status, author_id, client_id, content_hash, connector_id,
  mentions, created_at)
values (@org_id, @id, @conversation_id, @seq, 'internal', @kind, @text, 'noted', @author_id, @client_id, @content_hash, @connector_id,
  @mentions, @created_at);

-- name: ChangeNote :exec
update messages
set text = @text, mentions = @mentions, revision = revision + 1, edited_at = @edited_at, deleted_at = @deleted_at
where org_id = @org_id and id = @id and kind = 'note';

-- name: NameUsers :many
insert into marks (org_id, conversation_id, user_id, named_seq, mention_seq, by_id)
select @org_id, @conversation_id, u.id, @seq, @seq, @by_id from unnest(@user_ids::uuid[]) as u (id)
on conflict (org_id, conversation_id, user_id) do update
set named_seq = greatest(marks.named_seq, excluded.named_seq), mention_seq = greatest(marks.mention_seq, excluded.mention_seq),
    by_id = excluded.by_id, version = marks.version + 1
returning *;

-- A note no longer names these users: what is left are the notes that still do. One that
-- they have not read is not found again if it was read already.
-- name: UnnameUsers :many
update marks k
set named_seq = n.seq, mention_seq = case when k.mention_seq = @seq then 0 else k.mention_seq end, version = k.version + 1
from (
  select u.id, coalesce((
    select max(m.seq) from messages m
    where m.org_id = @org_id and m.conversation_id = @conversation_id and m.kind = 'note' and u.id = any(m.mentions)
  ), 0)::int as seq
  from unnest(@user_ids::uuid[]) as u (id)
) n
where k.org_id = @org_id and k.conversation_id = @conversation_id and k.user_id = n.id
returning k.*;

-- name: MarkUnread :one
insert into marks (org_id, conversation_id, user_id, unread, why, by_id)
values (@org_id, @conversation_id, @user_id, true, @why, @by_id)
on conflict (org_id, conversation_id, user_id) do update
set unread = true, why = excluded.why, by_id = excluded.by_id, version = marks.version + 1
returning *;

-- Reading takes the mark away. Of a note that is further down it stays.
-- name: ClearMark :one
update marks
set unread = false, why = '', mention_seq = case when mention_seq <= @seq then 0 else mention_seq end, version = version + 1
where org_id = @org_id and conversation_id = @conversation_id and user_id = @user_id and (unread or mention_seq between 1 and @seq)
returning *;

-- What was given has been taken back.
-- name: UnmarkGiven :one
update marks set unread = false, why = '', version = version + 1
where org_id = @org_id and conversation_id = @conversation_id and user_id = @user_id and why = 'given'
returning *;

-- name: MarksOf :many
select * from marks where org_id = @org_id and user_id = @user_id and conversation_id = any(@conversation_ids::uuid[]);

-- name: SetSnooze :exec
update conversations
set snoozed_until = @snoozed_until, snoozed_by = @snoozed_by, back_at = @back_at, last_message_at = @last_message_at, version = @version
where org_id = @org_id and id = @id;

-- name: ConversationIDsOfLead :many
select id from conversations where org_id = @org_id and lead_id = @lead_id order by last_message_at desc, id desc;

-- In one order, so that two who lock the same do not wait for each other.
-- name: LockConversationsOfLead :many
select id from conversations where org_id = @org_id and lead_id = @lead_id order by id for no key update;

-- The lead stays locked to the commit: an owner is given once.
-- name: LockLeadOwner :one
select owner_id from leads where org_id = @org_id and id = @id and deleted_at is null for no key update;

-- name: SetLeadOwner :exec
update leads set owner_id = @owner_id, version = version + 1, modified_at = now() where org_id = @org_id and id = @id;

-- name: RaiseVersions :exec
update conversations set version = version + 1, snoozed_until = null, back_at = null where org_id = @org_id and lead_id = @lead_id;

-- A new owner begins to count where the one before had read to.
-- name: HandReadMarkers :exec
insert into read_markers (org_id, conversation_id, user_id, seq, inbound_read)
select r.org_id, r.conversation_id, @to_user, r.seq, r.inbound_read
from read_markers r
join conversations c on c.org_id = r.org_id and c.id = r.conversation_id
where r.org_id = @org_id and c.lead_id = @lead_id and r.user_id = @from_user
on conflict (org_id, conversation_id, user_id) do update
set seq = greatest(read_markers.seq, excluded.seq), inbound_read = greatest(read_markers.inbound_read, excluded.inbound_read);

-- name: InsertTransfer :exec
insert into transfers (org_id, id, lead_id, from_user, to_user, by_user, given_in, created_at)
values (@org_id, @id, @lead_id, @from_user, @to_user, @by_user, @given_in, @created_at);

-- name: LockTransfer :one
select * from transfers where org_id = @org_id and id = @id and by_user = @by_user for update;

-- name: EndTransfer :exec
update transfers set undone_at = @undone_at where org_id = @org_id and id = @id;
