-- name: AllOrgs :many
select door_orgs();

-- name: ListRetention :many
select * from retention where org_id = @org_id order by kind;

-- name: SetRetention :exec
insert into retention (org_id, kind, days) values (@org_id, @kind, @days)
on conflict (org_id, kind) do update set days = excluded.days;

-- name: NoteRetention :exec
insert into retention (org_id, kind, ran_at, removed, removed_total) values (@org_id, @kind, now(), @removed::int, @removed::int)
on conflict (org_id, kind) do update set ran_at = now(), removed = excluded.removed, removed_total = retention.removed_total + excluded.removed;

-- Ids of callbacks begin with their time, so the oldest are found by key.
-- name: DeleteOldCallbacks :execrows
delete from callbacks k where k.org_id = @org_id and k.id in (
  select o.id from callbacks o where o.org_id = @org_id and o.id < @before_id and o.result <> 'parked' and o.received_at < @before
  order by o.id limit @most);

-- Imports and exports whose files are gone; an import's rows go with it.
-- name: DeleteOldImports :execrows
delete from imports i where i.org_id = @org_id and i.id in (
  select o.id from imports o where o.org_id = @org_id and o.created_at < @before and o.file_key = '' and o.result_key = ''
    and o.state in ('new', 'checked', 'done', 'cancelled', 'failed', 'undone') order by o.created_at limit @most);

-- name: DeleteOldExports :execrows
delete from exports x where x.org_id = @org_id and x.id in (
  select o.id from exports o where o.org_id = @org_id and o.created_at < @before and o.file_key = '' and o.state in ('done', 'cancelled', 'failed')
  order by o.created_at limit @most);

-- name: LeadsToForget :many
select id from leads where org_id = @org_id and deleted_at < @before and erased_at is null order by deleted_at limit @most;
