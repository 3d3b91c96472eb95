-- Leads as users keep them: custom fields, lists, opt-out, history, and what they are
-- found by.

-- +goose Up

alter table leads
  -- Rises with every change; whoever changes a lead names the one they saw.
  add column version int not null default 1,
  -- Values of custom fields by key, in their canonical text form.
  add column custom jsonb not null default '{}',
  -- A deleted lead is hidden, keeps everything, and can be restored for a while.
  add column deleted_at timestamptz,
  add column deleted_by uuid,
  add foreign key (org_id, deleted_by) references users (org_id, id);
-- What the page of leads sorts and narrows by. Comparisons of text are leak-proof, so
-- these serve beneath row-level security.
drop index leads_modified;
create index leads_modified on leads (org_id, modified_at, id) where deleted_at is null;
create index leads_created on leads (org_id, created_at, id) where deleted_at is null;
create index leads_first_name on leads (org_id, first_name, id) where deleted_at is null;
create index leads_last_name on leads (org_id, last_name, id) where deleted_at is null;
create index leads_stage on leads (org_id, stage, id) where deleted_at is null;
create index leads_source on leads (org_id, source, id) where deleted_at is null;
create index leads_deleted on leads (org_id, deleted_at) where deleted_at is not null;

alter table identifiers
  -- A number as somebody typed it that no phone can have: kept so that it can be put
  -- right, never written to.
  add column invalid boolean not null default false,
  add column opted_out_at timestamptz,
  -- user, reply, import, provider: who said so.
  add column opt_out_source text not null default '' check (opt_out_source in ('', 'user', 'reply', 'import', 'provider')),
  add column opt_out_reason text not null default '';
create index identifiers_opted_out on identifiers (org_id, lead_id) where opted_out_at is not null;

-- The fields that an org adds to its leads.
create table lead_fields (
  org_id      uuid not null references orgs (id),
  id          uuid not null,
  key         text not null check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  label       text not null check (label <> ''),
  type        text not null check (type in ('text', 'number', 'date', 'boolean', 'choice')),
  choices     text[] not null default '{}',
  required    boolean not null default false,
  position    int not null default 0,
  archived_at timestamptz,
  created_at  timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, key)
);
select fence('lead_fields');
grant select, insert, update on lead_fields to converse_app;

-- Values of custom fields in a form whose order is the order of the values, for
-- filtering and sorting. leads.custom is what they were made from.
create table lead_values (
  org_id   uuid not null,
  lead_id  uuid not null,
  field_id uuid not null,
  term     text collate "C" not null,
  primary key (org_id, lead_id, field_id),
  foreign key (org_id, lead_id) references leads (org_id, id) on delete cascade,
  foreign key (org_id, field_id) references lead_fields (org_id, id)
);
create index lead_values_term on lead_values (org_id, field_id, term, lead_id);
select fence('lead_values');
grant select, insert, update, delete on lead_values to converse_app;

create table lead_lists (
  org_id      uuid not null references orgs (id),
  id          uuid not null,
  name        text not null check (name <> ''),
  kind        text not null check (kind in ('static', 'filter')),
  -- chat.LeadFilter of a list by filter.
  filter      jsonb not null default '{}',
  created_by  uuid,
  created_at  timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, name),
  foreign key (org_id, created_by) references users (org_id, id)
);
select fence('lead_lists');
grant select, insert, update, delete on lead_lists to converse_app;

create table lead_list_members (
  org_id   uuid not null,
  list_id  uuid not null,
  lead_id  uuid not null,
  added_at timestamptz not null default now(),
  primary key (org_id, list_id, lead_id),
  foreign key (org_id, list_id) references lead_lists (org_id, id) on delete cascade,
  foreign key (org_id, lead_id) references leads (org_id, id) on delete cascade
);
create index lead_list_members_lead on lead_list_members (org_id, lead_id);
select fence('lead_list_members');
grant select, insert, update, delete on lead_list_members to converse_app;

-- What happened to a lead, but for its messages, which are read where they are.
create table activities (
  org_id          uuid not null,
  id              uuid not null,
  lead_id         uuid not null,
  kind            text not null check (kind in ('created', 'updated', 'assigned', 'imported', 'merged', 'unmerged', 'deleted', 'restored',
                    'identifier_added', 'identifier_changed', 'identifier_removed', 'opted_out', 'opted_in', 'note', 'call')),
  at              timestamptz not null,
  -- Null for what the product did by itself.
  actor_id        uuid,
  conversation_id uuid,
  message_id      uuid,
  -- Names of the fields that were changed, never values.
  fields          text[] not null default '{}',
  -- Ids and small words about it; no value of a lead, no secret.
  detail          jsonb not null default '{}',
  primary key (org_id, id),
  foreign key (org_id, lead_id) references leads (org_id, id) on delete cascade,
  foreign key (org_id, actor_id) references users (org_id, id),
  foreign key (org_id, conversation_id) references conversations (org_id, id),
  foreign key (org_id, message_id) references messages (org_id, id)
);
create index activities_lead on activities (org_id, lead_id, at desc, id desc);
select fence('activities');
grant select, insert, update, delete on activities to converse_app;

-- What a lead can be found by, each with the field it comes from, so that a search can
-- leave out what is masked. phone_end holds the digits of a phone number from the last
-- to the first: its last digits are a prefix. A prefix is a range of terms, and >= and <
-- are leak-proof, so the index serves beneath row-level security.
drop table lead_terms;
create table lead_terms (
  org_id  uuid not null,
  kind    text collate "C" not null check (kind in ('first_name', 'last_name', 'phone', 'phone_end', 'email', 'whatsapp')),
  term    text collate "C" not null,
  lead_id uuid not null,
  primary key (org_id, kind, term, lead_id),
  foreign key (org_id, lead_id) references leads (org_id, id) on delete cascade
);
create index lead_terms_lead on lead_terms (org_id, lead_id);
select fence('lead_terms');
grant select, insert, update, delete on lead_terms to converse_app;

-- The words of all names of an org, each once for itself and once for every way of
-- leaving one letter out. A mistyped word and the right one share a spelling.
create table name_spellings (
  org_id   uuid not null references orgs (id),
  spelling text collate "C" not null,
  word     text collate "C" not null,
  primary key (org_id, spelling, word)
);
create index name_spellings_word on name_spellings (org_id, word);
select fence('name_spellings');
grant select, insert, delete on name_spellings to converse_app;

-- Orgs whose leads have yet to get their terms; a job does that.
create table lead_reindexes (
  org_id uuid primary key references orgs (id)
);
select fence('lead_reindexes');
grant select, insert, delete on lead_reindexes to converse_app;
insert into lead_reindexes (org_id) select o.id from orgs o where exists (select 1 from leads l where l.org_id = o.id);

-- The door for that job: which orgs it is to look at.
-- +goose StatementBegin
create function door_reindexes() returns setof uuid
  language sql stable security definer set search_path = public, pg_temp
  as $$ select org_id from lead_reindexes $$;
-- +goose StatementEnd
revoke execute on function door_reindexes() from public;
grant execute on function door_reindexes() to converse_app;

create or replace view conversation_rows with (security_invoker = true) as
select c.org_id, c.id, c.lead_id, l.first_name, l.last_name, l.owner_id, c.channel,
       c.identifier_id, i.kind as identifier_kind, i.value as identifier_value, i.label as identifier_label,
       c.sender_id, s.address as sender_address, s.label as sender_label, s.ref as sender_ref,
       c.connector_id, k.provider,
       c.last_seq, c.inbound_count, c.window_expires_at, c.last_message_at, c.version,
       i.invalid as identifier_invalid, i.opted_out_at, l.deleted_at as lead_deleted_at
from conversations c
join leads l on l.org_id = c.org_id and l.id = c.lead_id
join identifiers i on i.org_id = c.org_id and i.id = c.identifier_id
join senders s on s.org_id = c.org_id and s.id = c.sender_id
join connectors k on k.org_id = c.org_id and k.id = c.connector_id;
