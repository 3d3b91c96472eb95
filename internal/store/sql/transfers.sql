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
insert into import_rows (org_id, import_id, place, outcome, lead_id, version, why)
select @org_id, @import_id, r.place, r.outcome, nullif(r.lead_id, '')::uuid, r.version, r.why
from rows from (unnest(@places::int[]), unnest(@outcomes::text[]), unnest(@lead_ids::text[]), unnest(@versions::int[]), unnest(@whys::text[]))
  as r (place, outcome, lead_id, version, why);

-- name: ImportRows :many
select place, outcome, lead_id, version, why from import_rows
where org_id = @org_id and import_id = @import_id
order by place;

-- Locked in the order of ids, so that two who change the same leads wait instead of
-- meeting. Each identifier is looked up by key, and then each lead: a plain join may be
-- planned as one with all that the org has.
-- name: LeadsByIdentifiers :many
select l.*, ''::text as owner_name from leads l
where l.org_id = @org_id and l.id = any(array(
  select i.lead_id from rows from (unnest(@kinds::text[]), unnest(@values::text[])) as w (kind, value)
  cross join lateral (select o.lead_id from identifiers o where o.org_id = @org_id and o.kind = w.kind and o.value = w.value offset 0) i
))
order by l.id
for update;

-- Which of some leads the import made.
-- name: MadeByImport :many
select lead_id from import_rows
where org_id = @org_id and import_id = @import_id and outcome = 'created' and lead_id = any(@lead_ids::uuid[]);

-- Who works on a transfer: a user as they are now.
-- name: UserAtWork :one
select name, role, access, access_version from users where org_id = @org_id and id = @user_id and active;

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

-- name: FilesOfImport :one
select file_key, result_key from imports where org_id = @org_id and id = @id;

-- name: ForgetImportFiles :exec
update imports set file_key = '', result_key = '' where org_id = @org_id and id = @id;

-- name: ForgetExportFile :exec
update exports set file_key = '' where org_id = @org_id and id = @id;

-- The leads that an import made and that are as it left them, with nothing said to them.
-- name: UntouchedOfImport :many
select r.place, l.id from import_rows r
join leads l on l.org_id = r.org_id and l.id = r.lead_id
where r.org_id = @org_id and r.import_id = @import_id and r.outcome = 'created' and r.place > @after::int
  and l.version = r.version and l.deleted_at is null
  and not exists (select 1 from conversations c where c.org_id = l.org_id and c.lead_id = l.id)
order by r.place
limit @most
for update of l;

-- name: RowsUndone :exec
update import_rows set outcome = 'undone' where org_id = @org_id and import_id = @import_id and place = any(@places::int[]);

-- name: TouchImport :exec
update imports set worked_at = now() where org_id = @org_id and id = @id;

-- name: TouchExport :exec
update exports set worked_at = now() where org_id = @org_id and id = @id;
