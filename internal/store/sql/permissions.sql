-- name: PermissionTemplates :many
select * from permission_templates where org_id = @org_id order by name, id;

-- name: PermissionAssignments :many
select * from permission_assignments where org_id = @org_id order by restricts, id;

-- name: InsertPermissionTemplate :exec
insert into permission_templates (org_id, id, name, restrictions) values (@org_id, @id, @name, @restrictions);

-- name: UpdatePermissionTemplate :execrows
update permission_templates set name = @name, restrictions = @restrictions, modified_at = now() where org_id = @org_id and id = @id;

-- name: DeletePermissionTemplate :execrows
delete from permission_templates where org_id = @org_id and id = @id;

-- name: LockPermissionTemplate :one
select id from permission_templates where org_id = @org_id and id = @id for update;

-- name: DeleteAssignments :exec
delete from permission_assignments where org_id = @org_id and restricts = @restricts;

-- name: DeleteAssignmentsOfUser :exec
delete from permission_assignments where org_id = @org_id and user_id = @user_id;

-- name: InsertAssignment :exec
insert into permission_assignments (org_id, id, restricts, user_id, role, group_id)
values (@org_id, @id, @restricts, sqlc.narg(user_id)::uuid, sqlc.narg(role)::text, sqlc.narg(group_id)::uuid);
