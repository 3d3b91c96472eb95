-- Conversations, messages, and what providers say of them.

-- +goose Up

-- The ladder of message status; internal/chat keeps the same order. Failed
-- stands below delivered: proof of delivery outranks a report of failure. It is not
-- strict, so that a query takes it in as an expression instead of calling it.
create function status_rank(status text) returns int
  language sql immutable parallel safe
  as $$ select array_position(array['queued', 'sending', 'unsure', 'sent', 'failed', 'delivered', 'read'], status) - 1 $$;

create table conversations (
  org_id            uuid not null,
  id                uuid not null,
  lead_id           uuid not null,
  identifier_id     uuid not null,
  connector_id      uuid not null,
  sender_id         uuid not null,
  channel           text not null check (channel in ('sms', 'whatsapp')),
  -- The counter that hands out seq, under the row's lock and held to commit (I5).
  last_seq          int not null default 0,
  inbound_count     int not null default 0,
  window_expires_at timestamptz,
  last_message_at   timestamptz not null default now(),
  version           int not null default 1,
  created_at        timestamptz not null default now(),
  primary key (org_id, id),
  -- In this order it finds an identifier's conversations too.
  unique (org_id, identifier_id, sender_id),
  foreign key (org_id, lead_id) references leads (org_id, id),
  foreign key (org_id, identifier_id) references identifiers (org_id, id),
  foreign key (org_id, connector_id) references connectors (org_id, id),
  foreign key (org_id, sender_id) references senders (org_id, id)
);
create index conversations_recent on conversations (org_id, last_message_at desc, id desc);
create index conversations_lead on conversations (org_id, lead_id);
select fence('conversations');
grant select, insert, update on conversations to converse_app;

create table read_markers (
  org_id          uuid not null,
  conversation_id uuid not null,
  user_id         uuid not null,
  seq             int not null,
  -- conversations.inbound_count at that seq: unread is a subtraction, and an
  -- inbound message writes nothing per user.
  inbound_read    int not null,
  primary key (org_id, conversation_id, user_id),
  foreign key (org_id, conversation_id) references conversations (org_id, id),
  foreign key (org_id, user_id) references users (org_id, id)
);
select fence('read_markers');
grant select, insert, update on read_markers to converse_app;

-- Every webhook that proved where it comes from, stored before it is answered (I1).
create table callbacks (
  org_id       uuid not null,
  id           uuid not null,
  connector_id uuid not null,
  received_at  timestamptz not null,
  headers      jsonb not null,
  query        text not null default '',
  body         bytea not null,
  result       text not null check (result in ('shown', 'ignored', 'parked')),
  why          text not null default '',
  replays      int not null default 0,
  replayed_at  timestamptz,
  primary key (org_id, id),
  foreign key (org_id, connector_id) references connectors (org_id, id)
);
create index callbacks_parked on callbacks (org_id, id) where result = 'parked';
select fence('callbacks');
grant select, insert, update, delete on callbacks to converse_app;

create table messages (
  org_id              uuid not null,
  id                  uuid not null,
  conversation_id     uuid not null,
  seq                 int not null,
  direction           text not null check (direction in ('inbound', 'outbound')),
  kind                text not null check (kind in ('text', 'template', 'image', 'video', 'audio', 'document', 'sticker',
                        'location', 'contacts', 'reaction', 'button', 'notice', 'unsupported')),
  text                text not null,
  -- Received is the one status of an inbound message, and of no other. The rest are
  -- the ladder, written out: a function here would be planned anew for each insert.
  status              text not null check (status in
                        ('received', 'queued', 'sending', 'unsure', 'sent', 'failed', 'delivered', 'read')),
  author_id           uuid,
  -- The client's own key, and a digest of what it sent with it, so that a repeat
  -- is told from a reuse.
  client_id           text,
  content_hash        bytea,
  template_id         uuid,
  -- [{"name": …, "value": …}, …] in the template's order.
  parameters          jsonb,
  retry_of            uuid,
  connector_id        uuid not null,
  provider_message_id text,
  reply_to            text not null default '',
  failure_code        text not null default '',
  failure_text        text not null default '',
  failure_next        text not null default '',
  created_at          timestamptz not null,
  provider_at         timestamptz,
  primary key (org_id, id),
  unique (org_id, conversation_id, seq),
  check ((direction = 'inbound') = (status = 'received')),
  foreign key (org_id, conversation_id) references conversations (org_id, id),
  foreign key (org_id, retry_of) references messages (org_id, id),
  foreign key (org_id, author_id) references users (org_id, id),
  foreign key (org_id, template_id) references templates (org_id, id)
);
-- One provider message makes one message, however often it is delivered (I2).
create unique index messages_once_in on messages (org_id, connector_id, provider_message_id)
  where provider_message_id is not null;
create unique index messages_once_accepted on messages (org_id, author_id, client_id)
  where client_id is not null;
select fence('messages');
grant select, insert, update on messages to converse_app;

-- A tick never goes back (I4), whatever the code above does.
-- +goose StatementBegin
create function refuse_lower_status() returns trigger
  language plpgsql as $$
begin
  if status_rank(new.status) < status_rank(old.status) then
    raise exception 'message status cannot go from % to %', old.status, new.status;
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger messages_status_rises before update of status on messages
  for each row when (new.status <> old.status)
  execute function refuse_lower_status();

-- One row each time a message is handed to a provider, committed before the
-- first byte leaves (I3), or is withheld from it at the last moment (I9).
create table attempts (
  org_id      uuid not null,
  message_id  uuid not null,
  number      int not null,
  node        text not null,
  started_at  timestamptz not null,
  finished_at timestamptz,
  -- Null while the call may be under way.
  outcome     text check (outcome in ('accepted', 'refused', 'not_sent', 'unsure', 'withheld')),
  reason      text not null default '',
  code        text not null default '',
  -- The provider's own words, secrets removed.
  detail      text not null default '',
  primary key (org_id, message_id, number),
  foreign key (org_id, message_id) references messages (org_id, id)
);
select fence('attempts');
grant select, insert, update on attempts to converse_app;

-- What providers reported. A report whose message is not known yet waits with a
-- null message_id and is applied when the provider's id becomes known.
create table receipts (
  org_id              uuid not null,
  id                  uuid not null,
  connector_id        uuid not null,
  message_id          uuid,
  provider_message_id text not null,
  status              text not null check (status in ('queued', 'sending', 'unsure', 'sent', 'failed', 'delivered', 'read')),
  code                text not null default '',
  failure_text        text not null default '',
  failure_next        text not null default '',
  provider_at         timestamptz,
  received_at         timestamptz not null,
  callback_id         uuid,
  primary key (org_id, id),
  unique (org_id, connector_id, provider_message_id, status),
  foreign key (org_id, message_id) references messages (org_id, id)
);
create index receipts_message on receipts (org_id, message_id);
select fence('receipts');
grant select, insert, update on receipts to converse_app;

create table media (
  org_id       uuid not null,
  id           uuid not null,
  message_id   uuid not null,
  position     smallint not null default 0,
  connector_id uuid not null,
  state        text not null check (state in ('loading', 'ready', 'expired', 'refused')),
  content_type text not null default '',
  name         text not null default '',
  size         bigint not null default 0,
  sha256       text not null default '',
  -- What the provider's API finds the file by, and until when.
  reference    text not null default '',
  expires_at   timestamptz,
  object_key   text not null default '',
  primary key (org_id, id),
  foreign key (org_id, message_id) references messages (org_id, id)
);
create index media_message on media (org_id, message_id, position);
select fence('media');
grant select, insert, update on media to converse_app;

-- A conversation with what every reader needs of its lead, identifier, sender and
-- connector. security_invoker (PostgreSQL 15) keeps the fence in force through it.
create view conversation_rows with (security_invoker = true) as
select c.org_id, c.id, c.lead_id, l.first_name, l.last_name, l.owner_id, c.channel,
       c.identifier_id, i.kind as identifier_kind, i.value as identifier_value, i.label as identifier_label,
       c.sender_id, s.address as sender_address, s.label as sender_label, s.ref as sender_ref,
       c.connector_id, k.provider,
       c.last_seq, c.inbound_count, c.window_expires_at, c.last_message_at, c.version
from conversations c
join leads l on l.org_id = c.org_id and l.id = c.lead_id
join identifiers i on i.org_id = c.org_id and i.id = c.identifier_id
join senders s on s.org_id = c.org_id and s.id = c.sender_id
join connectors k on k.org_id = c.org_id and k.id = c.connector_id;
grant select on conversation_rows to converse_app;

-- A message with the names that stand beside it on a screen.
create view message_rows with (security_invoker = true) as
select m.org_id, m.id, m.conversation_id, m.seq, m.direction, m.kind, m.text, m.status, m.author_id,
       coalesce(u.name, '')::text as author_name, m.client_id, coalesce(t.name, '')::text as template_name, m.retry_of,
       m.failure_code, m.failure_text, m.failure_next, m.created_at, m.provider_at
from messages m
left join users u on u.org_id = m.org_id and u.id = m.author_id
left join templates t on t.org_id = m.org_id and t.id = m.template_id;
grant select on message_rows to converse_app;
