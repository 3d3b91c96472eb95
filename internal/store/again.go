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
