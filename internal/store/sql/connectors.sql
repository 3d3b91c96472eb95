-- name: InsertConnector :exec
insert into connectors (org_id, id, provider, name, base_url, settings, sealed, endpoint_hash)
values (@org_id, @id, @provider, @name, @base_url, @settings, @sealed, @endpoint_hash);

-- name: InsertSender :exec
insert into senders (org_id, id, connector_id, channel, address, ref, label, position, user_id)
values (@org_id, @id, @connector_id, @channel, @address, @ref, @label, @position, @user_id);

-- name: ConnectorByEndpoint :one
select * from door_connector(@endpoint_hash::bytea);

-- name: GetConnector :one
select * from connectors where org_id = @org_id and id = @id;

-- name: ListConnectors :many
select * from connectors where org_id = @org_id and state <> 'archived' order by created_at, id;

-- name: SendersOf :many
select * from senders where org_id = @org_id and connector_id = @connector_id order by position, id;

-- name: ListSenders :many
select * from senders where org_id = @org_id order by position, id;

-- name: SetConnectorState :execrows
update connectors set state = @state, state_reason = @state_reason
where org_id = @org_id and id = @id and state <> @state and state <> 'archived';

-- name: MoveConnector :execrows
update connectors set base_url = @base_url where org_id = @org_id and id = @id;
