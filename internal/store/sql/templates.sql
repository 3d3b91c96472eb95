-- name: InsertTemplate :exec
insert into templates (org_id, id, channel, name, language, category, body, footer, buttons, variables, named, connector_id, ref, status,
  reason, quality, header, actions, synced_at)
values (@org_id, @id, @channel, @name, @language, @category, @body, @footer, @buttons, @variables, @named, @connector_id, @ref, @status,
  @reason, @quality, @header, @actions, @synced_at);

-- name: ListTemplates :many
select * from templates where org_id = @org_id and channel = @channel and status <> 'deleted' order by name, language, id;

-- name: GetTemplate :one
select * from templates where org_id = @org_id and id = @id;

-- Templates as their provider lists them; those there are already are changed. The example
-- file that was uploaded here stays with a header of its kind.
-- name: UpsertTemplate :exec
insert into templates (org_id, id, channel, name, language, category, body, footer, buttons, variables, named, connector_id, ref, status,
  reason, quality, header, actions, synced_at)
values (@org_id, @id, @channel, @name, @language, @category, @body, @footer, @buttons, @variables, @named, @connector_id, @ref, @status,
  @reason, @quality, @header, @actions, @synced_at)
on conflict (org_id, channel, name, language, coalesce(connector_id, '00000000-0000-0000-0000-000000000000'::uuid)) do update
set category = excluded.category, body = excluded.body, footer = excluded.footer, buttons = excluded.buttons, variables = excluded.variables,
    named = excluded.named, ref = excluded.ref, status = excluded.status, reason = excluded.reason,
    quality = case when excluded.quality = '' then templates.quality else excluded.quality end,
    header = case
      when excluded.header ->> 'kind' = templates.header ->> 'kind' and templates.header ? 'file'
      then excluded.header || jsonb_build_object('file', templates.header -> 'file')
      else excluded.header end,
    actions = excluded.actions, synced_at = excluded.synced_at;

-- A draft of what its provider lists is not handed in again yet: it stays as it is.
-- name: KeepDraft :execrows
update templates set synced_at = @synced_at
where org_id = @org_id and connector_id = @connector_id and ref = @ref and ref <> '' and status = 'draft';

-- Drafts of what the provider did not list any more: they are new ones when handed in.
-- name: DetachDrafts :exec
update templates set ref = '' where org_id = @org_id and connector_id = @connector_id::uuid and status = 'draft'
  and (synced_at is null or synced_at < @before::timestamptz) and ref <> '';

-- Those of a connector that its provider did not list any more.
-- name: DropUnlistedTemplates :execrows
update templates set status = 'deleted' where org_id = @org_id and connector_id = @connector_id::uuid and status <> 'deleted'
  and (synced_at is null or synced_at < @before::timestamptz) and ref <> '';

-- What a provider says of a template, found by its own id or else by name and language.
-- Empty words change nothing.
-- name: ReviewTemplate :execrows
update templates t
set status = coalesce(nullif(@status::text, ''), t.status), reason = case when @status::text = '' then t.reason else @reason end,
    category = coalesce(nullif(@category::text, ''), t.category), quality = coalesce(nullif(@quality::text, ''), t.quality)
where t.org_id = @org_id and t.connector_id = @connector_id::uuid
  and case when @ref::text <> '' and exists (select 1 from templates o where o.org_id = @org_id and o.connector_id = @connector_id::uuid and o.ref = @ref)
      then t.ref = @ref else t.name = @name and (@language::text = '' or t.language = @language) end;
