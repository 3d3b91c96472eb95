package repeat_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/repeat"
)

func TestWorkIsDoneEachPeriodUntilTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		var at []time.Duration
		repeat.Every(ctx, 3*time.Second, func(due time.Time) { at = append(at, due.Sub(begun)) })
		require.Equal(t, []time.Duration{3 * time.Second, 6 * time.Second, 9 * time.Second}, at)
		require.Equal(t, 10*time.Second, time.Since(begun))
	})
}

func TestSlowWorkIsNotRunTwiceAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		running := 0
		repeat.Every(ctx, time.Second, func(time.Time) {
			running++
			require.Equal(t, 1, running)
			time.Sleep(4 * time.Second)
			running--
		})
	})
}
