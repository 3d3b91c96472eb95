-- Members are users as those see them who manage people.

-- name: Members :many
select u.id, u.email, u.name, u.role, u.active, u.joined, u.access,
  array(select m.group_id from group_members m where m.org_id = u.org_id and m.user_id = u.id order by m.group_id)::uuid[] as group_ids,
  coalesce(greatest(u.last_seen_at,
    (select max(s.last_seen_at) from sign_ins s where s.org_id = u.org_id and s.user_id = u.id and s.via = '')),
    to_timestamp(0))::timestamptz as last_seen_at,
  l.expires_at as link_expires_at,
  exists (select 1 from second_factors f where f.org_id = u.org_id and f.user_id = u.id and f.confirmed_at is not null) as second_factor
from users u
left join password_links l on l.org_id = u.org_id and l.user_id = u.id
where u.org_id = @org_id and (sqlc.narg(id)::uuid is null or u.id = sqlc.narg(id)::uuid)
order by u.name, u.id;

-- What people are and may do changes one after the other in an org. It does not hold
-- up rows that only refer to the org.
-- name: LockPeople :one
select id from orgs where id = @org_id for no key update;

-- name: OtherAdministrators :one
select count(*)::int from users where org_id = @org_id and active and role = 'administrator' and id <> @id;

-- name: InsertInvited :exec
insert into users (org_id, id, email, name, role, password_hash, active, joined)
values (@org_id, @id, @email, @name, @role, '', false, false);

-- name: UpdateMember :exec
update users set name = @name, role = @role where org_id = @org_id and id = @id;

-- name: SetActive :exec
update users set active = @active where org_id = @org_id and id = @id;

-- name: DeleteInvited :exec
delete from users where org_id = @org_id and id = @id and not joined;

-- name: SetPassword :exec
update users set password_hash = @password_hash where org_id = @org_id and id = @id;

-- name: Join :exec
update users set active = true, joined = true where org_id = @org_id and id = @id;

-- name: OwnedLeads :one
select count(*)::int from leads where org_id = @org_id and owner_id = @id::uuid;

-- name: InsertOldPassword :exec
insert into old_passwords (org_id, id, user_id, hash) values (@org_id, @id, @user_id, @hash);

-- name: OldPasswords :many
select hash from old_passwords where org_id = @org_id and user_id = @user_id order by replaced_at desc, id desc limit @most;

-- name: ForgetOldPasswords :exec
delete from old_passwords o where o.org_id = @org_id and o.user_id = @user_id and o.id not in (
  select k.id from old_passwords k where k.org_id = @org_id and k.user_id = @user_id order by k.replaced_at desc, k.id desc limit @keep);

-- name: SetPasswordLink :exec
insert into password_links (org_id, user_id, kind, token_hash, expires_at) values (@org_id, @user_id, @kind, @token_hash, @expires_at)
on conflict (org_id, user_id) do update
set kind = excluded.kind, token_hash = excluded.token_hash, expires_at = excluded.expires_at, created_at = now();

-- name: LinkByHash :one
select * from door_password_link(@hash::bytea);

-- name: TakePasswordLink :one
delete from password_links where org_id = @org_id and token_hash = @token_hash and expires_at > now() returning user_id, kind;

-- name: DeletePasswordLink :exec
delete from password_links where org_id = @org_id and user_id = @user_id;

-- name: AccountPolicy :one
select password_min, password_history, session_absolute, session_idle from orgs where id = @org_id;

-- name: SetAccountPolicy :exec
update orgs set password_min = @password_min, password_history = @password_history,
  session_absolute = @session_absolute, session_idle = @session_idle
where id = @org_id;

-- name: LeadsToPass :many
select id from leads where org_id = @org_id and owner_id = @from_user::uuid order by id limit @most for update;

-- name: PassLeads :exec
update leads l set owner_id = w.owner, version = l.version + 1, modified_at = now()
from rows from (unnest(@ids::uuid[]), unnest(@owners::uuid[])) as w (id, owner)
where l.org_id = @org_id and l.id = w.id;
