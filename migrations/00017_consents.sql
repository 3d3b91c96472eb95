-- What leads asked to be spared, what providers say beside messages, and templates as
-- their providers keep them.

-- +goose Up

-- What a lead asked not to get at this identifier. opted_out_at is what a user noted.
alter table identifiers add column stops text[] not null default '{}';
alter table identifiers add constraint identifiers_stops
  check (stops <@ array['sms', 'whatsapp', 'whatsapp_marketing']) not valid;

alter table suppressions
  alter column opted_out_at drop not null,
  add column stops text[] not null default '{}';
grant update on suppressions to converse_app;

-- The lead may want not to be written to: a person is to look.
alter table messages add column asks_stop boolean not null default false;

create or replace view message_rows with (security_invoker = true) as
select m.org_id, m.id, m.conversation_id, m.seq, m.direction, m.kind, m.text, m.status, m.author_id,
       coalesce(u.name, '')::text as author_name, m.client_id, coalesce(t.name, '')::text as template_name, m.retry_of,
       m.failure_code, m.failure_text, m.failure_next, m.created_at, m.provider_at,
       m.mentions, m.revision, m.edited_at, m.deleted_at, m.asks_stop
from messages m
left join users u on u.org_id = m.org_id and u.id = m.author_id
left join templates t on t.org_id = m.org_id and t.id = m.template_id;

create or replace view conversation_rows with (security_invoker = true) as
select c.org_id, c.id, c.lead_id, l.first_name, l.last_name, l.owner_id, c.channel,
       c.identifier_id, i.kind as identifier_kind, i.value as identifier_value, i.label as identifier_label,
       c.sender_id, s.address as sender_address, s.label as sender_label, s.ref as sender_ref,
       c.connector_id, k.provider,
       c.last_seq, c.inbound_count, c.window_expires_at, c.last_message_at, c.version,
       i.invalid as identifier_invalid, i.opted_out_at, l.deleted_at as lead_deleted_at,
       c.snoozed_until, c.snoozed_by, c.back_at, i.stops
from conversations c
join leads l on l.org_id = c.org_id and l.id = c.lead_id
join identifiers i on i.org_id = c.org_id and i.id = c.identifier_id
join senders s on s.org_id = c.org_id and s.id = c.sender_id
join connectors k on k.org_id = c.org_id and k.id = c.connector_id;

-- Other ids by which a provider speaks of a message.
create table message_aliases (
  org_id              uuid not null,
  connector_id        uuid not null,
  alias               text not null,
  provider_message_id text not null,
  primary key (org_id, connector_id, alias),
  foreign key (org_id, connector_id) references connectors (org_id, id)
);
create index message_aliases_of on message_aliases (org_id, connector_id, provider_message_id);
select fence('message_aliases');
grant select, insert, delete on message_aliases to converse_app;

-- What providers say about accounts and numbers, for administrators.
create table connector_notices (
  org_id       uuid not null,
  id           uuid not null,
  connector_id uuid not null,
  -- Null: it is about the account.
  sender_id    uuid,
  kind         text not null,
  level        text not null check (level in ('info', 'warning', 'stop')),
  text         text not null,
  next         text not null default '',
  at           timestamptz not null,
  received_at  timestamptz not null,
  -- Null until an administrator has dealt with it.
  settled_at   timestamptz,
  settled_by   uuid,
  primary key (org_id, id),
  foreign key (org_id, connector_id) references connectors (org_id, id),
  foreign key (org_id, sender_id) references senders (org_id, id),
  foreign key (org_id, settled_by) references users (org_id, id)
);
create index connector_notices_open on connector_notices (org_id, connector_id, received_at desc) where settled_at is null;
create index connector_notices_newest on connector_notices (org_id, received_at desc, id);
select fence('connector_notices');
grant select, insert, update, delete on connector_notices to converse_app;

alter table templates
  -- Null: it can leave by any connector of its channel.
  add column connector_id uuid,
  -- The provider's own id.
  add column ref          text not null default '',
  add column status       text not null default 'approved',
  -- Why it was refused, paused or disabled, in the provider's words.
  add column reason       text not null default '',
  add column quality      text not null default '',
  -- {"kind": "image", "text": …, "example": …}, or null for none.
  add column header       jsonb,
  -- [{"kind": "url", "text": …, "value": …, "example": …}, …]; buttons holds their texts.
  add column actions      jsonb not null default '[]',
  -- When the provider was last asked about it.
  add column synced_at    timestamptz,
  add constraint templates_status check (status in ('pending', 'approved', 'rejected', 'paused', 'disabled', 'deleted')) not valid,
  add foreign key (org_id, connector_id) references connectors (org_id, id);
alter table templates drop constraint templates_org_id_channel_name_language_key;
create unique index templates_once on templates
  (org_id, channel, name, language, coalesce(connector_id, '00000000-0000-0000-0000-000000000000'::uuid));
create index templates_ref on templates (org_id, connector_id, ref) where ref <> '';
