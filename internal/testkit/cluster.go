package testkit

import (
	"context"
	"log/slog"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"converse/internal/localdb"
	"converse/migrations"
)

// PostgresCluster is a PostgreSQL of one test's own, to be hurt. It keeps its
// promises: fsync is on.
type PostgresCluster struct {
	// URL is the migrated database's address; it stays the same over a Start.
	URL string

	t       testing.TB
	options localdb.Options
	server  *localdb.Server
}

// Cluster makes a cluster with one migrated database, stopped after the test. It
// takes half a second and more: tests that do not break the server use Postgres.
func Cluster(t testing.TB) *PostgresCluster {
	t.Helper()
	c := &PostgresCluster{t: t, options: localdb.Options{Dir: filepath.Join(Folder(t), "pg")}}
	c.Start()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		if err := c.server.Stop(ctx); err != nil {
			t.Errorf("stop the test's cluster: %v", err)
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if _, err := migrations.Up(ctx, c.URL, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatalf("migrate the test's cluster: %v", err)
	}
	return c
}

// Crash is pg_ctl stop -m immediate: every process ends without writing anything
// down, and the next Start recovers from the log. It returns when all is gone.
func (c *PostgresCluster) Crash() {
	c.t.Helper()
	if err := syscall.Kill(c.server.PID(), syscall.SIGQUIT); err != nil {
		c.t.Fatalf("crash the test's cluster: %v", err)
	}
	select {
	case <-c.server.Done():
	case <-time.After(limit):
		c.t.Fatal("the test's cluster does not crash")
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := c.server.Stop(ctx); err != nil {
		c.t.Fatalf("clear up after the crash: %v", err)
	}
}

// Start starts the cluster again after a Crash, on the same address.
func (c *PostgresCluster) Start() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*limit)
	defer cancel()
	server, err := localdb.Start(ctx, c.options)
	if err != nil {
		c.t.Fatalf("start the test's cluster: %v", err)
	}
	if c.URL != "" && server.URL("") != c.URL {
		c.t.Fatalf("the test's cluster moved from %s to %s", c.URL, server.URL(""))
	}
	c.server, c.URL = server, server.URL("")
}
