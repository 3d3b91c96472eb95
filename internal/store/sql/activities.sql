-- name: InsertActivity :exec
insert into activities (org_id, id, lead_id, kind, at, actor_id, conversation_id, message_id, fields, detail)
values (@org_id, @id, @lead_id, @kind, @at, @actor_id, @conversation_id, @message_id, @fields, @detail);

-- The same was done to many leads.
-- name: InsertActivities :exec
insert into activities (org_id, id, lead_id, kind, at, actor_id, fields, detail)
select @org_id, n.id, n.lead_id, @kind, @at, @actor_id, '{}', @detail
from rows from (unnest(@ids::uuid[]), unnest(@lead_ids::uuid[])) as n (id, lead_id);

-- name: ActivitiesOfLead :many
select a.id, a.kind, a.at, a.actor_id, coalesce(u.name, '')::text as actor_name, a.conversation_id, a.message_id, a.fields, a.detail
from activities a
left join users u on u.org_id = a.org_id and u.id = a.actor_id
where a.org_id = @org_id and a.lead_id = @lead_id and (a.at, a.id) < (@before_at::timestamptz, @before_id::uuid)
  and (@all_kinds::bool or a.kind = any(@kinds::text[]))
order by a.at desc, a.id desc
limit @most;

-- Messages of a lead's conversations as its history shows them.
-- name: MessagesOfLead :many
select m.id, m.conversation_id, m.created_at, m.direction, m.kind, m.text, m.author_id, coalesce(u.name, '')::text as author_name, c.channel
from conversations c
cross join lateral (
  select o.* from messages o
  where o.org_id = @org_id and o.conversation_id = c.id and (o.created_at, o.id) < (@before_at::timestamptz, @before_id::uuid)
    and o.kind <> 'notice' and (@all_kinds::bool or (c.channel || '_' || o.direction) = any(@kinds::text[]))
  order by o.seq desc
  limit @most
) m
left join users u on u.org_id = c.org_id and u.id = m.author_id
where c.org_id = @org_id and c.lead_id = @lead_id
order by m.created_at desc, m.id desc
limit @most;
