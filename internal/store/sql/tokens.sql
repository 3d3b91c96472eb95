-- name: EnsureToken :exec
insert into connector_tokens (org_id, connector_id, fingerprint) values (@org_id, @connector_id, @fingerprint)
on conflict (org_id, connector_id) do nothing;

-- The row is held to the commit, so that of all who want to ask for a token one does.
-- name: LockToken :one
select *, now()::timestamptz as now from connector_tokens where org_id = @org_id and connector_id = @connector_id for update;

-- name: TakeGrant :exec
update connector_tokens
set granting_node = @node, granting_until = now() + @lease::interval, window_at = @window_at, asked = @asked
where org_id = @org_id and connector_id = @connector_id;

-- name: StoreToken :one
update connector_tokens
set sealed = @sealed, fingerprint = @fingerprint, version = version + 1, granting_until = null,
    renew_at = now() + @renew_in::interval, expires_at = now() + @expires_in::interval
where org_id = @org_id and connector_id = @connector_id and granting_node = @node
returning version;

-- name: EndGrant :exec
update connector_tokens set granting_until = null
where org_id = @org_id and connector_id = @connector_id and granting_node = @node;

-- A newer token than the one that failed stays.
-- name: DropToken :exec
update connector_tokens set sealed = '', renew_at = null, expires_at = null
where org_id = @org_id and connector_id = @connector_id and version = @version;
