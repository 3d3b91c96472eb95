package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"converse/internal/chat"
)

// FetchMedia adds jobs to fetch files, in the transaction that stored them.
func (j *Jobs) FetchMedia(ctx context.Context, tx pgx.Tx, org chat.OrgID, ids []chat.MediaID) error {
	params := make([]river.InsertManyParams, len(ids))
	for i, id := range ids {
		params[i] = river.InsertManyParams{
			Args: fetchMediaArgs{Org: org, Media: id}, InsertOpts: &river.InsertOpts{MaxAttempts: j.fileTries},
		}
	}
	if _, err := j.client.InsertManyFastTx(ctx, tx, params); err != nil {
		return fmt.Errorf("add media jobs: %w", err)
	}
	return nil
}

// HurryMedia makes the job that fetches a file due at once, in a transaction. One that runs
// or is due goes on as it is; where there is none, one is added.
func (j *Jobs) HurryMedia(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.MediaID) error {
	list, err := j.client.JobListTx(ctx, tx, river.NewJobListParams().Kinds(fetchMediaArgs{}.Kind()).
		States(rivertype.JobStateAvailable, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled).
		Where("args->>'media_id' = @media and args->>'org_id' = @org", river.NamedArgs{"media": string(id), "org": string(org)}).First(1))
	if err != nil {
		return fmt.Errorf("find media job: %w", err)
	}
	if len(list.Jobs) == 0 {
		return j.FetchMedia(ctx, tx, org, []chat.MediaID{id})
	}
	if _, err := j.client.JobRetryTx(ctx, tx, list.Jobs[0].ID); err != nil {
		return fmt.Errorf("hurry media job: %w", err)
	}
	return nil
}

type fetchMediaArgs struct {
	Org   chat.OrgID   `json:"org_id"`
	Media chat.MediaID `json:"media_id"`
}

func (fetchMediaArgs) Kind() string { return "fetch_media" }

type fetchMediaWorker struct {
	river.WorkerDefaults[fetchMediaArgs]
	fetch func(context.Context, chat.OrgID, chat.MediaID, bool) error
}

// Work implements river.Worker.
func (w *fetchMediaWorker) Work(ctx context.Context, job *river.Job[fetchMediaArgs]) error {
	err := w.fetch(ctx, job.Args.Org, job.Args.Media, job.Attempt >= job.MaxAttempts)
	if errors.Is(err, ErrGone) {
		return river.JobCancel(err)
	}
	return err
}

// NextRetry comes soon at first: a provider's link may live for minutes only.
func (w *fetchMediaWorker) NextRetry(job *river.Job[fetchMediaArgs]) time.Time {
	return time.Now().Add(min(2*time.Second<<min(job.Attempt, 12), time.Hour))
}
