package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

// reindexPeriod is how often it is looked whether a migration left leads to index. There
// is nothing to do but after an upgrade.
const reindexPeriod = 15 * time.Minute

// reindexTimeout is enough for several million leads. What is done stays done.
const reindexTimeout = 2 * time.Hour

type reindexArgs struct{}

func (reindexArgs) Kind() string { return "reindex_leads" }

type reindexWorker struct {
	river.WorkerDefaults[reindexArgs]
	reindex func(context.Context) error
}

// Work implements river.Worker.
func (w *reindexWorker) Work(ctx context.Context, _ *river.Job[reindexArgs]) error {
	return w.reindex(ctx)
}

// Timeout implements river.Worker.
func (w *reindexWorker) Timeout(*river.Job[reindexArgs]) time.Duration { return reindexTimeout }
