package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// appRole is the role that owns nothing and is fenced to one org. Every
// connection of the pool runs as it, whatever user the URL signs in as.
const appRole = "converse_app"

// Event is a committed event that has not been marked published.
type Event struct {
	ID    int64
	Topic chat.Topic
	// Payload is converse.v1.Event in protobuf's binary form.
	Payload []byte
}

// Store is a pool of fenced connections. It is safe for concurrent use.
type Store struct {
	pool      *pgxpool.Pool
	options   Options
	questions questions
}

// Open connects to PostgreSQL. It fails when the database cannot be reached, when
// the schema has not been migrated, or when the role cannot be taken.
func Open(ctx context.Context, o Options) (*Store, error) {
	config, err := poolConfig(o)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database pool: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("connect to the database as role %s: %w", appRole, err)
	}
	s := &Store{pool: pool, options: o.orDefaults()}
	s.prepareQuestions()
	return s, nil
}

// poolConfig is how each connection is to be.
func poolConfig(o Options) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	config.MaxConns = 32
	if o.MaxConns > 0 {
		config.MaxConns = int32(o.MaxConns)
	}
	config.ConnConfig.RuntimeParams["role"] = appRole
	config.ConnConfig.RuntimeParams["application_name"] = "converse"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	// Every query looks rows up by key, so one plan serves all values; planning each time
	// anew costs a tenth of an inbound message.
	config.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	// Compiling a query costs more than any of ours takes: they read few rows, however
	// many the planner fears.
	config.ConnConfig.RuntimeParams["jit"] = "off"
	// A query that runs longer than any deadline of ours is abandoned by PostgreSQL too.
	config.ConnConfig.RuntimeParams["statement_timeout"] = "15000"
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "30000"
	config.AfterConnect = registerUUID
	return config, nil
}

// Pool is for the job queue, which keeps tables of its own beside ours.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Close waits for queries under way and closes all connections.
func (s *Store) Close() {
	s.questions.stop()
	s.pool.Close()
}

// Ping reports whether PostgreSQL answers. It blocks until ctx ends at most.
func (s *Store) Ping(ctx context.Context) error {
	return s.pool.Ping(ctx)
}

// Clock is PostgreSQL's time, for comparing with ours.
func (s *Store) Clock(ctx context.Context) (time.Time, error) {
	var now time.Time
	err := s.pool.QueryRow(ctx, "select clock_timestamp()").Scan(&now)
	return now, err
}

// Check is how the database is, for an operator.
type Check struct {
	// Version is PostgreSQL's major version.
	Version int
	// Fenced: row-level security holds for our connections.
	Fenced      bool
	ReadOnly    bool
	AsyncCommit bool
	RoundTrip   time.Duration
}

// Check asks PostgreSQL how it is.
func (s *Store) Check(ctx context.Context) (Check, error) {
	var c Check
	begin := time.Now()
	err := s.pool.QueryRow(ctx, `
		select current_setting('server_version_num')::int / 10000, row_security_active('users'),
		       current_setting('transaction_read_only') = 'on', current_setting('synchronous_commit') = 'off'`).
		Scan(&c.Version, &c.Fenced, &c.ReadOnly, &c.AsyncCommit)
	c.RoundTrip = time.Since(begin)
	if err != nil {
		return Check{}, fmt.Errorf("ask the database how it is: %w", err)
	}
	return c, nil
}

// queries runs outside any org: only door functions return rows.
func (s *Store) queries() *db.Queries { return db.New(s.pool) }

// isUnique reports whether err is a violated unique constraint of that name, or of
// any name when it is empty.
func isUnique(err error, constraint string) bool {
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && pgErr.Code == "23505" && (constraint == "" || pgErr.ConstraintName == constraint)
}

// isForeign reports whether err says that a row which is named is not there.
func isForeign(err error) bool {
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && pgErr.Code == "23503"
}

// isTransient reports whether running the same transaction again may succeed.
func isTransient(err error) bool {
	var pgErr *pgconn.PgError
	if !errors.As(err, &pgErr) {
		return false
	}
	switch pgErr.Code {
	case "40001", "40P01", "55P03": // serialization failure, deadlock, lock not available
		return true
	}
	return false
}

// IsAway reports whether err says that PostgreSQL could not do its work, as opposed
// to refusing this statement: it is down, starting, full, read-only or unreachable.
func IsAway(err error) bool {
	if err == nil || errors.Is(err, pgx.ErrNoRows) || chat.CodeOf(err) != "" {
		return false
	}
	var pgErr *pgconn.PgError
	if !errors.As(err, &pgErr) {
		var connect *pgconn.ConnectError
		var network net.Error
		return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, ErrCommitUnknown) ||
			errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || pgconn.SafeToRetry(err)
	}
	switch pgErr.Code[:2] {
	case "08", "53", "57", "58": // connection, resources, operator, system
		return true
	}
	return pgErr.Code == "25006" // read-only: a replica, or a disk being saved
}

// notFound turns a missing row into the user's error.
func notFound(err error, what string) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return chat.NotFound(what)
	}
	return err
}

// missing turns a reference to a row that is not there into the user's error.
func missing(err error, what string) error {
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) && pgErr.Code == "23503" {
		return chat.NotFound(what)
	}
	return err
}
