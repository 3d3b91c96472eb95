-- name: InsertUpload :exec
insert into uploads (org_id, id, user_id, conversation_id, connector_id, kind, content_type, name, size, state, object_key)
values (@org_id, @id, @user_id, @conversation_id, @connector_id, @kind, @content_type, @name, @size, 'waiting', @object_key);

-- name: CountUploads :one
select count(*)::int from uploads where org_id = @org_id and user_id = @user_id and state in ('waiting', 'receiving', 'stored', 'ready');

-- name: GetUpload :one
select * from uploads where org_id = @org_id and id = @id and state <> 'dropped';

-- Once: whoever comes second finds it begun.
-- name: BeginUpload :one
update uploads set state = 'receiving' where org_id = @org_id and id = @id and state = 'waiting' returning *;

-- name: StoreUpload :execrows
update uploads set state = 'stored', kind = @kind, content_type = @content_type, sha256 = @sha256
where org_id = @org_id and id = @id and state = 'receiving';

-- name: ReadyUpload :execrows
update uploads set state = 'ready', width = @width, height = @height
where org_id = @org_id and id = @id and state in ('stored', 'ready');

-- name: DropUpload :one
update uploads set state = 'dropped' where org_id = @org_id and id = @id and state not in ('kept', 'dropped') returning *;

-- An upload that becomes the example of a template: one's own, or the one that the
-- template has already.
-- name: KeepUpload :one
update uploads u set state = 'kept'
where u.org_id = @org_id and u.id = @id and u.connector_id = @connector_id and u.kind = @kind
  and (u.state = 'ready' and u.user_id = @user_id
    or u.state = 'kept' and exists (select 1 from templates t where t.org_id = u.org_id and t.id = @template_id and t.header -> 'file' ->> 'id' = u.id::text))
returning *;

-- Examples of a connector's templates that no template has any more go.
-- name: ReleaseUploads :exec
update uploads u set state = 'dropped'
where u.org_id = @org_id and u.connector_id = @connector_id and u.state = 'kept'
  and not exists (
    select 1 from templates t
    where t.org_id = u.org_id and t.connector_id = u.connector_id and t.status <> 'deleted' and t.header -> 'file' ->> 'id' = u.id::text);

-- name: DeleteDroppedUpload :exec
delete from uploads where org_id = @org_id and id = @id and state = 'dropped';

-- name: DeleteUploads :exec
delete from uploads where org_id = @org_id and id = any(@ids::uuid[]);

-- name: LeftUploads :many
select * from door_left_uploads(@unfinished::interval, @unsent::interval, @most::int);

-- Uploads that become files of a message, and are uploads no more.
-- name: TakeUploads :many
delete from uploads
where org_id = @org_id and id = any(@ids::uuid[]) and user_id = @user_id and conversation_id = @conversation_id and state = 'ready'
returning *;

-- name: UploadsOfLead :many
select u.id, u.object_key from uploads u
join conversations c on c.org_id = u.org_id and c.id = u.conversation_id
where u.org_id = @org_id and c.lead_id = @lead_id
limit @most;

-- name: InsertSentMedia :exec
insert into media (org_id, id, message_id, position, connector_id, state, kind, content_type, name, size, sha256, width, height, object_key, preview_key)
values (@org_id, @id, @message_id, @position, @connector_id, 'ready', @kind, @content_type, @name, @size, @sha256, @width, @height, @object_key,
  @preview_key);

-- name: KeepMediaReference :exec
update media set reference = @reference, expires_at = @expires_at where org_id = @org_id and id = @id;

-- name: SetPreview :execrows
update media set preview_key = @preview_key, width = @width, height = @height, version = version + 1
where org_id = @org_id and id = @id and state = 'ready' and preview_key = '';

-- Answers the state it was in, of one moment with the change: no try can end in between.
-- name: ReloadMedia :one
update media m set state = 'loading', why = '', version = m.version + 1
from (select state from media where org_id = @org_id and id = @id and state in ('loading', 'failed') for update) was
where m.org_id = @org_id and m.id = @id
returning was.state;

-- A file that is still to come says why it is late.
-- name: DelayMedia :execrows
update media set why = @why, version = version + 1 where org_id = @org_id and id = @id and state = 'loading' and why = '';

-- A job that was claimed is held for longer.
-- name: HoldJob :execrows
update send_jobs set lease_until = now() + @lease::interval
where org_id = @org_id and message_id = @message_id and state = 'claimed' and node = @node and attempts = @attempts and claims = @claims
  and lease_until > now();

-- A job that was claimed goes back, to be due after a time.
-- name: PutJobBack :exec
update send_jobs set state = 'waiting', node = '', lease_until = null, due_at = now() + @after::interval
where org_id = @org_id and message_id = @message_id and state = 'claimed' and node = @node and attempts = @attempts and claims = @claims;
