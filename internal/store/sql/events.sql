-- name: InsertEvent :one
insert into events (org_id, topic, payload) values (@org_id, @topic, @payload) returning id;

-- name: LeftEvents :many
select * from door_left_events(@older_than::interval, @most::int);

-- name: DropEvents :exec
select door_published(@ids::bigint[]);
