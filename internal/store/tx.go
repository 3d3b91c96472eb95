package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"converse/internal/chat"
	"converse/internal/store/db"
	"converse/internal/wire"
)

// rollbackTimeout bounds the undoing of a transaction whose own context may have
// ended already.
const rollbackTimeout = 5 * time.Second

// ErrCommitUnknown says that the connection was lost while committing: the change
// may be there or not. Callers read again by their own key before deciding.
var ErrCommitUnknown = errors.New("outcome of the commit is not known")

// tx is one transaction fenced to one org.
type tx struct {
	// Queries run at once.
	*db.Queries
	// later takes statements whose result nobody waits for; they are sent together
	// with the commit, in one round trip. The first that fails undoes everything.
	later   *db.Queries
	options *Options
	org     chat.OrgID
	events  []Event
	changed []chat.UserID // whose access or role changes
	// unserved: a lead came in that nobody could get.
	unserved bool
	opening  opening
	queue    queue
}

// inOrg runs fn in one transaction that sees only rows of the org. The
// transaction is undone when fn or any statement fails, and run again when
// PostgreSQL asks for that; fn must therefore have no effect outside it.
func (s *Store) inOrg(ctx context.Context, org chat.OrgID, fn func(*tx) error) error {
	const tries = 5
	for try := 1; ; try++ {
		err := s.once(ctx, org, fn)
		if err == nil || try == tries || !isTransient(err) {
			return err
		}
	}
}

func (s *Store) once(ctx context.Context, org chat.OrgID, fn func(*tx) error) error {
	id, err := uuid.Parse(string(org))
	if err != nil {
		return chat.Invalidf("org", "is not an id")
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("acquire a database connection: %w", err)
	}
	defer conn.Release()

	t := &tx{org: org, options: &s.options, opening: opening{conn: conn, org: id.String()}}
	t.Queries = db.New(&t.opening)
	t.later = db.New(&t.queue)
	if err := fn(t); err != nil {
		rollback(ctx, conn)
		return err
	}
	if err := t.commit(ctx); err != nil {
		rollback(ctx, conn)
		return err
	}
	for _, user := range t.changed {
		s.options.AccessChanged(user)
	}
	if len(t.events) > 0 {
		s.options.Committed(t.events)
	}
	if t.unserved {
		s.options.Unserved(org)
	}
	return nil
}

// publish adds an event to the transaction. It reaches sessions after the commit, and
// only those who may see its owner's leads: an event about a lead must say the owner,
// unless it carries the lead or a conversation, which do.
func (t *tx) publish(topic chat.Topic, event chat.Event) error {
	event.Owner = ownerOf(event)
	payload, err := wire.EncodeEvent(event)
	if err != nil {
		return err
	}
	t.events = append(t.events, Event{Topic: topic, Payload: payload})
	return nil
}

// pgx is the transaction for libraries that insert their own rows; it is ended by us
// alone.
func (t *tx) pgx(ctx context.Context) (pgx.Tx, error) {
	if !t.opening.open {
		if _, err := t.opening.Exec(ctx, "select 1"); err != nil {
			return nil, err
		}
	}
	// The transaction has begun: there is nothing left for pgx to say.
	return t.opening.conn.BeginTx(ctx, pgx.TxOptions{BeginQuery: "select 1"})
}

// commit sends the queued statements, the events and the commit in one round trip.
// A transaction that has not begun by then is one round trip in all.
func (t *tx) commit(ctx context.Context) error {
	batch := &pgx.Batch{}
	if !t.opening.open {
		if len(t.queue.batch.QueuedQueries)+len(t.events) == 0 {
			return nil
		}
		t.opening.begin(batch)
	}
	batch.QueuedQueries = append(batch.QueuedQueries, t.queue.batch.QueuedQueries...)
	t.queueEvents(batch)
	var committed pgconn.CommandTag
	batch.Queue("commit").Exec(func(tag pgconn.CommandTag) error {
		committed = tag
		return nil
	})
	if err := t.opening.conn.SendBatch(ctx, batch).Close(); err != nil {
		// A refusal by name is certain. A lost connection is not, nor is a server that
		// shuts down (class 57P): it may do so between the commit and its answer.
		var pgErr *pgconn.PgError
		if errors.As(err, &pgErr) && !strings.HasPrefix(pgErr.Code, "57P") {
			return fmt.Errorf("commit: %w", err)
		}
		return fmt.Errorf("%w: %w", ErrCommitUnknown, err)
	}
	// A transaction that failed earlier answers a commit with a rollback.
	if committed.String() != "COMMIT" {
		return errors.New("commit: the transaction had already failed")
	}
	return nil
}

// queueEvents adds the events to a batch, with one statement however many there are.
func (t *tx) queueEvents(batch *pgx.Batch) {
	if len(t.events) == 0 {
		return
	}
	topics, payloads := make([]string, len(t.events)), make([][]byte, len(t.events))
	for i, e := range t.events {
		topics[i], payloads[i] = string(e.Topic), e.Payload
	}
	batch.Queue(db.InsertEvents, t.org, topics, payloads).Query(func(rows pgx.Rows) error {
		for i := 0; rows.Next(); i++ {
			if err := rows.Scan(&t.events[i].ID); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// rollback ends what is left of a transaction. A connection that cannot do so is
// closed, which ends it too.
func rollback(ctx context.Context, conn *pgxpool.Conn) {
	if conn.Conn().IsClosed() || conn.Conn().PgConn().TxStatus() == 'I' {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	if _, err := conn.Exec(ctx, "rollback"); err != nil {
		_ = conn.Conn().Close(ctx) // it is being thrown away
	}
}

// queue is a db.DBTX that keeps statements for the commit.
type queue struct{ batch pgx.Batch }

func (q *queue) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	q.batch.Queue(sql, args...)
	return pgconn.CommandTag{}, nil
}

func (q *queue) Query(context.Context, string, ...any) (pgx.Rows, error) {
	return nil, errors.New("a queued statement has no rows")
}

func (q *queue) QueryRow(context.Context, string, ...any) pgx.Row { return noRow{} }

type noRow struct{}

func (noRow) Scan(...any) error { return errors.New("a queued statement has no row") }
