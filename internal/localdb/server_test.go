//go:build linux

package localdb_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"converse/internal/localdb"
)

func TestStartsOnAnEmptyFolderAndKeepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), "data", "db")
	s := start(t, localdb.Options{Dir: dir})
	do(t, s, "create table notes (text text)", "insert into notes values ('kept')")
	stop(t, s)
	require.NoError(t, s.Err())

	s = start(t, localdb.Options{Dir: dir})
	require.Equal(t, "kept", ask(t, s, "select text from notes"))
}

func TestServerIsSetUpAsPromised(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, localdb.Options{Dir: dir, MaxConnections: 33})
	for query, want := range map[string]string{
		"show fsync":                             "on",
		"show synchronous_commit":                "on",
		"show full_page_writes":                  "on",
		"show listen_addresses":                  "",
		"show max_connections":                   "33",
		"show server_encoding":                   "UTF8",
		"show lc_collate":                        "C.UTF-8",
		"select lower('Ä')":                      "ä",
		"select ('Ä' ilike 'ä')::text":           "true",
		"select current_user::text":              localdb.Role,
		"select current_database()::text":        localdb.Database,
		"select current_setting('is_superuser')": "on",
	} {
		require.Equal(t, want, ask(t, s, query), query)
	}
	for _, private := range []string{"pg", "run"} {
		info, err := os.Stat(filepath.Join(dir, private))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o700), info.Mode().Perm(), private)
	}
	// Ctrl-C reaches a process group: ours, not the server's.
	group, err := unix.Getpgid(s.PID())
	require.NoError(t, err)
	require.NotEqual(t, unix.Getpgrp(), group)
}

func TestVolatileTurnsSafetyOff(t *testing.T) {
	t.Parallel()
	s := start(t, localdb.Options{Dir: folder(t), Volatile: true})
	require.Equal(t, "off", ask(t, s, "show fsync"))
}

func TestOurEnvironmentDoesNotChangeTheAddress(t *testing.T) {
	t.Setenv("PGPORT", "1")
	t.Setenv("PGHOST", "192.0.2.1")
	t.Setenv("PGUSER", "somebody")
	t.Setenv("PGDATABASE", "something")
	t.Setenv("PGSSLMODE", "require")
	s := start(t, localdb.Options{Dir: folder(t), Volatile: true})
	require.Equal(t, "1", ask(t, s, "select '1'"))
}

func TestASecondProgramIsRefused(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, localdb.Options{Dir: dir, Volatile: true})
	began := time.Now()
	_, err := localdb.Start(within(t, time.Minute), localdb.Options{Dir: dir})
	require.ErrorIs(t, err, localdb.ErrInUse)
	require.Less(t, time.Since(began), 5*time.Second, "it must not wait for a living program")
	require.Equal(t, "1", ask(t, s, "select '1'"), "the first server runs on")
}

func TestLongAndAwkwardPathsGetAShortSocket(t *testing.T) {
	t.Parallel()
	for name, sub := range map[string]string{
		"long":  strings.Repeat("a-rather-long-name/", 8),
		"comma": "one,two",
		"space": "one two 'three'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(folder(t), sub)
			s := start(t, localdb.Options{Dir: dir, Volatile: true})
			require.Equal(t, "1", ask(t, s, "select '1'"))
			short, err := os.Readlink(filepath.Join(dir, "run"))
			require.NoError(t, err)
			require.DirExists(t, short)
			stop(t, s)
			require.NoDirExists(t, short)
		})
	}
}

func TestStopCutsOffClientsAndIsSafeTwice(t *testing.T) {
	t.Parallel()
	s := start(t, localdb.Options{Dir: folder(t), Volatile: true})
	conn := connect(t, s)
	_, err := conn.Exec(within(t, time.Minute), "begin; create table half (x int)")
	require.NoError(t, err)
	began := time.Now()
	stop(t, s)
	stop(t, s)
	require.Less(t, time.Since(began), 5*time.Second)
	<-s.Done()
	require.NoError(t, s.Err())
}

func TestStopWithoutTimeIsHardAndRecovers(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s, err := localdb.Start(within(t, time.Minute), localdb.Options{Dir: dir})
	require.NoError(t, err)
	do(t, s, "create table notes (text text)", "insert into notes values ('kept')")
	// Stopped, it cannot even hear SIGINT.
	pid := s.PID()
	require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP))
	at := time.AfterFunc(100*time.Millisecond, func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
	defer at.Stop()
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorContains(t, s.Stop(gone), "stopped hard")

	s = start(t, localdb.Options{Dir: dir})
	require.Equal(t, "kept", ask(t, s, "select text from notes"))
}

func TestAnUnexpectedEndIsNoticedAndTheFolderStartsAgain(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s, err := localdb.Start(within(t, time.Minute), localdb.Options{Dir: dir})
	require.NoError(t, err)
	do(t, s, "create table notes (text text)", "insert into notes values ('kept')")
	require.NoError(t, s.Err())
	require.NoError(t, syscall.Kill(s.PID(), syscall.SIGKILL))
	select {
	case <-s.Done():
	case <-time.After(time.Minute):
		t.Fatal("the end was not noticed")
	}
	require.ErrorContains(t, s.Err(), "ended unexpectedly (signal: killed)")
	stop(t, s)

	s = start(t, localdb.Options{Dir: dir})
	require.Equal(t, "kept", ask(t, s, "select text from notes"))
}

func TestServerOutlivesTheThreadThatStartedIt(t *testing.T) {
	t.Parallel()
	var s *localdb.Server
	var err error
	dir := folder(t)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread() // never unlocked, so the thread ends with the goroutine
		s, err = localdb.Start(context.Background(), localdb.Options{Dir: dir, Volatile: true})
	}()
	<-ended
	require.NoError(t, err)
	defer stop(t, s)
	for range 20 {
		require.Equal(t, "1", ask(t, s, "select '1'"))
	}
	select {
	case <-s.Done():
		t.Fatal(s.Err())
	default:
	}
}
