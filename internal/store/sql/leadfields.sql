-- name: ListFields :many
select * from lead_fields where org_id = @org_id order by archived_at is not null, position, label, id;

-- name: GetField :one
select * from lead_fields where org_id = @org_id and id = @id for update;

-- name: InsertField :exec
insert into lead_fields (org_id, id, key, label, type, choices, required, position)
values (@org_id, @id, @key, @label, @type, @choices, @required, (select count(*) from lead_fields where org_id = @org_id));

-- name: UpdateField :exec
update lead_fields set label = @label, choices = @choices, required = @required where org_id = @org_id and id = @id;

-- name: ArchiveField :exec
update lead_fields set archived_at = case when @archived::bool then now() end where org_id = @org_id and id = @id;

-- name: InsertValues :exec
insert into lead_values (org_id, lead_id, field_id, term)
select @org_id, @lead_id, v.field_id, v.term
from rows from (unnest(@field_ids::uuid[]), unnest(@terms::text[])) as v (field_id, term)
on conflict (org_id, lead_id, field_id) do update set term = excluded.term;

-- name: DeleteValues :exec
delete from lead_values where org_id = @org_id and lead_id = @lead_id and field_id = any(@field_ids::uuid[]);

-- The stages in use, and the sources, each found by skipping to the next one.
-- name: StagesInUse :many
with recursive used(stage) as (
  (select l.stage from leads l where l.org_id = @org_id and l.deleted_at is null and l.stage > '' order by l.stage limit 1)
  union all
  select (select l.stage from leads l where l.org_id = @org_id and l.deleted_at is null and l.stage > u.stage order by l.stage limit 1)
  from used u where u.stage is not null
)
select stage::text from used where stage is not null limit 100;

-- name: SourcesInUse :many
with recursive used(source) as (
  (select l.source from leads l where l.org_id = @org_id and l.deleted_at is null and l.source > '' order by l.source limit 1)
  union all
  select (select l.source from leads l where l.org_id = @org_id and l.deleted_at is null and l.source > u.source order by l.source limit 1)
  from used u where u.source is not null
)
select source::text from used where source is not null limit 100;

-- name: CountValues :one
select count(*)::int from lead_values where org_id = @org_id and lead_id = @lead_id and field_id = @field_id;
