-- What colleagues tell each other about a conversation: notes, transfers, snooze, marks.

-- +goose Up

-- Internal messages stand between those of a lead and ours, in the same order (I5), and
-- never leave: they have no place on the ladder of status.
alter table messages
  drop constraint messages_direction_check,
  drop constraint messages_kind_check,
  drop constraint messages_status_check,
  drop constraint messages_check,
  add constraint messages_direction_check check (direction in ('inbound', 'outbound', 'internal')),
  add constraint messages_kind_check check (kind in ('text', 'template', 'image', 'video', 'audio', 'document', 'sticker',
    'location', 'contacts', 'reaction', 'button', 'notice', 'unsupported', 'note', 'transfer')),
  add constraint messages_status_check check (status in
    ('received', 'noted', 'queued', 'sending', 'unsure', 'sent', 'failed', 'delivered', 'read')),
  add constraint messages_check check (
    (direction = 'inbound') = (status = 'received')
    and (direction = 'internal') = (status = 'noted')
    and (direction = 'internal') = (kind in ('note', 'transfer'))),
  -- Whom a note names. Null for all other messages.
  add column mentions   uuid[],
  -- Rises when a note is changed; a reader keeps the highest.
  add column revision   int not null default 0,
  add column edited_at  timestamptz,
  -- The text of a deleted note is gone; its place stays (I5).
  add column deleted_at timestamptz;

create or replace view message_rows with (security_invoker = true) as
select m.org_id, m.id, m.conversation_id, m.seq, m.direction, m.kind, m.text, m.status, m.author_id,
       coalesce(u.name, '')::text as author_name, m.client_id, coalesce(t.name, '')::text as template_name, m.retry_of,
       m.failure_code, m.failure_text, m.failure_next, m.created_at, m.provider_at,
       m.mentions, m.revision, m.edited_at, m.deleted_at
from messages m
left join users u on u.org_id = m.org_id and u.id = m.author_id
left join templates t on t.org_id = m.org_id and t.id = m.template_id;

-- A snoozed conversation is out of the way until a time, or until the lead writes.
alter table conversations
  add column snoozed_until timestamptz,
  add column snoozed_by    uuid,
  -- When it came back from a snooze; null once somebody has taken note of that.
  add column back_at       timestamptz,
  add foreign key (org_id, snoozed_by) references users (org_id, id);
create index conversations_snoozed on conversations (org_id, snoozed_until) where snoozed_until is not null;

create or replace view conversation_rows with (security_invoker = true) as
select c.org_id, c.id, c.lead_id, l.first_name, l.last_name, l.owner_id, c.channel,
       c.identifier_id, i.kind as identifier_kind, i.value as identifier_value, i.label as identifier_label,
       c.sender_id, s.address as sender_address, s.label as sender_label, s.ref as sender_ref,
       c.connector_id, k.provider,
       c.last_seq, c.inbound_count, c.window_expires_at, c.last_message_at, c.version,
       i.invalid as identifier_invalid, i.opted_out_at, l.deleted_at as lead_deleted_at,
       c.snoozed_until, c.snoozed_by, c.back_at
from conversations c
join leads l on l.org_id = c.org_id and l.id = c.lead_id
join identifiers i on i.org_id = c.org_id and i.id = c.identifier_id
join senders s on s.org_id = c.org_id and s.id = c.sender_id
join connectors k on k.org_id = c.org_id and k.id = c.connector_id;

-- What asks for one user's eyes in a conversation beside the lead's messages. A row is
-- made when that first happens.
create table marks (
  org_id          uuid not null,
  conversation_id uuid not null,
  user_id         uuid not null,
  unread          boolean not null default false,
  -- Why it is unread: marked by the user, given by a colleague, back from a snooze.
  why             text not null default '' check (why in ('', 'marked', 'given', 'back')),
  -- Seq of the newest note that names the user, and of the newest not read yet; 0: none.
  named_seq       int not null default 0,
  mention_seq     int not null default 0,
  -- Who gave it, or wrote the note.
  by_id           uuid,
  version         int not null default 1,
  primary key (org_id, conversation_id, user_id),
  check (unread = (why <> '')),
  foreign key (org_id, conversation_id) references conversations (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id),
  foreign key (org_id, by_id) references users (org_id, id)
);
create index marks_named on marks (org_id, user_id) where named_seq > 0;
create index marks_unread on marks (org_id, user_id) where unread;
select fence('marks');
grant select, insert, update, delete on marks to converse_app;

-- Leads that one user gave to another, so that it can be taken back.
create table transfers (
  org_id          uuid not null,
  id              uuid not null,
  lead_id         uuid not null,
  -- Null: nobody had it.
  from_user       uuid,
  to_user         uuid not null,
  by_user         uuid not null,
  -- Where it was given, if the lead had a conversation.
  given_in        uuid,
  created_at      timestamptz not null,
  undone_at       timestamptz,
  primary key (org_id, id),
  foreign key (org_id, lead_id) references leads (org_id, id) on delete cascade,
  foreign key (org_id, from_user) references users (org_id, id),
  foreign key (org_id, to_user) references users (org_id, id),
  foreign key (org_id, by_user) references users (org_id, id),
  foreign key (org_id, given_in) references conversations (org_id, id) on delete cascade
);
create index transfers_lead on transfers (org_id, lead_id);
select fence('transfers');
grant select, insert, update, delete on transfers to converse_app;
