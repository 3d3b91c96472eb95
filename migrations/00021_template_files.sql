-- Files that stand over templates, as an example for reviewers: uploads that are for a
-- connector instead of a conversation, and stay as long as their template has them.

-- +goose Up

alter table uploads
  alter column conversation_id drop not null,
  add column connector_id uuid,
  add constraint uploads_for_one check ((conversation_id is null) <> (connector_id is null)),
  add foreign key (org_id, connector_id) references connectors (org_id, id),
  drop constraint uploads_state_check,
  -- Kept: it is the example of a template.
  add constraint uploads_state_check check (state in ('waiting', 'receiving', 'stored', 'ready', 'kept', 'dropped'));
create index uploads_connector on uploads (org_id, connector_id) where connector_id is not null;

-- +goose StatementBegin
create or replace function door_left_uploads(p_unfinished interval, p_unsent interval, p_most int) returns setof uploads
  language sql stable security definer set search_path = public, pg_temp
  as $$
  select * from uploads u
  where u.state = 'dropped' and u.created_at < now() - interval '1 minute'
     or u.state in ('waiting', 'receiving') and u.created_at < now() - p_unfinished
     or u.state <> 'kept' and u.created_at < now() - p_unsent
  order by u.created_at
  limit p_most
$$;
-- +goose StatementEnd
