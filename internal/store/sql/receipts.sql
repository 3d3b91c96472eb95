-- Everyone who learns or reports on one provider id takes this lock first, so
-- that a report and the answer to the send call cannot miss each other.
-- name: LockProviderID :exec
select pg_advisory_xact_lock(hashtextextended(@connector_id::text || ' ' || @provider_message_id::text, 0));

-- A report that was made before keeps the callback that made it.
-- name: InsertReceipt :one
insert into receipts (org_id, id, connector_id, message_id, provider_message_id, status, code, failure_text, failure_next,
  provider_at, received_at, callback_id)
values (@org_id, @id, @connector_id, @message_id, @provider_message_id, @status, @code, @failure_text, @failure_next,
  @provider_at, @received_at, @callback_id)
on conflict (org_id, connector_id, provider_message_id, status) do update
set callback_id = receipts.callback_id
returning callback_id;

-- One that belongs to a message of long ago.
-- name: InsertReport :exec
insert into receipts (org_id, id, connector_id, message_id, provider_message_id, status, provider_at, received_at)
values (@org_id, @id, @connector_id, @message_id, @provider_message_id, @status, @at, @at);

-- name: MessageByProviderID :one
select id, conversation_id, seq, status from messages
where org_id = @org_id and connector_id = @connector_id and provider_message_id = @provider_message_id::text
  and direction = 'outbound';

-- name: MessageByReference :one
select id, conversation_id, seq, status from messages
where org_id = @org_id and connector_id = @connector_id and id = @id and direction = 'outbound';

-- For providers that answer without an id: our oldest message of the same thread
-- and text that no report has claimed yet, sent within a minute of the report. One
-- whose answer is just being recorded is waited for.
-- name: MessageByMatch :one
select m.id, m.conversation_id, m.seq, m.status
from identifiers i
join conversations c on c.org_id = i.org_id and c.identifier_id = i.id and c.sender_id = @sender_id
join messages m on m.org_id = c.org_id and m.conversation_id = c.id
where i.org_id = @org_id and i.kind = 'phone' and i.value = @phone
  and m.direction = 'outbound' and m.provider_message_id is null and m.text = @text
  and m.status in ('sending', 'unsure', 'sent')
  and exists (select 1 from attempts a where a.org_id = m.org_id and a.message_id = m.id
              and a.started_at > sqlc.arg(at)::timestamptz - interval '60 seconds'
              and a.started_at < sqlc.arg(at)::timestamptz + interval '60 seconds')
order by m.seq
limit 1
for update of m;

-- name: WaitingReceipts :many
update receipts set message_id = @message_id
where org_id = @org_id and connector_id = @connector_id and provider_message_id = @provider_message_id and message_id is null
returning *;

-- name: ReceiptsOf :many
select r.*, k.provider from receipts r join connectors k on k.org_id = r.org_id and k.id = r.connector_id
where r.org_id = @org_id and r.message_id = @message_id
order by coalesce(r.provider_at, r.received_at), status_rank(r.status), r.id;
