-- Numbers that belong to a user, for connectors that write to a lead only from the number
-- of its owner.

-- +goose Up

alter table senders
  -- Whose number it is; null for one of everybody.
  add column user_id uuid,
  add foreign key (org_id, user_id) references users (org_id, id);
