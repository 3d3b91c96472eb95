package bus_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/bus"
	"converse/internal/chat"
)

func signalsAreDeliveredAndNotKept(t *testing.T, open open) {
	nodes := open(t, bus.Limits{})
	require.NoError(t, nodes[0].Signal(t.Context(), "o:nobody follows", []byte("lost")))
	subscribe(t, nodes, topic)
	begun := history(t, nodes[0], topic, bus.Position{}, 1).Now
	last := nodes[len(nodes)-1]
	require.NoError(t, last.Signal(t.Context(), topic, []byte("s e a 1 looks like one")))
	publish(t, last, topic, "kept")
	for _, n := range nodes {
		n.entries(t, topic, 1)
		list := n.all(topic)
		require.Equal(t, heard{kind: "signal", payload: "s e a 1 looks like one"}, list[1], "in order, and once")
		require.Len(t, list, 3)
	}
	require.Equal(t, []string{"kept"}, payloads(history(t, nodes[0], topic, begun, 10).Entries))
}

func unsubscribedTopicIsSilentUntilSubscribedAgain(t *testing.T, open open) {
	nodes := open(t, bus.Limits{})
	b := nodes[0]
	neighbour := neighbourOf(topic)
	subscribe(t, nodes, topic, neighbour)
	publish(t, b, topic, "one")
	b.entries(t, topic, 1)
	require.NoError(t, b.Unsubscribe(t.Context(), topic))
	require.NoError(t, b.Unsubscribe(t.Context(), topic), "twice is once")
	require.NoError(t, b.Unsubscribe(t.Context(), "o:never subscribed"))
	publish(t, b, topic, "two")
	require.NoError(t, b.Signal(t.Context(), topic, []byte("two")))
	for _, n := range nodes[1:] {
		n.entries(t, topic, 2) // others still hear it
	}
	publish(t, b, neighbour, "everything before this has come")
	b.entries(t, neighbour, 1)
	require.NoError(t, b.Subscribe(t.Context(), topic))
	b.subscribed(t, topic, 2)
	publish(t, b, topic, "three")
	require.Equal(t, []string{"one", "three"}, payloads(b.entries(t, topic, 2)))
	require.Zero(t, count(b.all(topic), "signal"))
}

// neighbourOf is a topic whose events come in one order with another's.
func neighbourOf(topic chat.Topic) chat.Topic {
	for i := 0; ; i++ {
		if n := topicNumber(i); bus.Shard(n) == bus.Shard(topic) {
			return n
		}
	}
}

func subscribingTwiceDeliversOnce(t *testing.T, open open) {
	b := open(t, bus.Limits{})[0]
	subscribe(t, []node{b}, topic)
	require.NoError(t, b.Subscribe(t.Context(), topic))
	b.subscribed(t, topic, 2)
	publish(t, b, topic, "one", "two")
	require.Equal(t, []string{"one", "two"}, payloads(b.entries(t, topic, 2)))
	require.NoError(t, b.Unsubscribe(t.Context(), topic))
	require.NoError(t, b.Subscribe(t.Context(), topic), "gone and back before anybody was told")
	b.subscribed(t, topic, 3)
	publish(t, b, topic, "three")
	require.Equal(t, []string{"one", "two", "three"}, payloads(b.entries(t, topic, 3)))
}

func payloadsAndTopicsMayBeAnything(t *testing.T, open open) {
	nodes := open(t, bus.Limits{})
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	sent := []string{
		"", " ", "s ", "e a 1 ", string(every), "line\r\n$3\r\nend\r\n", "\xff\xfe\x00",
		strings.Repeat("long", 100_000),
	}
	for _, topic := range []chat.Topic{"", "o:with space", "o:{3}", "o:\x00\n"} {
		subscribe(t, nodes, topic)
		begun := history(t, nodes[0], topic, bus.Position{}, 1).Now
		publish(t, nodes[0], topic, sent...)
		for _, n := range nodes {
			require.Equal(t, sent, payloads(n.entries(t, topic, len(sent))))
		}
		h := history(t, nodes[0], topic, begun, 100)
		require.True(t, h.Complete)
		require.Equal(t, sent, payloads(h.Entries))
	}
}

func nothingIsDeliveredAfterClose(t *testing.T, open open) {
	b := open(t, bus.Limits{})[0]
	subscribe(t, []node{b}, topic)
	inTime(t, func() {
		require.NoError(t, b.Close())
		require.NoError(t, b.Close(), "twice is once")
	})
	publish(t, b, topic, "one")
	require.NoError(t, b.Signal(t.Context(), topic, []byte("two")))
	require.NoError(t, b.Subscribe(t.Context(), "o:late"))
	require.NoError(t, b.Unsubscribe(t.Context(), topic))
	require.Len(t, b.all(topic), 1)
	require.Empty(t, b.all("o:late"))
}
