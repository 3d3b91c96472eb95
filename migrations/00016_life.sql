-- The life of a connector: its token, what holds it back, its subscription and polls, and
-- the log of what was said between us and its provider.

-- +goose Up

-- Access tokens, shared by all nodes.
create table connector_tokens (
  org_id        uuid not null,
  connector_id  uuid not null,
  -- SHA-256 of the account that the token was granted for: of another one it is worth nothing.
  fingerprint   bytea not null,
  -- Empty until the first is granted, and when it was dropped.
  sealed        bytea not null default '',
  -- Counts the grants, so that a node drops no newer token than the one that failed it.
  version       bigint not null default 0,
  renew_at      timestamptz,
  expires_at    timestamptz,
  -- The node that asks for a token just now, and for how long others wait for it.
  granting_node  text not null default '',
  granting_until timestamptz,
  -- How often a token was asked for in the minute from window_at on.
  window_at     timestamptz not null default now(),
  asked         int not null default 0,
  primary key (org_id, connector_id),
  foreign key (org_id, connector_id) references connectors (org_id, id)
);
select fence('connector_tokens');
grant select, insert, update, delete on connector_tokens to converse_app;

-- What holds a connector's messages back for a while. No row: nothing ever did.
create table connector_holds (
  org_id        uuid not null,
  connector_id  uuid not null,
  -- Nothing is sent until then, and nothing of the bulk lane until bulk_until.
  until         timestamptz,
  bulk_until    timestamptz,
  -- throttled: the provider said so; rate: our own limit; unreachable: the breaker.
  why           text not null default '' check (why in ('', 'throttled', 'rate', 'unreachable')),
  -- Calls in a row that did not reach the provider, since when.
  failures      int not null default 0,
  failing_since timestamptz,
  -- How often the breaker opened in a row. While it is not 0, one call at a time is made.
  trips         int not null default 0,
  primary key (org_id, connector_id),
  foreign key (org_id, connector_id) references connectors (org_id, id)
);
alter table connector_holds set (fillfactor = 50);
select fence('connector_holds');
grant select, insert, update, delete on connector_holds to converse_app;

-- What we do for a connector by ourselves.
create table connector_care (
  org_id              uuid not null,
  connector_id        uuid not null,
  subscription_id     text not null default '',
  subscription_state  text not null default '' check (subscription_state in ('', 'active', 'failed')),
  subscription_detail text not null default '',
  subscription_at     timestamptz,
  -- Until when the subscription lasts; null: for ever, or none.
  subscription_until  timestamptz,
  -- When to look after it; null: never.
  next_keep_at        timestamptz default now(),
  keep_failures       int not null default 0,
  poll_cursor         text not null default '',
  poll_state          text not null default '' check (poll_state in ('', 'active', 'failed')),
  poll_detail         text not null default '',
  poll_at             timestamptz,
  -- Everything before then has been told by a poll.
  polled_through      timestamptz not null default now(),
  -- When somebody last said that there is something to poll.
  poll_wanted_at      timestamptz,
  next_poll_at        timestamptz default now(),
  poll_failures       int not null default 0,
  primary key (org_id, connector_id),
  foreign key (org_id, connector_id) references connectors (org_id, id)
);
alter table connector_care set (fillfactor = 50);
select fence('connector_care');
grant select, insert, update, delete on connector_care to converse_app;
insert into connector_care (org_id, connector_id) select org_id, id from connectors;

-- A connector is cared for from its first moment.
-- +goose StatementBegin
create function begin_care() returns trigger
  language plpgsql as $$
begin
  insert into connector_care (org_id, connector_id) values (new.org_id, new.id);
  return null;
end $$;
-- +goose StatementEnd
create trigger connectors_begin_care after insert on connectors
  for each row execute function begin_care();

-- What was said between us and providers, secrets removed.
create table exchanges (
  org_id        uuid not null,
  id            uuid not null,
  connector_id  uuid not null,
  message_id    uuid,
  purpose       text not null check (purpose in ('send', 'upload', 'media', 'token', 'subscription', 'poll', 'check', 'template')),
  at            timestamptz not null,
  took_ms       int not null,
  method        text not null,
  url           text not null,
  request_head  text not null default '',
  request_body  text not null default '',
  request_size  bigint not null default 0,
  -- 0: no answer came.
  answer_status int not null default 0,
  answer_head   text not null default '',
  answer_body   text not null default '',
  answer_size   bigint not null default 0,
  error         text not null default '',
  primary key (org_id, id),
  foreign key (org_id, connector_id) references connectors (org_id, id),
  foreign key (org_id, message_id) references messages (org_id, id)
);
create index exchanges_message on exchanges (org_id, message_id, id) where message_id is not null;
create index exchanges_connector on exchanges (org_id, connector_id, id);
select fence('exchanges');
grant select, insert, delete on exchanges to converse_app;

alter table retention drop constraint retention_kind_check;
alter table retention add constraint retention_kind_check check (kind in ('callbacks', 'deleted_leads', 'imports', 'exchanges'));

-- The door for sending, as before, but for what holds a connector back: nothing is claimed
-- while it is held, nothing of the bulk lane while that is, and one at a time while it is
-- not known whether the provider can be reached again.
-- +goose StatementBegin
create or replace function door_claim_jobs(p_node text, p_limit int, p_per_connector int, p_lease interval) returns setof send_jobs
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
      select p.org_id, p.connector_id, h.held, m.most,
             case when b.bulk_until > now() then 0 else 1 end as last_lane
      from pending p
      join connectors c on c.org_id = p.org_id and c.id = p.connector_id
      left join connector_holds b on b.org_id = p.org_id and b.connector_id = p.connector_id
      cross join lateral (select case when b.trips > 0 then 1 else p_per_connector end as most) m
      cross join lateral (
        select count(*) as held from send_jobs j
        where j.org_id = p.org_id and j.connector_id = p.connector_id and j.state <> 'waiting'
      ) h
      where c.state = 'active' and h.held < m.most and (b.until is null or b.until <= now())
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
            and j.lane <= r.last_lane
            and not exists (select 1 from send_jobs e
                            where e.org_id = j.org_id and e.conversation_id = j.conversation_id and e.seq < j.seq)
          order by j.lane, j.due_at
          limit least(r.most - r.held, p_limit)
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

-- The door for caring: connectors of any org at which something is due. What is paused
-- waits until it is resumed.
create function door_due_care(p_limit int) returns setof connector_care
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select c.* from connector_care c
    join connectors k on k.org_id = c.org_id and k.id = c.connector_id
    where k.state = 'active' and (c.next_keep_at <= now() or c.next_poll_at <= now())
    order by least(c.next_keep_at, c.next_poll_at)
    limit p_limit
  $$;

-- The door for an operator's counts: connectors that are held or paused.
create function door_held_connectors() returns setof connector_holds
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select c.org_id, c.id, h.until, h.bulk_until, case c.state when 'paused' then 'paused' else h.why end,
           coalesce(h.failures, 0), h.failing_since, coalesce(h.trips, 0)
    from connectors c
    left join connector_holds h on h.org_id = c.org_id and h.connector_id = c.id
    where c.state = 'paused' or h.until > now()
  $$;

revoke execute on function door_due_care(int), door_held_connectors() from public;
grant execute on function door_due_care(int), door_held_connectors() to converse_app;
