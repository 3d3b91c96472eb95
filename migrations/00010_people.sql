-- Invitations and password links, sign-ins as their users see them, and each org's
-- rules for passwords and sign-ins.

-- +goose Up

alter table orgs
  -- Characters, at least. The most is 128.
  add column password_min     int not null default 12 check (password_min between 10 and 128),
  -- How many earlier passwords may not come back; 0: any may.
  add column password_history int not null default 0 check (password_history between 0 and 5),
  -- How long a sign-in lasts at most, and how long without being used.
  add column session_absolute interval not null default '14 days' check (session_absolute between '1 hour' and '90 days'),
  add column session_idle     interval not null default '3 days' check (session_idle between '15 minutes' and '90 days');

alter table users
  -- False from the invitation until it is accepted.
  add column joined       boolean not null default true,
  -- Of sign-ins that are forgotten by now.
  add column last_seen_at timestamptz;
-- An invitation that is taken back leaves nothing.
grant delete on users to converse_app;

alter table sign_ins
  -- expires_at moves with use, up to here; null: it does not move.
  add column ends_at      timestamptz,
  add column last_seen_at timestamptz not null default now(),
  -- The User-Agent and the address it began with.
  add column agent        text not null default '',
  add column address      text not null default '';
update sign_ins set ends_at = expires_at where via = '';
create index sign_ins_user on sign_ins (org_id, user_id);

-- What lets a user choose a password without having one: the link of an invitation,
-- or of a reset. Using it, and a newer one, take it away.
create table password_links (
  org_id     uuid not null,
  user_id    uuid not null,
  kind       text not null check (kind in ('invitation', 'reset')),
  -- SHA-256 of the token; the token itself is nowhere.
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (org_id, user_id),
  foreign key (org_id, user_id) references users (org_id, id)
);
select fence('password_links');
grant select, insert, update, delete on password_links to converse_app;

-- Hashes of passwords that were replaced, for orgs that forbid them.
create table old_passwords (
  org_id      uuid not null,
  id          uuid not null,
  user_id     uuid not null,
  hash        text not null,
  replaced_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, user_id) references users (org_id, id)
);
create index old_passwords_user on old_passwords (org_id, user_id, replaced_at desc);
select fence('old_passwords');
grant select, insert, delete on old_passwords to converse_app;

-- The door for whoever follows a link: whose it is, while it can be used.
create function door_password_link(p_hash bytea) returns setof password_links
  language sql stable security definer set search_path = public, pg_temp
  as $$ select * from password_links where token_hash = p_hash and expires_at > now() $$;

revoke execute on function door_password_link(bytea) from public;
grant execute on function door_password_link(bytea) to converse_app;

-- The door for cleaning up keeps when a user was last seen.
-- +goose StatementBegin
create or replace function door_forget_sign_ins() returns void
  language sql volatile security definer set search_path = public, pg_temp
  as $$
    with gone as (
      delete from sign_ins where expires_at < now() - interval '7 days' returning org_id, user_id, last_seen_at
    ), seen as (
      select org_id, user_id, max(last_seen_at) as at from gone group by org_id, user_id
    )
    update users u set last_seen_at = greatest(u.last_seen_at, seen.at)
    from seen where u.org_id = seen.org_id and u.id = seen.user_id;
    delete from tickets where expires_at < now()
  $$;
-- +goose StatementEnd
