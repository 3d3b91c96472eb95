package localdb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// makeCluster runs initdb in a folder aside and renames it when it is whole. A
// half-made cluster looks whole early on: PG_VERSION is one of the first files.
func (s *Server) makeCluster(ctx context.Context, install install) error {
	f := s.folder
	if _, err := os.Stat(f.data()); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look for a database: %w", err)
	}
	if err := os.RemoveAll(f.unfinished()); err != nil {
		return fmt.Errorf("remove a half-made database: %w", err)
	}
	if err := f.makeLeaf(f.unfinished()); err != nil {
		return err
	}
	// C sorts by bytes like C.UTF-8 but knows no letters beyond ASCII: lower('Ä') stays.
	c := install.command(f, "initdb", "-D", f.unfinished(), "-U", Role, "-A", "trust",
		"--locale=C.UTF-8", "-E", "UTF8", "--no-sync", "--no-instructions")
	var output bytes.Buffer
	c.Stdout, c.Stderr = &output, &output
	c.ExtraFiles = []*os.File{s.locks.server}
	p, err := spawn(c)
	if err != nil {
		return err
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		// The whole group: initdb has children, and its output ends with the last of them.
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
		<-p.done
		return fmt.Errorf("make database: %w", ctx.Err())
	}
	if p.err != nil {
		return fmt.Errorf("make database (%w): %s", p.err, complaint(output.String()))
	}
	return s.finish()
}

// finish puts a complete cluster in its place, on disk before and after.
func (s *Server) finish() error {
	if !s.options.Volatile {
		if err := s.folder.flush(); err != nil {
			return err
		}
	}
	if err := os.Rename(s.folder.unfinished(), s.folder.data()); err != nil {
		return fmt.Errorf("put database in place: %w", err)
	}
	if s.options.Volatile {
		return nil
	}
	return s.folder.flush()
}

// complaint picks what initdb says went wrong.
func complaint(output string) string {
	for line := range strings.Lines(output) {
		if strings.Contains(line, "error:") || strings.Contains(line, "FATAL:") {
			return strings.TrimSpace(line)
		}
	}
	return strings.TrimSpace(output)
}

// prepare waits until the server answers and makes the database.
func (s *Server) prepare(ctx context.Context) error {
	conn, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, "create database "+Database)
	var known *pgconn.PgError
	if errors.As(err, &known) && known.Code == "42P04" { // duplicate_database
		return nil
	}
	if err != nil {
		return fmt.Errorf("create database %s: %w", Database, err)
	}
	return nil
}

// connect tries until the server takes a connection or is gone.
func (s *Server) connect(ctx context.Context) (*pgx.Conn, error) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.URL("postgres"))
		if err == nil {
			return conn, nil
		}
		// 57P03: starting up, or recovering. Any other word of the server is its last.
		var refusal *pgconn.PgError
		if errors.As(err, &refusal) && refusal.Code != "57P03" {
			return nil, fmt.Errorf("connect: %w", err)
		}
		select {
		case <-s.process.done:
			return nil, fmt.Errorf("the server ended at once (%w): %s", exitError(s.process.err), s.folder.lastWords(s.logBegin))
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the server to answer: %w", ctx.Err())
		case <-tick.C:
		}
	}
}
