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

// Options says how to connect.
type Options struct {
	// URL is a PostgreSQL connection string. Its user must be a member of converse_app.
	URL string
	// MaxConns bounds the pool; 0 means 32.
	MaxConns int
	// Committed is called with the events of each transaction after its commit, from
	// the goroutine that committed. It must not block. May be nil.
	Committed func([]Event)
	// AccessChanged is called for every user whose access or role a transaction changed,
	// after its commit and before Committed. It must not block. May be nil.
	AccessChanged func(chat.UserID)
	// FetchMedia adds the jobs that fetch announced files, in the transaction that
	// stores them. May be nil: the files then stay loading.
	FetchMedia func(ctx context.Context, tx pgx.Tx, org chat.OrgID, ids []chat.MediaID) error
	// Preview adds the jobs that make small pictures of files, in the transaction that made
	// them ready. May be nil: there are none then.
	Preview func(ctx context.Context, tx pgx.Tx, org chat.OrgID, ids []chat.MediaID) error
	// PollSoon adds the job that asks a connector's provider what happened, in the
	// transaction that was told of a change. May be nil: then the next poll finds it.
	PollSoon func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ConnectorID) error
	// SyncTemplates adds the job that reads a connector's templates from its provider. May
	// be nil: then they are not read.
	SyncTemplates func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ConnectorID) error
	// PassLeads adds the job that gives the leads of a user who left to others. May be
	// nil: then they stay.
	PassLeads func(ctx context.Context, tx pgx.Tx, org chat.OrgID, from chat.UserID, to []chat.UserID) error
	// Transfer adds the job that works on an import or an export, in the transaction that
	// makes it necessary. May be nil: somebody else must then work.
	Transfer func(ctx context.Context, tx pgx.Tx, work Transfer) error
	// Unserved is called after the commit of each lead that came in while nobody at all
	// could get it, from the goroutine that committed. It must not block. May be nil.
	Unserved func(chat.OrgID)
	// WakeLater adds the job that brings a snoozed conversation back at a time, in the
	// transaction that snoozes it. May be nil: it then comes back when the lead writes.
	WakeLater func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ConversationID, at time.Time) error
	// Erase adds the job that goes on with erasing a lead, in the transaction that begins
	// it. May be nil: nobody then goes on.
	Erase func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ErasureID) error
	// Care adds the job that looks after a connector, in the transaction that makes it
	// necessary. May be nil: it is then looked after when its time comes.
	Care CareFunc
	// SuppressionKeys are what the identifiers of erased leads are hashed with, the one to
	// write with first.
	SuppressionKeys [][]byte
	// AuditKeys are what the audit's hashes are keyed with: the first for new entries, and
	// all that entries were written with.
	AuditKeys [][]byte
}

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
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database pool: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("connect to the database as role %s: %w", appRole, err)
	}
	if o.Committed == nil {
		o.Committed = func([]Event) {}
	}
	if o.AccessChanged == nil {
		o.AccessChanged = func(chat.UserID) {}
	}
	if o.Unserved == nil {
		o.Unserved = func(chat.OrgID) {}
	}
	if o.PassLeads == nil {
		o.PassLeads = func(context.Context, pgx.Tx, chat.OrgID, chat.UserID, []chat.UserID) error { return nil }
	}
	if o.FetchMedia == nil {
		o.FetchMedia = func(context.Context, pgx.Tx, chat.OrgID, []chat.MediaID) error { return nil }
	}
	if o.Preview == nil {
		o.Preview = func(context.Context, pgx.Tx, chat.OrgID, []chat.MediaID) error { return nil }
	}
	if o.Transfer == nil {
		o.Transfer = func(context.Context, pgx.Tx, Transfer) error { return nil }
	}
	if o.WakeLater == nil {
		o.WakeLater = func(context.Context, pgx.Tx, chat.OrgID, chat.ConversationID, time.Time) error { return nil }
	}
	if o.Erase == nil {
		o.Erase = func(context.Context, pgx.Tx, chat.OrgID, chat.ErasureID) error { return nil }
	}
	if o.Care == nil {
		o.Care = func(context.Context, pgx.Tx, chat.OrgID, chat.ConnectorID) error { return nil }
	}
	s := &Store{pool: pool, options: o}
	s.prepareQuestions()
	return s, nil
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
