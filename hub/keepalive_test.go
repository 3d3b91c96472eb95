package hub_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"converse/hub"
)

func TestSessionThatAnswersPingsStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		c := r.join(t, "ann", nil)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		require.NoError(t, c.ended)
		require.InDelta(t, 24, c.pings, 2)
		r.numbered(t, orgStream, 1, 1)
		c.got(t, orgStream, 1)
	})
}

func TestSessionThatDoesNotAnswerIsClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		c := listen(r.open(t, speakProto), nil)
		c.mute = true
		c.start()
		require.NoError(t, c.say(hello("ann")))
		time.Sleep(59 * time.Second)
		synctest.Wait()
		require.Equal(t, 2, c.pings)
		require.NoError(t, c.ended)
		require.Equal(t, 4007, c.closed(t))
		time.Sleep(time.Second)
		require.Zero(t, r.hub.Sessions())
	})
}

// Anything the client sends shows that it lives.
func TestSessionThatIsActiveStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		c := listen(r.open(t, speakProto), nil)
		c.mute = true
		c.start()
		require.NoError(t, c.say(hello("ann")))
		for range 20 {
			time.Sleep(30 * time.Second)
			require.NoError(t, c.say(activity()))
		}
		require.NoError(t, c.ended)
	})
}

// A deadline that outlived its write would fail the next one, however late: events
// and pings go straight to the socket there.
func TestSessionThatWasQuietForLongerThanAWriteMayTake(t *testing.T) {
	t.Parallel()
	const write = time.Second
	r := setup(t, nil, hub.Options{Times: hub.Times{Write: write}})
	c := r.join(t, "ann", nil)
	for n := range 2 {
		<-time.After(write + write/4) // the quiet that this is about: a real socket keeps no made-up time
		r.numbered(t, orgStream, n+1, n+1)
		c.got(t, orgStream, n+1)
	}
	require.NoError(t, c.ended)
}

// A client that reads slowly but reads, and answers when its turn has come, lives.
func TestSlowReaderThatAnswersStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		s := r.open(t, speakProto)
		require.NoError(t, s.say(hello("ann")))
		pings, events := 0, 0
		for begin := time.Now(); time.Since(begin) < 5*time.Minute; {
			r.numbered(t, orgStream, 1, 3) // there is always something to write
			time.Sleep(2 * time.Second)
			opcode, payload, err := s.read()
			require.NoError(t, err)
			switch opcode {
			case opPing:
				pings++
				require.NoError(t, s.raw(frame(true, opPong, payload)))
			case opBinary:
				events++
			default:
				require.FailNow(t, "closed", "opcode %d: %x", opcode, payload)
			}
		}
		require.Greater(t, pings, 5)
		require.Greater(t, events, 50)
	})
}
