//go:build !linux

package localdb

import (
	"context"
	"errors"
)

// Server is a running private PostgreSQL.
type Server struct{}

// Start reports that only Linux can tie a server's life to its program's.
func Start(context.Context, Options) (*Server, error) {
	return nil, errors.New("the private PostgreSQL runs on Linux only: name a database of your own instead")
}

// URL is the address of a database on the server.
func (*Server) URL(string) string { return "" }

// PID is the process id of the server.
func (*Server) PID() int { return 0 }

// Done is closed when the server has exited, for whatever reason.
func (*Server) Done() <-chan struct{} { return nil }

// Err says why the server exited.
func (*Server) Err() error { return nil }

// Stop stops the server.
func (*Server) Stop(context.Context) error { return nil }
