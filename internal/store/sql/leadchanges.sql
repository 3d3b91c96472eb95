-- In the order of ids, so that two who change the same leads wait instead of meeting.
-- name: LockLeads :many
select l.*, ''::text as owner_name from leads l
where l.org_id = @org_id and l.id = any(@ids::uuid[]) and l.erased_at is null
order by l.id
for update;

-- name: UpdateLead :exec
update leads
set first_name = @first_name, last_name = @last_name, owner_id = @owner_id, source = @source, stage = @stage, custom = @custom,
    version = version + 1, modified_at = now()
where org_id = @org_id and id = @id;

-- name: DeleteLead :exec
update leads set deleted_at = now(), deleted_by = @deleted_by, version = version + 1, modified_at = now()
where org_id = @org_id and id = @id;

-- Leads that can no longer be restored, the one deleted first first: for those who
-- forget them.
-- name: LeadsDeletedBefore :many
select id from leads
where org_id = @org_id and deleted_at < @before::timestamptz
order by deleted_at
limit @most;

-- name: UserIsActive :one
select exists (select 1 from users where org_id = @org_id and id = @id and active);

-- Identifiers that conversations are with.
-- name: IdentifiersInUse :many
select distinct identifier_id from conversations where org_id = @org_id and lead_id = @lead_id;

-- name: GetIdentifier :one
select * from identifiers where org_id = @org_id and id = @id;

-- name: UpdateIdentifier :exec
update identifiers set value = @value, label = @label, position = @position, invalid = @invalid
where org_id = @org_id and id = @id;

-- name: DeleteIdentifier :exec
delete from identifiers where org_id = @org_id and id = @id;

-- Who is written to again is so over every channel.
-- name: SetOptOut :exec
update identifiers set opted_out_at = @opted_out_at, opt_out_source = @opt_out_source, opt_out_reason = @opt_out_reason,
  stops = case when @opted_out_at::timestamptz is null then '{}' else stops end
where org_id = @org_id and id = @id;

-- Conversations show their lead's name, owner and identifier: a change of those raises
-- their version.
-- name: RaiseConversations :many
update conversations set version = version + 1 where org_id = @org_id and lead_id = @lead_id returning id;

-- name: ConversationsByID :many
select * from conversation_rows where org_id = @org_id and id = any(@ids::uuid[]);
