-- Connectors and templates that administrators make and change themselves.

-- +goose Up

alter table connectors
  -- Counts the changes, so that nobody overwrites what another just entered.
  add column version int not null default 1,
  drop constraint connectors_state_check,
  -- An archived one neither sends nor receives, and is shown nowhere. Its conversations
  -- stay.
  add constraint connectors_state_check check (state in ('active', 'paused', 'archived')) not valid;
grant delete on senders to converse_app;

alter table templates
  drop constraint templates_status,
  -- A draft is here alone: no provider knows of it.
  add constraint templates_status check (status in ('draft', 'pending', 'approved', 'rejected', 'paused', 'disabled', 'deleted')) not valid;
grant update, delete on templates to converse_app;

-- The last time a connector's templates were read from its provider.
create table template_syncs (
  org_id       uuid not null,
  connector_id uuid not null,
  state        text not null check (state in ('running', 'done', 'failed')),
  -- How many templates were read so far, and how many were there no more.
  found        int not null default 0,
  gone         int not null default 0,
  -- Why it failed, in words.
  problem      text not null default '',
  began_at     timestamptz not null default now(),
  ended_at     timestamptz,
  primary key (org_id, connector_id),
  foreign key (org_id, connector_id) references connectors (org_id, id)
);
select fence('template_syncs');
grant select, insert, update, delete on template_syncs to converse_app;

-- The door for reading templates by ourselves: active connectors of any org whose
-- providers list templates, and which were not read for that long.
create function door_due_template_syncs(p_providers text[], p_every interval, p_limit int) returns setof connectors
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select c.* from connectors c
    left join template_syncs s on s.org_id = c.org_id and s.connector_id = c.id
    where c.state = 'active' and c.provider = any(p_providers) and (s.began_at is null or s.began_at < now() - p_every)
    order by s.began_at nulls first
    limit p_limit
  $$;
revoke execute on function door_due_template_syncs(text[], interval, int) from public;
grant execute on function door_due_template_syncs(text[], interval, int) to converse_app;
