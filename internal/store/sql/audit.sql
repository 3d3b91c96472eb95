-- Takes the place after the org's last entry, and holds it to the commit.
-- name: LockAuditHead :one
insert into audit_heads (org_id) values (@org_id)
on conflict (org_id) do update set org_id = excluded.org_id
returning seq, hash;

-- name: InsertAuditEntry :exec
insert into audit_entries (org_id, seq, at, actor_id, actor_name, via, action, object, fields, detail, address, hash)
values (@org_id, @seq, @at, @actor_id, @actor_name, @via, @action, @object, @fields, @detail, @address, @hash);

-- name: SetAuditHead :exec
update audit_heads set seq = @seq, hash = @hash where org_id = @org_id;

-- Entries of an org before a place, the newest first. An empty word does not narrow.
-- name: AuditEntries :many
select * from audit_entries
where org_id = @org_id and seq < @before
  and (sqlc.narg(actor_id)::uuid is null or actor_id = sqlc.narg(actor_id)::uuid)
  and (@object::text = '' or object = @object)
  and (@action::text = '' or starts_with(action, @action))
  and at >= @from_at and at < @upto_at
order by seq desc
limit @most;

-- Entries after a place, in their order.
-- name: AuditEntriesAfter :many
select * from audit_entries where org_id = @org_id and seq > @after order by seq limit @most;

-- name: AuditEntryAt :one
select * from audit_entries where org_id = @org_id and seq = @seq;

-- name: AuditHead :one
select seq, hash from audit_heads where org_id = @org_id;
