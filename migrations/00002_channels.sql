-- Accounts at providers, their numbers, and templates.

-- +goose Up

create table connectors (
  org_id        uuid not null references orgs (id),
  id            uuid not null,
  provider      text not null,
  name          text not null,
  -- Empty means the provider's public address.
  base_url      text not null default '',
  settings      jsonb not null default '{}',
  -- Credentials and the webhook's endpoint word, sealed (I12).
  sealed        bytea not null,
  -- SHA-256 of the endpoint word in the webhook's address.
  endpoint_hash bytea not null unique,
  state         text not null default 'active' check (state in ('active', 'paused')),
  state_reason  text not null default '',
  created_at    timestamptz not null default now(),
  primary key (org_id, id)
);
select fence('connectors');
grant select, insert, update on connectors to converse_app;

create table senders (
  org_id       uuid not null,
  id           uuid not null,
  connector_id uuid not null,
  channel      text not null check (channel in ('sms', 'whatsapp')),
  -- The number in E.164.
  address      text not null,
  -- The provider's own id of the number.
  ref          text not null default '',
  label        text not null default '',
  -- The lowest is the channel's default.
  position     smallint not null default 0,
  primary key (org_id, id),
  unique (org_id, connector_id, channel, address),
  foreign key (org_id, connector_id) references connectors (org_id, id)
);
select fence('senders');
grant select, insert, update on senders to converse_app;

create table templates (
  org_id    uuid not null references orgs (id),
  id        uuid not null,
  channel   text not null check (channel in ('sms', 'whatsapp')),
  name      text not null,
  language  text not null,
  category  text not null default '',
  -- Holds {{name}} for each variable.
  body      text not null,
  footer    text not null default '',
  buttons   text[] not null default '{}',
  -- [{"name": "1", "example": "Asha"}, …] in the provider's order.
  variables jsonb not null default '[]',
  -- The provider knows the variables by name, not by position.
  named     boolean not null default false,
  primary key (org_id, id),
  unique (org_id, channel, name, language)
);
select fence('templates');
grant select, insert, update on templates to converse_app;

-- The door for webhooks: the connector of an endpoint word.
create function door_connector(p_endpoint_hash bytea) returns setof connectors
  language sql stable security definer set search_path = public, pg_temp
  as $$ select * from connectors where endpoint_hash = p_endpoint_hash $$;

revoke execute on function door_connector(bytea) from public;
grant execute on function door_connector(bytea) to converse_app;
