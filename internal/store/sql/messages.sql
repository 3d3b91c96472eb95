-- name: InsertMessage :exec
insert into messages (org_id, id, conversation_id, seq, direction, kind, text, status, author_id, client_id, content_hash,
  template_id, parameters, retry_of, connector_id, provider_message_id, reply_to, created_at, provider_at, asks_stop)
values (@org_id, @id, @conversation_id, @seq, @direction, @kind, @text, @status, @author_id, @client_id, @content_hash,
  @template_id, @parameters, @retry_of, @connector_id, @provider_message_id, @reply_to, @created_at, @provider_at, @asks_stop);

-- Messages of leads, many at once.
-- name: InsertReceived :exec
insert into messages (org_id, id, conversation_id, seq, direction, kind, text, status, connector_id, provider_message_id, reply_to,
  created_at, provider_at)
select @org_id, m.id, m.conversation_id, m.seq, 'inbound', m.kind, m.text, 'received', m.connector_id, m.provider_message_id, m.reply_to,
  m.created_at, nullif(m.provider_at, '0001-01-01 00:00:00+00')
from (select unnest(@ids::uuid[]) as id, unnest(@conversation_ids::uuid[]) as conversation_id, unnest(@seqs::int[]) as seq,
             unnest(@kinds::text[]) as kind, unnest(@texts::text[]) as text, unnest(@connector_ids::uuid[]) as connector_id,
             unnest(@provider_message_ids::text[]) as provider_message_id, unnest(@reply_tos::text[]) as reply_to,
             unnest(@created_ats::timestamptz[]) as created_at, unnest(@provider_ats::timestamptz[]) as provider_at) m;

-- name: AcceptedBefore :one
select m.id, m.conversation_id, m.content_hash from messages m
where m.org_id = @org_id and m.author_id = @author_id::uuid and m.client_id = @client_id::text;

-- name: GetMessage :one
select * from message_rows where org_id = @org_id and id = @id;

-- name: MessageContent :one
select m.conversation_id, m.direction, m.kind, m.text, m.status, m.template_id, m.parameters, coalesce(t.name, '')::text as template_name,
       coalesce(t.category, '')::text as template_category
from messages m left join templates t on t.org_id = m.org_id and t.id = m.template_id
where m.org_id = @org_id and m.id = @id;

-- name: MessagesBefore :many
select * from message_rows
where org_id = @org_id and conversation_id = @conversation_id and seq < @before_seq
order by seq desc
limit @most;

-- name: MessagesAfter :many
select * from message_rows
where org_id = @org_id and conversation_id = @conversation_id and seq > @after_seq
order by seq
limit @most;

-- name: LastMessages :many
select m.* from message_rows m
join rows from (unnest(@conversation_ids::uuid[]), unnest(@seqs::int[])) as w (conversation_id, seq)
  on w.conversation_id = m.conversation_id and w.seq = m.seq
where m.org_id = @org_id;

-- Messages the user has not seen and did not write: what a stale view missed.
-- name: CountNewer :one
select count(*)::int from messages
where org_id = @org_id and conversation_id = @conversation_id and seq > @viewed_seq
  and (direction = 'inbound' or author_id is distinct from @user_id::uuid);

-- Status only rises (I4): a lower or equal one changes nothing and returns no row.
-- name: RaiseStatus :one
update messages
set status = @status, failure_code = @failure_code, failure_text = @failure_text, failure_next = @failure_next
where messages.org_id = @org_id and messages.id = @id and direction = 'outbound' and status_rank(status) < status_rank(@status)
returning conversation_id, seq,
  (select c.channel from conversations c where c.org_id = messages.org_id and c.id = messages.conversation_id)::text as channel,
  (select l.owner_id from conversations c join leads l on l.org_id = c.org_id and l.id = c.lead_id
   where c.org_id = messages.org_id and c.id = messages.conversation_id) as owner_id;

-- An id that another message has stays with it.
-- name: LearnProviderID :exec
update messages set provider_message_id = @provider_message_id
where messages.org_id = @org_id and messages.id = @id and provider_message_id is null
  and not exists (select 1 from messages o where o.org_id = messages.org_id and o.connector_id = messages.connector_id
                  and o.provider_message_id = @provider_message_id);

-- name: InsertMedia :exec
insert into media (org_id, id, message_id, position, connector_id, state, content_type, name, size, sha256, reference, expires_at)
values (@org_id, @id, @message_id, @position, @connector_id, @state, @content_type, @name, @size, @sha256, @reference, @expires_at);

-- name: MediaOfMessages :many
select * from media where org_id = @org_id and message_id = any(@message_ids::uuid[])
order by message_id, position;

-- name: GetMedia :one
select * from media where org_id = @org_id and id = @id;

-- name: SettleMedia :execrows
update media set state = @state, kind = @kind, content_type = @content_type, size = @size, sha256 = @sha256, object_key = @object_key, why = @why, version = version + 1
where org_id = @org_id and id = @id and state = 'loading';
