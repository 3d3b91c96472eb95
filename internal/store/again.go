package store

import (
	"context"
	"encoding/json"
	"fmt"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// ContentOf returns the content of an outbound message that failed or is unsure, as
// a new message to be accepted. Any other message is an error with code blocked.
func (s *Store) ContentOf(ctx context.Context, p chat.Principal, id chat.MessageID) (NewMessage, error) {
	var out NewMessage
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.seeMessage(ctx, p, id); err != nil {
			return err
		}
		m, err := t.MessageContent(ctx, db.MessageContentParams{OrgID: p.Org, ID: id})
		if err != nil {
			return notFound(err, "message")
		}
		if m.Direction != chat.DirectionOutbound || (m.Status != chat.StatusFailed && m.Status != chat.StatusUnsure) {
			return &chat.Error{Code: chat.CodeBlocked, Message: "Only a message that failed or is unsure can be sent again."}
		}
		out = NewMessage{
			Conversation: m.ConversationID, Kind: m.Kind, Text: m.Text, Template: zero(m.TemplateID), TemplateName: m.TemplateName,
			TemplateCategory: m.TemplateCategory, RetryOf: id,
		}
		if out.Files, err = t.copies(ctx, id); err != nil {
			return err
		}
		if len(m.Parameters) == 0 {
			return nil
		}
		if err := json.Unmarshal(m.Parameters, &out.Parameters); err != nil {
			return fmt.Errorf("read template parameters: %w", err)
		}
		return nil
	})
	return out, err
}

// copies are the files of a message for another one of its conversation. Their bytes are
// kept once: what erases the lead erases both.
func (t *tx) copies(ctx context.Context, id chat.MessageID) ([]SentFile, error) {
	rows, err := t.MediaOfMessages(ctx, db.MediaOfMessagesParams{OrgID: t.org, MessageIds: texts([]chat.MessageID{id})})
	var out []SentFile
	for _, r := range rows {
		if r.State != chat.MediaReady {
			return nil, &chat.Error{Code: chat.CodeBlocked, Message: "The file of this message is not there any more. Send it anew."}
		}
		f := SentFile{Media: mediaOf(r), SHA256: r.Sha256, ObjectKey: r.ObjectKey, PreviewKey: r.PreviewKey}
		f.ID, f.Version = chat.NewID[chat.MediaID](), 1
		out = append(out, f)
	}
	return out, err
}
