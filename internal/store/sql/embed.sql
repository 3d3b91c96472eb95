-- name: ListOrigins :many
select o.*, coalesce(u.name, '')::text as added_by_name
from embed_origins o
left join users u on u.org_id = o.org_id and u.id = o.added_by
where o.org_id = @org_id order by o.origin;

-- name: InsertOrigin :execrows
insert into embed_origins (org_id, origin, added_by) values (@org_id, @origin, @added_by)
on conflict (org_id, origin) do nothing;

-- name: DeleteOrigin :execrows
delete from embed_origins where org_id = @org_id and origin = @origin;

-- name: AllOrigins :many
select * from door_origins();

-- name: SeeOrigins :exec
select door_seen_origins(@org_ids::uuid[], @origins::text[]);
