-- Whether somebody who does not see every lead sees the one that a thing belongs to.
-- name: SeesLead :one
select exists (
  select 1 from leads l
  where l.org_id = @org_id and l.id = @id
    and (l.owner_id = any(@see_owners::uuid[]) or (@see_unassigned::bool and l.owner_id is null)));

-- name: SeesConversation :one
select exists (
  select 1 from conversations c join leads l on l.org_id = c.org_id and l.id = c.lead_id
  where c.org_id = @org_id and c.id = @id
    and (l.owner_id = any(@see_owners::uuid[]) or (@see_unassigned::bool and l.owner_id is null)));

-- name: SeesMessage :one
select exists (
  select 1 from messages m
  join conversations c on c.org_id = m.org_id and c.id = m.conversation_id
  join leads l on l.org_id = c.org_id and l.id = c.lead_id
  where m.org_id = @org_id and m.id = @id
    and (l.owner_id = any(@see_owners::uuid[]) or (@see_unassigned::bool and l.owner_id is null)));

-- name: SeesMedia :one
select exists (
  select 1 from media f
  join messages m on m.org_id = f.org_id and m.id = f.message_id
  join conversations c on c.org_id = m.org_id and c.id = m.conversation_id
  join leads l on l.org_id = c.org_id and l.id = c.lead_id
  where f.org_id = @org_id and f.id = @id
    and (l.owner_id = any(@see_owners::uuid[]) or (@see_unassigned::bool and l.owner_id is null)));

-- name: OwnerOfConversation :one
select l.owner_id from conversations c join leads l on l.org_id = c.org_id and l.id = c.lead_id
where c.org_id = @org_id and c.id = @id and l.deleted_at is null;
