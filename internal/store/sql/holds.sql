-- A claimed job that is not to be called now. It keeps its place unless it is to be due
-- later.
-- name: ReleaseJob :exec
update send_jobs
set state = 'waiting', node = '', lease_until = null,
    due_at = case when @after::interval > interval '0' then now() + @after::interval else due_at end
where org_id = @org_id and message_id = @message_id and state = 'claimed' and node = @node and claims = @claims;

-- Both lanes, or the bulk lane alone. What holds for longer stays.
-- name: HoldConnector :exec
insert into connector_holds as h (org_id, connector_id, until, why) values (@org_id, @connector_id, now() + @after::interval, @why)
on conflict (org_id, connector_id) do update
set why = case when h.until > excluded.until then h.why else excluded.why end, until = greatest(h.until, excluded.until);

-- name: HoldBulk :exec
insert into connector_holds as h (org_id, connector_id, bulk_until) values (@org_id, @connector_id, now() + @after::interval)
on conflict (org_id, connector_id) do update set bulk_until = greatest(h.bulk_until, excluded.bulk_until);

-- name: EnsureHold :exec
insert into connector_holds (org_id, connector_id) values (@org_id, @connector_id) on conflict do nothing;

-- name: LockHold :one
select *, now()::timestamptz as now from connector_holds where org_id = @org_id and connector_id = @connector_id for update;

-- name: SetTrouble :exec
update connector_holds
set failures = @failures, failing_since = @failing_since, trips = @trips, until = @until, why = @why
where org_id = @org_id and connector_id = @connector_id;

-- The provider answered.
-- name: EndTrouble :execrows
update connector_holds
set failures = 0, failing_since = null, trips = 0,
    until = case when why = 'unreachable' then null else until end, why = case when why = 'unreachable' then '' else why end
where org_id = @org_id and connector_id = @connector_id and (failures > 0 or trips > 0);

-- Somebody lets it send again, whatever held it.
-- name: ReleaseConnector :exec
delete from connector_holds where org_id = @org_id and connector_id = @connector_id;

-- name: ListHolds :many
select * from connector_holds where org_id = @org_id;

-- name: HeldConnectors :many
select * from door_held_connectors();
