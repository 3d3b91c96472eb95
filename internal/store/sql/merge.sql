-- name: SnapshotLeads :one
select snapshot_leads(@org_id, @lead_ids::uuid[])::jsonb as snapshot;

-- name: LeadRow :one
select to_jsonb(l)::jsonb as line from leads l where l.org_id = @org_id and l.id = @id;

-- name: MoveLead :exec
select move_lead(@org_id, @child::uuid, @parent::uuid);

-- name: RestoreMerged :exec
select restore_lead(@org_id, @parent::uuid, @child::uuid, @snapshot::jsonb);

-- name: DropLead :exec
delete from leads where org_id = @org_id and id = @id;

-- name: PlaceIdentifiers :exec
update identifiers i set position = n.place
from (select unnest(@ids::uuid[]) as id, unnest(@places::int[]) as place) n
where i.org_id = @org_id and i.id = n.id and i.position <> n.place;

-- name: DropServedWaiting :exec
delete from waiting_leads w where w.org_id = @org_id and w.lead_id = @lead_id
  and exists (select 1 from leads l where l.org_id = w.org_id and l.id = w.lead_id and l.owner_id is not null);

-- name: InsertMerge :exec
insert into merges (org_id, id, parent_id, child_id, lead_id, merged_at, merged_by, snapshot)
values (@org_id, @id, @parent_id, @child_id, @parent_id, @merged_at, @merged_by, @snapshot);

-- name: LockMerge :one
select * from merges where org_id = @org_id and id = @id for update;

-- name: DropMerge :exec
delete from merges where org_id = @org_id and id = @id;

-- Of a lead that was merged: who holds it now.
-- name: MergedInto :one
select m.lead_id, l.owner_id from merges m join leads l on l.org_id = m.org_id and l.id = m.lead_id
where m.org_id = @org_id and m.child_id = @child_id and l.deleted_at is null;

-- Merges of a lead that were made after one: they have to be undone first.
-- name: CountLaterMerges :one
select count(*)::int from merges where org_id = @org_id and parent_id = @parent_id and merged_at > @merged_at;

-- name: MergeSettings :one
select automatic, kinds, parent, rules from merge_settings where org_id = @org_id;

-- name: SetMergeSettings :exec
insert into merge_settings (org_id, automatic, kinds, parent, rules) values (@org_id, @automatic, @kinds, @parent, @rules)
on conflict (org_id) do update
set automatic = excluded.automatic, kinds = excluded.kinds, parent = excluded.parent, rules = excluded.rules;

-- What stands in the way of undoing merges; one that is not there has been undone.
-- name: MergesByID :many
select m.id, m.parent_id, m.lead_id, exists (
  select 1 from merges o where o.org_id = m.org_id and o.parent_id = m.parent_id and o.merged_at > m.merged_at
) as later
from merges m where m.org_id = @org_id and m.id = any(@ids::uuid[]);

-- Leads whose phone numbers have the same last nine digits; terms hold them backwards.
-- name: LeadsBySameDigits :many
select distinct t.lead_id
from (select unnest(@from_terms::text[]) as from_term, unnest(@upto_terms::text[]) as upto_term) w, lead_terms t
where t.org_id = @org_id and t.kind = 'phone_end' and t.term >= w.from_term and t.term < w.upto_term and t.lead_id <> @lead_id
limit 20;

-- name: LeadsByName :many
select l.id from leads l
where l.org_id = @org_id and l.first_name = @first_name and l.last_name = @last_name and l.id <> @lead_id and l.deleted_at is null
order by l.id limit 20;

-- name: CountOfLead :one
select (select count(*) from conversations c where c.org_id = @org_id and c.lead_id = @lead_id)::int as conversations,
       (select count(*) from lead_list_members m where m.org_id = @org_id and m.lead_id = @lead_id)::int as lists;
