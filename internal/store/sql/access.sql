-- Locked in one order, so that two who change permissions at once wait for each other;
-- the second then reads what the first has written.
-- name: LockAccess :many
select id, role, access, access_version, coalesce(access_role, '')::text as access_role from users
where org_id = @org_id and (@everyone::bool or id = any(@ids::uuid[]))
order by id
for update;

-- Every template that restricts a user: by name, by role, or by a group.
-- name: RestrictionsOf :many
select u.id as user_id, t.restrictions
from users u
join permission_assignments a on a.org_id = u.org_id
  and (a.user_id = u.id or a.role = u.role
       or a.group_id in (select m.group_id from group_members m where m.org_id = u.org_id and m.user_id = u.id))
join permission_templates t on t.org_id = a.org_id and t.id = a.restricts
where u.org_id = @org_id and u.id = any(@ids::uuid[]);

-- name: ColleaguesOf :many
select distinct m.user_id, o.user_id as colleague_id
from group_members m
join group_members o on o.org_id = m.org_id and o.group_id = m.group_id and o.user_id <> m.user_id
where m.org_id = @org_id and m.user_id = any(@ids::uuid[])
order by m.user_id, o.user_id;

-- name: SetAccess :one
update users set access = @access, access_role = role, access_version = access_version + 1
where org_id = @org_id and id = @id
returning access_version;
