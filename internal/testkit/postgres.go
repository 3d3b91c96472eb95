package testkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"converse/internal/localdb"
	"converse/migrations"
)

// limit bounds every single step of test servers; initdb has been seen to take
// six seconds on a loaded machine.
const limit = time.Minute

// Database is one test's own, migrated database.
type Database struct {
	// URL is its address for pgx.
	URL string
	t   testing.TB
}

// template is the shared cluster with a migrated database to copy.
type template struct {
	server *localdb.Server
	made   atomic.Int64
}

const templateName = "converse_template"

// Postgres makes a migrated database for the test, dropped afterwards. The
// cluster below is shared by the process and does not survive it; fsync is off.
func Postgres(t testing.TB) *Database {
	t.Helper()
	return makeDatabase(t, " template "+templateName)
}

// EmptyPostgres is Postgres without the migrations.
func EmptyPostgres(t testing.TB) *Database {
	t.Helper()
	return makeDatabase(t, "")
}

func makeDatabase(t testing.TB, from string) *Database {
	t.Helper()
	cluster, err := shared.postgres.get(startTemplate)
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	name := fmt.Sprintf("test_%d", cluster.made.Add(1))
	// Copying files takes 17 ms; the default goes through the log and takes twice that.
	if err := cluster.exec("create database " + name + from + " strategy file_copy"); err != nil {
		t.Fatalf("make the test's database: %v", err)
	}
	t.Cleanup(func() {
		if err := cluster.exec("drop database " + name + " with (force)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return &Database{URL: cluster.server.URL(name), t: t}
}

// Pool opens a pool on the database, closed at the end of the test.
func (d *Database) Pool() *pgxpool.Pool {
	d.t.Helper()
	pool, err := pgxpool.New(context.Background(), d.URL)
	if err != nil {
		d.t.Fatalf("open a pool on the test's database: %v", err)
	}
	d.t.Cleanup(pool.Close)
	return pool
}

func startTemplate() (*template, error) {
	dir, remove, err := sharedFolder()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*limit)
	defer cancel()
	server, err := localdb.Start(ctx, localdb.Options{Dir: filepath.Join(dir, "pg"), Volatile: true, MaxConnections: 300})
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	shared.atEnd(func() error {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		return errors.Join(server.Stop(ctx), remove())
	})
	t := &template{server: server}
	if err := t.exec("create database " + templateName); err != nil {
		return nil, err
	}
	if _, err := migrations.Up(ctx, server.URL(templateName), slog.New(slog.DiscardHandler)); err != nil {
		return nil, err
	}
	// Nobody may connect to it from now on: a copy fails while somebody is.
	return t, t.exec("alter database " + templateName + " with allow_connections false is_template true")
}

// exec runs a statement that makes or drops a database, on a connection of its own.
func (t *template) exec(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	conn, err := pgx.Connect(ctx, t.server.URL("postgres"))
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
