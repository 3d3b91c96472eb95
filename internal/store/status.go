package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// settlement is a status that somebody reported for a message.
type settlement struct {
	status  chat.Status
	failure *chat.Failure
	at      time.Time
}

// raise joins a message's status with a reported one (I4) and tells the org when
// it rose. A lower status changes nothing.
func (t *tx) raise(ctx context.Context, id chat.MessageID, s settlement) error {
	_, err := t.raised(ctx, id, s)
	return err
}

// raised does the same and returns the message's channel, or "" when nothing rose.
func (t *tx) raised(ctx context.Context, id chat.MessageID, s settlement) (chat.Channel, error) {
	failure := zero(s.failure)
	failure = chat.Failure{Code: storable(failure.Code), Text: storable(failure.Text), Next: storable(failure.Next)}
	row, err := t.RaiseStatus(ctx, db.RaiseStatusParams{
		Status: s.status, FailureCode: failure.Code, FailureText: failure.Text, FailureNext: failure.Next, OrgID: t.org, ID: id,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return chat.Channel(row.Channel), t.publish(chat.OrgTopic(t.org), chat.Event{
		Tick: &chat.Tick{
			Conversation: row.ConversationID, Message: id, Seq: row.Seq, Status: s.status,
			Failure: failureOf(s.status, failure.Code, failure.Text, failure.Next), At: s.at,
		},
		Owner: zero(row.OwnerID),
	})
}

// settle raises the status and ends the job.
func (t *tx) settle(ctx context.Context, id chat.MessageID, s settlement) error {
	return errors.Join(
		t.raise(ctx, id, s),
		t.later.DropJob(ctx, db.DropJobParams{OrgID: t.org, MessageID: id}),
	)
}

// storable makes a provider's words such as PostgreSQL takes: valid UTF-8 without NUL.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
}

func ignoreMissing(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}
