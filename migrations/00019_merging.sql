-- When leads become one by themselves, and what becomes of their fields.

-- +goose Up

alter table merge_settings
  -- Two leads are one person when they share an identifier of one of these kinds.
  add column kinds text[] not null default '{phone,email,whatsapp}',
  -- Which of the two stays: the one with a number, or the one that was made first or last.
  add column parent text not null default 'number' check (parent in ('number', 'older', 'newer')),
  -- By field: fill_empty, overwrite or append. One that is not named is filled.
  add column rules jsonb not null default '{}',
  add constraint merge_settings_kinds check (kinds <@ array['phone', 'email', 'whatsapp']);
