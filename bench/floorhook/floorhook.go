// Package floorhook is the floor for webhooks: gws, and one durable transaction
// between the request and the frame.
//
// It owns the least schema that such a transaction needs, in a private PostgreSQL
// with the same settings as the product's. The transaction is one round trip of
// prepared statements and is durable when it returns: synchronous_commit is on. No
// signature is checked, nothing is parsed, and the frame is the body.
//
// It must not be told anything about the load.
package floorhook

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/jackc/pgx/v5/pgxpool"

	"converse/bench/floor"
	"converse/bench/serve"
)

// connections bounds the pool: as the product's.
const connections = 32

// Main runs the server with the arguments of its command line.
func Main(args []string) error {
	flags := flag.NewFlagSet("floorhook", flag.ContinueOnError)
	url := flags.String("database", "", "address of the database that Make was run on")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, err := serve.New()
	if err != nil {
		return err
	}
	pool, err := Open(context.Background(), *url, connections)
	if err != nil {
		return err
	}
	t := floor.NewTopics()
	s.Mux.Handle("/ws", t)
	s.Mux.HandleFunc("POST /hook", func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, r.ContentLength)
		conversation, err := strconv.Atoi(r.URL.Query().Get("conversation"))
		if err == nil {
			_, err = io.ReadFull(r.Body, body)
		}
		if err == nil {
			err = Store(r.Context(), pool, conversation, body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusOK)
		t.Broadcast(r.URL.Query().Get("topic"), body)
	})
	return s.Run(t.Len)
}

// Open connects, and fails when commits would not be durable.
func Open(ctx context.Context, url string, most int32) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database's address: %w", err)
	}
	config.MaxConns, config.MinConns = most, most
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	for _, name := range []string{"fsync", "synchronous_commit"} {
		var value string
		if err := pool.QueryRow(ctx, "select current_setting($1)", name).Scan(&value); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		if value != "on" {
			return nil, fmt.Errorf("%s is %s: commits would not be durable", name, value)
		}
	}
	return pool, nil
}
