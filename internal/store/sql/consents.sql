-- name: SetStops :exec
update identifiers set stops = @stops where org_id = @org_id and id = @id;

-- name: InsertAlias :exec
insert into message_aliases (org_id, connector_id, alias, provider_message_id)
values (@org_id, @connector_id, @alias, @provider_message_id)
on conflict do nothing;

-- name: AliasOf :one
select provider_message_id from message_aliases
where org_id = @org_id and connector_id = @connector_id and alias = @alias;

-- Reports that came under an alias before it was known as one.
-- name: RenameReceipts :exec
update receipts r set provider_message_id = @provider_message_id
where r.org_id = @org_id and r.connector_id = @connector_id and r.provider_message_id = @alias and r.message_id is null
  and not exists (select 1 from receipts o where o.org_id = @org_id and o.connector_id = @connector_id
                  and o.provider_message_id = @provider_message_id and o.status = r.status);

-- name: DeleteAliasesOfLead :exec
delete from message_aliases a using messages m, conversations c
where a.org_id = @org_id and c.org_id = a.org_id and c.lead_id = @lead_id
  and m.org_id = c.org_id and m.conversation_id = c.id and a.connector_id = m.connector_id and a.provider_message_id = m.provider_message_id;

-- name: InsertNotice :exec
insert into connector_notices (org_id, id, connector_id, sender_id, kind, level, text, next, at, received_at)
values (@org_id, @id, @connector_id, @sender_id, @kind, @level, @text, @next, @at, @received_at);

-- Those of one connector, or of all; the newest first.
-- name: ListNotices :many
select n.*, coalesce(s.address, '')::text as sender_address, coalesce(u.name, '')::text as settled_by_name
from connector_notices n
left join senders s on s.org_id = n.org_id and s.id = n.sender_id
left join users u on u.org_id = n.org_id and u.id = n.settled_by
where n.org_id = @org_id and (@connector_id::text = '' or n.connector_id::text = @connector_id)
  and (@open_only::bool = false or n.settled_at is null)
order by n.received_at desc, n.id desc
limit @most;

-- name: SettleNotice :one
update connector_notices set settled_at = coalesce(settled_at, now()), settled_by = coalesce(settled_by, @settled_by)
where org_id = @org_id and id = @id returning connector_id;

-- name: CountOpenNotices :many
select connector_id, count(*)::int as n, bool_or(level = 'stop') as stopped from connector_notices
where org_id = @org_id and settled_at is null group by 1;
