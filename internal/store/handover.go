package store

import (
	"context"
	"slices"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// HandingSender is the number that a file leaves from, as its provider knows it.
type HandingSender struct {
	chat.Sender
	Ref string
}

// FilesToHandOver lists the files of a message that is to be sent and for which its
// provider gave nothing that is still good at that time, and the number they leave from.
func (s *Store) FilesToHandOver(ctx context.Context, org chat.OrgID, id chat.MessageID, goodAt time.Time) (files []StoredMedia, from HandingSender, err error) {
	err = s.inOrg(ctx, org, func(t *tx) error {
		// Most messages have none.
		files, err = t.filesOfMessage(ctx, id)
		files = slices.DeleteFunc(files, func(f StoredMedia) bool {
			return f.Reference != "" && (f.ExpiresAt.IsZero() || f.ExpiresAt.After(goodAt))
		})
		if err != nil || len(files) == 0 {
			return err
		}
		row, err := t.JobMessage(ctx, db.JobMessageParams{OrgID: org, ID: id})
		from = HandingSender{Sender: conversationOf(row.ConversationRow).Sender, Ref: row.ConversationRow.SenderRef}
		return err
	})
	return files, from, err
}

// HoldJob keeps a claimed job its node's for another lease. ErrLeaseLost: it is not any more.
func (s *Store) HoldJob(ctx context.Context, job Job, node string, lease time.Duration) error {
	return s.inOrg(ctx, job.Org, func(t *tx) error {
		n, err := t.Queries.HoldJob(ctx, db.HoldJobParams{
			OrgID: job.Org, MessageID: job.Message, Node: node, Attempts: job.Attempts, Claims: job.Claims, Lease: lease,
		})
		if err == nil && n == 0 {
			return ErrLeaseLost
		}
		return err
	})
}

// PutJobBack lets a claimed job wait that was not begun.
func (s *Store) PutJobBack(ctx context.Context, job Job, node string, after time.Duration) error {
	return s.inOrg(ctx, job.Org, func(t *tx) error {
		return t.Queries.PutJobBack(ctx, db.PutJobBackParams{
			OrgID: job.Org, MessageID: job.Message, Node: node, Attempts: job.Attempts, Claims: job.Claims, After: after,
		})
	})
}

func (t *tx) filesOfMessage(ctx context.Context, id chat.MessageID) ([]StoredMedia, error) {
	rows, err := t.MediaOfMessages(ctx, db.MediaOfMessagesParams{OrgID: t.org, MessageIds: texts([]chat.MessageID{id})})
	return convert(rows, storedMediaOf), err
}
