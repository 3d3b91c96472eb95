-- name: InsertSendJob :exec
insert into send_jobs (org_id, message_id, connector_id, conversation_id, seq, lane, give_up_at)
values (@org_id, @message_id, @connector_id, @conversation_id, @seq, @lane, now() + @patience::interval);

-- name: ClaimJobs :many
select * from door_claim_jobs(@node::text, @most::int, @per_connector::int, @lease::interval);

-- name: LostJobs :many
select * from door_lost_jobs(@most::int);

-- The lease must still be ours, and of this very claim: a node that was frozen past
-- its lease may have claimed the same job again.
-- name: StartCall :execrows
update send_jobs
set state = 'calling', attempts = attempts + 1, lease_until = now() + @lease::interval
where org_id = @org_id and message_id = @message_id and state = 'claimed' and node = @node
  and attempts = @attempts and claims = @claims and lease_until > now();

-- Whether our own start was committed although we were not told so.
-- name: StartedCall :one
select exists (
  select 1 from send_jobs
  where org_id = @org_id and message_id = @message_id and state = 'calling' and node = @node
    and attempts = sqlc.arg(attempts)::int + 1 and claims = @claims and lease_until > now() + sqlc.arg(needed)::interval
);

-- name: InsertAttempt :exec
insert into attempts (org_id, message_id, number, node, started_at)
values (@org_id, @message_id, @number, @node, @started_at);

-- The provider is not called after all.
-- name: WithholdAttempt :exec
insert into attempts (org_id, message_id, number, node, started_at, finished_at, outcome, code, detail)
values (@org_id, @message_id, @number, @node, @at, @at, 'withheld', @code, @detail);

-- A late answer may settle an attempt that was given up as unsure, and no other. That
-- it was not sent is too late then: the job is gone.
-- name: FinishAttempt :exec
update attempts
set finished_at = @finished_at, outcome = @outcome, reason = @reason, code = @code, detail = @detail
where org_id = @org_id and message_id = @message_id and number = @number
  and (outcome is null or outcome = 'unsure' and @outcome <> 'not_sent');

-- name: LockJob :one
select * from send_jobs where org_id = @org_id and message_id = @message_id for update;

-- name: DropJob :exec
delete from send_jobs where org_id = @org_id and message_id = @message_id;

-- Only the holder of this very attempt may put it back: by the time a commit is
-- repeated, somebody else may have claimed the job.
-- name: RequeueJob :exec
update send_jobs
set state = 'waiting', node = '', lease_until = null, due_at = now() + @after::interval
where org_id = @org_id and message_id = @message_id and state = @state and attempts = @attempts;

-- name: AttemptsOf :many
select * from attempts where org_id = @org_id and message_id = @message_id order by number;

-- name: SenderOf :one
select sender_id from conversations where org_id = @org_id and id = @id;

-- name: LastReason :one
select reason from attempts where org_id = @org_id and message_id = @message_id and number = @number;

-- name: JobMessage :one
select m.kind, m.text, m.status, m.parameters, m.reply_to, m.created_at,
       coalesce(t.name, '')::text as template_name, coalesce(t.language, '')::text as template_language,
       coalesce(t.category, '')::text as template_category,
       coalesce(t.named, false)::boolean as template_named, coalesce(t.ref, '')::text as template_ref,
       coalesce(h.failures > 0 or h.trips > 0, false)::boolean as troubled,
       sqlc.embed(c)
from messages m
join conversation_rows c on c.org_id = m.org_id and c.id = m.conversation_id
left join connector_holds h on h.org_id = m.org_id and h.connector_id = m.connector_id
left join templates t on t.org_id = m.org_id and t.id = m.template_id
where m.org_id = @org_id and m.id = @id;

-- name: QueueDepth :many
select connector_id, lane, count(*)::int as waiting from send_jobs where org_id = @org_id group by 1, 2;
