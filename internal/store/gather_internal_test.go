package store

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// slowly is a gather whose questions wait to be let through, and what was asked.
func slowly() (g *gather[int, int], asked chan []int, through chan error) {
	asked, through = make(chan []int, 100), make(chan error)
	return &gather[int, int]{mostAsking: 2, mostTogether: 500, ask: func(_ context.Context, keys []int) ([]int, error) {
		asked <- keys
		err := <-through
		out := make([]int, len(keys))
		for i, key := range keys {
			out[i] = 10 * key
		}
		return out, err
	}}, asked, through
}

func TestThoseWhoComeMeanwhileAreAskedForTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, asked, through := slowly()
		defer g.stop()
		for key := range 8 {
			go func() {
				answer, err := g.do(t.Context(), key)
				if err != nil || answer != 10*key {
					t.Errorf("%d was answered %d, %v", key, answer, err)
				}
			}()
			synctest.Wait()
		}
		require.Equal(t, []int{0}, <-asked, "the first did not wait")
		require.Equal(t, []int{1}, <-asked)
		require.Empty(t, asked, "no more than two at once")
		through <- nil
		synctest.Wait()
		require.Equal(t, []int{2, 3, 4, 5, 6, 7}, <-asked)
		through <- nil
		through <- nil
	})
}

func TestOnlyThoseOfAGroupAreAskedForTogetherAndNotTooMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, asked, through := slowly()
		defer g.stop()
		g.mostAsking, g.mostTogether = 1, 3
		g.group = func(key int) string { return strconv.Itoa(key % 2) }
		for key := range 9 {
			go func() {
				if _, err := g.do(t.Context(), key); err != nil {
					t.Error(err)
				}
			}()
			synctest.Wait()
		}
		for _, want := range [][]int{{0}, {1, 3, 5}, {2, 4, 6}, {7}, {8}} {
			require.Equal(t, want, <-asked)
			through <- nil
			synctest.Wait()
		}
	})
}

func TestAnErrorReachesEveryoneItWasAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, asked, through := slowly()
		defer g.stop()
		broken := errors.New("broken")
		errs := make([]error, 4)
		for key := range errs {
			go func() { _, errs[key] = g.do(t.Context(), key) }()
			synctest.Wait()
		}
		through <- nil
		through <- nil
		through <- broken
		synctest.Wait()
		require.Equal(t, [][]int{{0}, {1}, {2, 3}}, [][]int{<-asked, <-asked, <-asked})
		require.Equal(t, []error{nil, nil, broken, broken}, errs)
	})
}

func TestAnAskerWhoLeavesDoesNotStopTheQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, asked, through := slowly()
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan error)
		go func() {
			_, err := g.do(ctx, 1)
			left <- err
		}()
		synctest.Wait()
		leave()
		require.ErrorIs(t, <-left, context.Canceled)
		require.Equal(t, []int{1}, <-asked)
		through <- nil
		g.stop()
		_, err := g.do(t.Context(), 2)
		require.ErrorIs(t, err, errStopped)
	})
}
