-- name: ListLists :many
select * from lead_lists where org_id = @org_id order by name, id;

-- name: GetList :one
select * from lead_lists where org_id = @org_id and id = @id;

-- name: InsertList :exec
insert into lead_lists (org_id, id, name, kind, filter, created_by)
values (@org_id, @id, @name, @kind, @filter, @created_by);

-- name: UpdateList :exec
update lead_lists set name = @name, filter = @filter, modified_at = now() where org_id = @org_id and id = @id;

-- name: DeleteList :execrows
delete from lead_lists where org_id = @org_id and id = @id;

-- name: AddListMembers :execrows
insert into lead_list_members (org_id, list_id, lead_id)
select @org_id, @list_id, l.id from leads l
where l.org_id = @org_id and l.id = any(@lead_ids::uuid[])
on conflict do nothing;

-- name: RemoveListMembers :execrows
delete from lead_list_members where org_id = @org_id and list_id = @list_id and lead_id = any(@lead_ids::uuid[]);

-- name: ListsWithLead :many
select m.list_id from lead_list_members m where m.org_id = @org_id and m.lead_id = @lead_id;
