-- A lead that is to be erased, deleted or not, held to the commit.
-- name: LockLeadToErase :one
select l.id, l.owner_id, l.erased_at from leads l where l.org_id = @org_id and l.id = @id for update;

-- name: EmptyLead :exec
update leads set first_name = '', last_name = '', source = '', stage = '', custom = '{}', owner_id = null, version = version + 1,
  modified_at = now(), deleted_at = coalesce(deleted_at, now()), deleted_by = null, erased_at = now()
where org_id = @org_id and id = @id;

-- An identifier stays for its conversations, with a value that nobody has.
-- name: EmptyIdentifiers :exec
update identifiers set value = 'erased:' || id, label = '', invalid = true, opted_out_at = null, opt_out_source = '', opt_out_reason = '',
  stops = '{}'
where org_id = @org_id and lead_id = @lead_id;

-- name: DeleteTermsOfLead :exec
delete from lead_terms where org_id = @org_id and lead_id = @lead_id;

-- Words of names that no lead has any more. Run it once the lead's own terms are gone.
-- name: DeleteSpellings :exec
delete from name_spellings s where s.org_id = @org_id and s.word = any(@words::text[])
  and not exists (select 1 from lead_terms t where t.org_id = @org_id and t.kind in ('first_name', 'last_name') and t.term = s.word);

-- name: DeleteValuesOfLead :exec
delete from lead_values where org_id = @org_id and lead_id = @lead_id;

-- name: DeleteMembershipsOfLead :exec
delete from lead_list_members where org_id = @org_id and lead_id = @lead_id;

-- name: DeleteActivitiesOfLead :exec
delete from activities where org_id = @org_id and lead_id = @lead_id;

-- Messages that wait to be sent do not leave any more. One whose call is under way has its
-- job taken away when that ends.
-- name: DeleteWaitingJobsOfLead :exec
delete from send_jobs j using conversations c
where j.org_id = @org_id and c.org_id = j.org_id and c.id = j.conversation_id and c.lead_id = @lead_id and j.state = 'waiting';

-- name: FailWaitingMessagesOfLead :exec
update messages m set status = 'failed', failure_code = 'erased', failure_text = 'The lead was erased.', failure_next = ''
from conversations c
where m.org_id = @org_id and c.org_id = m.org_id and c.id = m.conversation_id and c.lead_id = @lead_id and m.status = 'queued'
  and not exists (select 1 from send_jobs j where j.org_id = m.org_id and j.message_id = m.id);

-- Messages that are on their way to the provider just now.
-- name: MessagesOnTheirWay :one
select count(*) from messages m join conversations c on c.org_id = m.org_id and c.id = m.conversation_id
where m.org_id = @org_id and c.lead_id = @lead_id and m.status in ('queued', 'sending');

-- name: InsertErasure :exec
insert into erasures (org_id, id, lead_id, requested_by, total, wanted)
values (@org_id, @id, @lead_id, @requested_by,
  (select count(*) from messages m join conversations c on c.org_id = m.org_id and c.id = m.conversation_id
   where m.org_id = @org_id and c.lead_id = @lead_id) + (select count(*) from callbacks k where k.org_id = @org_id), @wanted);

-- name: GetErasure :one
select e.*, coalesce(u.name, '')::text as requested_by_name
from erasures e left join users u on u.org_id = e.org_id and u.id = e.requested_by
where e.org_id = @org_id and e.id = @id;

-- name: ErasureOfLead :one
select id from erasures where org_id = @org_id and lead_id = @lead_id;

-- name: ListErasures :many
select e.*, coalesce(u.name, '')::text as requested_by_name
from erasures e left join users u on u.org_id = e.org_id and u.id = e.requested_by
where e.org_id = @org_id order by e.requested_at desc, e.id limit @most;

-- name: AdvanceErasure :exec
update erasures set state = 'working', handled = least(total, handled + @handled), messages = messages + @messages,
  files = files + @files, callbacks = callbacks + @callbacks
where org_id = @org_id and id = @id;

-- name: FinishErasure :execrows
update erasures set state = 'done', wanted = null, handled = total, finished_at = now()
where org_id = @org_id and id = @id and state <> 'done';

-- Files of a lead's messages that are still kept.
-- name: FilesOfLead :many
select f.id, f.object_key, f.preview_key from media f
join messages m on m.org_id = f.org_id and m.id = f.message_id
join conversations c on c.org_id = m.org_id and c.id = m.conversation_id
where f.org_id = @org_id and c.lead_id = @lead_id and (f.object_key <> '' or f.preview_key <> '' or f.name <> '' or f.reference <> '' or f.sha256 <> '' or f.state <> 'expired')
limit @most;

-- name: EmptyFiles :exec
update media set state = 'expired', name = '', reference = '', sha256 = '', object_key = '', preview_key = '', content_type = '', size = 0,
  width = 0, height = 0, why = '', expires_at = null, version = version + 1
where org_id = @org_id and id = any(@ids::uuid[]);

-- Files that a lead may stand in: of imports that dealt with it, and of every export since
-- it was there.
-- name: TransferFilesOfLead :many
select 'import'::text as kind, i.id, i.file_key, i.result_key from imports i
where i.org_id = @org_id and (i.file_key <> '' or i.result_key <> '')
  and exists (select 1 from import_rows r where r.org_id = i.org_id and r.import_id = i.id and r.lead_id = @lead_id)
union all
select 'export', x.id, x.file_key, '' from exports x
where x.org_id = @org_id and x.file_key <> '' and x.created_at >= (select l.created_at from leads l where l.org_id = @org_id and l.id = @lead_id);

-- name: EmptyImportFiles :exec
update imports set file_key = '', result_key = '', file_name = 'erased', settings = '{}' where org_id = @org_id and id = any(@ids::uuid[]);

-- name: EmptyExportFiles :exec
update exports set file_key = '', file_size = 0, selection = '{}' where org_id = @org_id and id = any(@ids::uuid[]);

-- A lead's next messages that still say something, emptied: what they were, when, and what
-- became of them stays, and they keep their places.
-- name: EmptyMessages :many
update messages m set text = '', parameters = null, content_hash = null, provider_message_id = null, reply_to = '',
  failure_text = case when m.status = 'failed' then 'The lead was erased.' else '' end, failure_next = ''
from (
  select x.id from messages x join conversations c on c.org_id = x.org_id and c.id = x.conversation_id
  where x.org_id = @org_id and c.lead_id = @lead_id and x.status not in ('queued', 'sending')
    and (x.text <> '' or x.parameters is not null or x.content_hash is not null or x.provider_message_id is not null or x.reply_to <> '')
  limit @most
) e
where m.org_id = @org_id and m.id = e.id
returning m.id;

-- name: EmptyAttempts :exec
update attempts set detail = '' where org_id = @org_id and message_id = any(@ids::uuid[]) and detail <> '';

-- name: EmptyReceipts :exec
update receipts set provider_message_id = 'erased:' || id, failure_text = '', failure_next = ''
where org_id = @org_id and message_id = any(@ids::uuid[]);

-- name: CallbacksOfMessages :many
select distinct r.callback_id::uuid as id from receipts r
where r.org_id = @org_id and r.message_id = any(@ids::uuid[]) and r.callback_id is not null;

-- The next of an org's callbacks, whole.
-- name: NextCallbacks :many
select id, headers, query, body from callbacks where org_id = @org_id and id > @after order by id limit @most;

-- name: EmptyCallbacks :execrows
update callbacks set headers = '{}', query = '', body = '',
  result = case when result = 'parked' then 'ignored' else result end,
  why = case when result = 'shown' then '' else 'its lead was erased' end
where org_id = @org_id and id = any(@ids::uuid[]);

-- Events that were not published yet and hold one of these texts.
-- name: DeleteEventsWith :exec
delete from events e where e.org_id = @org_id
  and exists (select 1 from unnest(@texts::text[]) as w (word) where position(convert_to(w.word, 'UTF8') in e.payload) > 0);

-- Stops are joined by commas.
-- name: InsertSuppressions :exec
insert into suppressions (org_id, hash, opted_out_at, source, stops)
select @org_id, s.hash, nullif(s.at, '0001-01-01 00:00:00+00'), s.source, coalesce(string_to_array(nullif(s.stops, ''), ','), '{}')
from rows from (unnest(@hashes::bytea[]), unnest(@ats::timestamptz[]), unnest(@sources::text[]), unnest(@stops::text[])) as s (hash, at, source, stops)
on conflict (org_id, hash) do update
set opted_out_at = coalesce(suppressions.opted_out_at, excluded.opted_out_at),
    stops = (select coalesce(array_agg(distinct x), '{}') from unnest(suppressions.stops || excluded.stops) x);

-- Takes stops back of somebody who is not a lead.
-- name: LiftSuppressions :exec
update suppressions set stops = (select coalesce(array_agg(x), '{}') from unnest(stops) x where x <> all(@lifted::text[]))
where org_id = @org_id and hash = any(@hashes::bytea[]);

-- Marks new identifiers that are suppressed as opted out.
-- name: Suppress :exec
update identifiers i set opted_out_at = s.opted_out_at, stops = s.stops, opt_out_reason = '',
  opt_out_source = case when s.opted_out_at is null then '' else s.source end
from rows from (unnest(@ids::uuid[]), unnest(@hashes::bytea[])) as n (id, hash), suppressions s
where i.org_id = @org_id and i.id = n.id and s.org_id = @org_id and s.hash = n.hash;

-- name: LeadToErase :one
select first_name, last_name, owner_id, version from leads where org_id = @org_id and id = @id;
