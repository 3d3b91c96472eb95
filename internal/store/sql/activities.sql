-- name: InsertActivity :exec
insert into activities (org_id, id, lead_id, kind, at, actor_id, conversation_id, message_id, fields, detail)
values (@org_id, @id, @lead_id, @kind, @at, @actor_id, @conversation_id, @message_id, @fields, @detail);
