-- name: InsertCallback :exec
insert into callbacks (org_id, id, connector_id, received_at, headers, query, body, result, why)
values (@org_id, @id, @connector_id, @received_at, @headers, @query, @body, @result, @why);

-- Callbacks that ended shown, many at once.
-- name: InsertCallbacks :exec
insert into callbacks (org_id, id, connector_id, received_at, headers, query, body, result)
select @org_id, k.id, k.connector_id, k.received_at, k.headers, k.query, k.body, 'shown'
from (select unnest(@ids::uuid[]) as id, unnest(@connector_ids::uuid[]) as connector_id, unnest(@received_ats::timestamptz[]) as received_at,
             unnest(@headers::jsonb[]) as headers, unnest(@queries::text[]) as query, unnest(@bodies::bytea[]) as body) k;

-- name: EndCallback :execrows
update callbacks set result = @result, why = @why where org_id = @org_id and id = @id;

-- name: EndReplay :one
update callbacks set result = @result, why = @why, replays = replays + 1, replayed_at = now()
where org_id = @org_id and id = @id
returning org_id, id, connector_id, received_at, result, why, octet_length(body)::int as size, replays;

-- A callback parked for nothing but messages that were not known yet ends shown once
-- the last of them is.
-- name: UnparkCallbacks :exec
update callbacks set result = 'shown', why = ''
where callbacks.org_id = @org_id and callbacks.id = any(@ids::uuid[]) and result = 'parked'
  and why <> '' and string_to_array(why, '; ') <@ array[@waiting::text]
  and not exists (select 1 from receipts r
                  where r.org_id = callbacks.org_id and r.callback_id = callbacks.id and r.message_id is null);

-- name: GetCallback :one
select c.*, k.provider from callbacks c join connectors k on k.org_id = c.org_id and k.id = c.connector_id
where c.org_id = @org_id and c.id = @id;

-- name: ListCallbacks :many
select c.org_id, c.id, c.connector_id, k.provider, c.received_at, c.result, c.why, octet_length(c.body)::int as size, c.replays
from callbacks c join connectors k on k.org_id = c.org_id and k.id = c.connector_id
where c.org_id = @org_id and c.id < @before_id and (@result::text = '' or c.result = @result)
  and (@of_connector::text = '' or c.connector_id::text = @of_connector)
order by c.id desc
limit @most;

-- name: CountCallbacks :many
select result, count(*)::int as n from callbacks where org_id = @org_id group by result;

-- name: CutCallbacks :many
select org_id, id from door_cut_callbacks(@why::text, @older_than::interval, @most::int);

-- name: GiveUpCallbacks :exec
select door_give_up_callbacks(@waiting::text, @give_up::interval);
