-- name: Groups :many
select g.id, g.name, array(select m.user_id from group_members m where m.org_id = g.org_id and m.group_id = g.id order by m.user_id)::uuid[] as member_ids
from groups g
where g.org_id = @org_id
order by g.name, g.id;

-- name: InsertGroup :exec
insert into groups (org_id, id, name) values (@org_id, @id, @name);

-- name: RenameGroup :execrows
update groups set name = @name where org_id = @org_id and id = @id;

-- name: DeleteGroup :execrows
delete from groups where org_id = @org_id and id = @id;

-- name: MembersOfGroup :many
select user_id from group_members where org_id = @org_id and group_id = @group_id order by user_id;

-- name: GroupsOfUser :many
select group_id from group_members where org_id = @org_id and user_id = @user_id order by group_id;

-- name: AddToGroups :exec
insert into group_members (org_id, group_id, user_id) select @org_id, unnest(@group_ids::uuid[]), @user_id
on conflict do nothing;

-- name: RemoveFromGroups :exec
delete from group_members where org_id = @org_id and user_id = @user_id and group_id = any(@group_ids::uuid[]);

-- name: AddMembers :exec
insert into group_members (org_id, group_id, user_id) select @org_id, @group_id, unnest(@user_ids::uuid[])
on conflict do nothing;

-- name: RemoveMembers :exec
delete from group_members where org_id = @org_id and group_id = @group_id and user_id = any(@user_ids::uuid[]);

-- name: GetGroup :one
select * from groups where org_id = @org_id and id = @id;
