// Package migrations holds the database's schema as numbered SQL files and brings
// a database up to it.
//
// It owns the order of the files and the table that records which have run. It
// promises that two nodes may migrate at the same moment, that a file runs whole
// or not at all, that reading the state changes nothing, and that a database newer
// than this program is never touched. The schema only moves forward: a mistake is
// mended by a further file.
//
// It must not know what the tables mean, and it runs as the role that owns them,
// not as the one the program works with.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// list is a series of migrations: SQL files and programs, by one numbering.
type list struct {
	files    fs.FS
	programs []*goose.Migration
}

func ours() list { return list{files: files, programs: programs()} }

// What a database can be instead of ready.
var (
	// ErrOlder: migrations are waiting to be run.
	ErrOlder = errors.New("the database's schema is older than this program: run converse migrate")
	// ErrNewer: a newer program has migrated the database.
	ErrNewer = errors.New("the database's schema is newer than this program: run the newer program, or restore a backup")
)

// How often and how many times a node asks whether another has finished migrating.
const (
	lockPeriodSeconds = 1
	lockTries         = 600
)

// State is a database's schema beside the one this program was built with.
type State struct {
	// Database is the highest migration that was run, 0 for an empty database.
	Database int64
	// Program is the highest migration this program has.
	Program int64
}

// Err is nil when the two are the same, else ErrOlder or ErrNewer with the numbers.
func (s State) Err() error {
	switch {
	case s.Database < s.Program:
		return fmt.Errorf("%w (it is at %d of %d)", ErrOlder, s.Database, s.Program)
	case s.Database > s.Program:
		return fmt.Errorf("%w (it is at %d, this program knows %d)", ErrNewer, s.Database, s.Program)
	}
	return nil
}

// Up runs every migration that has not been run, and returns how many it ran,
// also when one of them fails and the rest is left. It waits while another node
// does the same. The address must lead to PostgreSQL itself: the lock is a
// session's, which a transaction pooler would not keep.
func Up(ctx context.Context, dsn string, logger *slog.Logger) (int, error) {
	return up(ctx, ours(), dsn, logger)
}

// Read returns the database's state and changes nothing.
func Read(ctx context.Context, dsn string) (State, error) {
	return read(ctx, ours(), dsn)
}

// Latest is the highest migration this program has.
func Latest() int64 {
	latest, err := latestOf(ours())
	if err != nil {
		panic(err) // the files are part of the program
	}
	return latest
}

func up(ctx context.Context, list list, dsn string, logger *slog.Logger) (ran int, err error) {
	state, err := read(ctx, list, dsn)
	if err != nil {
		return 0, err
	}
	if err := state.Err(); !errors.Is(err, ErrOlder) {
		return 0, err
	}
	db, err := open(dsn)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	provider, err := provide(list, db)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	results, err := provider.Up(ctx)
	if partial := new(goose.PartialError); errors.As(err, &partial) {
		return len(partial.Applied), fmt.Errorf("run migration %s: %w", partial.Failed.Source.Path, partial.Err)
	}
	if err != nil {
		return 0, fmt.Errorf("migrate database: %w", err)
	}
	if len(results) > 0 {
		logger.Info("database migrated", "from", state.Database, "to", results[len(results)-1].Source.Version,
			"took_ms", time.Since(began).Milliseconds())
	}
	return len(results), nil
}

func open(dsn string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read database address: %w", err)
	}
	return stdlib.OpenDB(*config), nil
}

func provide(list list, db *sql.DB) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockPeriodSeconds, lockTries))
	if err != nil {
		return nil, fmt.Errorf("prepare migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, list.files,
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(list.programs...))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}

func latestOf(list list) (int64, error) {
	names, err := fs.Glob(list.files, "*.sql")
	if err != nil {
		return 0, fmt.Errorf("list migrations: %w", err)
	}
	var latest int64
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return 0, fmt.Errorf("read number of migration %s: %w", name, err)
		}
		latest = max(latest, version)
	}
	for _, program := range list.programs {
		latest = max(latest, program.Version)
	}
	return latest, nil
}

// read asks by itself, since goose makes its table when it is asked for a version.
func read(ctx context.Context, list list, dsn string) (State, error) {
	latest, err := latestOf(list)
	if err != nil {
		return State{}, err
	}
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return State{}, fmt.Errorf("read schema version: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	state := State{Program: latest}
	var begun bool
	if err := conn.QueryRow(ctx, "select to_regclass($1) is not null", goose.DefaultTablename).Scan(&begun); err != nil {
		return State{}, fmt.Errorf("look for schema version: %w", err)
	}
	if !begun {
		return state, nil
	}
	query := "select coalesce(max(version_id), 0) from " + goose.DefaultTablename
	if err := conn.QueryRow(ctx, query).Scan(&state.Database); err != nil {
		return State{}, fmt.Errorf("read schema version: %w", err)
	}
	return state, nil
}
