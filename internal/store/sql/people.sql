-- name: InsertOrg :exec
insert into orgs (id, name, country) values (@id, @name, @country);

-- name: GetOrg :one
select * from orgs where id = @id;

-- name: InsertUser :exec
insert into users (org_id, id, email, name, role, password_hash)
values (@org_id, @id, @email, @name, @role, @password_hash);

-- name: UserByEmail :one
select * from door_user(@email::text);

-- name: GetUser :one
select * from users where org_id = @org_id and id = @id;

-- name: ListUsers :many
select * from users where org_id = @org_id and active order by name, id;

-- A user's own sign-in ends sooner when it is not used; others end when they end.
-- name: InsertSignIn :exec
insert into sign_ins (org_id, id, user_id, via, token_hash, expires_at, ends_at, agent, address)
select @org_id, @id, @user_id, @via, @token_hash,
  case @via::text when '' then least(@expires_at::timestamptz, now() + o.session_idle) else @expires_at::timestamptz end,
  case @via::text when '' then @expires_at::timestamptz end, @agent, @address
from orgs o where o.id = @org_id;

-- name: SignInsByToken :many
select * from door_sign_ins(@token_hashes::bytea[]);

-- name: EndSignIn :execrows
update sign_ins set ended_at = now() where org_id = @org_id and id = @id and ended_at is null;

-- name: InsertTickets :exec
select door_new_tickets(@hashes::bytea[], @org_ids::uuid[], @user_ids::uuid[], @sign_in_ids::uuid[], @lives::interval[]);

-- name: TakeTickets :many
select * from door_tickets(@hashes::bytea[]);

-- name: ForgetSignIns :exec
select door_forget_sign_ins();

-- Those of open sessions' sign-ins that are over, or whose users may see something else.
-- Each is looked up by its key, so that what comes back is little and what it costs is
-- the number of sessions.
-- name: FallenSignIns :many
select a.id::uuid as id, a.version::int as version, (s.id is null)::bool as ended
from (select unnest(@ids::uuid[]) as id, unnest(@versions::int[]) as version) a
left join lateral (
  select s.id, u.access_version from sign_ins s join users u on u.org_id = s.org_id and u.id = s.user_id
  where s.org_id = @org_id and s.id = a.id and s.ended_at is null and s.expires_at > now() and u.active
) s on true
where s.id is null or s.access_version <> a.version;
