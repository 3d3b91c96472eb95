package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// activity adds to the history of a lead, together with the commit. Messages are not
// added: they are read where they are.
func (t *tx) activity(ctx context.Context, a chat.Activity) error {
	if a.At.IsZero() {
		a.At = time.Now()
	}
	detail := []byte("{}")
	if len(a.Detail) > 0 {
		var err error
		if detail, err = json.Marshal(a.Detail); err != nil {
			return fmt.Errorf("encode the detail of an activity: %w", err)
		}
	}
	fields := a.Fields
	if fields == nil {
		fields = []string{}
	}
	return t.later.InsertActivity(ctx, db.InsertActivityParams{
		OrgID: t.org, ID: chat.NewID[chat.ActivityID](), LeadID: a.Lead, Kind: a.Kind, At: a.At, ActorID: orNull(a.Actor),
		ConversationID: orNull(a.Conversation), MessageID: orNull(a.Message), Fields: fields, Detail: detail,
	})
}
