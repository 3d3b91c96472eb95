-- When a user's access is to be worked out anew, and what its templates are found by.

-- +goose Up

-- The role that a user's access was last worked out for: a new one is a change too.
alter table users add column access_role text;
update users set access_role = role;

-- +goose StatementBegin
create function begin_access() returns trigger
  language plpgsql as $$
begin
  new.access_role := coalesce(new.access_role, new.role);
  return new;
end $$;
-- +goose StatementEnd
create trigger users_begin_access before insert on users
  for each row execute function begin_access();

create index permission_assignments_user on permission_assignments (org_id, user_id) where user_id is not null;
create index permission_assignments_group on permission_assignments (org_id, group_id) where group_id is not null;
