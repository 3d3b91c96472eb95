-- Files on their way out, and what makes a file ready to be seen.

-- +goose Up

-- A file that a user is about to send. Its id is that of the media row it becomes when a
-- message takes it, and then this row goes. The object's key is given with the row, so
-- that no crash leaves an object that nobody knows of.
create table uploads (
  org_id          uuid not null references orgs (id),
  id              uuid not null,
  user_id         uuid not null,
  conversation_id uuid not null,
  kind            text not null check (kind in ('image', 'video', 'audio', 'document', 'sticker', 'contacts')),
  -- As declared until the bytes are there, then what they say.
  content_type    text not null,
  name            text not null,
  size            bigint not null check (size > 0),
  sha256          text not null default '',
  width           int not null default 0,
  height          int not null default 0,
  -- Waiting for its bytes, receiving them, stored, looked at and ready to be sent, or
  -- dropped: its object goes next, then the row.
  state           text not null check (state in ('waiting', 'receiving', 'stored', 'ready', 'dropped')),
  object_key      text not null,
  created_at      timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, user_id) references users (org_id, id),
  foreign key (org_id, conversation_id) references conversations (org_id, id)
);
create index uploads_left on uploads (created_at);
create index uploads_conversation on uploads (org_id, conversation_id);
create index uploads_user on uploads (org_id, user_id);
select fence('uploads');
grant select, insert, update, delete on uploads to converse_app;

-- The door for sweeping: uploads of every org that are too old or dropped.
-- +goose StatementBegin
create function door_left_uploads(p_unfinished interval, p_unsent interval, p_most int) returns setof uploads
  language sql stable security definer set search_path = public, pg_temp
  as $$
  select * from uploads u
  where u.state = 'dropped' and u.created_at < now() - interval '1 minute'
     or u.state in ('waiting', 'receiving') and u.created_at < now() - p_unfinished
     or u.created_at < now() - p_unsent
  order by u.created_at
  limit p_most
$$;
-- +goose StatementEnd
revoke execute on function door_left_uploads(interval, interval, int) from public;
grant execute on function door_left_uploads(interval, interval, int) to converse_app;

-- Reference and expires_at are, of a file that goes out, what the provider gave for it
-- and how long that can be used.
alter table media
  drop constraint media_state_check,
  add constraint media_state_check check (state in ('loading', 'ready', 'failed', 'expired', 'refused')),
  -- Empty while the bytes have not come.
  add column kind text not null default ''
    check (kind in ('', 'image', 'video', 'audio', 'document', 'sticker', 'contacts')),
  add column width int not null default 0,
  add column height int not null default 0,
  -- Where a small picture of it is; empty for none.
  add column preview_key text not null default '',
  -- Why it is failed, expired or refused, as a sentence.
  add column why text not null default '',
  -- Rises with every change; a reader keeps the highest.
  add column version int not null default 1;
update media set kind = case when content_type like 'image/%' then 'image' when content_type like 'video/%' then 'video'
                             when content_type like 'audio/%' then 'audio' else 'document' end
where state = 'ready';
