-- A long line is as good as one of a thousand: nobody counts further.
-- name: CountWaiting :one
select count(*)::int as waiting, (count(*) filter (where x.unserved))::int as unserved
from (
  select w.unserved from waiting_leads w join leads l on l.org_id = w.org_id and l.id = w.lead_id
  where w.org_id = @org_id and l.deleted_at is null limit 1000
) x;

-- Who waits longest comes first. A conversation stands for its lead: the one used last.
-- name: ListWaiting :many
select w.lead_id, w.since, (
  select c.id from conversations c where c.org_id = w.org_id and c.lead_id = w.lead_id order by c.last_message_at desc limit 1
) as conversation_id
from waiting_leads w join leads l on l.org_id = w.org_id and l.id = w.lead_id
where w.org_id = @org_id and l.deleted_at is null
order by w.since, w.lead_id
limit @most;

-- Takes the leads that wait longest, passing over those that somebody is just taking.
-- name: LockWaiting :many
select w.lead_id from waiting_leads w join leads l on l.org_id = w.org_id and l.id = w.lead_id
where w.org_id = @org_id and l.deleted_at is null
order by w.since, w.lead_id limit @most for update of w skip locked;

-- name: LockWaitingOfRules :many
select w.lead_id, w.rule_id from waiting_leads w join leads l on l.org_id = w.org_id and l.id = w.lead_id
where w.org_id = @org_id and w.rule_id is not null and l.deleted_at is null
order by w.since, w.lead_id limit @most for update of w skip locked;

-- Gives leads that nobody owns to a user. Of two who try, one gets none.
-- name: TakeUnassigned :many
update leads set owner_id = @owner_id, version = version + 1, modified_at = now()
where org_id = @org_id and id = any(@lead_ids::uuid[]) and owner_id is null
returning id;

-- Readers keep the conversation with the highest version.
-- name: RaiseTaken :exec
update conversations set version = version + 1 where org_id = @org_id and lead_id = any(@lead_ids::uuid[]);

-- name: TakenConversations :many
select * from conversation_rows where org_id = @org_id and lead_id = any(@lead_ids::uuid[]) order by id;
