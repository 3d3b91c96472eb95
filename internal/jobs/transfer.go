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
	// tendPeriod is how often transfers are looked for that nobody works on.
	tendPeriod = 15 * time.Second
	// longestTransfer bounds one try. 25,000 rows, or 400,000 leads, take minutes.
	longestTransfer = time.Hour
	// transferTries is how often a transfer is tried that fails.
	transferTries = 4
)

// Transfer adds a job that works on an import or an export, in the transaction that
// makes it necessary.
func (j *Jobs) Transfer(ctx context.Context, tx pgx.Tx, org chat.OrgID, i chat.ImportID, e chat.ExportID) error {
	args := transferArgs{Org: org, Import: i, Export: e}
	if _, err := j.client.InsertTx(ctx, tx, args, &river.InsertOpts{MaxAttempts: transferTries}); err != nil {
		return fmt.Errorf("add transfer job: %w", err)
	}
	return nil
}

type transferArgs struct {
	Org    chat.OrgID    `json:"org_id"`
	Import chat.ImportID `json:"import_id,omitempty"`
	Export chat.ExportID `json:"export_id,omitempty"`
}

func (transferArgs) Kind() string { return "transfer" }

type transferWorker struct {
	river.WorkerDefaults[transferArgs]
	work func(context.Context, chat.OrgID, chat.ImportID, chat.ExportID, bool) error
}

// Work implements river.Worker.
func (w *transferWorker) Work(ctx context.Context, job *river.Job[transferArgs]) error {
	return w.work(ctx, job.Args.Org, job.Args.Import, job.Args.Export, job.Attempt >= job.MaxAttempts)
}

// Timeout implements river.Worker.
func (w *transferWorker) Timeout(*river.Job[transferArgs]) time.Duration { return longestTransfer }

// NextRetry comes soon: somebody watches.
func (w *transferWorker) NextRetry(job *river.Job[transferArgs]) time.Time {
	return time.Now().Add(2 * time.Second << min(job.Attempt, transferTries))
}

type tendArgs struct{}

func (tendArgs) Kind() string { return "tend_transfers" }

type tendWorker struct {
	river.WorkerDefaults[tendArgs]
	tend func(context.Context) error
}

// Work implements river.Worker.
func (w *tendWorker) Work(ctx context.Context, _ *river.Job[tendArgs]) error { return w.tend(ctx) }
