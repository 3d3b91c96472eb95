-- name: RoutingVersion :one
select coalesce(max(version), 0)::int as version from routing where org_id = @org_id;

-- Of two saves at once the second one waits here, and then sees the version of the first.
-- name: LockRouting :one
insert into routing (org_id, version) values (@org_id, 0)
on conflict (org_id) do update set org_id = excluded.org_id
returning version;

-- name: SetRoutingVersion :exec
update routing set version = @version where org_id = @org_id;

-- name: ListRoutingRules :many
select * from routing_rules where org_id = @org_id order by position, id;

-- name: UpsertRoutingRule :exec
insert into routing_rules (org_id, id, position, name, active, conditions, target, group_id, grouped, to_user, property, lead_field, waits)
values (@org_id, @id, @position, @name, @active, @conditions, @target, @group_id, @grouped, @to_user, @property, @lead_field, @waits)
on conflict (org_id, id) do update
set position = excluded.position, name = excluded.name, active = excluded.active, conditions = excluded.conditions, target = excluded.target,
    group_id = excluded.group_id, grouped = excluded.grouped, to_user = excluded.to_user, property = excluded.property, lead_field = excluded.lead_field, waits = excluded.waits;

-- name: DropRoutingRules :exec
delete from routing_rules where org_id = @org_id and id <> all(@keep::uuid[]);

-- Those of groups stay: leads are given to groups without a rule too.
-- name: DropRotations :exec
delete from rotations r where r.org_id = @org_id and r.rule_id <> @default_rule and r.rule_id <> all(@keep::uuid[])
  and not exists (select 1 from groups g where g.org_id = r.org_id and g.id = r.rule_id);

-- Which of the ids that rules name are not the org's.
-- name: UnknownRoutingIDs :many
select n.id::uuid as id from unnest(@ids::uuid[]) as n (id)
where not exists (select 1 from groups g where g.org_id = @org_id and g.id = n.id)
  and not exists (select 1 from users u where u.org_id = @org_id and u.id = n.id)
  and not exists (select 1 from senders s where s.org_id = @org_id and s.id = n.id);

-- name: LockRotation :one
select rule_id from rotations where org_id = @org_id and rule_id = @rule_id for update;

-- name: InsertRotation :exec
insert into rotations (org_id, rule_id) values (@org_id, @rule_id) on conflict do nothing;

-- name: SetTurn :exec
insert into turns (org_id, rule_id, user_id, turn)
select @org_id, @rule_id, @user_id, coalesce(max(t.turn), 0) + 1 from turns t where t.org_id = @org_id and t.rule_id = @rule_id
on conflict (org_id, rule_id, user_id) do update set turn = excluded.turn;

-- Whose turn it is: of those whom the rule means, who has waited longest. Somebody new
-- comes next.
-- name: NextInTurn :one
select u.id, u.name from users u
left join turns t on t.org_id = u.org_id and t.rule_id = @rule_id and t.user_id = u.id
where u.org_id = @org_id and u.active
  and case when @administrators::boolean then u.role = 'administrator' else u.role <> 'marketing_user' end
  and (sqlc.narg(user_id)::uuid is null or u.id = sqlc.narg(user_id))
  and (sqlc.narg(group_id)::uuid is null or exists (
    select 1 from group_members g where g.org_id = u.org_id and g.group_id = sqlc.narg(group_id) and g.user_id = u.id))
  and (@property::text = '' or exists (
    select 1 from user_properties p
    where p.org_id = u.org_id and p.user_id = u.id and p.name = @property and lower(p.value) = lower(btrim(@value::text))))
  and (not @online::boolean or exists (
    select 1 from presence_marks m where m.org_id = u.org_id and m.user_id = u.id and m.state = 'online' and m.until > now()))
order by coalesce(t.turn, 0), u.id
limit 1;

-- How many people a rule can give leads to at all: those who are not online count, and
-- any value of the property.
-- name: CountReached :one
select count(*)::int from users u
where u.org_id = @org_id and u.active
  and case when @administrators::boolean then u.role = 'administrator' else u.role <> 'marketing_user' end
  and (sqlc.narg(user_id)::uuid is null or u.id = sqlc.narg(user_id))
  and (sqlc.narg(group_id)::uuid is null or exists (
    select 1 from group_members g where g.org_id = u.org_id and g.group_id = sqlc.narg(group_id) and g.user_id = u.id))
  and (@property::text = '' or exists (
    select 1 from user_properties p where p.org_id = u.org_id and p.user_id = u.id and p.name = @property));

-- The members of a group, whose turn it is first.
-- name: MembersInTurn :many
select m.user_id from group_members m
left join turns t on t.org_id = m.org_id and t.rule_id = @rule_id and t.user_id = m.user_id
where m.org_id = @org_id and m.group_id = @group_id
order by coalesce(t.turn, 0), m.user_id;

-- name: ListUserProperties :many
select * from user_properties where org_id = @org_id order by user_id, name;

-- name: DropUserProperties :exec
delete from user_properties where org_id = @org_id and user_id = @user_id;

-- name: InsertUserProperties :exec
insert into user_properties (org_id, user_id, name, value)
select @org_id, @user_id, n.name, n.value
from (select unnest(@names::text[]) as name, unnest(@vals::text[]) as value) n;

-- name: OnlineUsers :many
select distinct user_id from presence_marks where org_id = @org_id and state = 'online' and until > now();

-- name: SetPresence :many
select * from door_set_presence(@org_ids::uuid[], @user_ids::uuid[], @nodes::text[], @states::text[], @lives::interval[]);

-- name: ForgetPresence :exec
select door_forget_presence();

-- name: RoutingGroups :many
select g.id, g.name, (
  select count(*) from group_members m join users u on u.org_id = m.org_id and u.id = m.user_id
  where m.org_id = g.org_id and m.group_id = g.id and u.active
)::int as members
from groups g where g.org_id = @org_id order by g.name, g.id;

-- name: InsertWaiting :exec
insert into waiting_leads (org_id, lead_id, since, rule_id, unserved) values (@org_id, @lead_id, @since, @rule_id, @unserved)
on conflict (org_id, lead_id) do nothing;

-- The owner of a lead that has just been made.
-- name: SetFirstOwner :exec
update leads set owner_id = @owner_id where org_id = @org_id and id = @id;
