package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"converse/internal/chat"
)

// carePeriod is how often connectors are looked for at which something is due.
const carePeriod = 15 * time.Second

// Care adds the job that looks after a connector, in the transaction that makes it
// necessary. While there is one that has not ended no other is added.
func (j *Jobs) Care(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ConnectorID) error {
	if _, err := j.client.InsertTx(ctx, tx, careArgs{Org: org, Connector: id}, nil); err != nil {
		return fmt.Errorf("add care job: %w", err)
	}
	return nil
}

// CareNow is Care without a transaction.
func (j *Jobs) CareNow(ctx context.Context, org chat.OrgID, id chat.ConnectorID) error {
	if _, err := j.client.Insert(ctx, careArgs{Org: org, Connector: id}, nil); err != nil {
		return fmt.Errorf("add care job: %w", err)
	}
	return nil
}

type careArgs struct {
	Org       chat.OrgID       `json:"org_id"`
	Connector chat.ConnectorID `json:"connector_id"`
}

func (careArgs) Kind() string { return "care" }

// InsertOpts implements river.JobArgsWithInsertOpts. A job that fails is due again by the
// connector's own row, so it is not tried again itself.
func (careArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateScheduled, rivertype.JobStateRetryable,
	}}}
}

type careWorker struct {
	river.WorkerDefaults[careArgs]
	look func(context.Context, chat.OrgID, chat.ConnectorID) error
}

// Work implements river.Worker.
func (w *careWorker) Work(ctx context.Context, job *river.Job[careArgs]) error {
	return w.look(ctx, job.Args.Org, job.Args.Connector)
}

type tendCareArgs struct{}

func (tendCareArgs) Kind() string { return "tend_care" }

type tendCareWorker struct {
	river.WorkerDefaults[tendCareArgs]
	tend func(context.Context) error
}

// Work implements river.Worker.
func (w *tendCareWorker) Work(ctx context.Context, _ *river.Job[tendCareArgs]) error {
	return w.tend(ctx)
}
