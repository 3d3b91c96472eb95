-- Work to be done: messages to send, events to publish. Both tables hold ids and
-- what a user may see, are short, and are worked off across orgs through doors.

-- +goose Up

create table send_jobs (
  org_id          uuid not null,
  message_id      uuid not null,
  connector_id    uuid not null,
  conversation_id uuid not null,
  seq             int not null,
  -- 0 live, 1 bulk: live goes first.
  lane            smallint not null default 0 check (lane in (0, 1)),
  -- claimed: a node holds the lease; calling: an attempt is committed and the
  -- provider may be hearing it.
  state           text not null default 'waiting' check (state in ('waiting', 'claimed', 'calling')),
  attempts        int not null default 0,
  -- Counts the claims, so that a node that slept past its lease cannot take a later
  -- claim of its own for the one it slept on.
  claims          int not null default 0,
  due_at          timestamptz not null default now(),
  -- When the org gives up trying to reach the provider.
  give_up_at      timestamptz not null,
  node            text not null default '',
  lease_until     timestamptz,
  primary key (org_id, message_id),
  unique (org_id, conversation_id, seq),
  foreign key (org_id, message_id) references messages (org_id, id)
);
create index send_jobs_waiting on send_jobs (org_id, connector_id, lane, due_at) where state = 'waiting';
create index send_jobs_held on send_jobs (org_id, connector_id, lease_until) where state <> 'waiting';
alter table send_jobs set (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);
select fence('send_jobs');
grant select, insert, update, delete on send_jobs to converse_app;

create table events (
  org_id     uuid not null,
  id         bigint generated always as identity,
  topic      text not null,
  -- converse.v1.Event, as it goes to sessions.
  payload    bytea not null,
  created_at timestamptz not null default now(),
  primary key (id)
);
alter table events set (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 20000);
select fence('events');
grant select, insert, delete on events to converse_app;

-- The door for sending: claims the next message of as many conversations as fit.
-- Of a conversation only the lowest seq left can be claimed, so at most one is in
-- flight and their order holds. Each connector gets at most p_per_connector in
-- flight over all nodes. Live goes before bulk, and within a lane the connector with
-- the least in flight goes first, so that nobody's long queue delays others.
-- +goose StatementBegin
create function door_claim_jobs(p_node text, p_limit int, p_per_connector int, p_lease interval) returns setof send_jobs
  language plpgsql volatile security definer set search_path = public, pg_temp
  as $$
begin
  -- Claims are made one after the other: the next statement counts what those before
  -- it have committed.
  perform pg_advisory_xact_lock(hashtextextended('door_claim_jobs', 0));
  return query
    with recursive
    -- Connectors that have waiting jobs, found by skipping along the index.
    pending(org_id, connector_id) as (
      (select j.org_id, j.connector_id from send_jobs j where j.state = 'waiting' order by 1, 2 limit 1)
      union all
      select n.org_id, n.connector_id from pending p
      cross join lateral (
        select j.org_id, j.connector_id from send_jobs j
        where j.state = 'waiting' and (j.org_id, j.connector_id) > (p.org_id, p.connector_id)
        order by 1, 2 limit 1
      ) n
    ),
    room as (
      select p.org_id, p.connector_id, h.held
      from pending p
      join connectors c on c.org_id = p.org_id and c.id = p.connector_id
      cross join lateral (
        select count(*) as held from send_jobs j
        where j.org_id = p.org_id and j.connector_id = p.connector_id and j.state <> 'waiting'
      ) h
      where c.state = 'active' and h.held < p_per_connector
    ),
    heads as (
      select h.org_id, h.message_id
      from room r
      cross join lateral (
        select x.*, r.held + row_number() over (order by x.lane, x.due_at) as place
        from (
          select j.org_id, j.message_id, j.lane, j.due_at
          from send_jobs j
          where j.org_id = r.org_id and j.connector_id = r.connector_id and j.state = 'waiting' and j.due_at <= now()
            and not exists (select 1 from send_jobs e
                            where e.org_id = j.org_id and e.conversation_id = j.conversation_id and e.seq < j.seq)
          order by j.lane, j.due_at
          limit least(p_per_connector - r.held, p_limit)
        ) x
      ) h
      order by h.lane, h.place, h.due_at
      limit p_limit
    )
    update send_jobs j
    set state = 'claimed', node = p_node, claims = j.claims + 1, lease_until = clock_timestamp() + p_lease
    from heads h
    where j.org_id = h.org_id and j.message_id = h.message_id and j.state = 'waiting'
    returning j.*;
end $$;
-- +goose StatementEnd

-- The door for rescue: jobs whose node has let its lease run out.
create function door_lost_jobs(p_limit int) returns setof send_jobs
  language sql volatile security definer set search_path = public, pg_temp
  as $$
    select * from send_jobs
    where state <> 'waiting' and lease_until < now()
    order by lease_until limit p_limit
  $$;

-- The door for publishing what a crash or a lost Redis left behind.
create function door_left_events(p_older_than interval, p_limit int) returns setof events
  language sql volatile security definer set search_path = public, pg_temp
  as $$
    select * from events where created_at < now() - p_older_than
    order by id limit p_limit for update skip locked
  $$;

-- The door for marking events published: a published event's row is gone.
create function door_published(p_ids bigint[]) returns void
  language sql volatile security definer set search_path = public, pg_temp
  as $$ delete from events where id = any(p_ids) $$;

revoke execute on function door_claim_jobs(text, int, int, interval), door_lost_jobs(int),
  door_left_events(interval, int), door_published(bigint[]) from public;
grant execute on function door_claim_jobs(text, int, int, interval), door_lost_jobs(int),
  door_left_events(interval, int), door_published(bigint[]) to converse_app;

-- The door for callbacks of several elements whose working through was cut short.
create function door_cut_callbacks(p_why text, p_older_than interval, p_limit int) returns setof callbacks
  language sql stable security definer set search_path = public, pg_temp
  as $$
    -- Without their bodies, which may be megabytes each.
    select org_id, id, connector_id, received_at, '{}'::jsonb, '', ''::bytea, result, why, replays, replayed_at from callbacks
    where result = 'parked' and why = p_why and received_at < now() - p_older_than
    order by id limit p_limit
  $$;

-- The door for cleaning up: a report whose message never became known is given up,
-- and callbacks are kept for as long as the org may need to look at them.
-- +goose StatementBegin
create function door_forget_callbacks(p_waiting text, p_give_up interval, p_keep interval) returns void
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
    delete from callbacks where result <> 'parked' and received_at < now() - p_keep
  $$;
-- +goose StatementEnd

-- They come in the order of their times, so a summary of each stretch of the table is
-- as good as an index and costs nothing per row.
create index callbacks_received on callbacks using brin (received_at);
create index receipts_waiting on receipts (received_at) where message_id is null;

revoke execute on function door_cut_callbacks(text, interval, int), door_forget_callbacks(text, interval, interval) from public;
grant execute on function door_cut_callbacks(text, interval, int), door_forget_callbacks(text, interval, interval) to converse_app;
