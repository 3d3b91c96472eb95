package floorhook_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/bench/floorhook"
	"converse/internal/localdb"
)

// database is a private PostgreSQL with the floor's tables.
func database(t *testing.T, volatile bool) string {
	t.Helper()
	dir := t.TempDir()
	// The user that PostgreSQL runs as must be able to reach it.
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	require.NoError(t, os.Chmod(dir, 0o755))
	server, err := localdb.Start(t.Context(), localdb.Options{Dir: dir, Volatile: volatile})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Stop(t.Context()) })
	require.NoError(t, floorhook.Make(t.Context(), server.URL("")))
	return server.URL("")
}

func TestATransactionIsWhole(t *testing.T) {
	t.Parallel()
	pool, err := floorhook.Open(t.Context(), database(t, false), 1)
	require.NoError(t, err)
	defer pool.Close()
	synced := walSyncs(t, pool)
	for range 10 {
		require.NoError(t, floorhook.Store(t.Context(), pool, 3, []byte("body")))
	}
	var raw, messages, events, last, highest int
	require.NoError(t, pool.QueryRow(t.Context(), `select (select count(*) from raw), (select count(*) from messages), (select count(*) from events),
		(select last_seq from conversations where id = 3), (select max(seq) from messages)`).Scan(&raw, &messages, &events, &last, &highest))
	require.Equal(t, []int{10, 10, 10, 10, 10}, []int{raw, messages, events, last, highest})
	// Alone on its connection, every transaction waits for the disk.
	require.GreaterOrEqual(t, walSyncs(t, pool)-synced, 10)
	require.Error(t, floorhook.Store(t.Context(), pool, floorhook.Conversations, []byte("body")), "there is no such conversation")
}

// walSyncs is how often the write-ahead log was brought to the disk.
func walSyncs(t *testing.T, pool *pgxpool.Pool) int {
	t.Helper()
	var n int
	// Processes report what they did after a while, or when asked.
	_, err := pool.Exec(t.Context(), "select pg_stat_force_next_flush()")
	require.NoError(t, err)
	require.NoError(t, pool.QueryRow(t.Context(), "select wal_sync from pg_stat_wal").Scan(&n))
	return n
}

func TestADatabaseThatDoesNotSyncIsRefused(t *testing.T) {
	t.Parallel()
	_, err := floorhook.Open(t.Context(), database(t, true), 2)
	require.ErrorContains(t, err, "commits would not be durable")
}
