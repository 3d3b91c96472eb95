package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"converse/internal/config"
)

// place is a setting that says where to listen.
type place struct{ flag, address string }

// listen opens several places, or none. One that cannot be opened is a wrong setting.
func listen(ctx context.Context, places ...place) ([]net.Listener, error) {
	var out []net.Listener
	for _, p := range places {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", p.address)
		if err != nil {
			for _, opened := range out {
				_ = opened.Close() // nothing was served on it
			}
			return nil, &config.Error{Flag: p.flag, Reason: "cannot be used: " + err.Error()}
		}
		out = append(out, l)
	}
	return out, nil
}

// httpURL is how this machine reaches a listener.
func httpURL(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "http://" + l.Addr().String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// newServer bounds what a caller may cost before a handler sees it, and how long one
// may take to read the answer. Handlers with long answers set a deadline of their own.
func newServer(h http.Handler, log *slog.Logger) *http.Server {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true) // gRPC without TLS, behind a proxy that ends it
	return &http.Server{
		Handler: h, Protocols: protocols,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 60 * time.Second, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// longestDrain bounds what no stop was asked for.
const longestDrain = 10 * time.Second

// drainOf returns a context that outlives ctx by drain: one deadline for all that a
// stop has to wait for, from the moment it was asked for.
func drainOf(ctx context.Context, drain time.Duration) (context.Context, context.CancelFunc) {
	draining, end := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(drain, end)
		context.AfterFunc(draining, func() { timer.Stop() })
	})
	return draining, end
}

// serveAll serves until ctx ends or a server fails, then lets requests under way
// finish until draining ends.
func serveAll(ctx, draining context.Context, ready func(), servers map[*http.Server]net.Listener) error {
	group, groupCtx := errgroup.WithContext(ctx)
	for server, listener := range servers {
		group.Go(func() error {
			if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve on %s: %w", listener.Addr(), err)
			}
			return nil
		})
		group.Go(func() error {
			<-groupCtx.Done()
			// A server that failed waits for its fellow no longer than a stop would.
			limit, cancel := context.WithTimeout(draining, longestDrain)
			defer cancel()
			if err := server.Shutdown(limit); err != nil {
				_ = server.Close() // requests that outlive the drain are cut
			}
			return nil
		})
	}
	ready()
	return group.Wait()
}

// newServers pairs the two faces of a node with where it listens.
func newServers(a *App, public, internal http.Handler) map[*http.Server]net.Listener {
	return map[*http.Server]net.Listener{newServer(public, a.log): a.settings.Public, newServer(internal, a.log): a.settings.Internal}
}
