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
	// previewQueue has one worker on a node: a picture takes much memory while it is read.
	previewQueue = "previews"
	// previewTries is how often a preview is tried that fails.
	previewTries = 5
	// longestPreview bounds one try.
	longestPreview = time.Minute
	// sweepPeriod is how often uploads are looked for that nobody sent.
	sweepPeriod = 10 * time.Minute
)

// Preview adds jobs that make small pictures, in the transaction that made the files ready.
func (j *Jobs) Preview(ctx context.Context, tx pgx.Tx, org chat.OrgID, ids []chat.MediaID) error {
	params := make([]river.InsertManyParams, len(ids))
	for i, id := range ids {
		params[i] = river.InsertManyParams{
			Args: previewArgs{Org: org, Media: id}, InsertOpts: &river.InsertOpts{Queue: previewQueue, MaxAttempts: previewTries},
		}
	}
	if _, err := j.client.InsertManyFastTx(ctx, tx, params); err != nil {
		return fmt.Errorf("add preview jobs: %w", err)
	}
	return nil
}

type previewArgs struct {
	Org   chat.OrgID   `json:"org_id"`
	Media chat.MediaID `json:"media_id"`
}

func (previewArgs) Kind() string { return "preview" }

type previewWorker struct {
	river.WorkerDefaults[previewArgs]
	preview func(context.Context, chat.OrgID, chat.MediaID) error
}

// Work implements river.Worker.
func (w *previewWorker) Work(ctx context.Context, job *river.Job[previewArgs]) error {
	return w.preview(ctx, job.Args.Org, job.Args.Media)
}

// Timeout implements river.Worker.
func (w *previewWorker) Timeout(*river.Job[previewArgs]) time.Duration { return longestPreview }

type sweepArgs struct{}

func (sweepArgs) Kind() string { return "sweep_uploads" }

type sweepWorker struct {
	river.WorkerDefaults[sweepArgs]
	sweep func(context.Context) error
}

// Work implements river.Worker.
func (w *sweepWorker) Work(ctx context.Context, _ *river.Job[sweepArgs]) error { return w.sweep(ctx) }
