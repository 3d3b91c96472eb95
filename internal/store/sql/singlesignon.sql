-- name: GetSingleSignOn :one
select * from single_sign_ons where org_id = @org_id;

-- name: ListSingleSignOnDomains :many
select domain from single_sign_on_domains where org_id = @org_id order by domain;

-- name: PutSingleSignOn :exec
insert into single_sign_ons (org_id, enabled, issuer, client_id, sealed, new_role, trusted)
values (@org_id, @enabled, @issuer, @client_id, @sealed, @new_role, @trusted)
on conflict (org_id) do update set enabled = excluded.enabled, issuer = excluded.issuer, client_id = excluded.client_id,
  sealed = excluded.sealed, new_role = excluded.new_role, trusted = excluded.trusted, modified_at = now();

-- name: DeleteSingleSignOnDomains :exec
delete from single_sign_on_domains where org_id = @org_id;

-- name: InsertSingleSignOnDomains :exec
insert into single_sign_on_domains (org_id, domain) select @org_id, unnest(@domains::text[]);

-- name: OrgByDomain :one
select * from door_domain(@domain::text);

-- name: InsertSingleSignOnAttempt :exec
insert into single_sign_on_attempts (org_id, hash, browser_hash, expires_at)
values (@org_id, @hash, @browser_hash, now() + @life::interval);

-- name: TakeSingleSignOnAttempt :one
delete from single_sign_on_attempts where org_id = @org_id and hash = @hash and expires_at > now() returning browser_hash;
