-- Which sites may include the widget.

-- +goose Up

-- A site whose pages may include the widget and call with its users' tokens, written as
-- browsers write an origin: scheme, host and, unless it is the scheme's own, port.
create table embed_origins (
  org_id   uuid not null references orgs (id),
  origin   text not null check (origin <> ''),
  added_at timestamptz not null default now(),
  added_by uuid,
  -- When one of its pages last called, to a minute; null: never.
  seen_at  timestamptz,
  primary key (org_id, origin),
  foreign key (org_id, added_by) references users (org_id, id)
);
select fence('embed_origins');
grant select, insert, delete on embed_origins to converse_app;

-- The door for every node's list of them: a browser asks before it says who it is.
create function door_origins() returns setof embed_origins
  language sql stable security definer set search_path = public, pg_temp
  as $$ select * from embed_origins $$;

-- The door for noting that their pages called.
create function door_seen_origins(p_org_ids uuid[], p_origins text[]) returns void
  language sql volatile security definer set search_path = public, pg_temp
  as $$
    update embed_origins o set seen_at = now()
    from unnest(p_org_ids, p_origins) as s (org_id, origin)
    where o.org_id = s.org_id and o.origin = s.origin
  $$;

revoke execute on function door_origins(), door_seen_origins(uuid[], text[]) from public;
grant execute on function door_origins(), door_seen_origins(uuid[], text[]) to converse_app;

-- Erasing a lead for good, and how long things are kept.

-- An erased lead's row stays, empty and hidden, so that what is counted by it still is.
alter table leads add column erased_at timestamptz;

create table erasures (
  org_id       uuid not null,
  id           uuid not null,
  lead_id      uuid not null,
  -- Null: the product, because the lead was deleted long enough ago.
  requested_by uuid,
  requested_at timestamptz not null default now(),
  state        text not null default 'waiting' check (state in ('waiting', 'working', 'done')),
  -- Messages, files and callbacks to look at, and how many were.
  total        int not null default 0,
  handled      int not null default 0,
  messages     int not null default 0,
  files        int not null default 0,
  callbacks    int not null default 0,
  -- What to look for in callbacks; gone once that is done.
  wanted       jsonb,
  finished_at  timestamptz,
  primary key (org_id, id),
  unique (org_id, lead_id),
  foreign key (org_id, lead_id) references leads (org_id, id),
  foreign key (org_id, requested_by) references users (org_id, id)
);
create index erasures_requested on erasures (org_id, requested_at desc, id);
select fence('erasures');
grant select, insert, update on erasures to converse_app;

-- Identifiers of erased leads who had asked to be left alone: an HMAC of each, so that
-- they still are when they come back, and nobody can read who they are.
create table suppressions (
  org_id       uuid not null references orgs (id),
  hash         bytea not null,
  opted_out_at timestamptz not null,
  source       text not null,
  primary key (org_id, hash)
);
select fence('suppressions');
grant select, insert on suppressions to converse_app;

-- How long an org keeps a kind of thing, and the last time the rest was removed.
create table retention (
  org_id   uuid not null references orgs (id),
  kind     text not null check (kind in ('callbacks', 'deleted_leads', 'imports')),
  -- Null: the product's default.
  days     int check (days > 0),
  ran_at   timestamptz,
  removed  int not null default 0,
  removed_total bigint not null default 0,
  primary key (org_id, kind)
);
select fence('retention');
grant select, insert, update on retention to converse_app;

-- The door for the work above: it is done org by org.
create function door_orgs() returns setof uuid
  language sql stable security definer set search_path = public, pg_temp
  as $$ select id from orgs $$;

-- Callbacks are removed org by org; what is left is giving up reports.
drop function door_forget_callbacks(text, interval, interval);
-- +goose StatementBegin
create function door_give_up_callbacks(p_waiting text, p_give_up interval) returns void
  language sql volatile security definer set search_path = public, pg_temp
  as $$
    -- The message became known just when the callback was being parked for it.
    update callbacks c set result = 'shown', why = ''
      where c.result = 'parked' and c.why <> '' and string_to_array(c.why, '; ') <@ array[p_waiting]
        and not exists (select 1 from receipts r where r.org_id = c.org_id and r.callback_id = c.id and r.message_id is null);
    delete from receipts where message_id is null and received_at < now() - p_give_up;
    update callbacks c set result = 'ignored', why = 'its message never became known'
      where c.result = 'parked' and c.why <> '' and string_to_array(c.why, '; ') <@ array[p_waiting]
        and not exists (select 1 from receipts r where r.org_id = c.org_id and r.callback_id = c.id and r.message_id is null);
  $$;
-- +goose StatementEnd
revoke execute on function door_orgs(), door_give_up_callbacks(text, interval) from public;
grant execute on function door_orgs(), door_give_up_callbacks(text, interval) to converse_app;
