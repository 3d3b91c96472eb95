-- Orgs, the people who sign in, and the leads they talk to.
--
-- Two fences keep orgs apart (I7). The first: org_id leads every key, foreign
-- keys are composite, every query names the org. The second: the application
-- connects as converse_app, which owns nothing and sees only rows of the org in
-- the transaction-local setting app.org_id. Work that cannot know its org yet (a
-- token, a webhook's endpoint, a queue) goes through the security definer
-- functions named door_…; there are no others.

-- +goose Up

-- +goose StatementBegin
do $$
begin
  create role converse_app nologin;
exception
  -- Roles belong to the whole cluster: another database may have made it, even just now.
  when duplicate_object or unique_violation then null;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
do $$
begin
  execute format('grant converse_app to %I', current_user);
  execute format('grant usage on schema %I to converse_app', current_schema());
exception
  -- Two databases of one cluster migrating at the same moment touch the same row.
  when others then
    if sqlerrm not like 'tuple concurrently updated%' then raise; end if;
end $$;
-- +goose StatementEnd

-- The org of the current transaction. After a transaction that set it has ended
-- the setting is the empty string on that connection, not null.
create function current_org() returns uuid
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.org_id', true), '')::uuid $$;

-- Fences one table. Called by every migration that makes one.
-- +goose StatementBegin
create function fence(tab regclass, key text default 'org_id') returns void
  language plpgsql as $$
begin
  execute format('alter table %s enable row level security', tab);
  execute format('create policy org_fence on %s to converse_app using (%I = current_org()) with check (%I = current_org())', tab, key, key);
end $$;
-- +goose StatementEnd

create table orgs (
  id         uuid primary key,
  name       text not null,
  -- ISO 3166: what a phone number without a country code is read by.
  country    text not null check (country ~ '^[A-Z]{2}$'),
  created_at timestamptz not null default now()
);
select fence('orgs', 'id');
grant select, insert, update on orgs to converse_app;

create table users (
  org_id        uuid not null references orgs (id),
  id            uuid not null,
  email         text not null unique check (email = lower(email)),
  name          text not null,
  role          text not null check (role in ('administrator', 'sales_manager', 'marketing_user', 'sales_user')),
  -- argon2id in its standard text form, parameters included.
  password_hash text not null,
  active        boolean not null default true,
  created_at    timestamptz not null default now(),
  primary key (org_id, id)
);
select fence('users');
grant select, insert, update on users to converse_app;

create table sign_ins (
  org_id     uuid not null,
  id         uuid not null,
  user_id    uuid not null,
  -- SHA-256 of the token; the token itself is nowhere.
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at   timestamptz,
  primary key (org_id, id),
  foreign key (org_id, user_id) references users (org_id, id)
);
create index sign_ins_expired on sign_ins (expires_at);
select fence('sign_ins');
grant select, insert, update, delete on sign_ins to converse_app;

-- Unlogged: a ticket lives 30 seconds, and losing one in a crash costs a client
-- one more call.
create unlogged table tickets (
  hash       bytea primary key,
  org_id     uuid not null,
  user_id    uuid not null,
  sign_in_id uuid not null,
  expires_at timestamptz not null
);
select fence('tickets');

create table leads (
  org_id      uuid not null references orgs (id),
  id          uuid not null,
  first_name  text not null default '',
  last_name   text not null default '',
  owner_id    uuid,
  source      text not null default '',
  stage       text not null default '',
  created_at  timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, owner_id) references users (org_id, id)
);
create index leads_modified on leads (org_id, modified_at desc, id);
create index leads_owner on leads (org_id, owner_id);
select fence('leads');
grant select, insert, update, delete on leads to converse_app;

create table identifiers (
  org_id   uuid not null,
  id       uuid not null,
  lead_id  uuid not null,
  kind     text not null check (kind in ('phone', 'whatsapp', 'email')),
  value    text not null check (value <> ''),
  label    text not null default '',
  position smallint not null default 0,
  primary key (org_id, id),
  unique (org_id, kind, value),
  foreign key (org_id, lead_id) references leads (org_id, id)
);
create index identifiers_lead on identifiers (org_id, lead_id, position);
select fence('identifiers');
grant select, insert, update, delete on identifiers to converse_app;

-- What a lead can be found by: every word of the names in lower case, e-mail
-- addresses, phone digits with and without the country code. A prefix is a range
-- of terms, and >= and < are leak-proof, so the index serves beneath row-level
-- security, where LIKE cannot use one.
create table lead_terms (
  org_id  uuid not null,
  term    text collate "C" not null,
  lead_id uuid not null,
  primary key (org_id, term, lead_id),
  foreign key (org_id, lead_id) references leads (org_id, id) on delete cascade
);
create index lead_terms_lead on lead_terms (org_id, lead_id);
select fence('lead_terms');
grant select, insert, update, delete on lead_terms to converse_app;

-- Whose turn it is to get the next unknown sender. One row an org, locked by the
-- transaction that takes the turn.
create table rotations (
  org_id    uuid primary key references orgs (id),
  last_user uuid,
  foreign key (org_id, last_user) references users (org_id, id)
);
select fence('rotations');
grant select, insert, update on rotations to converse_app;

-- The door for signing in: the user of an e-mail address.
create function door_user(p_email text) returns setof users
  language sql stable security definer set search_path = public, pg_temp
  as $$ select * from users where email = p_email and active $$;

-- Who is asking, by the hash of what they showed: the token of a live sign-in here,
-- a ticket where a door says so.
create view principal_rows with (security_invoker = true) as
select s.token_hash as hash, s.org_id, s.user_id, s.id as sign_in_id, u.name, u.role
from sign_ins s join users u on u.org_id = s.org_id and u.id = s.user_id
where s.ended_at is null and s.expires_at > now() and u.active;

-- The door for every request: whose the tokens are that belong to live sign-ins.
-- It and the next two take many at once: when ten thousand come back together, each
-- of them asked for alone would cost more than all the rest of coming back.
-- +goose StatementBegin
create function door_sign_ins(p_token_hashes bytea[]) returns setof principal_rows
  language plpgsql stable security definer set search_path = public, pg_temp
  as $$
begin
  return query select p.* from principal_rows p where p.hash = any(p_token_hashes);
end $$;
-- +goose StatementEnd

-- The door for making tickets.
-- +goose StatementBegin
create function door_new_tickets(p_hashes bytea[], p_org_ids uuid[], p_user_ids uuid[], p_sign_in_ids uuid[], p_lives interval[])
  returns void
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
begin
  insert into tickets (hash, org_id, user_id, sign_in_id, expires_at)
    select n.hash, n.org_id, n.user_id, n.sign_in_id, now() + n.life
    from unnest(p_hashes, p_org_ids, p_user_ids, p_sign_in_ids, p_lives) as n (hash, org_id, user_id, sign_in_id, life);
end $$;
-- +goose StatementEnd

-- The door for sockets: takes tickets, which thereby are gone. One opens nothing once
-- the sign-in it was made under is over.
-- +goose StatementBegin
create function door_tickets(p_hashes bytea[]) returns setof principal_rows
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
begin
  return query
    with taken as (delete from tickets t where t.hash = any(p_hashes) and t.expires_at > now() returning t.*)
    select t.hash, p.org_id, p.user_id, p.sign_in_id, p.name, p.role from taken t
    join principal_rows p on p.org_id = t.org_id and p.sign_in_id = t.sign_in_id and p.user_id = t.user_id;
end $$;
-- +goose StatementEnd

-- The door for cleaning up: forgets sign-ins and tickets that can no longer be used.
-- +goose StatementBegin
create function door_forget_sign_ins() returns void
  language sql volatile security definer set search_path = public, pg_temp
  as $$
    delete from sign_ins where expires_at < now() - interval '7 days';
    delete from tickets where expires_at < now()
  $$;
-- +goose StatementEnd

revoke execute on function door_user(text), door_sign_ins(bytea[]), door_new_tickets(bytea[], uuid[], uuid[], uuid[], interval[]),
  door_tickets(bytea[]), door_forget_sign_ins() from public;
grant execute on function door_user(text), door_sign_ins(bytea[]), door_new_tickets(bytea[], uuid[], uuid[], uuid[], interval[]),
  door_tickets(bytea[]), door_forget_sign_ins(), current_org() to converse_app;
