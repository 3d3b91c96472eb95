package bus_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/bus"
	"converse/internal/chat"
)

func historyIsWholeOrSaysThatItIsNot(t *testing.T, open open) {
	b := open(t, bus.Limits{})[0]
	begun := history(t, b, topic, bus.Position{}, 10)
	require.False(t, begun.Complete, "no place is not a place in the stream")
	require.Empty(t, begun.Entries)
	require.NotEmpty(t, begun.Now.Epoch, "a session can hold a place from before the first event")
	require.Zero(t, begun.Now.Offset)
	again := history(t, b, topic, begun.Now, 10)
	require.True(t, again.Complete)
	require.Empty(t, again.Entries)

	publish(t, b, topic, "one", "two", "three")
	at := func(n uint64) bus.Position { return bus.Position{Epoch: begun.Now.Epoch, Offset: n} }
	for since, want := range [][]string{{"one", "two", "three"}, {"two", "three"}, {"three"}, {}} {
		h := history(t, b, topic, at(uint64(since)), 10)
		require.True(t, h.Complete)
		require.Equal(t, at(3), h.Now)
		require.Equal(t, want, payloads(h.Entries))
		for i, e := range h.Entries {
			require.Equal(t, at(uint64(since+i+1)), e.Position)
			require.Equal(t, topic, e.Topic)
		}
	}
	bounded := history(t, b, topic, at(0), 2)
	require.True(t, bounded.Complete)
	require.Equal(t, at(3), bounded.Now)
	require.Equal(t, []string{"one", "two"}, payloads(bounded.Entries))
	require.Empty(t, history(t, b, topic, at(0), 0).Entries)

	for _, wrong := range []bus.Position{{}, at(4), at(math.MaxUint64), {Epoch: "other", Offset: 1}, {Epoch: "other"}} {
		h := history(t, b, topic, wrong, 10)
		require.False(t, h.Complete, "%v", wrong)
		require.Empty(t, h.Entries)
		require.Equal(t, at(3), h.Now)
	}
}

func historyOfATrimmedStreamIsIncomplete(t *testing.T, open open) {
	const kept, published = 10, 500 // Redis trims whole nodes of 100 entries
	b := open(t, bus.Limits{Entries: kept})[0]
	begun := history(t, b, topic, bus.Position{}, 1).Now
	all := make([]string, published)
	for i := range all {
		all[i] = fmt.Sprint(i + 1)
	}
	publish(t, b, topic, all...)
	now := bus.Position{Epoch: begun.Epoch, Offset: published}
	require.Equal(t, bus.History{Now: now}, history(t, b, topic, begun, published))
	h := history(t, b, topic, bus.Position{Epoch: begun.Epoch, Offset: published - kept}, published)
	require.True(t, h.Complete)
	require.Equal(t, all[published-kept:], payloads(h.Entries))
}

func positionsSayWhereStreamsAre(t *testing.T, open open) {
	b := open(t, bus.Limits{})[0]
	topics := []chat.Topic{"o:none", "o:begun", "u:some"}
	publish(t, b, "u:some", "one", "two")
	begun := history(t, b, "o:begun", bus.Position{}, 1).Now
	got, err := b.Positions(t.Context(), topics)
	require.NoError(t, err)
	require.Len(t, got, 3)
	require.Equal(t, bus.Position{}, got[0])
	require.Equal(t, begun, got[1])
	require.Equal(t, uint64(2), got[2].Offset)
	require.Equal(t, got[2], history(t, b, "u:some", bus.Position{}, 1).Now)
	got, err = b.Positions(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, got)
	require.NoError(t, b.Publish(t.Context(), nil))
}

func TestPositionText(t *testing.T) {
	t.Parallel()
	for _, p := range []bus.Position{{Epoch: "a1", Offset: 0}, {Epoch: "z", Offset: math.MaxUint64}} {
		got, err := bus.ParsePosition(p.String())
		require.NoError(t, err)
		require.Equal(t, p, got)
	}
	require.Empty(t, bus.Position{}.String())
	for _, text := range []string{"", "-", "a", "a-", "-1", "a--1", "a-1-2", "a-x", "a-18446744073709551616", "a- 1", "a-+1"} {
		_, err := bus.ParsePosition(text)
		require.Error(t, err, "%q", text)
	}
}
