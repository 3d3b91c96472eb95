-- name: InsertLead :exec
insert into leads (org_id, id, first_name, last_name, owner_id, source, stage, custom, created_at, modified_at)
values (@org_id, @id, @first_name, @last_name, @owner_id, @source, @stage, @custom, @created_at, @created_at);

-- name: InsertIdentifier :execrows
insert into identifiers (org_id, id, lead_id, kind, value, label, position, invalid)
values (@org_id, @id, @lead_id, @kind, @value, @label, @position, @invalid)
on conflict (org_id, kind, value) do nothing;

-- Many new leads with their identifiers cost one statement each, not one a row.
-- name: InsertLeads :exec
insert into leads (org_id, id, first_name, last_name, owner_id, source, stage, custom, created_at, modified_at)
select @org_id, n.id, n.first_name, n.last_name, nullif(n.owner_id, '')::uuid, n.source, n.stage, n.custom::jsonb, n.created_at, n.created_at
from rows from (unnest(@ids::uuid[]), unnest(@first_names::text[]), unnest(@last_names::text[]), unnest(@owner_ids::text[]),
  unnest(@sources::text[]), unnest(@stages::text[]), unnest(@customs::text[]), unnest(@created_ats::timestamptz[]))
  as n (id, first_name, last_name, owner_id, source, stage, custom, created_at);

-- name: InsertNewIdentifiers :exec
insert into identifiers (org_id, id, lead_id, kind, value, label, position, invalid, opted_out_at, opt_out_source, opt_out_reason)
select @org_id, n.id, n.lead_id, n.kind, n.value, n.label, n.position, n.invalid, nullif(n.opted_out_at, '')::timestamptz, n.source, n.reason
from rows from (unnest(@ids::uuid[]), unnest(@lead_ids::uuid[]), unnest(@kinds::text[]), unnest(@values::text[]), unnest(@labels::text[]),
  unnest(@positions::int[]), unnest(@invalids::bool[]), unnest(@opted_out_ats::text[]), unnest(@sources::text[]), unnest(@reasons::text[]))
  as n (id, lead_id, kind, value, label, position, invalid, opted_out_at, source, reason);

-- name: RecentLeads :many
select l.*, coalesce(u.name, '')::text as owner_name
from leads l left join users u on u.org_id = l.org_id and u.id = l.owner_id
where l.org_id = @org_id and l.deleted_at is null
  and (@see_all::bool or l.owner_id = any(@see_owners::uuid[]) or (@see_unassigned::bool and l.owner_id is null))
order by l.modified_at desc, l.id desc
limit @most;

-- name: GetLead :one
select l.*, coalesce(u.name, '')::text as owner_name
from leads l left join users u on u.org_id = l.org_id and u.id = l.owner_id
where l.org_id = @org_id and l.id = @id and l.deleted_at is null;

-- name: IdentifiersOfLeads :many
select * from identifiers
where org_id = @org_id and lead_id = any(@lead_ids::uuid[])
order by lead_id, position, id;

-- name: IdentifiersByValue :many
select i.* from rows from (unnest(@kinds::text[]), unnest(@values::text[])) as w (kind, value)
cross join lateral (select o.* from identifiers o where o.org_id = @org_id and o.kind = w.kind and o.value = w.value offset 0) i;

-- name: RestoreLead :execrows
update leads set deleted_at = null, deleted_by = null, version = version + 1, modified_at = now()
where org_id = @org_id and id = @id and deleted_at is not null and erased_at is null;

-- name: LeadsByID :many
select l.*, coalesce(u.name, '')::text as owner_name
from leads l left join users u on u.org_id = l.org_id and u.id = l.owner_id
where l.org_id = @org_id and l.id = any(@ids::uuid[]) and l.deleted_at is null;
