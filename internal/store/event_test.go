package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/store"
	"converse/internal/testkit/world"
)

func TestSweepersTakeEveryEventOnce(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	const events = 60
	for range events {
		queue(t, w, c, "hello")
	}
	var mu sync.Mutex
	swept := map[int64]int{}
	together(6, func(int) {
		for {
			n, err := w.Store.SweepEvents(t.Context(), 0, 7, func(list []store.Event) error {
				mu.Lock()
				defer mu.Unlock()
				for i, e := range list {
					swept[e.ID]++
					require.NotEmpty(t, e.Payload)
					require.True(t, i == 0 || list[i-1].ID < e.ID, "in their order")
				}
				return nil
			})
			require.NoError(t, err)
			if n == 0 {
				return
			}
		}
	})
	// A sweeper that found the rest in the hands of another went home early.
	_, err := w.Store.SweepEvents(t.Context(), 0, events, func(list []store.Event) error {
		for _, e := range list {
			swept[e.ID]++
		}
		return nil
	})
	require.NoError(t, err)
	require.Len(t, swept, events)
	for id, times := range swept {
		require.Equal(t, 1, times, id)
	}
	require.Zero(t, count(t, owner(t, w), "select count(*) from events"))
}

func TestWhatASweeperCannotPublishStays(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	queue(t, w, w.Conversation(t, w.WhatsApp), "hello")
	away := errors.New("the bus is away")
	n, err := w.Store.SweepEvents(t.Context(), 0, 10, func([]store.Event) error { return away })
	require.ErrorIs(t, err, away)
	require.Zero(t, n)
	n, err = w.Store.SweepEvents(t.Context(), time.Hour, 10, func([]store.Event) error { return nil })
	require.NoError(t, err)
	require.Zero(t, n, "young ones are the publisher's own")
	require.Equal(t, 1, count(t, owner(t, w), "select count(*) from events"))
}

// TestASweeperAndThePublisherAtOnce: the publisher marks what a sweeper is just
// publishing; neither fails and nothing stays.
func TestASweeperAndThePublisherAtOnce(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	for range 20 {
		queue(t, w, c, "hello")
	}
	var ids []int64
	for _, e := range w.Events() {
		ids = append(ids, e.ID)
	}
	pool := owner(t, w)
	marked := make(chan struct{})
	var markErr error
	n, err := w.Store.SweepEvents(t.Context(), 0, 100, func([]store.Event) error {
		go func() {
			defer close(marked)
			markErr = w.Store.MarkPublished(context.WithoutCancel(t.Context()), ids)
		}()
		waitForLock(t, pool, marked)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, 20, n)
	<-marked
	require.NoError(t, markErr)
	require.Zero(t, count(t, pool, "select count(*) from events"))
}
