-- Many at once.
-- name: InsertExchanges :exec
insert into exchanges (org_id, id, connector_id, message_id, purpose, at, took_ms, method, url, request_head, request_body, request_size,
  answer_status, answer_head, answer_body, answer_size, error)
select @org_id, x.id, x.connector_id, nullif(x.message_id, '')::uuid, x.purpose, x.at, x.took_ms, x.method, x.url, x.request_head, x.request_body,
  x.request_size, x.status, x.answer_head, x.answer_body, x.answer_size, x.error
from (select unnest(@ids::uuid[]) as id, unnest(@connector_ids::uuid[]) as connector_id, unnest(@message_ids::text[]) as message_id,
             unnest(@purposes::text[]) as purpose, unnest(@ats::timestamptz[]) as at, unnest(@took_ms::int[]) as took_ms,
             unnest(@methods::text[]) as method, unnest(@urls::text[]) as url, unnest(@request_heads::text[]) as request_head,
             unnest(@request_bodies::text[]) as request_body, unnest(@request_sizes::bigint[]) as request_size,
             unnest(@statuses::int[]) as status, unnest(@answer_heads::text[]) as answer_head, unnest(@answer_bodies::text[]) as answer_body,
             unnest(@answer_sizes::bigint[]) as answer_size, unnest(@errors::text[]) as error) x;

-- name: ExchangesOfConnector :many
select * from exchanges where org_id = @org_id and connector_id = @connector_id and id < @before_id order by id desc limit @most;

-- name: ExchangesOfMessage :many
select * from exchanges where org_id = @org_id and message_id = @message_id and id < @before_id order by id desc limit @most;

-- Webhook calls that said something of a message of ours, the newest first.
-- name: CallbacksOfMessage :many
select c.org_id, c.id, c.connector_id, k.provider, c.received_at, c.result, c.why, octet_length(c.body)::int as size, c.replays
from callbacks c join connectors k on k.org_id = c.org_id and k.id = c.connector_id
where c.org_id = @org_id and c.id in (
  select r.callback_id from receipts r where r.org_id = @org_id and r.message_id = sqlc.arg(message_id)::uuid and r.callback_id is not null)
order by c.id desc
limit @most;

-- Their ids begin with their time.
-- name: DeleteOldExchanges :execrows
delete from exchanges x where x.org_id = @org_id and x.id in (
  select o.id from exchanges o where o.org_id = @org_id and o.id < @before_id order by o.id limit @most);

-- name: DeleteExchangesOfMessages :exec
delete from exchanges where org_id = @org_id and message_id = any(@ids::uuid[]);

-- The next of an org's exchanges about no message.
-- name: NextExchanges :many
select id, url, request_head, request_body, answer_head, answer_body, error from exchanges
where org_id = @org_id and id > @after order by id limit @most;

-- name: DeleteExchanges :exec
delete from exchanges where org_id = @org_id and id = any(@ids::uuid[]);
