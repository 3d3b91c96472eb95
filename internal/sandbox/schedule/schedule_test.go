package schedule_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/sandbox/schedule"
)

func TestRunsInOrderOfTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := schedule.New()
		defer s.Stop()
		start := time.Now()
		var got []string
		note := func(name string, want time.Duration) func() {
			return func() {
				if since := time.Since(start); since != want {
					t.Errorf("%s ran after %v, want %v", name, since, want)
				}
				got = append(got, name)
			}
		}
		s.After(300*time.Millisecond, note("late", 300*time.Millisecond))
		s.After(time.Millisecond, note("soon", time.Millisecond))
		s.After(150*time.Millisecond, note("first of two", 150*time.Millisecond))
		s.After(150*time.Millisecond, note("second of two", 150*time.Millisecond))
		require.Equal(t, 4, s.Len())
		s.After(-time.Second, note("overdue", 0)) // and may have run already

		time.Sleep(time.Second) // the bubble's clock, not the machine's
		synctest.Wait()
		require.Equal(t, []string{"overdue", "soon", "first of two", "second of two", "late"}, got)
		require.Zero(t, s.Len())
	})
}

func TestTaskMayAddTasks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := schedule.New()
		defer s.Stop()
		var ran atomic.Int32
		s.After(time.Minute, func() {
			ran.Add(1)
			s.After(time.Minute, func() { ran.Add(1) })
		})
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		require.EqualValues(t, 2, ran.Load())
	})
}

func TestStopDropsWhatIsPending(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := schedule.New()
		s.After(time.Second, func() { t.Error("ran after Stop") })
		s.Stop()
		s.Stop()
		s.After(0, func() { t.Error("ran after Stop") })
		time.Sleep(time.Minute)
	})
}
