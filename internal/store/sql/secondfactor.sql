-- name: GetSecondFactor :one
select u.role, f.confirmed_at, l.locked_until,
  (select count(*)::int from recovery_codes c where c.org_id = u.org_id and c.user_id = u.id and c.used_at is null) as codes_left,
  coalesce(u.role = any(p.roles), false)::bool as required
from users u
left join second_factors f on f.org_id = u.org_id and f.user_id = u.id
left join code_failures l on l.org_id = u.org_id and l.kind = 'user' and l.subject = u.id::text and l.locked_until > now()
left join second_factor_policies p on p.org_id = u.org_id
where u.org_id = @org_id and u.id = @id and u.active;

-- name: ListSecondFactors :many
select u.id, f.confirmed_at, l.locked_until,
  (select count(*)::int from recovery_codes c where c.org_id = u.org_id and c.user_id = u.id and c.used_at is null) as codes_left,
  coalesce(u.role = any(p.roles), false)::bool as required
from users u
left join second_factors f on f.org_id = u.org_id and f.user_id = u.id
left join code_failures l on l.org_id = u.org_id and l.kind = 'user' and l.subject = u.id::text and l.locked_until > now()
left join second_factor_policies p on p.org_id = u.org_id
where u.org_id = @org_id and u.active order by u.name, u.id;

-- name: PutPendingSecondFactor :execrows
insert into second_factors as f (org_id, user_id, sealed) values (@org_id, @user_id, @sealed)
on conflict (org_id, user_id) do update set sealed = excluded.sealed, created_at = now() where f.confirmed_at is null;

-- name: LockSecondFactor :one
select * from second_factors where org_id = @org_id and user_id = @user_id for update;

-- name: ConfirmSecondFactor :exec
update second_factors set confirmed_at = now(), last_step = @last_step where org_id = @org_id and user_id = @user_id;

-- name: TakeStep :exec
update second_factors set last_step = @last_step where org_id = @org_id and user_id = @user_id;

-- name: DeleteSecondFactor :execrows
delete from second_factors where org_id = @org_id and user_id = @user_id;

-- name: InsertRecoveryCodes :exec
insert into recovery_codes (org_id, user_id, hash) select @org_id, @user_id, unnest(@hashes::bytea[]);

-- name: DeleteRecoveryCodes :exec
delete from recovery_codes where org_id = @org_id and user_id = @user_id;

-- name: TakeRecoveryCode :execrows
update recovery_codes set used_at = now() where org_id = @org_id and user_id = @user_id and hash = @hash and used_at is null;

-- name: LockedUntil :one
select locked_until from code_failures
where org_id = @org_id and locked_until > now()
  and (kind = 'user' and subject = @user_subject::text or kind = 'address' and subject = @address::text)
order by locked_until desc limit 1;

-- name: CountWrongCode :one
insert into code_failures as f (org_id, kind, subject, wrong, last_at) values (@org_id, @kind, @subject, 1, now())
on conflict (org_id, kind, subject) do update set
  wrong = case when f.last_at > now() - @pause::interval then f.wrong + 1 else 1 end,
  last_at = now(),
  locked_until = case when f.last_at > now() - @pause::interval and f.wrong + 1 >= @most::int then now() + @pause::interval end
returning wrong, locked_until;

-- name: ForgetWrongCodes :exec
delete from code_failures where org_id = @org_id and (kind = 'user' and subject = @user_subject::text or kind = 'address' and subject = @address::text);

-- name: InsertChallenge :exec
insert into challenges (org_id, hash, user_id, expires_at) values (@org_id, @hash, @user_id, now() + @life::interval);

-- name: GetChallenge :one
select u.* from challenges c
join users u on u.org_id = c.org_id and u.id = c.user_id
where c.org_id = @org_id and c.hash = @hash and c.expires_at > now() and u.active;

-- name: TakeChallenge :execrows
delete from challenges where org_id = @org_id and hash = @hash;

-- name: DeleteChallenges :exec
delete from challenges where org_id = @org_id and user_id = @user_id;

-- name: GetSecondFactorPolicy :one
select roles from second_factor_policies where org_id = @org_id;

-- name: PutSecondFactorPolicy :exec
insert into second_factor_policies (org_id, roles) values (@org_id, @roles)
on conflict (org_id) do update set roles = excluded.roles, modified_at = now();
