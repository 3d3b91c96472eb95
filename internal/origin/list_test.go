package origin_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/origin"
)

// kept is where sites are kept.
type kept struct {
	mu   sync.Mutex // guards the rest
	all  []chat.OrgOrigin
	fail error
	seen [][]chat.OrgOrigin
}

func (k *kept) AllOrigins(context.Context) ([]chat.OrgOrigin, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.all, k.fail
}

func (k *kept) SeeOrigins(_ context.Context, seen []chat.OrgOrigin) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.seen = append(k.seen, seen)
	return k.fail
}

func (k *kept) set(all []chat.OrgOrigin, fail error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all, k.fail = all, fail
}

const crm = "https://crm.example.com"

func TestAChangeIsKnownWithinSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &kept{all: []chat.OrgOrigin{{Org: "a", Origin: crm}, {Org: "b", Origin: "https://b.example.com"}}}
		l := origin.NewList(k, slog.New(slog.DiscardHandler))
		require.False(t, l.Known(crm), "nothing is known before the start")
		require.NoError(t, l.Start(t.Context()))
		defer l.Stop()
		require.True(t, l.Known(crm))
		require.True(t, l.Allows("a", crm))
		require.False(t, l.Allows("b", crm), "another org's")
		require.False(t, l.Known("https://evil.example"))

		k.set(nil, errors.New("away"))
		time.Sleep(5 * time.Second)
		require.True(t, l.Allows("a", crm), "what was known stands while the database is away")
		k.set([]chat.OrgOrigin{{Org: "b", Origin: crm}}, nil)
		time.Sleep(3 * time.Second)
		require.True(t, l.Known(crm))
		require.False(t, l.Allows("a", crm))
		require.True(t, l.Allows("b", crm))
		k.set(nil, nil)
		require.NoError(t, l.Refresh(t.Context()))
		require.False(t, l.Known(crm), "on the node of the change at once")
	})
}

func TestASiteThatCallsIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &kept{all: []chat.OrgOrigin{{Org: "a", Origin: crm}}}
		l := origin.NewList(k, slog.New(slog.DiscardHandler))
		require.NoError(t, l.Start(t.Context()))
		defer l.Stop()
		for range 90 {
			require.True(t, l.Allows("a", crm))
			require.False(t, l.Allows("b", crm))
			time.Sleep(time.Second)
		}
		synctest.Wait()
		k.mu.Lock()
		defer k.mu.Unlock()
		require.Equal(t, [][]chat.OrgOrigin{{{Org: "a", Origin: crm}}, {{Org: "a", Origin: crm}}}, k.seen)
	})
}

func TestAListThatCannotBeFetchedDoesNotStart(t *testing.T) {
	t.Parallel()
	l := origin.NewList(&kept{fail: errors.New("away")}, slog.New(slog.DiscardHandler))
	require.Error(t, l.Start(t.Context()))
	l.Stop()
}
