package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"converse/internal/chat"
)

const (
	// syncTries is how often the reading of a connector's templates is tried.
	syncTries = 5
	// longestSync bounds one try.
	longestSync = 10 * time.Minute
	// dueSyncPeriod is how often connectors are looked for whose templates are to be read.
	dueSyncPeriod = 10 * time.Minute
)

// SyncTemplates adds a job that reads a connector's templates from its provider, in the
// transaction that asked for it.
func (j *Jobs) SyncTemplates(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ConnectorID) error {
	if _, err := j.client.InsertTx(ctx, tx, syncArgs{Org: org, Connector: id}, &river.InsertOpts{MaxAttempts: syncTries}); err != nil {
		return fmt.Errorf("add template job: %w", err)
	}
	return nil
}

type syncArgs struct {
	Org       chat.OrgID       `json:"org_id"`
	Connector chat.ConnectorID `json:"connector_id"`
}

func (syncArgs) Kind() string { return "sync_templates" }

type syncWorker struct {
	river.WorkerDefaults[syncArgs]
	sync func(context.Context, chat.OrgID, chat.ConnectorID, bool) error
}

// Work implements river.Worker.
func (w *syncWorker) Work(ctx context.Context, job *river.Job[syncArgs]) error {
	err := w.sync(ctx, job.Args.Org, job.Args.Connector, job.Attempt >= job.MaxAttempts)
	if errors.Is(err, ErrGone) {
		return river.JobCancel(err)
	}
	return err
}

// Timeout implements river.Worker.
func (w *syncWorker) Timeout(*river.Job[syncArgs]) time.Duration { return longestSync }

// NextRetry comes soon: somebody may be watching.
func (w *syncWorker) NextRetry(job *river.Job[syncArgs]) time.Time {
	return time.Now().Add(5 * time.Second << min(job.Attempt, syncTries))
}

type dueSyncArgs struct{}

func (dueSyncArgs) Kind() string { return "due_template_syncs" }

type dueSyncWorker struct {
	river.WorkerDefaults[dueSyncArgs]
	due func(context.Context) error
}

// Work implements river.Worker.
func (w *dueSyncWorker) Work(ctx context.Context, _ *river.Job[dueSyncArgs]) error { return w.due(ctx) }
