-- Leads that come in and go out as files.

-- +goose Up

create table imports (
  org_id      uuid not null references orgs (id),
  id          uuid not null,
  user_id     uuid not null,
  -- What the user calls the file. Its bytes are in the media store until files_until;
  -- an empty key means that there is none, or none any more.
  file_name   text not null,
  file_key    text not null default '',
  file_size   int not null default 0,
  -- What became of each row, as a file for the user.
  result_key  text not null default '',
  state       text not null check (state in ('new', 'uploaded', 'checking', 'checked', 'importing', 'done', 'cancelled', 'failed', 'undoing', 'undone')),
  -- What the columns mean and what is to happen: transfer.Settings.
  settings    jsonb not null default '{}',
  -- Rows of the file, and how many of them the work of the state has dealt with.
  total       int not null default 0,
  handled     int not null default 0,
  created     int not null default 0,
  updated     int not null default 0,
  skipped     int not null default 0,
  failed      int not null default 0,
  -- The first things that are wrong: rows, columns and words, never values.
  problems    jsonb not null default '[]',
  -- Why the whole of it failed, in words for the user.
  failure     text not null default '',
  created_at  timestamptz not null default now(),
  -- When somebody last worked on it: work that nobody does any more is taken up again.
  worked_at   timestamptz not null default now(),
  finished_at timestamptz,
  files_until timestamptz not null,
  primary key (org_id, id),
  foreign key (org_id, user_id) references users (org_id, id)
);
create index imports_working on imports (worked_at) where state in ('checking', 'importing', 'undoing');
create index imports_files on imports (files_until) where file_key <> '' or result_key <> '';
select fence('imports');
grant select, insert, update, delete on imports to converse_app;

-- What became of each row that was dealt with, written in the transaction that did it:
-- no row is ever done twice.
create table import_rows (
  org_id    uuid not null,
  import_id uuid not null,
  -- Place among the rows of the file: 1, 2, 3 … without gaps.
  place     int not null,
  outcome   text not null check (outcome in ('created', 'updated', 'skipped', 'failed', 'undone')),
  -- The lead that was made or changed.
  lead_id   uuid,
  -- The lead's version after that: another one now means that somebody touched it since.
  version   int not null default 0,
  -- Why it was skipped or failed, in words for the user, without values.
  why       text not null default '',
  primary key (org_id, import_id, place),
  foreign key (org_id, import_id) references imports (org_id, id) on delete cascade,
  foreign key (org_id, lead_id) references leads (org_id, id) on delete set null (lead_id)
);
create index import_rows_lead on import_rows (org_id, lead_id);
select fence('import_rows');
grant select, insert, update, delete on import_rows to converse_app;

create table exports (
  org_id         uuid not null references orgs (id),
  id             uuid not null,
  user_id        uuid not null,
  -- Of the user when it was asked for. The file is for that access alone.
  access_version int not null,
  state          text not null check (state in ('waiting', 'writing', 'done', 'cancelled', 'failed')),
  -- Which leads and which columns: transfer.Selection.
  selection      jsonb not null,
  total          int not null default 0,
  handled        int not null default 0,
  file_key       text not null default '',
  file_size      int not null default 0,
  failure        text not null default '',
  created_at     timestamptz not null default now(),
  worked_at      timestamptz not null default now(),
  finished_at    timestamptz,
  files_until    timestamptz not null,
  primary key (org_id, id),
  foreign key (org_id, user_id) references users (org_id, id)
);
create index exports_working on exports (worked_at) where state in ('waiting', 'writing');
create index exports_files on exports (files_until) where file_key <> '';
select fence('exports');
grant select, insert, update, delete on exports to converse_app;

-- Both kinds, as those see them who tend them.
create view transfer_rows with (security_invoker = true) as
select org_id, id, 'import'::text as kind, state in ('checking', 'importing', 'undoing') as working, worked_at,
  file_key <> '' or result_key <> '' as has_files, files_until
from imports
union all
select org_id, id, 'export', state in ('waiting', 'writing'), worked_at, file_key <> '', files_until
from exports;

-- The door for tending: work that its node has left behind, and files that have been
-- kept long enough, of every org.
-- +goose StatementBegin
create function door_left_transfers(p_idle interval, p_most int) returns setof transfer_rows
  language plpgsql stable security definer set search_path = public, pg_temp
  as $$
begin
  return query (select * from transfer_rows t where t.working and t.worked_at < now() - p_idle limit p_most)
    union all (select * from transfer_rows t where t.has_files and t.files_until < now() limit p_most);
end $$;
-- +goose StatementEnd
revoke execute on function door_left_transfers(interval, int) from public;
grant execute on function door_left_transfers(interval, int) to converse_app;
