-- name: SignInsOfUser :many
select * from sign_ins
where org_id = @org_id and user_id = @user_id and ended_at is null and expires_at > now()
order by last_seen_at desc, id;

-- name: LiveSignIn :one
select * from sign_ins where org_id = @org_id and id = @id and ended_at is null and expires_at > now();

-- Ends the sign-ins of a user but the one to keep, if there is one.
-- name: EndSignIns :many
update sign_ins set ended_at = now()
where org_id = @org_id and user_id = @user_id and ended_at is null and id is distinct from sqlc.narg(keep)::uuid
returning id;

-- Notes that sign-ins are in use, and so puts off their end. One that ended meanwhile
-- stays ended.
-- name: TouchSignIns :exec
update sign_ins s set last_seen_at = now(),
  expires_at = case when s.ends_at is null then s.expires_at else least(s.ends_at, now() + o.session_idle) end
from orgs o
where o.id = s.org_id and s.org_id = @org_id and s.id = any(@ids::uuid[]) and s.ended_at is null and s.expires_at > now();

-- Has new limits count for the sign-ins there are.
-- name: LimitSignIns :exec
update sign_ins s set ends_at = s.created_at + o.session_absolute,
  expires_at = least(s.created_at + o.session_absolute, s.last_seen_at + o.session_idle)
from orgs o
where o.id = s.org_id and s.org_id = @org_id and s.ends_at is not null and s.ended_at is null and s.expires_at > now();
