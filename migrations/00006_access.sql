-- Groups of users, what permission templates take away, and the audit.

-- +goose Up

create table groups (
  org_id     uuid not null references orgs (id),
  id         uuid not null,
  name       text not null check (name <> ''),
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, name)
);
select fence('groups');
grant select, insert, update, delete on groups to converse_app;

create table group_members (
  org_id   uuid not null,
  group_id uuid not null,
  user_id  uuid not null,
  primary key (org_id, group_id, user_id),
  foreign key (org_id, group_id) references groups (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id)
);
create index group_members_user on group_members (org_id, user_id);
select fence('group_members');
grant select, insert, delete on group_members to converse_app;

create table permission_templates (
  org_id       uuid not null references orgs (id),
  id           uuid not null,
  name         text not null check (name <> ''),
  -- chat.PermissionTemplate without its id and name.
  restrictions jsonb not null,
  created_at   timestamptz not null default now(),
  modified_at  timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, name)
);
select fence('permission_templates');
grant select, insert, update, delete on permission_templates to converse_app;

-- Whom a template restricts: exactly one of a user, a role or a group.
create table permission_assignments (
  org_id      uuid not null,
  id          uuid not null,
  restricts   uuid not null,
  user_id     uuid,
  role        text check (role in ('administrator', 'sales_manager', 'marketing_user', 'sales_user')),
  group_id    uuid,
  primary key (org_id, id),
  check (num_nonnulls(user_id, role, group_id) = 1),
  foreign key (org_id, restricts) references permission_templates (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id),
  foreign key (org_id, group_id) references groups (org_id, id) on delete cascade
);
create index permission_assignments_restricts on permission_assignments (org_id, restricts);
select fence('permission_assignments');
grant select, insert, delete on permission_assignments to converse_app;

-- chat.Access as the templates leave it, worked out in the transaction that changes a
-- template, a group or a role; null: what the role allows. The version rises with it,
-- so that open sessions notice.
alter table users add column access jsonb, add column access_version int not null default 1;

-- How a sign-in came about; internal/chat keeps the words.
alter table sign_ins add column via text not null default '' check (via in ('', 'widget'));

create or replace view principal_rows with (security_invoker = true) as
select s.token_hash as hash, s.org_id, s.user_id, s.id as sign_in_id, u.name, u.role, s.via, u.access, u.access_version
from sign_ins s join users u on u.org_id = s.org_id and u.id = s.user_id
where s.ended_at is null and s.expires_at > now() and u.active;

-- +goose StatementBegin
create or replace function door_tickets(p_hashes bytea[]) returns setof principal_rows
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
begin
  return query
    with taken as (delete from tickets t where t.hash = any(p_hashes) and t.expires_at > now() returning t.*)
    select t.hash, p.org_id, p.user_id, p.sign_in_id, p.name, p.role, p.via, p.access, p.access_version from taken t
    join principal_rows p on p.org_id = t.org_id and p.sign_in_id = t.sign_in_id and p.user_id = t.user_id;
end $$;
-- +goose StatementEnd

-- What was done, by whom: names of fields, never values. Each entry's hash takes in the
-- one before it, so that one that was changed or taken out is noticed.
create table audit_entries (
  org_id     uuid not null,
  seq        bigint not null,
  at         timestamptz not null,
  actor_id   uuid,
  actor_name text not null default '',
  via        text not null default '',
  action     text not null,
  object     text not null default '',
  fields     text[] not null default '{}',
  detail     text not null default '',
  address    text not null default '',
  hash       bytea not null,
  primary key (org_id, seq),
  foreign key (org_id, actor_id) references users (org_id, id)
);
create index audit_entries_object on audit_entries (org_id, object, seq desc);
create index audit_entries_actor on audit_entries (org_id, actor_id, seq desc);
select fence('audit_entries');
grant select, insert on audit_entries to converse_app;

-- The last entry of each org. Its lock is held to the commit, so entries have no gaps
-- and one order.
create table audit_heads (
  org_id uuid primary key references orgs (id),
  seq    bigint not null default 0,
  hash   bytea not null default ''
);
select fence('audit_heads');
grant select, insert, update on audit_heads to converse_app;

-- Append only, whoever asks.
-- +goose StatementBegin
create function refuse_audit_change() returns trigger
  language plpgsql as $$
begin
  raise exception 'the audit is append-only';
end $$;
-- +goose StatementEnd
create trigger audit_entries_stay before update or delete on audit_entries
  for each row execute function refuse_audit_change();
