package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// serveFast serves a handler with the bounds of newServer, a hundred times as short: a
// bound that is not set stays none.
func serveFast(t *testing.T, h http.Handler) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := newServer(h, slog.New(slog.DiscardHandler))
	for _, bound := range []*time.Duration{&server.ReadHeaderTimeout, &server.ReadTimeout, &server.WriteTimeout, &server.IdleTimeout} {
		*bound /= 100
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener) // ends with Close
	}()
	t.Cleanup(func() {
		_ = server.Close() // nothing is under way that matters
		<-served
	})
	return listener.Addr().String()
}

// ended reads until the server closes the connection.
func ended(t *testing.T, conn net.Conn) {
	t.Helper()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
	_, err := io.Copy(io.Discard, conn)
	require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the connection is never closed")
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

// TestWhoIsSlowIsLetGo: a caller that sends or reads a byte now and then must not hold
// a connection, a goroutine and a buffer for ever.
func TestWhoIsSlowIsLetGo(t *testing.T) {
	t.Parallel()
	handled := make(chan error, 1)
	address := serveFast(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			handled <- err
			return
		}
		// More than any buffer on the way takes.
		_, err := io.Copy(w, io.LimitReader(zeros{}, 64<<20))
		handled <- err
	}))
	for name, sent := range map[string]string{
		"says nothing":     "",
		"half a line":      "GET / HT",
		"headers for ever": "GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n",
	} {
		conn := dial(t, address)
		_, err := conn.Write([]byte(sent))
		require.NoError(t, err)
		ended(t, conn)
		require.Empty(t, handled, name)
	}

	body := dial(t, address)
	_, err := body.Write([]byte("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this"))
	require.NoError(t, err)
	require.Error(t, <-handled, "a body that never ends")

	reader := dial(t, address)
	_, err = reader.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
	require.NoError(t, err)
	require.Error(t, <-handled, "an answer that nobody reads")
}

// TestOneDeadlineBoundsAStop counts from the moment it is asked for.
func TestOneDeadlineBoundsAStop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		draining, release := drainOf(ctx, 30*time.Second)
		defer release()
		time.Sleep(time.Hour)
		require.NoError(t, draining.Err(), "nothing has been asked for")
		stop()
		time.Sleep(30*time.Second - time.Millisecond)
		synctest.Wait()
		require.NoError(t, draining.Err())
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		require.Error(t, draining.Err())
	})
}

// TestRequestsUnderWayAreFinishedOrCut stops while one request ends in time and one
// never does.
func TestRequestsUnderWayAreFinishedOrCut(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	inside, finish, forever := make(chan struct{}, 2), make(chan struct{}), make(chan struct{})
	defer close(forever)
	server := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inside <- struct{}{}
		if r.URL.Path == "/slow" {
			<-forever
		}
		<-finish
		_, _ = io.WriteString(w, "finished")
	}), slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	draining, cut := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serveAll(ctx, draining, func() {}, map[*http.Server]net.Listener{server: listener}) }()
	answers := map[string]chan string{"/quick": make(chan string, 1), "/slow": make(chan string, 1)}
	for path, answer := range answers {
		go func() {
			resp, err := http.Get("http://" + listener.Addr().String() + path)
			if err != nil {
				answer <- "cut"
				return
			}
			defer resp.Body.Close()
			text, _ := io.ReadAll(resp.Body) // an answer that is cut is no answer
			answer <- string(text)
		}()
	}
	<-inside
	<-inside
	stop()
	close(finish)
	require.Equal(t, "finished", <-answers["/quick"])
	select {
	case <-ended:
		t.Fatal("it did not wait for the other")
	default:
	}
	cut()
	require.Equal(t, "cut", <-answers["/slow"])
	require.NoError(t, <-ended)
	http.DefaultClient.CloseIdleConnections()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestWhatAServerSaysIsALineLikeAllOthers: by itself it writes text to standard error.
func TestWhatAServerSaysIsALineLikeAllOthers(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	server := newServer(http.NotFoundHandler(), slog.New(slog.NewJSONHandler(&log, nil)))
	server.ErrorLog.Print("http: something")
	require.Contains(t, log.String(), `"level":"WARN","msg":"http: something"`)
	require.True(t, strings.HasPrefix(log.String(), "{"))
}
