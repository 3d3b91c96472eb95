package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/jobs"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// patience is how long to wait for what must come.
const patience = time.Minute

// bundle is a job queue on a real database, and what it was asked to do.
type bundle struct {
	*world.World
	jobs    *jobs.Jobs
	log     *lines
	fetched chan chat.MediaID
	cleaned chan struct{}
	tended  chan struct{}
	// transfers are imports that were worked on, and whether it was the last try.
	transfers chan worked
}

type worked struct {
	id   chat.ImportID
	last bool
}

// setup makes a queue that is not started; fetch is how a fetch ends.
func setup(t *testing.T, fetch func(context.Context, chat.OrgID, chat.MediaID) error, changes ...func(*jobs.Work)) *bundle {
	t.Helper()
	b := &bundle{World: world.New(t), log: &lines{}, fetched: make(chan chat.MediaID, 100), cleaned: make(chan struct{}, 100), tended: make(chan struct{}, 100), transfers: make(chan worked, 100)}
	work := jobs.Work{
		FetchMedia: func(ctx context.Context, org chat.OrgID, id chat.MediaID, _ bool) error {
			err := fetch(ctx, org, id)
			b.fetched <- id
			return err
		},
		Care:             func(context.Context, chat.OrgID, chat.ConnectorID) error { return nil },
		TendCare:         func(context.Context) error { return nil },
		DueTemplateSyncs: func(context.Context) error { return nil },
		Reindex:          func(context.Context) error { return nil },
		Transfer: func(_ context.Context, _ chat.OrgID, i chat.ImportID, _ chat.ExportID, last bool) error {
			b.transfers <- worked{i, last}
			return errors.New("not yet")
		},
		SweepUploads: func(context.Context) error { return nil },
		Forget:       func(context.Context) error { return nil },
		TendTransfers: func(context.Context) error {
			b.tended <- struct{}{}
			return nil
		},
		CleanUp: func(context.Context) error {
			b.cleaned <- struct{}{}
			return nil
		},
	}
	for _, change := range changes {
		change(&work)
	}
	var err error
	b.jobs, err = jobs.New(b.Store.Pool(), work, slog.New(slog.NewJSONHandler(b.log, nil)))
	require.NoError(t, err)
	return b
}

func (b *bundle) start(t *testing.T) {
	t.Helper()
	require.NoError(t, b.jobs.Start(t.Context()))
	t.Cleanup(func() { stop(b.jobs) })
}

func stop(j *jobs.Jobs) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	j.Stop(ctx)
}

// add adds a job in a transaction, which is then committed or rolled back.
func (b *bundle) add(t *testing.T, commit bool) chat.MediaID {
	t.Helper()
	id := chat.NewID[chat.MediaID]()
	tx, err := b.Store.Pool().Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }() // nothing to undo after a commit
	require.NoError(t, b.jobs.FetchMedia(t.Context(), tx, b.Org, []chat.MediaID{id}))
	if commit {
		require.NoError(t, tx.Commit(t.Context()))
	}
	return id
}

func next[T any](t *testing.T, from chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("it never came")
		panic("unreachable")
	}
}

// row is a job of the queue.
type row struct {
	State   string
	Attempt int
	Next    time.Time
}

func (b *bundle) row(t *testing.T, id chat.MediaID) row {
	t.Helper()
	var r row
	err := b.Store.Pool().QueryRow(t.Context(), `
		select state::text, attempt, scheduled_at from river_job where args ->> 'media_id' = $1`, id).Scan(&r.State, &r.Attempt, &r.Next)
	require.NoError(t, err)
	return r
}

// comesTo waits until a job has one of the states.
func (b *bundle) comesTo(t *testing.T, id chat.MediaID, states ...string) row {
	t.Helper()
	var r row
	require.Eventually(t, func() bool {
		r = b.row(t, id)
		return slices.Contains(states, r.State)
	}, patience, 10*time.Millisecond, "the job never came to %v", states)
	return r
}

func done(context.Context, chat.OrgID, chat.MediaID) error { return nil }

func TestAJobIsThereExactlyWhenItsTransactionIs(t *testing.T) {
	t.Parallel()
	b := setup(t, done)
	undone := b.add(t, false)
	kept := b.add(t, true)
	b.start(t)
	require.Equal(t, kept, next(t, b.fetched))
	b.comesTo(t, kept, "completed")
	err := b.Store.Pool().QueryRow(t.Context(), `select id from river_job where args ->> 'media_id' = $1`, undone).Scan(new(int64))
	require.ErrorIs(t, err, pgx.ErrNoRows)
	next(t, b.cleaned) // once at the start, for what was left while no node ran
}

func TestAJobThatFailsIsTriedAgainSoonAndOneThatIsGoneNever(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	outcome := map[chat.MediaID]error{}
	b := setup(t, func(_ context.Context, _ chat.OrgID, id chat.MediaID) error {
		mu.Lock()
		defer mu.Unlock()
		return outcome[id]
	})
	mu.Lock()
	fails, gone := b.add(t, true), b.add(t, true)
	outcome[fails] = errors.New("the provider does not answer")
	outcome[gone] = errors.Join(jobs.ErrGone, errors.New("expired"))
	mu.Unlock()
	b.start(t)
	require.Equal(t, 1, b.comesTo(t, gone, "cancelled").Attempt)
	r := b.comesTo(t, fails, again...)
	require.Positive(t, r.Attempt)
	require.Less(t, time.Until(r.Next), 10*time.Second, "a provider's link may live for minutes only")
}

// again are the states of a job that waits for its next try: the library takes one
// that is due within seconds for available.
var again = []string{"retryable", "available"}

// TestAStopEndsWhatRunsAndLeavesItForLater: the job's node goes away, and another does it.
func TestAStopEndsWhatRunsAndLeavesItForLater(t *testing.T) {
	t.Parallel()
	begun := make(chan struct{}, 1)
	var first sync.Once
	b := setup(t, func(ctx context.Context, _ chat.OrgID, _ chat.MediaID) error {
		hang := false
		first.Do(func() { hang = true })
		if !hang {
			return nil
		}
		begun <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	})
	id := b.add(t, true)
	b.start(t)
	next(t, begun)
	now, cancel := context.WithCancel(t.Context())
	cancel()
	b.jobs.Stop(now)
	b.comesTo(t, id, again...)
	require.NotContains(t, b.log.String(), `"level":"ERROR"`, "a stop is no fault")
}

// lines keeps what was logged.
type lines struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// TestAWaitingFileIsHurried: whoever looks at a file that is late need not wait for the next
// try, and pressing more often is no further work.
func TestAWaitingFileIsHurried(t *testing.T) {
	t.Parallel()
	running, release := make(chan struct{}), make(chan error)
	b := setup(t, func(context.Context, chat.OrgID, chat.MediaID) error {
		running <- struct{}{}
		return <-release
	})
	id := b.add(t, true)
	b.start(t)
	<-running
	b.hurry(t, id) // it is being fetched
	require.Equal(t, "running", b.row(t, id).State)
	release <- errors.New("the provider does not answer")
	b.comesTo(t, id, again...)
	next(t, b.fetched)
	_, err := b.Store.Pool().Exec(t.Context(), `
		update river_job set state = 'retryable', scheduled_at = now() + interval '1 hour' where args ->> 'media_id' = $1`, id)
	require.NoError(t, err)

	b.hurry(t, id)
	b.hurry(t, id)
	<-running
	require.Equal(t, 2, b.row(t, id).Attempt)
	release <- nil
	b.comesTo(t, id, "completed")
	next(t, b.fetched)
	require.Equal(t, 1, b.count(t, id))

	b.hurry(t, id) // its job got lost
	<-running
	release <- nil
	next(t, b.fetched)
	require.Equal(t, 2, b.count(t, id))
}

func (b *bundle) hurry(t *testing.T, id chat.MediaID) {
	t.Helper()
	require.NoError(t, pgx.BeginFunc(t.Context(), b.Store.Pool(), func(tx pgx.Tx) error {
		return b.jobs.HurryMedia(t.Context(), tx, b.Org, id)
	}))
}

// count is how many jobs a file has had.
func (b *bundle) count(t *testing.T, id chat.MediaID) int {
	t.Helper()
	var n int
	require.NoError(t, b.Store.Pool().QueryRow(t.Context(), `select count(*) from river_job where args ->> 'media_id' = $1`, id).Scan(&n))
	return n
}

func TestAFileIsAskedForAsOftenAsIsSet(t *testing.T) {
	t.Parallel()
	for tries, last := range map[int]bool{0: false, 1: true} {
		told := make(chan bool, 1)
		b := setup(t, nil, func(w *jobs.Work) {
			w.FileTries = tries
			w.FetchMedia = func(_ context.Context, _ chat.OrgID, _ chat.MediaID, last bool) error {
				told <- last
				return errors.New("not yet")
			}
		})
		b.start(t)
		b.add(t, true)
		require.Equal(t, last, next(t, told), "with %d tries", tries)
	}
}

func TestATransferIsTriedAFewTimesAndToldOfTheLast(t *testing.T) {
	t.Parallel()
	b := setup(t, done)
	id := chat.NewID[chat.ImportID]()
	tx, err := b.Store.Pool().Begin(t.Context())
	require.NoError(t, err)
	require.NoError(t, b.jobs.Transfer(t.Context(), tx, b.Org, id, ""))
	require.NoError(t, tx.Commit(t.Context()))
	b.start(t)
	next(t, b.tended) // once at the start, for what was left while no node ran
	require.Equal(t, worked{id, false}, next(t, b.transfers))
	// The tries in between are passed over: the last one is due at once.
	_, err = b.Store.Pool().Exec(t.Context(), `
		update river_job set attempt = max_attempts - 1, state = 'available', scheduled_at = now() where kind = 'transfer'`)
	require.NoError(t, err)
	require.Equal(t, worked{id, true}, next(t, b.transfers))
}

// TestRegularWorkBeginsWithTheProgram: two of a kind would keep all of it from being queued.
func TestRegularWorkBeginsWithTheProgram(t *testing.T) {
	t.Parallel()
	b := setup(t, done)
	b.start(t)
	next(t, b.cleaned)
	next(t, b.tended)
	require.NotContains(t, b.log.String(), `"level":"ERROR"`)
}

// TestACrashedNodesJobsAreTakenUp: what a node worked on when it died is done by another
// one once it cannot be at work any more, and not sooner.
func TestACrashedNodesJobsAreTakenUp(t *testing.T) {
	t.Parallel()
	b := setup(t, func(context.Context, chat.OrgID, chat.MediaID) error { return nil })
	left, working := b.add(t, true), b.add(t, true)
	for id, since := range map[chat.MediaID]time.Duration{left: 4 * time.Minute, working: time.Minute} {
		_, err := b.Store.Pool().Exec(t.Context(), `
			update river_job set state = 'running', attempt = 1, attempted_by = '{gone}', attempted_at = now() - $2::interval
			where args ->> 'media_id' = $1`, id, since)
		require.NoError(t, err)
	}
	b.start(t)
	require.Equal(t, left, next(t, b.fetched))
	require.Equal(t, row{State: "running", Attempt: 1}, row{State: b.row(t, working).State, Attempt: b.row(t, working).Attempt})
}
