package localdb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"sync"
	"syscall"
	"time"
)

// Server is a running private PostgreSQL.
type Server struct {
	folder  folder
	options Options
	logger  *slog.Logger
	socket  string
	locks   locks
	process *process
	// logBegin is where this run's part of the log begins.
	logBegin int64

	stopOnce sync.Once
	stopErr  error
	// stopping is closed when a stop was asked for: an exit after that is no surprise.
	stopping chan struct{}
}

// Start makes the cluster if there is none, starts the server and returns when it
// answers. The context bounds the start only; the server runs until Stop.
func Start(ctx context.Context, options Options) (*Server, error) {
	options = options.withDefaults()
	ctx, cancel := context.WithTimeout(ctx, options.StartTimeout)
	defer cancel()
	if options.Dir == "" {
		return nil, errors.New("start private PostgreSQL: no folder given")
	}
	s, err := start(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("start private PostgreSQL in %s: %w", options.Dir, err)
	}
	return s, nil
}

func start(ctx context.Context, options Options) (_ *Server, err error) {
	wanted, err := madeBy(options.Dir)
	if err != nil {
		return nil, err
	}
	// Before anything is made, so that a machine without PostgreSQL stays as it is.
	install, err := findInstall(ctx, options.Bin, wanted)
	if err != nil {
		return nil, err
	}
	f, err := openFolder(options.Dir)
	if err != nil {
		return nil, err
	}
	s := &Server{folder: f, options: options, logger: options.Logger, stopping: make(chan struct{})}
	if s.locks, err = takeLocks(ctx, f); err != nil {
		return nil, err
	}
	began := time.Now()
	if err := s.launch(ctx, install); err != nil {
		s.clear()
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), options.StopGrace)
		defer cancel()
		return nil, errors.Join(err, s.Stop(grace))
	}
	s.logger.Info("private database started", "version", install.major, "pid", s.PID(),
		"made", wanted == 0, "took_ms", time.Since(began).Milliseconds())
	return s, nil
}

// launch makes the cluster if needed and starts the server.
func (s *Server) launch(ctx context.Context, install install) error {
	if err := s.makeCluster(ctx, install); err != nil {
		return err
	}
	var err error
	if s.socket, err = s.folder.socketDir(); err != nil {
		return err
	}
	log, begin, err := s.folder.openLog()
	if err != nil {
		return err
	}
	defer log.Close()
	s.logBegin = begin

	c := install.command(s.folder, "postgres", s.arguments()...)
	c.Stdout, c.Stderr = log, log
	c.ExtraFiles = []*os.File{s.locks.server}
	s.process, err = spawn(c)
	return err
}

func (s *Server) arguments() []string {
	args := []string{
		"-D", s.folder.data(), "-k", s.socket, "-h", "", "-p", "5432",
		"-c", "unix_socket_permissions=0700",
		"-c", fmt.Sprintf("max_connections=%d", s.options.MaxConnections),
		"-c", "shared_buffers=128MB",
		// Statements and details of errors hold people's data, which no log may.
		"-c", "log_min_error_statement=panic",
		"-c", "log_error_verbosity=terse",
	}
	if s.options.Volatile {
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
	}
	return args
}

// URL is the address of a database on the server, for pgx and anything that reads
// PostgreSQL URLs. It holds no secret. Empty means the database "converse".
func (s *Server) URL(database string) string {
	if database == "" {
		database = Database
	}
	// All four are spelt out, or PGPORT and its like in our environment would fill in.
	query := url.Values{"host": {s.socket}, "port": {"5432"}, "sslmode": {"disable"}}
	return (&url.URL{Scheme: "postgres", User: url.User(Role), Path: "/" + database, RawQuery: query.Encode()}).String()
}

// PID is the process id of the server, for tests that hurt it.
func (s *Server) PID() int { return s.process.cmd.Process.Pid }

// Done is closed when the server has exited, for whatever reason.
func (s *Server) Done() <-chan struct{} { return s.process.done }

// Err says why the server exited. It is nil while it runs and after a Stop.
func (s *Server) Err() error {
	select {
	case <-s.stopping:
		return nil
	default:
	}
	if !s.process.exited() {
		return nil
	}
	return fmt.Errorf("the private PostgreSQL ended unexpectedly (%w): %s", exitError(s.process.err), s.folder.lastWords(s.logBegin))
}

func exitError(err error) error {
	if err == nil {
		return errors.New("exit status 0")
	}
	return err
}

// Stop stops the server and waits until it is gone: cleanly, cutting off its
// clients, or hard when that takes longer than the grace or the context allows.
// After a hard stop the next start recovers by itself. Calling it again returns
// the same.
func (s *Server) Stop(ctx context.Context) error {
	s.stopOnce.Do(func() {
		close(s.stopping)
		s.stopErr = s.stop(ctx)
		s.clear()
	})
	return s.stopErr
}

func (s *Server) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.options.StopGrace)
	defer cancel()
	// Never SIGTERM, which waits for clients for ever.
	s.process.signal(syscall.SIGINT)
	select {
	case <-s.process.done:
		return nil
	case <-ctx.Done():
	}
	// The server kills what does not obey SIGQUIT after five seconds.
	s.process.signal(syscall.SIGQUIT)
	hard := time.NewTimer(10 * time.Second)
	defer hard.Stop()
	select {
	case <-s.process.done:
	case <-hard.C:
		s.process.signal(syscall.SIGKILL)
		<-s.process.done
	}
	return errors.New("stop private PostgreSQL: it did not end in time and was stopped hard; it will recover at the next start")
}

// clear gives back what the server held besides its data.
func (s *Server) clear() {
	if err := s.folder.removeSocketDir(); err != nil {
		s.logger.Warn("private database's socket stays behind", "error", err)
	}
	s.locks.release()
}
