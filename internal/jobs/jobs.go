// Package jobs runs background work that must survive a crash, through River.
//
// It owns the queue of every job but the outbox's sends: which kinds there are, how
// often they are tried, and the periodic ones, of which one node at a time runs
// each. A job is added in the transaction that makes it necessary. What a job does
// belongs to the room whose work it is; this package must not know.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"converse/internal/chat"
)

// ErrGone says that a job can never succeed and is not to be tried again.
var ErrGone = errors.New("this work can no longer be done")

// Work is what the jobs do.
type Work struct {
	// FetchMedia brings a file that a provider announced into our own storage. last: it is
	// not tried again by itself.
	FetchMedia func(ctx context.Context, org chat.OrgID, id chat.MediaID, last bool) error
	// FileTries is how often FetchMedia is tried; 0 means as often as other work.
	FileTries int
	// Preview makes the small picture of a file.
	Preview func(ctx context.Context, org chat.OrgID, id chat.MediaID) error
	// SyncTemplates reads a connector's templates from its provider. last: it is not tried
	// again.
	SyncTemplates func(ctx context.Context, org chat.OrgID, id chat.ConnectorID, last bool) error
	// DueTemplateSyncs has those read that were not for long.
	DueTemplateSyncs func(ctx context.Context) error
	// SweepUploads forgets files that nobody sent.
	SweepUploads func(ctx context.Context) error
	// Transfer works on an import or an export, of which exactly one is named. last: it is
	// not tried again.
	Transfer func(ctx context.Context, org chat.OrgID, i chat.ImportID, e chat.ExportID, last bool) error
	// TendTransfers takes up transfers that crashed nodes left behind.
	TendTransfers func(ctx context.Context) error
	// PassLeads gives some of a user's leads to others and returns how many; 0: none are
	// left. turn is how many were given before.
	PassLeads func(ctx context.Context, org chat.OrgID, from chat.UserID, to []chat.UserID, turn int) (int, error)
	// Erase goes on with the erasing of a lead.
	Erase func(ctx context.Context, org chat.OrgID, id chat.ErasureID) error
	// Forget removes what orgs have kept long enough.
	Forget func(ctx context.Context) error
	// CleanUp forgets what has been kept long enough by itself.
	CleanUp func(ctx context.Context) error
	// Reindex stores what leads are found by where that is missing.
	Reindex func(ctx context.Context) error
	// Wake brings a conversation back that was snoozed until that time.
	Wake func(ctx context.Context, org chat.OrgID, id chat.ConversationID, until time.Time) error
	// Care does what is due at a connector. TendCare adds jobs for those at which something is.
	Care     func(ctx context.Context, org chat.OrgID, id chat.ConnectorID) error
	TendCare func(ctx context.Context) error
}

// cleanUpPeriod is how often old rows are forgotten.
const cleanUpPeriod = 10 * time.Minute

// longest is how long a job may take, unless its kind says otherwise.
const longest = 3 * time.Minute

// Jobs is a River client.
type Jobs struct {
	client    *river.Client[pgx.Tx]
	fileTries int
}

// New returns a client on a pool. Start begins to work.
func New(pool *pgxpool.Pool, work Work, log *slog.Logger) (*Jobs, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &fetchMediaWorker{fetch: work.FetchMedia})
	river.AddWorker(workers, &previewWorker{preview: work.Preview})
	river.AddWorker(workers, &syncWorker{sync: work.SyncTemplates})
	river.AddWorker(workers, &dueSyncWorker{due: work.DueTemplateSyncs})
	river.AddWorker(workers, &sweepWorker{sweep: work.SweepUploads})
	river.AddWorker(workers, &cleanUpWorker{cleanUp: work.CleanUp})
	river.AddWorker(workers, &reindexWorker{reindex: work.Reindex})
	river.AddWorker(workers, &transferWorker{work: work.Transfer})
	river.AddWorker(workers, &tendWorker{tend: work.TendTransfers})
	river.AddWorker(workers, &passLeadsWorker{pass: work.PassLeads})
	river.AddWorker(workers, &wakeWorker{wake: work.Wake})
	river.AddWorker(workers, &eraseWorker{erase: work.Erase})
	river.AddWorker(workers, &forgetWorker{forget: work.Forget})
	river.AddWorker(workers, &careWorker{look: work.Care})
	river.AddWorker(workers, &tendCareWorker{tend: work.TendCare})
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Queues:     map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 8}, previewQueue: {MaxWorkers: 1}},
		Workers:    workers,
		Logger:     slog.New(&quiet{log.Handler()}),
		JobTimeout: longest,
		// What a crashed node worked on is taken up again as soon as it cannot be at work any
		// more: a file must not be "loading" for an hour.
		RescueStuckJobsAfter: longest,
		MaxAttempts:          12,
		PeriodicJobs: []*river.PeriodicJob{
			every(cleanUpPeriod, cleanUpArgs{}), every(reindexPeriod, reindexArgs{}), every(tendPeriod, tendArgs{}),
			every(forgetPeriod, forgetArgs{}), every(sweepPeriod, sweepArgs{}), every(carePeriod, tendCareArgs{}),
			every(dueSyncPeriod, dueSyncArgs{}),
		},
		// A file should be on its way as soon as it was announced.
		FetchCooldown:     50 * time.Millisecond,
		FetchPollInterval: time.Second,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare background jobs: %w", err)
	}
	return &Jobs{client: client, fileTries: work.FileTries}, nil
}

func every(period time.Duration, args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(period), func() (river.JobArgs, *river.InsertOpts) {
		return args, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByPeriod: period}}
	}, &river.PeriodicJobOpts{RunOnStart: true})
}

// Start begins to work until Stop.
func (j *Jobs) Start(ctx context.Context) error {
	if err := j.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start background jobs: %w", err)
	}
	return nil
}

// Stop lets running jobs finish until ctx ends, then cancels them; they are tried
// again later.
func (j *Jobs) Stop(ctx context.Context) {
	if err := j.client.Stop(ctx); err != nil {
		cancelled, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = j.client.StopAndCancel(cancelled) // the jobs are in the database
	}
}

type cleanUpArgs struct{}

func (cleanUpArgs) Kind() string { return "clean_up" }

type cleanUpWorker struct {
	river.WorkerDefaults[cleanUpArgs]
	cleanUp func(context.Context) error
}

// Work implements river.Worker.
func (w *cleanUpWorker) Work(ctx context.Context, _ *river.Job[cleanUpArgs]) error {
	return w.cleanUp(ctx)
}
