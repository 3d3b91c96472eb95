package hub_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/hub"
)

const (
	// attackers do the same at once.
	attackers = 3
	// leftover is how much more the process may keep when an attack is over: what the
	// buffers and tables of the runtime have grown to.
	leftover = 1 << 20
	// protocolError is the close code of frames that RFC 6455 has no place for, such as
	// those with a bit that was not agreed on (section 5.2).
	protocolError = 1002
)

// abuse is a hub with a session that must notice nothing. Its tests are not parallel: they
// count what is allocated.
type abuse struct {
	*rig
	witness *client
	told    int
}

func setupAbuse(t *testing.T, o hub.Options) *abuse {
	t.Helper()
	a := &abuse{rig: setup(t, nil, o)}
	a.witness = a.join(t, "witness", nil)
	return a
}

// goesOn shows that the witness hears what is new.
func (a *abuse) goesOn(t *testing.T) {
	t.Helper()
	a.numbered(t, orgStream, a.told+1, a.told+10)
	a.told += 10
	require.Equal(t, span(1, a.told), numbers(a.witness.got(t, orgStream, a.told)))
}

// over shows that nothing is left of an attack.
func (a *abuse) over(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool { return a.hub.Sessions() == 1 }, patience, time.Millisecond)
	require.Zero(t, hub.Unopened(a.hub))
	require.Zero(t, hub.Waiting(a.hub))
	a.goesOn(t)
}

// kept is how many bytes the process holds, and made how many it ever has.
func kept() (bytes, made int) {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc), int(m.TotalAlloc)
}

// attack has attackers send pieces, by their number, until all are closed with a code, 0
// for none: eight at least, unless there are no more. It returns how many bytes each made
// the process allocate, in passing or to keep.
func (a *abuse) attack(t *testing.T, protocol string, greeted bool, code int, piece func(n int) []byte) int {
	t.Helper()
	clients := make([]*client, attackers)
	for i := range clients {
		clients[i] = listen(a.open(t, protocol), nil).start()
		t.Cleanup(clients[i].leave)
		if greeted {
			require.NoError(t, clients[i].say(hello("mallory")))
			clients[i].roster(t)
		}
	}
	keptBefore, madeBefore := kept()
	var sending sync.WaitGroup
	var enough atomic.Bool
	for _, c := range clients {
		sending.Go(func() {
			for n := 0; n < 8 || !enough.Load(); n++ {
				next := piece(n)
				if next == nil || c.raw(next) != nil {
					return
				}
			}
		})
	}
	a.goesOn(t)
	for _, c := range clients {
		c.until(t, "a close code", func() bool { return c.code != 0 || c.ended != nil })
	}
	enough.Store(true)
	sending.Wait()
	for _, c := range clients {
		c.leave()
		require.Equal(t, code, c.code)
	}
	a.over(t)
	keptAfter, madeAfter := kept()
	require.Less(t, keptAfter-keptBefore, leftover)
	return (madeAfter - madeBefore) / attackers
}

func always(piece []byte) func(int) []byte { return func(int) []byte { return piece } }

// begun is a first piece, and another for ever after.
func begun(first, more []byte) func(int) []byte {
	return func(n int) []byte {
		if n == 0 {
			return first
		}
		return more
	}
}
