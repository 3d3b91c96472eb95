package main

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/bench/host"
	"converse/bench/scenario"
)

// TestMain makes the test's program the servers too, as the bench's own is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		if server, ok := servers[os.Args[1]]; ok {
			exit(server(os.Args[2:]))
		}
	}
	os.Exit(m.Run())
}

// Every side takes the same load, and what is reported was delivered.
func TestSidesTakeTurns(t *testing.T) {
	require.NoError(t, host.RaiseFiles(1000))
	self, err := os.Executable()
	require.NoError(t, err)
	e := &scenario.Env{Self: self, Dir: t.TempDir(), Reps: 1, Quick: true, Tell: t.Logf, Spans: map[string]time.Duration{
		"A": 300 * time.Millisecond, "D": 300 * time.Millisecond,
	}}
	require.NoError(t, e.Prepare())
	defer e.Close()
	for _, s := range scenario.All() {
		if e.Spans[s.Name] == 0 {
			continue
		}
		rows := s.Run(t.Context(), e)
		require.Len(t, rows, 1)
		require.Empty(t, rows[0].Err)
		require.Len(t, rows[0].Ours, 1)
		require.Len(t, rows[0].Peer, 1)
		require.Len(t, rows[0].Floor, 1)
	}
}
