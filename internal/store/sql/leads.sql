-- name: InsertLead :exec
insert into leads (org_id, id, first_name, last_name, owner_id, source, stage, created_at, modified_at)
values (@org_id, @id, @first_name, @last_name, @owner_id, @source, @stage, @created_at, @created_at);

-- name: InsertIdentifier :execrows
insert into identifiers (org_id, id, lead_id, kind, value, label, position)
values (@org_id, @id, @lead_id, @kind, @value, @label, @position)
on conflict (org_id, kind, value) do nothing;

-- name: InsertNewIdentifier :exec
insert into identifiers (org_id, id, lead_id, kind, value, label, position)
values (@org_id, @id, @lead_id, @kind, @value, @label, @position);

-- name: InsertTerms :exec
insert into lead_terms (org_id, term, lead_id)
select @org_id, unnest(@terms::text[]), @lead_id
on conflict do nothing;

-- The first word drives; up to four more must match too. A prefix is the range
-- [from, upto). 500 hits are enough to fill a list, and bound the work.
-- name: SearchLeads :many
with hits as (
  select distinct t.lead_id from lead_terms t
  where t.org_id = @org_id and t.term >= @from_term::text and t.term < @upto_term::text
    and not exists (
      select 1 from rows from (unnest(@more_from::text[]), unnest(@more_upto::text[])) as w (f, u)
      where not exists (
        select 1 from lead_terms m
        where m.org_id = @org_id and m.lead_id = t.lead_id and m.term >= w.f and m.term < w.u))
  limit 500
)
select l.*, coalesce(u.name, '')::text as owner_name
from hits h
join leads l on l.org_id = @org_id and l.id = h.lead_id
left join users u on u.org_id = l.org_id and u.id = l.owner_id
order by l.first_name, l.last_name, l.id
limit @most;

-- name: RecentLeads :many
select l.*, coalesce(u.name, '')::text as owner_name
from leads l left join users u on u.org_id = l.org_id and u.id = l.owner_id
where l.org_id = @org_id
order by l.modified_at desc, l.id
limit @most;

-- name: GetLead :one
select l.*, coalesce(u.name, '')::text as owner_name
from leads l left join users u on u.org_id = l.org_id and u.id = l.owner_id
where l.org_id = @org_id and l.id = @id;

-- name: IdentifiersOfLeads :many
select * from identifiers
where org_id = @org_id and lead_id = any(@lead_ids::uuid[])
order by lead_id, position, id;

-- name: IdentifiersByValue :many
select i.* from identifiers i
join rows from (unnest(@kinds::text[]), unnest(@values::text[])) as w (kind, value) on w.kind = i.kind and w.value = i.value
where i.org_id = @org_id;

-- Takes the turn of the next active administrator. The row lock is held to the
-- commit, so turns are exact however many nodes take them at once.
-- name: LockRotation :one
insert into rotations (org_id) values (@org_id)
on conflict (org_id) do update set org_id = excluded.org_id
returning last_user;

-- name: NextAdministrator :one
select id from users
where org_id = @org_id and active and role = 'administrator'
order by (id > coalesce(sqlc.narg(last_user)::uuid, '00000000-0000-0000-0000-000000000000'::uuid)) desc, id
limit 1;

-- name: SetRotation :exec
update rotations set last_user = @last_user where org_id = @org_id;
