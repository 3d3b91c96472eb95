-- name: DueCare :many
select * from door_due_care(@most::int);

-- name: GetCare :one
select * from connector_care where org_id = @org_id and connector_id = @connector_id;

-- name: ListCare :many
select * from connector_care where org_id = @org_id;

-- Both are looked after as soon as they can be.
-- name: CareSoon :exec
update connector_care set next_keep_at = now(), next_poll_at = now() where org_id = @org_id and connector_id = @connector_id;

-- name: PollSoon :exec
update connector_care set poll_wanted_at = clock_timestamp(), next_poll_at = now() where org_id = @org_id and connector_id = @connector_id;

-- name: Kept :exec
update connector_care
set subscription_id = @subscription_id, subscription_state = @state, subscription_detail = @detail, subscription_at = now(),
    subscription_until = now() + sqlc.narg(lifetime)::interval, next_keep_at = now() + sqlc.narg(next)::interval, keep_failures = @failures
where org_id = @org_id and connector_id = @connector_id;

-- name: SavePlace :exec
update connector_care set poll_cursor = @cursor where org_id = @org_id and connector_id = @connector_id;

-- A poll ended. It is due again at once when somebody asked for it meanwhile: whoever
-- asks holds the row until then.
-- name: Polled :one
update connector_care
set poll_state = @state, poll_detail = @detail, poll_at = now(), poll_failures = @failures,
    polled_through = coalesce(sqlc.narg(through)::timestamptz, polled_through),
    next_poll_at = case when poll_wanted_at > sqlc.arg(begun)::timestamptz then now() else now() + sqlc.narg(next)::interval end
where org_id = @org_id and connector_id = @connector_id
returning coalesce(poll_wanted_at > sqlc.arg(begun)::timestamptz, false)::boolean as again;

-- Which of these messages and reports are known of a connector already.
-- name: KnownMessages :many
select provider_message_id::text as id from messages
where org_id = @org_id and connector_id = @connector_id and provider_message_id = any(@ids::text[]);

-- name: KnownReports :many
select provider_message_id as id, status from receipts
where org_id = @org_id and connector_id = @connector_id and provider_message_id = any(@ids::text[]);

-- name: OutboundStatuses :many
select id::text as id, coalesce(provider_message_id, '')::text as provider_id, status from messages
where org_id = @org_id and connector_id = @connector_id and direction = 'outbound'
  and (provider_message_id = any(@ids::text[]) or id = any(@ours::uuid[]));

-- name: PolledParked :one
select exists (select 1 from callbacks where org_id = @org_id and connector_id = @connector_id and result = 'parked' and position(@why::text in why) > 0
  and headers ? @header::text);
