// Package baretx is the bare webhook transaction: how many of them PostgreSQL
// takes from 16 connections, with no server between.
//
// It owns a process that, when told to, runs the floor's transaction from all
// connections for a while and says how many were committed. Like any server it
// shares the cores with PostgreSQL.
//
// It must not be told anything about the load.
package baretx

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"converse/bench/floorhook"
	"converse/bench/serve"
)

// Connections is how many write at once.
const Connections = 16

// Main runs the server with the arguments of its command line.
func Main(args []string) error {
	flags := flag.NewFlagSet("baretx", flag.ContinueOnError)
	url := flags.String("database", "", "address of the database that floorhook.Make was run on")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, err := serve.New()
	if err != nil {
		return err
	}
	pool, err := floorhook.Open(context.Background(), *url, Connections)
	if err != nil {
		return err
	}
	s.Mux.HandleFunc("POST /run", func(w http.ResponseWriter, r *http.Request) {
		span, err := time.ParseDuration(r.URL.Query().Get("for"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		n, err := run(r.Context(), span, func(ctx context.Context, conversation int) error {
			return floorhook.Store(ctx, pool, conversation, body)
		})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, n)
	})
	return s.Run(func() int { return 0 })
}

// run stores webhooks from all connections until the time is up, and returns how
// many it was. Conversations take turns, so that row locks are seldom met.
func run(ctx context.Context, span time.Duration, store func(ctx context.Context, conversation int) error) (int64, error) {
	end := time.Now().Add(span)
	var stored atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for c := range Connections {
		group.Go(func() error {
			for i := c; time.Now().Before(end); i += Connections {
				if err := store(ctx, i%floorhook.Conversations); err != nil {
					return err
				}
				stored.Add(1)
			}
			return nil
		})
	}
	err := group.Wait()
	return stored.Load(), err
}
