package hub_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"converse/hub"
	"converse/internal/bus"
	"converse/internal/chat"
)

// gated runs a test in a bubble with a session of ann on a bus that can fail.
func gated(t *testing.T, o hub.Options, test func(*testing.T, *rig, *gate, *client)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		r := bubble(t, g, o)
		c := r.join(t, "ann", nil)
		synctest.Wait()
		test(t, r, g, c)
	})
}

// org's stream as the bus knows it.
func (g *gate) now(t *testing.T) bus.Position {
	t.Helper()
	h, err := g.Memory.History(t.Context(), chat.Topic(orgStream), bus.Position{}, 0)
	require.NoError(t, err)
	return h.Now
}

func deaf(yes bool) func(*gate) { return func(g *gate) { g.deaf = yes } }

func TestEventsLostOnTheirWayAreReadWhenTheNextArrives(t *testing.T) {
	gated(t, hub.Options{}, func(t *testing.T, r *rig, g *gate, c *client) {
		r.numbered(t, orgStream, 1, 2)
		g.set(deaf(true))
		r.numbered(t, orgStream, 3, 5)
		g.set(deaf(false))
		r.numbered(t, orgStream, 6, 6)
		require.Equal(t, span(1, 6), numbers(c.got(t, orgStream, 6)))
		require.Empty(t, c.resets())
	})
}

func TestEventsLostOnTheirWayAreFoundWhenNoneFollows(t *testing.T) {
	gated(t, hub.Options{}, func(t *testing.T, r *rig, g *gate, c *client) {
		g.set(deaf(true))
		r.numbered(t, orgStream, 1, 3)
		time.Sleep(21 * time.Second) // the audit's period
		synctest.Wait()
		require.Equal(t, span(1, 3), numbers(c.events(orgStream)))
	})
}

func TestMoreEventsAreMissingThanOneLookReads(t *testing.T) {
	gated(t, hub.Options{Limits: hub.Limits{Missed: 10}}, func(t *testing.T, r *rig, g *gate, c *client) {
		g.set(deaf(true))
		r.numbered(t, orgStream, 1, 95)
		g.set(deaf(false))
		r.numbered(t, orgStream, 96, 96)
		require.Equal(t, span(1, 96), numbers(c.got(t, orgStream, 96)))
	})
}

// A connection that breaks and comes back while a look is under way may have lost
// events that this look was too early for.
func TestSubscriptionThatBeginsAgainDuringALookIsLookedAtAgain(t *testing.T) {
	gated(t, hub.Options{}, func(t *testing.T, r *rig, g *gate, c *client) {
		looking, seen := make(chan struct{}), make(chan struct{})
		g.set(func(g *gate) {
			g.history = func(chat.Topic, bus.Position, *bus.History) {
				g.set(func(g *gate) { g.history = nil })
				close(looking)
				<-seen
			}
		})
		g.receiver.Subscribed(chat.Topic(orgStream))
		<-looking // it has found nothing
		g.set(deaf(true))
		r.numbered(t, orgStream, 1, 3)
		g.set(deaf(false))
		g.receiver.Subscribed(chat.Topic(orgStream))
		close(seen)
		synctest.Wait()
		require.Equal(t, span(1, 3), numbers(c.events(orgStream)), "at once, not when somebody checks")
	})
}

func TestMoreEventsArriveDuringALookThanThereIsRoomFor(t *testing.T) {
	gated(t, hub.Options{Limits: hub.Limits{Missed: 10}}, func(t *testing.T, r *rig, g *gate, c *client) {
		looking, seen := make(chan struct{}), make(chan struct{})
		g.set(deaf(true))
		r.numbered(t, orgStream, 1, 1)
		g.set(func(g *gate) {
			g.deaf = false
			g.history = func(chat.Topic, bus.Position, *bus.History) {
				g.set(func(g *gate) { g.history = nil })
				close(looking)
				<-seen
			}
		})
		r.numbered(t, orgStream, 2, 2)
		<-looking
		r.numbered(t, orgStream, 3, 40)
		close(seen)
		synctest.Wait()
		require.Equal(t, span(1, 40), numbers(c.events(orgStream)), "at once, not when somebody checks")
	})
}

func TestStreamThatBeginsAnewResetsAndGoesOn(t *testing.T) {
	gated(t, hub.Options{}, func(t *testing.T, r *rig, g *gate, c *client) {
		r.numbered(t, orgStream, 1, 3)
		c.got(t, orgStream, 3)
		var newest atomic.Uint64
		newest.Store(7)
		g.set(func(g *gate) {
			g.history = func(topic chat.Topic, since bus.Position, h *bus.History) {
				if topic == chat.Topic(orgStream) {
					*h = bus.History{Now: bus.Position{Epoch: "anew", Offset: newest.Load()}, Complete: since.Epoch == "anew"}
				}
			}
		})
		g.receiver.Subscribed(chat.Topic(orgStream))
		synctest.Wait()
		require.Equal(t, []string{orgStream}, c.resets())
		require.Equal(t, "anew-7", c.at()[orgStream])
		newest.Store(8)
		g.receiver.Entry(bus.Entry{Topic: chat.Topic(orgStream), Position: bus.Position{Epoch: "anew", Offset: 8}, Payload: encode(t, event(8))})
		synctest.Wait()
		require.Equal(t, []int{1, 2, 3, 8}, numbers(c.events(orgStream)))
		require.Equal(t, "anew-8", c.at()[orgStream])
		// The old stream's last words come late, out of a buffer: they are known to all
		// that have fetched again, and must not keep the topic looking for ever.
		g.receiver.Entry(bus.Entry{Topic: chat.Topic(orgStream), Position: bus.Position{Epoch: "old", Offset: 4}, Payload: encode(t, event(4))})
		synctest.Wait()
		looks := g.looked()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		require.LessOrEqual(t, g.looked(), looks+1)
		require.Equal(t, []int{1, 2, 3, 8}, numbers(c.events(orgStream)))
		require.Len(t, c.resets(), 1)
	})
}

// An event that was heard but is not in the stream any more: the stream went back,
// and its next offsets will be other events.
func TestStreamThatWentBackResets(t *testing.T) {
	gated(t, hub.Options{}, func(t *testing.T, r *rig, g *gate, c *client) {
		r.numbered(t, orgStream, 1, 3)
		c.got(t, orgStream, 3)
		at := g.now(t)
		g.receiver.Entry(bus.Entry{
			Topic: chat.Topic(orgStream), Position: bus.Position{Epoch: at.Epoch, Offset: 6}, Payload: encode(t, event(6)),
		})
		synctest.Wait()
		time.Sleep(time.Second)
		require.Equal(t, []string{orgStream}, c.resets())
		r.numbered(t, orgStream, 4, 6)
		require.Equal(t, span(1, 6), numbers(c.got(t, orgStream, 6)))
	})
}

func TestBusThatIsAwayIsAskedWithPatience(t *testing.T) {
	gated(t, hub.Options{}, func(t *testing.T, r *rig, g *gate, c *client) {
		g.set(deaf(true))
		r.numbered(t, orgStream, 1, 3)
		g.set(func(g *gate) { g.deaf, g.fail, g.looks = false, errors.New("away"), 0 })
		r.numbered(t, orgStream, 4, 4)
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Greater(t, g.looked(), 10)
		require.Less(t, g.looked(), 50)
		require.Empty(t, c.events(orgStream))
		g.set(func(g *gate) { g.fail = nil })
		time.Sleep(3 * time.Second)
		synctest.Wait()
		require.Equal(t, span(1, 4), numbers(c.events(orgStream)))
		require.Empty(t, c.resets())

		g.set(func(g *gate) { g.fail = errors.New("away") })
		g.receiver.Subscribed(chat.Topic(orgStream))
		synctest.Wait()
		r.hub.Close() // does not wait for the bus
		looks := g.looked()
		time.Sleep(time.Minute)
		require.Equal(t, looks, g.looked())
	})
}

func TestTopicThatIsForgottenWhileBeingJoinedIsFoundAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		g.set(func(g *gate) { g.fail = errors.New("away") })
		r := bubble(t, g, hub.Options{Times: hub.Times{Hello: time.Minute, Audit: 10 * time.Second, Linger: 15 * time.Second}})
		c := listen(r.open(t, speakProto), nil).start()
		require.NoError(t, c.say(hello("ann")))
		time.Sleep(21 * time.Second) // the topic has lingered for long enough
		synctest.Wait()
		require.Equal(t, 1, hub.Topics(r.hub))
		g.set(func(g *gate) { g.fail = nil })
		c.welcome(t)
		r.numbered(t, orgStream, 1, 1)
		require.Equal(t, span(1, 1), numbers(c.got(t, orgStream, 1)))
	})
}

func TestTopicsNobodyFollowsAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		c := r.join(t, "ann", nil)
		r.join(t, "bob", nil)
		r.numbered(t, orgStream, 1, 3)
		c.got(t, orgStream, 3)
		require.Equal(t, 3, hub.Topics(r.hub))
		c.leave()
		time.Sleep(20 * time.Second)
		require.Equal(t, 3, hub.Topics(r.hub), "it lingers for those who come back")
		time.Sleep(40 * time.Second)
		require.Equal(t, 2, hub.Topics(r.hub))
		r.numbered(t, userStream("ann"), 1, 2) // nobody hears it
		c = r.join(t, "ann", c.at())
		require.Equal(t, 3, hub.Topics(r.hub))
		require.Equal(t, span(1, 2), numbers(c.got(t, userStream("ann"), 2)))
		r.numbered(t, userStream("ann"), 3, 3)
		require.Equal(t, span(1, 3), numbers(c.got(t, userStream("ann"), 3)))
	})
}
