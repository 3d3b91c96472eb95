package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"converse/internal/chat"
)

// WakeLater adds the job that brings a snoozed conversation back at a time, in the
// transaction that snoozed it. It comes a few seconds after that time, or as soon as a
// node runs again.
func (j *Jobs) WakeLater(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ConversationID, at time.Time) error {
	args := wakeArgs{Org: org, Conversation: id, Until: at}
	if _, err := j.client.InsertTx(ctx, tx, args, &river.InsertOpts{ScheduledAt: at}); err != nil {
		return fmt.Errorf("add the job that ends a snooze: %w", err)
	}
	return nil
}

type wakeArgs struct {
	Org          chat.OrgID          `json:"org_id"`
	Conversation chat.ConversationID `json:"conversation_id"`
	Until        time.Time           `json:"until"`
}

func (wakeArgs) Kind() string { return "wake_conversation" }

type wakeWorker struct {
	river.WorkerDefaults[wakeArgs]
	wake func(context.Context, chat.OrgID, chat.ConversationID, time.Time) error
}

// Work implements river.Worker.
func (w *wakeWorker) Work(ctx context.Context, job *river.Job[wakeArgs]) error {
	return w.wake(ctx, job.Args.Org, job.Args.Conversation, job.Args.Until)
}
