// Package serve is what all servers of the bench share: a listener on a free port,
// the line that says so, and the means to measure them.
//
// It owns the plain http.Server that each of them is given, publishing over it,
// forced garbage collection and pprof. It promises that no server gets anything
// here that another does not.
//
// It must not know what is served.
package serve

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// Ready is what a server prints once it listens.
type Ready struct {
	Addr string `json:"addr"`
}

// Server is a listener and what is served on it.
type Server struct {
	// Addr is host:port on the loopback.
	Addr string
	// Mux is for the server's own paths.
	Mux      *http.ServeMux
	listener net.Listener
}

// New listens on a free port of the loopback.
func New() (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return &Server{Addr: listener.Addr().String(), Mux: http.NewServeMux(), listener: listener}, nil
}

// Run says that the server is ready and serves until the process is told to end.
// sessions says how many sockets are open.
func (s *Server) Run(sessions func() int) error {
	s.Mux.HandleFunc("GET /sessions", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, sessions()) })
	s.Mux.HandleFunc("POST /gc", collect)
	s.Mux.HandleFunc("/debug/pprof/", pprof.Index)
	s.Mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	if err := json.NewEncoder(os.Stdout).Encode(Ready{Addr: s.Addr}); err != nil {
		return fmt.Errorf("say that the server is ready: %w", err)
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	failed := make(chan error, 1)
	go func() { failed <- http.Serve(s.listener, s.Mux) }()
	select {
	case <-end:
		return nil // sockets are dropped: nobody is to come back
	case err := <-failed:
		return err
	}
}

// collect gives everything back that is not in use.
func collect(w http.ResponseWriter, _ *http.Request) {
	debug.FreeOSMemory()
	w.WriteHeader(http.StatusNoContent)
}

// Publish adds POST /publish?topic=…, whose body is what to publish.
func (s *Server) Publish(publish func(r *http.Request, topic string, body []byte) error) {
	s.Mux.HandleFunc("POST /publish", func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, r.ContentLength)
		_, err := io.ReadFull(r.Body, body)
		if err == nil {
			err = publish(r, r.URL.Query().Get("topic"), body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}
