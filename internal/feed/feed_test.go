package feed_test

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/internal/bus"
	"converse/internal/chat"
	"converse/internal/feed"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// How long to wait for what must come, and how often to look.
const (
	patience = time.Minute
	tick     = 10 * time.Millisecond
)

// recorder is a bus that keeps what is published, or is away.
type recorder struct {
	mu       sync.Mutex // guards the rest
	messages []bus.Message
	away     error
	tries    int
}

func (r *recorder) Publish(_ context.Context, messages []bus.Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries++
	if r.away == nil {
		r.messages = append(r.messages, messages...)
	}
	return r.away
}

func (r *recorder) set(away error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.away = away
}

func (r *recorder) tried() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tries
}

// published is what came, in order, as topic and payload.
func (r *recorder) published() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]string, len(r.messages))
	for i, m := range r.messages {
		out[i] = string(m.Topic) + " " + string(m.Payload)
	}
	return out
}

// bundle is a feed between a real store and a bus that records.
type bundle struct {
	*world.World
	bus    *recorder
	feed   *feed.Feed
	marked atomic.Int64
	owner  *pgxpool.Pool
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{World: world.New(t), bus: &recorder{}}
	var err error
	b.owner, err = pgxpool.New(t.Context(), b.URL)
	require.NoError(t, err)
	t.Cleanup(b.owner.Close)
	b.feed = b.node(t)
	return b
}

// node is another node's feed, not started.
func (b *bundle) node(t *testing.T) *feed.Feed {
	t.Helper()
	f := feed.New(b.bus, &marks{Store: b.Store, marked: &b.marked}, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { f.Stop(context.Background()) })
	return f
}

// marks is the store, counting the events that are marked by who published them.
type marks struct {
	*store.Store
	marked *atomic.Int64
}

func (m *marks) MarkPublished(ctx context.Context, ids []int64) error {
	m.marked.Add(int64(len(ids)))
	return m.Store.MarkPublished(ctx, ids)
}

// commits makes events in the database and returns them in order, as they will be published.
func (b *bundle) commits(t *testing.T, n int) ([]store.Event, []string) {
	t.Helper()
	before := len(b.Events())
	for i := range n {
		_, err := b.Store.Receive(t.Context(), b.Org, store.Arrival{Stored: true}, store.Received{
			ID: chat.NewID[chat.MessageID](), Sender: b.SMS.Senders[0].Sender, ProviderID: strconv.Itoa(i),
			Phone: "+12025550123", Kind: chat.KindText, Text: "hello", ProviderAt: time.Now(), ReceivedAt: time.Now(),
		})
		require.NoError(t, err)
	}
	events := b.Events()[before:]
	require.NotEmpty(t, events)
	var want []string
	for _, e := range events {
		want = append(want, string(e.Topic)+" "+string(e.Payload))
	}
	return events, want
}

// left counts the events that nobody has marked.
func (b *bundle) left(t *testing.T) int {
	t.Helper()
	var n int
	require.NoError(t, b.owner.QueryRow(t.Context(), "select count(*) from events").Scan(&n))
	return n
}

// ages makes every event that is left an old one.
func (b *bundle) ages(t *testing.T) {
	t.Helper()
	_, err := b.owner.Exec(t.Context(), "update events set created_at = created_at - interval '1 hour'")
	require.NoError(t, err)
}

func TestACommittedEventIsPublishedAndMarked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	events, want := b.commits(t, 1)
	b.feed.Start(t.Context())
	b.feed.Offer(events)
	require.Eventually(t, func() bool { return len(b.bus.published()) == len(want) }, patience, tick)
	require.Equal(t, want, b.bus.published())
	require.Eventually(t, func() bool { return b.marked.Load() == int64(len(want)) }, patience, tick, "its own node does not mark it")
	require.Eventually(t, func() bool { return b.left(t) == 0 }, patience, tick)
}

func TestWhatACrashLeftBehindIsSweptByOneOfTheOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, want := b.commits(t, 3) // committed, and the node died
	b.ages(t)
	for range 3 {
		b.node(t).Start(t.Context())
	}
	require.Eventually(t, func() bool { return b.left(t) == 0 }, patience, tick, "nobody swept")
	require.Equal(t, want, b.bus.published(), "once, in order, however many nodes sweep")
}

func TestAFreshEventIsLeftToItsOwnNode(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, want := b.commits(t, 1)
	n, err := b.Store.SweepEvents(t.Context(), time.Hour, 100, func([]store.Event) error { return errors.New("not ours") })
	require.NoError(t, err)
	require.Zero(t, n)
	require.Equal(t, len(want), b.left(t))
}

func TestABusThatIsAwayLosesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.bus.set(errors.New("away"))
	events, want := b.commits(t, 1)
	b.feed.Start(t.Context())
	b.feed.Offer(events)
	require.Eventually(t, func() bool { return b.bus.tried() > 0 }, patience, tick)
	b.ages(t)
	tried := b.bus.tried()
	require.Eventually(t, func() bool { return b.bus.tried() > tried }, patience, tick, "the sweeper never tries")
	require.Equal(t, len(want), b.left(t), "what was not published stays")
	b.bus.set(nil)
	require.Eventually(t, func() bool { return b.left(t) == 0 }, patience, tick)
	require.Equal(t, want, b.bus.published())
}

func TestAStopPublishesWhatIsWaiting(t *testing.T) {
	t.Parallel()
	b := setup(t)
	events, want := b.commits(t, 1)
	b.feed.Offer(events)
	b.feed.Start(t.Context())
	b.feed.Stop(t.Context())
	b.feed.Stop(t.Context()) // twice is once
	require.Equal(t, want, b.bus.published())
	require.Zero(t, b.left(t), "and marks it")
}

// TestOffersBeyondTheBoundAreLeftToTheSweeper: memory is bounded, and an offer never
// waits for the bus.
func TestOffersBeyondTheBoundAreLeftToTheSweeper(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const offers, each = 60, 1000
	id := int64(1_000_000) // of rows that are not there: nothing is marked
	for range offers {
		events := make([]store.Event, each)
		for i := range events {
			id++
			events[i] = store.Event{ID: id, Topic: "o:x", Payload: []byte(strconv.FormatInt(id, 10))}
		}
		b.feed.Offer(events)
	}
	b.feed.Start(t.Context())
	b.feed.Stop(t.Context())
	published := b.bus.published()
	require.Equal(t, 50_000, len(published)) //nolint:testifylint // the list would be printed
	require.Equal(t, "o:x 1000001", published[0])
	require.Equal(t, "o:x 1050000", published[len(published)-1], "those that came first, in order")
}
