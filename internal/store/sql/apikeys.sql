-- name: InsertAPIKey :exec
insert into api_keys (org_id, id, name, hash, hint, scopes, created_by, expires_at)
values (@org_id, @id, @name, @hash, @hint, @scopes, @created_by, @expires_at);

-- name: ListAPIKeys :many
select k.id, k.name, k.hint, k.scopes, k.created_by, u.name as created_by_name, k.created_at, k.expires_at, k.revoked_at, k.last_used_at
from api_keys k
join users u on u.org_id = k.org_id and u.id = k.created_by
where k.org_id = @org_id order by k.created_at desc, k.id desc;

-- name: CountLiveAPIKeys :one
select count(*)::int from api_keys
where org_id = @org_id and revoked_at is null and (expires_at is null or expires_at > now());

-- name: RevokeAPIKey :one
update api_keys set revoked_at = coalesce(revoked_at, now()) where org_id = @org_id and id = @id returning name;

-- name: EndSignInsOfKey :many
update sign_ins set ended_at = now() where org_id = @org_id and key_id = @key_id::uuid and ended_at is null returning id, user_id;

-- name: APIKeyByHash :one
select * from door_api_key(@hash::bytea);

-- name: TouchAPIKey :exec
update api_keys set last_used_at = now()
where org_id = @org_id and id = @id and (last_used_at is null or last_used_at < now() - @pause::interval);

-- name: LockAPIKey :one
select expires_at from api_keys
where org_id = @org_id and id = @id and revoked_at is null and (expires_at is null or expires_at > now()) for share;

-- name: WidgetUser :one
select * from users
where org_id = @org_id and active and (id = sqlc.narg(id)::uuid or email = sqlc.narg(email)::text);

-- name: ProlongWidgetSignIn :one
insert into sign_ins as s (org_id, id, user_id, via, key_id, token_hash, expires_at)
values (@org_id, @id, @user_id, 'widget', @key_id::uuid, @token_hash, least(now() + @life::interval, sqlc.narg(latest)::timestamptz))
on conflict (org_id, key_id, user_id) where key_id is not null and ended_at is null
do update set expires_at = greatest(s.expires_at, excluded.expires_at),
  created_at = case when s.expires_at > now() then s.created_at else now() end
returning s.id, least(now() + @life::interval, sqlc.narg(latest)::timestamptz)::timestamptz as token_expires_at;

-- name: InsertWidgetToken :exec
insert into widget_tokens (org_id, hash, sign_in_id, expires_at) values (@org_id, @hash, @sign_in_id, @expires_at);

-- name: SignInsByWidgetToken :many
select * from door_widget_tokens(@token_hashes::bytea[]);

-- name: ForgetAttempts :exec
select door_forget_attempts();
