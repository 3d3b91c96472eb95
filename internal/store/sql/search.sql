-- name: InsertTerms :exec
insert into lead_terms (org_id, kind, term, lead_id)
select @org_id, t.kind, t.term, t.lead_id
from rows from (unnest(@lead_ids::uuid[]), unnest(@kinds::text[]), unnest(@terms::text[])) as t (lead_id, kind, term)
on conflict do nothing;

-- name: DeleteTerms :exec
delete from lead_terms where org_id = @org_id and lead_id = @lead_id;

-- Adds words that no name of the org has had yet. Most are there already, which one
-- look each tells.
-- name: InsertSpellings :exec
insert into name_spellings (org_id, spelling, word)
select @org_id, s.spelling, s.word
from rows from (unnest(@spellings::text[]), unnest(@words::text[])) as s (spelling, word)
where not exists (select 1 from name_spellings k where k.org_id = @org_id and k.word = s.word)
order by s.spelling, s.word
on conflict do nothing;

-- Forgets the words among these that no lead's name has any more.
-- name: DeleteUnusedWords :exec
delete from name_spellings s
where s.org_id = @org_id and s.word = any(@words::text[])
  and not exists (
    select 1 from lead_terms t
    where t.org_id = @org_id and t.kind in ('first_name', 'last_name') and t.term = s.word);

-- Words that share a spelling with one of these.
-- name: WordsSpelled :many
select distinct s.word from name_spellings s
where s.org_id = @org_id and s.spelling = any(@spellings::text[])
limit 200;

-- The queries below read by index alone, whatever the planner thinks of the values.
-- name: ReadByIndex :exec
select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true);

-- How many terms each word finds, up to a bound for each of its beginnings. A
-- beginning is the range [from, upto) of a kind.
-- name: CountTerms :many
select w.n::int as word, sum(c.found)::int as found
from rows from (unnest(@words::int[]), unnest(@kinds::text[]), unnest(@froms::text[]), unnest(@uptos::text[])) as w (n, kind, f, u)
cross join lateral (
  select count(*) as found from (
    select 1 from lead_terms t
    where t.org_id = @org_id and t.kind = w.kind and t.term >= w.f and t.term < w.u
    limit @bound) x
) c
group by 1;

-- How many leads somebody may see who does not see all, up to a bound.
-- name: CountOwned :one
select count(*)::int from (
  select 1 from unnest(@owners::uuid[]) as o (id)
  cross join lateral (select 1 from leads l where l.org_id = @org_id and l.owner_id = o.id limit @bound) x
  union all
  (select 1 from leads l where l.org_id = @org_id and @unassigned::bool and l.owner_id is null limit @bound)
) y;

-- Leads that are in every set: one set for each word, and one of what the asker owns
-- where that is small. Sets are read up to a bound. The words whose sets are larger are
-- looked up lead by lead instead. 500 hits fill a list, and bound the work.
-- name: SearchLeads :many
with found as materialized (
  select x.lead_id, sum(x.exact)::int as exact
  from (
    select w.n, t.lead_id, max((t.term = w.f)::int) as exact
    from rows from (unnest(@words::int[]), unnest(@kinds::text[]), unnest(@froms::text[]), unnest(@uptos::text[])) as w (n, kind, f, u)
    cross join lateral (
      select t.term, t.lead_id from lead_terms t
      where t.org_id = @org_id and t.kind = w.kind and t.term >= w.f and t.term < w.u
      order by t.term, t.lead_id
      limit @bound
    ) t
    group by 1, 2
    union all
    select -1, o.id, 0 from unnest(@set_owners::uuid[]) as s (owner_id)
    cross join lateral (select l.id from leads l where l.org_id = @org_id and l.owner_id = s.owner_id limit @bound) o
    union all
    (select -1, l.id, 0 from leads l where l.org_id = @org_id and @set_unassigned::bool and l.owner_id is null limit @bound)
  ) x
  group by x.lead_id
  having count(*) = @sets::int
  order by 2 desc
),
hits as materialized (
  select l.id, f.exact
  from found f
  cross join lateral (select o.id, o.owner_id, o.deleted_at from leads o where o.org_id = @org_id and o.id = f.lead_id offset 0) l
  where l.deleted_at is null
    and (@see_all::bool or l.owner_id = any(@see_owners::uuid[]) or (@see_unassigned::bool and l.owner_id is null))
    and not exists (
      select 1 from unnest(@more_words::int[]) as p (n)
      where not exists (
        select 1 from rows from (unnest(@more_ns::int[]), unnest(@more_kinds::text[]), unnest(@more_froms::text[]), unnest(@more_uptos::text[])) as w (n, kind, f, u)
        cross join lateral (
          select 1 from lead_terms m
          where m.org_id = @org_id and m.lead_id = l.id and m.kind = w.kind and m.term >= w.f and m.term < w.u limit 1) m
        where w.n = p.n))
  limit 500
)
select l.*, coalesce(u.name, '')::text as owner_name
from hits h
join leads l on l.org_id = @org_id and l.id = h.id
left join users u on u.org_id = l.org_id and u.id = l.owner_id
order by h.exact desc, l.first_name, l.last_name, l.id
limit @most;

-- Queries of this transaction are planned for their values.
-- name: PlanForValues :exec
select set_config('plan_cache_mode', 'force_custom_plan', true);

-- name: Reindexes :many
select * from door_reindexes();

-- name: DropReindex :exec
delete from lead_reindexes where org_id = @org_id;

-- Leads after one that nothing finds, in the order of ids: those whose terms were never
-- stored, and those that have neither a name nor a number.
-- name: LeadsWithoutTerms :many
select l.*, ''::text as owner_name from leads l
where l.org_id = @org_id and l.id > @after
  and not exists (select 1 from lead_terms t where t.org_id = l.org_id and t.lead_id = l.id)
order by l.id
limit @most;
