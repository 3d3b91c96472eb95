-- name: LockConnector :one
select * from connectors where org_id = @org_id and id = @id and state <> 'archived' for update;

-- name: ChangeConnector :exec
update connectors set name = @name, base_url = @base_url, settings = @settings, sealed = @sealed, endpoint_hash = @endpoint_hash, version = version + 1
where org_id = @org_id and id = @id;

-- name: ArchiveConnector :exec
update connectors set state = 'archived', state_reason = '' where org_id = @org_id and id = @id;

-- name: ChangeSender :execrows
update senders set ref = @ref, label = @label, position = @position, user_id = @user_id
where org_id = @org_id and connector_id = @connector_id and id = @id and channel = @channel and address = @address;

-- name: SenderIsUsed :one
select exists (select 1 from conversations c where c.org_id = @org_id and c.sender_id = @id);

-- name: FreeNoticesOfSender :exec
update connector_notices set sender_id = null where org_id = @org_id and sender_id = @id;

-- name: DeleteSender :exec
delete from senders where org_id = @org_id and id = @id;

-- name: CountConversationsOf :one
select count(*) from conversations where org_id = @org_id and connector_id = @connector_id;

-- Messages of a connector that wait for their call.
-- name: WaitingJobs :many
select message_id from send_jobs where org_id = @org_id and connector_id = @connector_id and state = 'waiting' for update;

-- name: HasCallingJobs :one
select exists (select 1 from send_jobs where org_id = @org_id and connector_id = @connector_id and state <> 'waiting');

-- When each connector was last called by its provider, as far as the newest calls tell.
-- name: LastCallbacks :many
select n.connector_id, max(n.received_at)::timestamptz as at
from (select c.connector_id, c.received_at from callbacks c where c.org_id = @org_id order by c.id desc limit 2000) n
group by n.connector_id;
