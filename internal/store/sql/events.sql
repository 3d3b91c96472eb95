-- name: InsertEvents :many
insert into events (org_id, topic, payload)
select @org_id, e.topic, e.payload from (select unnest(@topics::text[]) as topic, unnest(@payloads::bytea[]) as payload) e
returning id;

-- name: LeftEvents :many
select * from door_left_events(@older_than::interval, @most::int);

-- name: DropEvents :exec
select door_published(@ids::bigint[]);
