package localdb

import (
	"errors"
	"log/slog"
	"time"
)

// Role and Database are the superuser and the database that every cluster has.
const (
	Role     = "converse"
	Database = "converse"
)

// What Start can fail with, besides what the operating system and PostgreSQL say.
var (
	// ErrNotInstalled: no usable PostgreSQL was found on this machine.
	ErrNotInstalled = errors.New("PostgreSQL is not installed")
	// ErrInUse: another program runs the database in this folder.
	ErrInUse = errors.New("another program runs the database in this folder")
	// ErrNotSearchable: the user PostgreSQL must run as cannot reach the folder.
	ErrNotSearchable = errors.New("the folder cannot be reached by the user PostgreSQL must run as")
	// ErrUnusable: the folder cannot be made or looked into.
	ErrUnusable = errors.New("the folder cannot be used")
	// ErrForeign: the folder holds a cluster that this package cannot run.
	ErrForeign = errors.New("the folder holds a database that cannot be used")
)

// Options says where the database lives and how it runs.
type Options struct {
	// Dir is the folder for the cluster, its socket and its log. Made when missing.
	Dir string
	// Bin is the folder of initdb and postgres. Empty means: search for it, and take
	// the newest, or for an existing cluster the version that made it.
	Bin string
	// Volatile turns off everything that makes a commit survive a crash of the
	// machine. For tests only; the zero value is durable.
	Volatile bool
	// MaxConnections is PostgreSQL's limit. 0 means 100.
	MaxConnections int
	// StartTimeout bounds making and starting the cluster. 0 means a minute: initdb
	// takes half a second on an idle machine and has been seen to take six.
	StartTimeout time.Duration
	// StopGrace is how long a stop waits for running transactions to be cut off
	// cleanly before the server is stopped hard. 0 means 10 seconds.
	StopGrace time.Duration
	// Logger may be nil.
	Logger *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.MaxConnections == 0 {
		o.MaxConnections = 100
	}
	if o.StartTimeout == 0 {
		o.StartTimeout = time.Minute
	}
	if o.StopGrace == 0 {
		o.StopGrace = 10 * time.Second
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}
