package post_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"converse/internal/sandbox/post"
	"converse/internal/sandbox/schedule"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// setup is an office and a hub that answers as told.
func setup(t *testing.T, config post.Config, hub http.HandlerFunc) (*post.Office, func(lane post.Lane, text string, retries int) <-chan post.Outcome) {
	t.Helper()
	server := httptest.NewServer(hub)
	t.Cleanup(server.Close)
	timer := schedule.New()
	office := post.New(config, timer)
	t.Cleanup(office.Close)
	t.Cleanup(timer.Stop)
	return office, func(lane post.Lane, text string, retries int) <-chan post.Outcome {
		outcomes := make(chan post.Outcome, 1+retries)
		office.Post(post.Letter{
			Lane: lane, URL: server.URL, Retries: retries, About: text,
			Body:   func() []byte { return []byte(text) },
			Header: func([]byte, time.Time) http.Header { return http.Header{} },
			Tried:  func(o post.Outcome) { outcomes <- o },
		})
		return outcomes
	}
}

func TestLaneKeepsItsOrderAndOthersPass(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var got []string
	first := make(chan struct{})
	_, send := setup(t, post.Config{Workers: 4}, func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		if string(text) == "slow" {
			<-first
		}
		mu.Lock()
		defer mu.Unlock()
		got = append(got, string(text))
	})
	send(1, "slow", 0)
	var last <-chan post.Outcome
	for i := range 20 {
		last = send(1, fmt.Sprint(i), 0)
	}
	require.True(t, (<-send(2, "other lane", 0)).OK())
	close(first)
	require.True(t, (<-last).OK())
	mu.Lock()
	defer mu.Unlock()
	want := []string{"other lane", "slow"}
	for i := range 20 {
		want = append(want, fmt.Sprint(i))
	}
	require.Equal(t, want, got)
}

func TestRetriesGrowAndEnd(t *testing.T) {
	t.Parallel()
	office, send := setup(t, post.Config{RetryAfter: time.Millisecond}, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
	})
	outcomes := send(1, "x", 3)
	for i := range 4 {
		outcome := <-outcomes
		require.Equal(t, post.Outcome{Attempt: i + 1, Status: http.StatusTeapot, Last: i == 3}, outcome)
	}
	entries, total := office.Log().Entries()
	require.Len(t, entries, 4)
	require.Equal(t, 4, total)
	require.Equal(t, "x", entries[0].Body)
	require.Zero(t, office.Open())
}

func TestSilentHubTimesOut(t *testing.T) {
	t.Parallel()
	_, send := setup(t, post.Config{Timeout: 20 * time.Millisecond}, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // or the server would not see the client go
		<-r.Context().Done()
	})
	outcome := <-send(0, "x", 0)
	require.Zero(t, outcome.Status)
	require.NotContains(t, outcome.Err, "http://", "no addresses in errors")
	require.Contains(t, outcome.Err, "deadline")
}

func TestForgetDropsWhatWaits(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	office, send := setup(t, post.Config{Workers: 1}, func(_ http.ResponseWriter, r *http.Request) {
		if text, _ := io.ReadAll(r.Body); string(text) == "slow" {
			close(arrived)
			<-release
		}
	})
	slow := send(1, "slow", 5)
	dropped := send(1, "dropped", 0)
	send(2, "dropped too", 0)
	<-arrived
	require.Equal(t, 3, office.Open())
	office.Forget()
	require.Zero(t, office.Open())
	close(release)
	require.True(t, (<-slow).OK())
	require.True(t, (<-send(1, "next", 0)).OK())
	require.True(t, (<-send(2, "next", 0)).OK(), "the lane of a dropped letter is free")
	require.Empty(t, dropped)
	require.Zero(t, office.Open())
}

func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	office, send := setup(t, post.Config{LogSize: 3}, func(http.ResponseWriter, *http.Request) {})
	for i := range 5 {
		<-send(1, fmt.Sprint(i), 0)
	}
	entries, total := office.Log().Entries()
	require.Equal(t, 5, total)
	require.Len(t, entries, 3)
	require.Equal(t, "2", entries[0].About)
	require.Equal(t, "4", entries[2].About)
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	_, send := setup(t, post.Config{}, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	require.Equal(t, http.StatusTemporaryRedirect, (<-send(0, "x", 0)).Status)
}
