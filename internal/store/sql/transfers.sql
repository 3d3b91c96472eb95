-- name: InsertImport :exec
insert into imports (org_id, id, user_id, file_name, state, files_until)
values (@org_id, @id, @user_id, @file_name, 'new', now() + @files_live::interval);

-- name: GetImport :one
select i.*, u.name as user_name
from imports i join users u on u.org_id = i.org_id and u.id = i.user_id
where i.org_id = @org_id and i.id = @id;

-- Held to the commit: one worker at a time does rows, and nobody cancels half a page.
-- name: LockImport :one
select i.*, ''::text as user_name from imports i where i.org_id = @org_id and i.id = @id for update;

-- Of one user, or of everybody where none is named; the newest first.
-- name: Imports :many
select i.*, u.name as user_name
from imports i join users u on u.org_id = i.org_id and u.id = i.user_id
where i.org_id = @org_id and i.state <> 'new' and i.id < @before::uuid
  and (sqlc.narg(only_user)::uuid is null or i.user_id = sqlc.narg(only_user)::uuid)
order by i.id desc
limit @most;

-- name: SetImport :exec
update imports set
  file_key = @file_key, file_size = @file_size, result_key = @result_key, state = @state, settings = @settings,
  total = @total, handled = @handled, created = @created, updated = @updated, skipped = @skipped, failed = @failed,
  problems = @problems, failure = @failure, worked_at = now(), finished_at = @finished_at
where org_id = @org_id and id = @id;

-- name: InsertImportRows :exec
insert into import_rows (org_id, import_id, place, outcome, lead_id, version)
select @org_id, @import_id, r.place, r.outcome, nullif(r.lead_id, '')::uuid, r.version
from rows from (unnest(@places::int[]), unnest(@outcomes::text[]), unnest(@lead_ids::text[]), unnest(@versions::int[])) as r (place, outcome, lead_id, version);

-- name: ImportRows :many
select place, outcome, lead_id, version from import_rows
where org_id = @org_id and import_id = @import_id and place > @after::int
order by place
limit @most;

-- name: ForgetImportRows :exec
delete from import_rows where org_id = @org_id and import_id = @import_id;

-- name: InsertExport :exec
insert into exports (org_id, id, user_id, access_version, state, selection, files_until)
values (@org_id, @id, @user_id, @access_version, 'waiting', @selection, now() + @files_live::interval);

-- name: GetExport :one
select * from exports where org_id = @org_id and id = @id;

-- name: LockExport :one
select * from exports where org_id = @org_id and id = @id for update;

-- name: Exports :many
select * from exports where org_id = @org_id and user_id = @user_id order by id desc limit @most;

-- name: SetExport :exec
update exports set
  state = @state, total = @total, handled = @handled, file_key = @file_key, file_size = @file_size, failure = @failure,
  worked_at = now(), finished_at = @finished_at
where org_id = @org_id and id = @id;

-- name: LeftTransfers :many
select * from door_left_transfers(@idle::interval, @most::int);
