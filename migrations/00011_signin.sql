-- How one proves who one is beyond a password: second factors, single sign-on, API
-- keys, and the tokens of widgets in other people's pages.

-- +goose Up

create table api_keys (
  org_id       uuid not null references orgs (id),
  id           uuid not null,
  name         text not null check (name <> ''),
  -- SHA-256 of the key; the key itself is nowhere.
  hash         bytea not null unique,
  -- The key's last characters, to tell keys apart by.
  hint         text not null,
  -- internal/chat keeps the words.
  scopes       text[] not null check (cardinality(scopes) > 0),
  created_by   uuid not null,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz,
  revoked_at   timestamptz,
  -- Written at most once a minute.
  last_used_at timestamptz,
  primary key (org_id, id),
  foreign key (org_id, created_by) references users (org_id, id)
);
select fence('api_keys');
grant select, insert, update on api_keys to converse_app;

-- enrol: a sign-in of somebody who must set up a second factor first, good for
-- nothing else.
alter table sign_ins drop constraint sign_ins_via_check,
  add constraint sign_ins_via_check check (via in ('', 'widget', 'enrol')),
  -- The API key that vouches for the user of a widget.
  add column key_id uuid,
  add foreign key (org_id, key_id) references api_keys (org_id, id);
-- A user has one sign-in a key, however many pages the widget is on: each token that
-- is asked for prolongs it, so that its sockets stay.
create unique index sign_ins_of_key on sign_ins (org_id, key_id, user_id) where key_id is not null and ended_at is null;

create table widget_tokens (
  -- SHA-256 of the token; the token itself is nowhere.
  hash       bytea primary key,
  org_id     uuid not null,
  sign_in_id uuid not null,
  expires_at timestamptz not null,
  foreign key (org_id, sign_in_id) references sign_ins (org_id, id) on delete cascade
);
create index widget_tokens_sign_in on widget_tokens (org_id, sign_in_id);
create index widget_tokens_expired on widget_tokens (expires_at);
select fence('widget_tokens');
grant select, insert on widget_tokens to converse_app;

create table second_factors (
  org_id       uuid not null,
  user_id      uuid not null,
  -- The secret, sealed for this user.
  sealed       bytea not null,
  -- Null until the user has shown a code of it.
  confirmed_at timestamptz,
  -- The time step of the last code that was taken: none is taken twice.
  last_step    bigint not null default 0,
  created_at   timestamptz not null default now(),
  primary key (org_id, user_id),
  foreign key (org_id, user_id) references users (org_id, id)
);
select fence('second_factors');
grant select, insert, update, delete on second_factors to converse_app;

create table recovery_codes (
  org_id  uuid not null,
  user_id uuid not null,
  -- SHA-256 of the code; the code itself is nowhere.
  hash    bytea not null,
  used_at timestamptz,
  primary key (org_id, user_id, hash),
  foreign key (org_id, user_id) references second_factors (org_id, user_id) on delete cascade
);
select fence('recovery_codes');
grant select, insert, update, delete on recovery_codes to converse_app;

-- Wrong codes in a row, by whose they were and by where they came from.
create table code_failures (
  org_id       uuid not null references orgs (id),
  kind         text not null check (kind in ('user', 'address')),
  subject      text not null,
  wrong        int not null,
  last_at      timestamptz not null,
  locked_until timestamptz,
  primary key (org_id, kind, subject)
);
create index code_failures_old on code_failures (last_at);
select fence('code_failures');
grant select, insert, update, delete on code_failures to converse_app;

-- Sign-ins half way: the password was right, the code is still to come.
create table challenges (
  org_id     uuid not null,
  -- SHA-256 of the word that the client holds.
  hash       bytea not null,
  user_id    uuid not null,
  expires_at timestamptz not null,
  primary key (org_id, hash),
  foreign key (org_id, user_id) references users (org_id, id)
);
create index challenges_user on challenges (org_id, user_id);
create index challenges_expired on challenges (expires_at);
select fence('challenges');
grant select, insert, delete on challenges to converse_app;

-- Whose second factor is required. No row: nobody's.
create table second_factor_policies (
  org_id      uuid primary key references orgs (id),
  roles       text[] not null,
  modified_at timestamptz not null default now()
);
select fence('second_factor_policies');
grant select, insert, update on second_factor_policies to converse_app;

-- Each org's OpenID Connect provider.
create table single_sign_ons (
  org_id      uuid primary key references orgs (id),
  enabled     boolean not null,
  issuer      text not null,
  client_id   text not null,
  -- The client's secret, sealed for this org.
  sealed      bytea not null,
  -- The role of users who sign in for the first time; null: they must be there.
  new_role    text check (new_role in ('administrator', 'sales_manager', 'marketing_user', 'sales_user')),
  -- The provider asks for a second factor itself: ours is not asked for.
  trusted     boolean not null,
  modified_at timestamptz not null default now()
);
select fence('single_sign_ons');
grant select, insert, update on single_sign_ons to converse_app;

-- Whose e-mail addresses sign in with it. A domain is one org's.
create table single_sign_on_domains (
  domain text primary key check (domain = lower(domain) and domain <> ''),
  org_id uuid not null references single_sign_ons (org_id)
);
create index single_sign_on_domains_org on single_sign_on_domains (org_id);
select fence('single_sign_on_domains');
grant select, insert, delete on single_sign_on_domains to converse_app;

-- Browsers that have been sent to a provider and have not come back.
create table single_sign_on_attempts (
  org_id       uuid not null references orgs (id),
  -- SHA-256 of the state, and of what the browser's cookie holds.
  hash         bytea not null,
  browser_hash bytea not null,
  expires_at   timestamptz not null,
  primary key (org_id, hash)
);
create index single_sign_on_attempts_expired on single_sign_on_attempts (expires_at);
select fence('single_sign_on_attempts');
grant select, insert, delete on single_sign_on_attempts to converse_app;

-- The door for API keys: the key with that hash, while it may be used.
create function door_api_key(p_hash bytea) returns setof api_keys
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select * from api_keys where hash = p_hash and revoked_at is null and (expires_at is null or expires_at > now())
  $$;

-- The door for widgets: whose the tokens are.
-- +goose StatementBegin
create function door_widget_tokens(p_hashes bytea[]) returns setof principal_rows
  language plpgsql stable security definer set search_path = public, pg_temp
  as $$
declare
  token record;
  found_row principal_rows;
begin
  for token in
    select w.hash, s.token_hash from widget_tokens w join sign_ins s on s.org_id = w.org_id and s.id = w.sign_in_id
    where w.hash = any(p_hashes) and w.expires_at > now()
  loop
    select p.* into found_row from principal_rows p where p.hash = token.token_hash;
    if found then
      found_row.hash := token.hash;
      return next found_row;
    end if;
  end loop;
end $$;
-- +goose StatementEnd

-- The door for single sign-on: the org of an e-mail address's domain.
create function door_domain(p_domain text) returns setof single_sign_on_domains
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select d.* from single_sign_on_domains d join single_sign_ons s on s.org_id = d.org_id
    where d.domain = p_domain and s.enabled
  $$;

-- The door for cleaning up: forgets what can no longer be used.
-- +goose StatementBegin
create function door_forget_attempts() returns void
  language sql volatile security definer set search_path = public, pg_temp
  as $$
    delete from widget_tokens where expires_at < now();
    delete from challenges where expires_at < now();
    delete from single_sign_on_attempts where expires_at < now();
    delete from code_failures where last_at < now() - interval '1 day'
  $$;
-- +goose StatementEnd

revoke execute on function door_api_key(bytea), door_widget_tokens(bytea[]), door_domain(text), door_forget_attempts() from public;
grant execute on function door_api_key(bytea), door_widget_tokens(bytea[]), door_domain(text), door_forget_attempts() to converse_app;
