package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Sent is a message that was sent before, and what the provider said of it.
type Sent struct {
	NewMessage
	ProviderID string
	// TakenAt is when the provider took it.
	TakenAt time.Time
	Reports []SentReport
}

// SentReport is one thing the provider said.
type SentReport struct {
	Status chat.Status
	At     time.Time
}

// AddSent stores a message with its past. Nobody is called for it, now or later. A
// message that is there already under the same client id is left as it is.
func (s *Store) AddSent(ctx context.Context, p chat.Principal, m Sent) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error { return t.addSent(ctx, p, m) })
}

func (t *tx) addSent(ctx context.Context, p chat.Principal, m Sent) error {
	conversation, first, err := t.lockForNew(ctx, p, m.NewMessage)
	if err != nil || first != nil {
		return err
	}
	status := chat.StatusSent
	for _, r := range m.Reports {
		status = status.Join(r.Status)
	}
	// The message's row goes before those that point at it.
	call := Call{Job: Job{Org: t.org, Message: m.ID}, Number: 1}
	err = errors.Join(
		t.insertNew(ctx, p, m.NewMessage, conversation, newOf(p, m.NewMessage, conversation, status), &m.ProviderID),
		t.later.InsertAttempt(ctx, db.InsertAttemptParams{OrgID: t.org, MessageID: m.ID, Number: call.Number, StartedAt: m.At}),
		t.finish(ctx, call, "accepted", Outcome{At: m.TakenAt}),
	)
	for _, r := range m.Reports {
		err = errors.Join(err, t.later.InsertReport(ctx, db.InsertReportParams{
			OrgID: t.org, ID: uuid.Must(uuid.NewV7()).String(), ConnectorID: conversation.Sender.Connector, MessageID: orNull(m.ID),
			ProviderMessageID: m.ProviderID, Status: r.Status, At: &r.At,
		}))
	}
	return err
}
