package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// opening is a db.DBTX that begins the transaction with its first statement, in one
// round trip with it: half of what a short transaction costs is waiting for answers.
type opening struct {
	conn *pgxpool.Conn
	org  string
	open bool
}

// begin queues what comes before the first statement. The setting ends with the
// transaction, so a pooled connection never carries an org on to the next user.
func (o *opening) begin(batch *pgx.Batch) {
	batch.Queue("begin")
	batch.Queue("select set_config('app.org_id', $1, true)", o.org)
	o.open = true
}

// first sends the first statement behind the beginning. Its result is the next one
// to be read; closing what is returned tells the first error of all three.
func (o *opening) first(ctx context.Context, sql string, args []any) pgx.BatchResults {
	batch := &pgx.Batch{}
	o.begin(batch)
	batch.Queue(sql, args...)
	results := o.conn.SendBatch(ctx, batch)
	for range 2 {
		if _, err := results.Exec(); err != nil {
			break // every later result has the same error
		}
	}
	return results
}

func (o *opening) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if o.open {
		return o.conn.Exec(ctx, sql, args...)
	}
	results := o.first(ctx, sql, args)
	tag, err := results.Exec()
	if closeErr := results.Close(); err == nil {
		err = closeErr
	}
	return tag, err
}

func (o *opening) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if o.open {
		return o.conn.Query(ctx, sql, args...)
	}
	results := o.first(ctx, sql, args)
	rows, err := results.Query()
	if err != nil {
		_ = results.Close() // the same error
		return nil, err
	}
	return &firstRows{Rows: rows, results: results}, nil
}

func (o *opening) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	if o.open {
		return o.conn.QueryRow(ctx, sql, args...)
	}
	results := o.first(ctx, sql, args)
	return firstRow{row: results.QueryRow(), results: results}
}

// firstRows ends the batch with the rows, so that the connection is free again.
type firstRows struct {
	pgx.Rows
	results pgx.BatchResults
	err     error
}

func (r *firstRows) Close() {
	r.Rows.Close()
	if err := r.results.Close(); r.err == nil {
		r.err = err
	}
}

// Next reports false after the last row, by when the batch has ended too.
func (r *firstRows) Next() bool {
	more := r.Rows.Next()
	if !more {
		r.Close()
	}
	return more
}

func (r *firstRows) Err() error {
	if err := r.Rows.Err(); err != nil {
		return err
	}
	return r.err
}

type firstRow struct {
	row     pgx.Row
	results pgx.BatchResults
}

func (r firstRow) Scan(dest ...any) error {
	err := r.row.Scan(dest...)
	if closeErr := r.results.Close(); err == nil {
		err = closeErr
	}
	return err
}
