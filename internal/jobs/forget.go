package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"converse/internal/chat"
)

const (
	// forgetPeriod is how often old things are looked for.
	forgetPeriod = time.Hour
	// longestForgetting bounds one try; the next goes on where it stopped.
	longestForgetting = time.Hour
	// eraseAgain is the pause before an erasure that failed is tried again.
	eraseAgain = 5 * time.Second
	// eraseTries is how often: an erasure must not be given up while a store is away for a day.
	eraseTries = 40
)

// Erase adds the job that goes on with an erasure, in the transaction that begins it.
func (j *Jobs) Erase(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ErasureID) error {
	if _, err := j.client.InsertTx(ctx, tx, eraseArgs{Org: org, Erasure: id}, &river.InsertOpts{MaxAttempts: eraseTries}); err != nil {
		return fmt.Errorf("add erase job: %w", err)
	}
	return nil
}

type eraseArgs struct {
	Org     chat.OrgID     `json:"org_id"`
	Erasure chat.ErasureID `json:"erasure_id"`
}

func (eraseArgs) Kind() string { return "erase" }

type eraseWorker struct {
	river.WorkerDefaults[eraseArgs]
	erase func(context.Context, chat.OrgID, chat.ErasureID) error
}

// Work implements river.Worker.
func (w *eraseWorker) Work(ctx context.Context, job *river.Job[eraseArgs]) error {
	return w.erase(ctx, job.Args.Org, job.Args.Erasure)
}

// Timeout implements river.Worker.
func (*eraseWorker) Timeout(*river.Job[eraseArgs]) time.Duration { return longestForgetting }

// NextRetry comes soon at first: a message may only be on its way just now.
func (*eraseWorker) NextRetry(job *river.Job[eraseArgs]) time.Time {
	return time.Now().Add(min(eraseAgain<<min(job.Attempt-1, 12), time.Hour))
}

type forgetArgs struct{}

func (forgetArgs) Kind() string { return "forget" }

type forgetWorker struct {
	river.WorkerDefaults[forgetArgs]
	forget func(context.Context) error
}

// Work implements river.Worker.
func (w *forgetWorker) Work(ctx context.Context, _ *river.Job[forgetArgs]) error {
	return w.forget(ctx)
}

// Timeout implements river.Worker.
func (*forgetWorker) Timeout(*river.Job[forgetArgs]) time.Duration { return longestForgetting }
