-- name: ListAllTemplates :many
select * from templates where org_id = @org_id and status <> 'deleted' order by name, language, id;

-- The provider has a template by its name and language: under another name it is a new one.
-- name: ChangeTemplate :execrows
update templates set ref = case when name = @name and language = @language then ref else '' end, name = @name, language = @language, category = @category, body = @body, footer = @footer, buttons = @buttons,
  variables = @variables, named = @named, header = @header, actions = @actions, status = @status, reason = ''
where org_id = @org_id and id = @id and status in ('draft', 'rejected');

-- What was refused at once stays what the provider has had before.
-- name: HandInTemplate :execrows
update templates set ref = coalesce(nullif(@ref::text, ''), ref), status = @status, reason = @reason, category = coalesce(nullif(@category::text, ''), category), synced_at = @synced_at
where org_id = @org_id and id = @id and status in ('draft', 'rejected');

-- name: DropTemplate :execrows
update templates set status = 'deleted' where org_id = @org_id and id = @id and status <> 'deleted' and (status = 'draft' or connector_id is null);

-- name: BeginTemplateSync :execrows
insert into template_syncs (org_id, connector_id, state) values (@org_id, @connector_id, 'running')
on conflict (org_id, connector_id) do update set state = 'running', found = 0, gone = 0, problem = '', began_at = now(), ended_at = null
where template_syncs.state <> 'running' or template_syncs.began_at < now() - interval '10 minutes';

-- name: CountTemplateSync :exec
update template_syncs set found = @found where org_id = @org_id and connector_id = @connector_id;

-- name: EndTemplateSync :exec
update template_syncs set state = @state, found = @found, gone = @gone, problem = @problem, ended_at = now()
where org_id = @org_id and connector_id = @connector_id;

-- name: ListTemplateSyncs :many
select * from template_syncs where org_id = @org_id;

-- name: DueTemplateSyncs :many
select * from door_due_template_syncs(@providers::text[], @every::interval, @most::int);
