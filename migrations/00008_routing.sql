-- How a lead finds an owner: rules, turns, who is online and who waits. And how two
-- leads become one.

-- +goose Up

-- What is known of a user beyond their role: a city, a language. Rules compare it with
-- a field of the lead.
create table user_properties (
  org_id  uuid not null,
  user_id uuid not null,
  name    text not null check (name ~ '^[a-z][a-z0-9_]*$'),
  value   text not null check (value <> ''),
  primary key (org_id, user_id, name),
  foreign key (org_id, user_id) references users (org_id, id)
);
create index user_properties_value on user_properties (org_id, name, lower(value));
select fence('user_properties');
grant select, insert, update, delete on user_properties to converse_app;

-- The list of rules is saved whole: a save that does not know the latest version is
-- refused.
create table routing (
  org_id  uuid primary key references orgs (id),
  version int not null
);
select fence('routing');
grant select, insert, update on routing to converse_app;

create table routing_rules (
  org_id     uuid not null references orgs (id),
  id         uuid not null,
  position   smallint not null,
  name       text not null check (name <> ''),
  active     boolean not null,
  -- chat.RoutingConditions: which leads it is for.
  conditions jsonb not null,
  target     text not null check (target in ('group', 'match', 'online', 'user', 'nobody')),
  -- The group of target group; of match and online it narrows who is meant.
  group_id   uuid,
  -- The rule names a group: when that is gone it means nobody, not everybody.
  grouped    boolean not null,
  to_user    uuid,
  -- Target match: the user's property that must equal the lead's field.
  property   text not null default '',
  lead_field text not null default '',
  -- When nobody can be got now the lead waits for the first who can, instead of going
  -- on to the next rule.
  waits      boolean not null,
  primary key (org_id, id),
  foreign key (org_id, group_id) references groups (org_id, id) on delete set null (group_id),
  foreign key (org_id, to_user) references users (org_id, id)
);
select fence('routing_rules');
grant select, insert, update, delete on routing_rules to converse_app;

-- What is locked while a turn is taken, one row a rule. The lock is held to the commit,
-- so turns are exact. Rows are never changed: those who wait for one that is are all
-- woken by each change, and wait again. The rule of all zeros is the default one, which
-- has no row among the rules.
drop table rotations;
create table rotations (
  org_id  uuid not null references orgs (id),
  rule_id uuid not null,
  primary key (org_id, rule_id)
);
select fence('rotations');
grant select, insert, update, delete on rotations to converse_app;

-- Each user's last turn at a rule. Next is who has waited longest: so a user who comes
-- or goes makes nobody else's turn come twice or not at all, and where a rule means
-- other people for each lead the turns are still even.
create table turns (
  org_id  uuid not null,
  rule_id uuid not null,
  user_id uuid not null,
  turn    bigint not null,
  primary key (org_id, rule_id, user_id),
  foreign key (org_id, rule_id) references rotations (org_id, rule_id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id)
);
select fence('turns');
grant select, insert, update on turns to converse_app;

-- Who is reachable through which node, for rules; what colleagues see comes from the
-- bus. A mark that is not renewed in time counts for nothing. Unlogged: after a crash
-- everybody is marked again within seconds.
create unlogged table presence_marks (
  org_id  uuid not null,
  user_id uuid not null,
  node    text not null,
  state   text not null check (state in ('online', 'idle')),
  until   timestamptz not null,
  primary key (org_id, user_id, node),
  foreign key (org_id, user_id) references users (org_id, id)
) with (fillfactor = 50);
select fence('presence_marks');
grant select on presence_marks to converse_app;

-- Leads who wrote and have no owner. They are offered to whoever comes online.
create table waiting_leads (
  org_id   uuid not null,
  lead_id  uuid not null,
  since    timestamptz not null,
  -- The rule that keeps the lead for the first who can be got; null: for whoever takes it.
  rule_id  uuid,
  -- Nobody was there who could have got it.
  unserved boolean not null default false,
  primary key (org_id, lead_id),
  foreign key (org_id, lead_id) references leads (org_id, id) on delete cascade,
  foreign key (org_id, rule_id) references routing_rules (org_id, id) on delete set null (rule_id)
);
create index waiting_leads_since on waiting_leads (org_id, since, lead_id);
select fence('waiting_leads');
grant select, insert, update, delete on waiting_leads to converse_app;

-- A lead that gets an owner waits no more, whoever sees to that; one that loses its
-- owner waits again if it has ever written.
-- +goose StatementBegin
create function keep_waiting_leads() returns trigger
  language plpgsql as $$
begin
  if new.owner_id is not null then
    delete from waiting_leads where org_id = new.org_id and lead_id = new.id;
  elsif exists (select 1 from conversations c where c.org_id = new.org_id and c.lead_id = new.id and c.inbound_count > 0) then
    insert into waiting_leads (org_id, lead_id, since) values (new.org_id, new.id, now()) on conflict do nothing;
  end if;
  return null;
end $$;
-- +goose StatementEnd
create trigger leads_keep_waiting after update of owner_id on leads
  for each row when ((old.owner_id is null) <> (new.owner_id is null))
  execute function keep_waiting_leads();

-- The door for presence: notes marks, and says who was not online before and is now.
-- +goose StatementBegin
create function door_set_presence(p_org_ids uuid[], p_user_ids uuid[], p_nodes text[], p_states text[], p_lives interval[])
  returns setof presence_marks
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
begin
  return query
    select n.org_id, n.user_id, n.node, n.state, now() + n.life
    from unnest(p_org_ids, p_user_ids, p_nodes, p_states, p_lives) as n (org_id, user_id, node, state, life)
    where n.state = 'online' and not exists (
      select 1 from presence_marks m
      where m.org_id = n.org_id and m.user_id = n.user_id and m.state = 'online' and m.until > now());
  delete from presence_marks m
    using unnest(p_org_ids, p_user_ids, p_nodes, p_states) as n (org_id, user_id, node, state)
    where m.org_id = n.org_id and m.user_id = n.user_id and m.node = n.node and n.state = 'offline';
  insert into presence_marks (org_id, user_id, node, state, until)
    select n.org_id, n.user_id, n.node, n.state, now() + n.life
    from unnest(p_org_ids, p_user_ids, p_nodes, p_states, p_lives) as n (org_id, user_id, node, state, life)
    where n.state <> 'offline' and exists (select 1 from users u where u.org_id = n.org_id and u.id = n.user_id)
    on conflict on constraint presence_marks_pkey do update set state = excluded.state, until = excluded.until;
end $$;
-- +goose StatementEnd

-- The door for cleaning up: forgets marks of nodes that are long gone.
create function door_forget_presence() returns void
  language sql volatile security definer set search_path = public, pg_temp
  as $$ delete from presence_marks where until < now() - interval '1 hour' $$;

revoke execute on function door_set_presence(uuid[], uuid[], text[], text[], interval[]), door_forget_presence() from public;
grant execute on function door_set_presence(uuid[], uuid[], text[], text[], interval[]), door_forget_presence() to converse_app;

-- A lead that was merged into another: what both were before, for undoing it. It goes
-- with the lead that holds both now, so nothing of an erased lead is left here.
create table merges (
  org_id    uuid not null,
  id        uuid not null,
  parent_id uuid not null,
  child_id  uuid not null,
  -- The lead that holds both now: the parent, or the one it was merged into since.
  lead_id   uuid not null,
  merged_at timestamptz not null,
  -- Null when a rule did it.
  merged_by uuid,
  -- The rows of both as they were, by table.
  snapshot  jsonb not null,
  primary key (org_id, id),
  unique (org_id, child_id),
  foreign key (org_id, lead_id) references leads (org_id, id) on delete cascade,
  foreign key (org_id, merged_by) references users (org_id, id)
);
create index merges_lead on merges (org_id, lead_id);
select fence('merges');
grant select, insert, update, delete on merges to converse_app;

-- Whether leads become one by themselves when they turn out to be the same person.
create table merge_settings (
  org_id    uuid primary key references orgs (id),
  automatic boolean not null
);
select fence('merge_settings');
grant select, insert, update on merge_settings to converse_app;

-- The tables whose rows belong to a lead, and the columns of their primary keys. keyed:
-- the lead is part of the key. A table that comes later is among them by itself.
create function lead_tables() returns table (name text, keys text[], keyed boolean)
  language sql stable as $$
  select c.relname::text, array_agg(k.attname::text order by k.attnum), bool_or(k.attname = 'lead_id')
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'lead_id' and not a.attisdropped
  join pg_index i on i.indrelid = c.oid and i.indisprimary
  join pg_attribute k on k.attrelid = c.oid and k.attnum = any (i.indkey)
  where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
  group by c.relname
$$;

-- What belongs to leads, for putting it back: whole rows where the lead is part of the
-- key, else whose each row is.
-- +goose StatementBegin
create function snapshot_leads(p_org_id uuid, p_lead_ids uuid[]) returns jsonb
  language plpgsql stable as $$
declare
  t    record;
  rows jsonb;
  out  jsonb := '{}';
begin
  for t in select * from lead_tables() loop
    execute format('select coalesce(jsonb_agg((select jsonb_object_agg(e.key, e.value) from jsonb_each(to_jsonb(x)) e
        where $3 or e.key = any ($4))), ''[]'') from %I x where x.org_id = $1 and x.lead_id = any ($2)', t.name)
      into rows using p_org_id, p_lead_ids, t.keyed, t.keys || array['lead_id', 'position'];
    out := out || jsonb_build_object(t.name, rows);
  end loop;
  select coalesce(jsonb_agg(to_jsonb(l)), '[]') into rows from leads l where l.org_id = p_org_id and l.id = any (p_lead_ids);
  return out || jsonb_build_object('leads', rows);
end $$;
-- +goose StatementEnd

-- Gives all that belongs to one lead to another. What the other has already stays as it is.
-- +goose StatementBegin
create function move_lead(p_org_id uuid, p_from uuid, p_to uuid) returns void
  language plpgsql as $$
declare
  t record;
begin
  for t in select * from lead_tables() loop
    if t.keyed then
      execute format('insert into %1$I select r.* from %1$I x, jsonb_populate_record(x, jsonb_build_object(''lead_id'', $3)) r
        where x.org_id = $1 and x.lead_id = $2 on conflict do nothing', t.name) using p_org_id, p_from, p_to;
      execute format('delete from %I where org_id = $1 and lead_id = $2', t.name) using p_org_id, p_from;
    else
      execute format('update %I set lead_id = $3 where org_id = $1 and lead_id = $2', t.name) using p_org_id, p_from, p_to;
    end if;
  end loop;
end $$;
-- +goose StatementEnd

-- Puts back what a merge changed of a row, and leaves what has been changed since.
create function unmerged_row(p_before jsonb, p_after jsonb, p_now jsonb) returns jsonb
  language sql immutable as $$
  select coalesce(jsonb_object_agg(k, v) filter (where v is not null), '{}') from (
    select k, case when p_now -> k is not distinct from p_after -> k then p_before -> k else p_now -> k end as v
    from (select jsonb_object_keys(p_before) union select jsonb_object_keys(p_now)) x (k)) y
$$;

-- Makes two leads of one again: the rows of both as in the snapshot, but what was changed
-- or came since the merge.
-- +goose StatementBegin
create function restore_lead(p_org_id uuid, p_parent uuid, p_child uuid, p_snapshot jsonb) returns void
  language plpgsql as $$
declare
  t      record;
  same   text;
  before jsonb;
  now_   jsonb;
begin
  insert into leads select r.* from jsonb_array_elements(p_snapshot -> 'leads') e, jsonb_populate_record(null::leads, e) r
    where e ->> 'id' = p_child::text;
  select e into before from jsonb_array_elements(p_snapshot -> 'leads') e where e ->> 'id' = p_parent::text;
  select to_jsonb(l) into now_ from leads l where l.org_id = p_org_id and l.id = p_parent;
  now_ := unmerged_row(before, p_snapshot -> 'after', now_)
    || jsonb_build_object('custom', unmerged_row(before -> 'custom', p_snapshot -> 'after' -> 'custom', now_ -> 'custom'))
    || jsonb_build_object('version', (now_ ->> 'version')::int + 1);
  execute (select format('update leads l set (%1$s) = (select %1$s from jsonb_populate_record(null::leads, $3)) where l.org_id = $1 and l.id = $2',
      string_agg(quote_ident(k), ', ')) from jsonb_object_keys(before) k where k not in ('org_id', 'id'))
    using p_org_id, p_parent, now_;
  for t in select * from lead_tables() loop
    continue when p_snapshot -> t.name is null;
    select coalesce(string_agg(format('x.%1$I = s.%1$I', k), ' and '), 'true') into same
      from unnest(t.keys) k where k not in ('org_id', 'lead_id');
    if t.keyed then
      execute format('delete from %1$I x where x.org_id = $1 and x.lead_id = $2
          and exists (select 1 from jsonb_populate_recordset(null::%1$I, $4) s where s.lead_id = $3 and %2$s)
          and not exists (select 1 from jsonb_populate_recordset(null::%1$I, $4) s where s.lead_id = $2 and %2$s)', t.name, same)
        using p_org_id, p_parent, p_child, p_snapshot -> t.name;
      execute format('insert into %1$I select s.* from jsonb_populate_recordset(null::%1$I, $2) s where s.lead_id = $1 on conflict do nothing', t.name)
        using p_child, p_snapshot -> t.name;
    else
      execute format('update %1$I x set lead_id = $3 from jsonb_populate_recordset(null::%1$I, $4) s
          where x.org_id = $1 and x.lead_id = $2 and s.lead_id = $3 and %2$s', t.name, same)
        using p_org_id, p_parent, p_child, p_snapshot -> t.name;
    end if;
  end loop;
  update identifiers x set position = s.position from jsonb_populate_recordset(null::identifiers, p_snapshot -> 'identifiers') s
    where x.org_id = p_org_id and x.id = s.id and x.position <> s.position;
  delete from waiting_leads where org_id = p_org_id and lead_id in (p_parent, p_child);
  insert into waiting_leads select s.* from jsonb_populate_recordset(null::waiting_leads, p_snapshot -> 'waiting_leads') s
    join leads l on l.org_id = s.org_id and l.id = s.lead_id where l.owner_id is null;
end $$;
-- +goose StatementEnd
