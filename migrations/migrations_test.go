package migrations_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit"
	"converse/migrations"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func within(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

var quiet = slog.New(slog.DiscardHandler)

func file(sql string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose Up\n" + sql)}
}

func TestEveryMigrationRunsFromEmptyAndOnlyOnce(t *testing.T) {
	t.Parallel()
	url, ctx := testkit.EmptyPostgres(t).URL, within(t, time.Minute)
	state, err := migrations.Read(ctx, url)
	require.NoError(t, err)
	require.Equal(t, migrations.State{Program: migrations.Latest()}, state)
	require.ErrorIs(t, state.Err(), migrations.ErrOlder)

	ran, err := migrations.Up(ctx, url, quiet)
	require.NoError(t, err)
	require.Positive(t, ran)
	state, err = migrations.Read(ctx, url)
	require.NoError(t, err)
	require.NoError(t, state.Err())

	ran, err = migrations.Up(ctx, url, quiet)
	require.NoError(t, err)
	require.Zero(t, ran)
}

func TestReadingAnEmptyDatabaseChangesNothing(t *testing.T) {
	t.Parallel()
	db, ctx := testkit.EmptyPostgres(t), within(t, time.Minute)
	_, err := migrations.Read(ctx, db.URL)
	require.NoError(t, err)
	var tables int
	require.NoError(t, db.Pool().QueryRow(ctx, "select count(*) from pg_tables where schemaname = 'public'").Scan(&tables))
	require.Zero(t, tables)
}

func TestManyNodesMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	db, ctx := testkit.EmptyPostgres(t), within(t, time.Minute)
	files := fstest.MapFS{
		"00001_one.sql": file("create table one (x int); select pg_sleep(0.2);"),
		"00002_two.sql": file("create table two (x int); insert into one values (1);"),
	}
	const nodes = 4
	errs, ran := make([]error, nodes), make([]int, nodes)
	var wg sync.WaitGroup
	for n := range nodes {
		wg.Go(func() { ran[n], errs[n] = migrations.UpFrom(ctx, files, db.URL, quiet) })
	}
	wg.Wait()
	total := 0
	for n := range nodes {
		require.NoError(t, errs[n])
		total += ran[n]
	}
	require.Equal(t, 2, total)
	var rows int
	require.NoError(t, db.Pool().QueryRow(ctx, "select count(*) from one").Scan(&rows))
	require.Equal(t, 1, rows)
}

func TestANewerDatabaseIsLeftAlone(t *testing.T) {
	t.Parallel()
	url, ctx := testkit.EmptyPostgres(t).URL, within(t, time.Minute)
	older := fstest.MapFS{"00001_one.sql": file("create table one (x int);")}
	newer := fstest.MapFS{"00001_one.sql": older["00001_one.sql"], "00002_two.sql": file("create table two (x int);")}
	_, err := migrations.UpFrom(ctx, newer, url, quiet)
	require.NoError(t, err)

	state, err := migrations.ReadFrom(ctx, older, url)
	require.NoError(t, err)
	require.Equal(t, migrations.State{Database: 2, Program: 1}, state)
	_, err = migrations.UpFrom(ctx, older, url, quiet)
	require.ErrorIs(t, err, migrations.ErrNewer)
	require.ErrorContains(t, err, "it is at 2, this program knows 1")
}

func TestAFailedMigrationLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	db, ctx := testkit.EmptyPostgres(t), within(t, time.Minute)
	files := fstest.MapFS{
		"00001_one.sql": file("create table one (x int);"),
		"00002_two.sql": file("create table two (x int); create table one (x int);"),
	}
	_, err := migrations.UpFrom(ctx, files, db.URL, quiet)
	require.ErrorContains(t, err, "00002_two.sql")
	state, err := migrations.ReadFrom(ctx, files, db.URL)
	require.NoError(t, err)
	require.Equal(t, int64(1), state.Database)
	var there bool
	require.NoError(t, db.Pool().QueryRow(ctx, "select to_regclass('two') is not null").Scan(&there))
	require.False(t, there)

	files["00002_two.sql"] = file("create table two (x int);")
	ran, err := migrations.UpFrom(ctx, files, db.URL, quiet)
	require.NoError(t, err)
	require.Equal(t, 1, ran)
}

func TestAnUnreachableDatabaseIsAnError(t *testing.T) {
	t.Parallel()
	_, err := migrations.Up(within(t, time.Minute), "postgres://converse@127.0.0.1:1/converse?sslmode=disable", quiet)
	require.ErrorContains(t, err, "read schema version")
}
