package bus_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/bus"
	"converse/internal/chat"
)

func TestMemoryForgetsIdleTopicsThatNobodyFollows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := bus.NewMemory(bus.Limits{Idle: time.Hour})
		n := start(t, b)
		subscribe(t, []node{n}, topic)
		publish(t, n, topic, "one")
		publish(t, n, "o:asked about", "one")
		at := history(t, n, topic, bus.Position{}, 1).Now
		asked := history(t, n, "o:asked about", bus.Position{}, 1).Now
		for i := range 100 {
			publish(t, n, topicNumber(i), "one")
		}
		require.Equal(t, 102, bus.Topics(b))
		time.Sleep(45 * time.Minute) // of the bubble's clock
		_, err := n.Positions(t.Context(), []chat.Topic{"o:asked about"})
		require.NoError(t, err)
		time.Sleep(45 * time.Minute)
		publish(t, n, "o:new", "one")
		require.Equal(t, 3, bus.Topics(b))
		require.Equal(t, at, history(t, n, topic, at, 1).Now)
		require.Equal(t, asked, history(t, n, "o:asked about", asked, 1).Now)
		require.NotEqual(t, at.Epoch, history(t, n, topicNumber(1), bus.Position{}, 1).Now.Epoch)
	})
}

// A topic that is forgotten while somebody subscribes to it must not be followed
// where nobody publishes any more.
func TestMemoryNeverForgetsATopicThatIsBeingFollowed(t *testing.T) {
	t.Parallel()
	n := start(t, bus.NewMemory(bus.Limits{Idle: time.Nanosecond}))
	var sweeping sync.WaitGroup
	stop := make(chan struct{})
	sweeping.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				m := bus.Message{Topic: topicNumber(i % 50)} // makes a topic, and room for it
				if err := n.Publish(context.Background(), []bus.Message{m}); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for i := range 300 {
		require.NoError(t, n.Subscribe(t.Context(), topic))
		publish(t, n, topic, "one")
		require.NoError(t, n.Unsubscribe(t.Context(), topic))
		require.Len(t, entriesIn(n.all(topic)), i+1)
	}
	close(stop)
	sweeping.Wait()
}
