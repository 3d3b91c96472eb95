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
