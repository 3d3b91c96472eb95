package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

// asApp runs statements as the program's role, in a transaction that is undone. With
// an empty org the setting is left alone.
func asApp(t *testing.T, pool *pgxpool.Pool, org chat.OrgID, run func(pgx.Tx)) {
	t.Helper()
	tx, err := pool.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	_, err = tx.Exec(t.Context(), "set local role converse_app")
	require.NoError(t, err)
	if org != "" {
		_, err = tx.Exec(t.Context(), "select set_config('app.org_id', $1, true)", string(org))
		require.NoError(t, err)
	}
	run(tx)
}

// rowsIn counts the rows of a table that a transaction sees. A table it may not read
// at all has none.
func rowsIn(t *testing.T, tx pgx.Tx, query string, args ...any) int {
	t.Helper()
	var n int
	_, err := tx.Exec(t.Context(), "savepoint here")
	require.NoError(t, err)
	err = tx.QueryRow(t.Context(), query, args...).Scan(&n)
	if code := codeOf(err); code == "42501" {
		_, err = tx.Exec(t.Context(), "rollback to here")
		n = 0
	}
	require.NoError(t, err, query)
	return n
}

func codeOf(err error) string {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pgErr.Code
	}
	return ""
}

// behindDoors are tables that the program reads through doors alone.
var behindDoors = []string{"tickets"}

func TestI7RowsOfOneOrgAlone(t *testing.T) {
	t.Parallel()
	a, b := twoOrgs(t)
	pool := owner(t, a.World)
	for _, table := range append(orgTables(t, pool), "orgs", "conversation_rows", "message_rows") {
		key := keyOf(table)
		for _, w := range []*filled{a, b} {
			require.Positive(t, of(pool, t, table, w.Org), "the test is blind for %s", table)
		}
		all := "select count(*) from " + table
		asApp(t, pool, "", func(tx pgx.Tx) {
			require.Zero(t, rowsIn(t, tx, all), "%s without an org", table)
		})
		asApp(t, pool, a.Org, func(tx pgx.Tx) {
			want := of(pool, t, table, a.Org)
			if slices.Contains(behindDoors, table) {
				want = 0
			}
			require.Equal(t, want, rowsIn(t, tx, all), table)
			require.Zero(t, rowsIn(t, tx, all+" where "+key+" <> $1", a.Org), table)
		})
	}
}

func TestI7NothingIsWrittenForAnotherOrg(t *testing.T) {
	t.Parallel()
	a, b := twoOrgs(t)
	pool := owner(t, a.World)
	for _, table := range append(orgTables(t, pool), "orgs") {
		key := keyOf(table)
		refused := func(what, statement string, args ...any) {
			asApp(t, pool, a.Org, func(tx pgx.Tx) {
				tag, err := tx.Exec(t.Context(), statement, args...)
				if err == nil && tag.RowsAffected() == 0 && what != "insert" && what != "move" {
					return // it does not see them
				}
				require.Equal(t, "42501", codeOf(err), "%s %s: %v, %s", what, table, err, tag)
			})
		}
		// Its own row with another org's name on it.
		refused("insert", fmt.Sprintf(`insert into %[1]s overriding system value select r.* from (select * from %[1]s limit 1) own,
			jsonb_populate_record(null::%[1]s, to_jsonb(own) || jsonb_build_object('%[2]s', $1::text)) r`, table, key), b.Org)
		refused("move", fmt.Sprintf("update %s set %s = $1", table, key), b.Org)
		refused("update", fmt.Sprintf("update %s set %s = %s where %s = $1", table, key, key, key), b.Org)
		refused("delete", fmt.Sprintf("delete from %s where %s = $1", table, key), b.Org)
	}
}

func TestI7TheSettingEndsWithItsTransaction(t *testing.T) {
	t.Parallel()
	a, b := twoOrgs(t)
	small := smallStore(t, a, 1)
	setting := func() string {
		found := names(t, small.Pool(), "select coalesce(current_setting('app.org_id', true), '')")
		require.Len(t, found, 1)
		return found[0]
	}
	for _, use := range []func() error{
		func() error { _, err := small.Lead(t.Context(), a.Sales, a.Lead.ID); return err },
		func() error { _, err := small.Lead(t.Context(), b.Sales, a.Lead.ID); return err },
		func() error { _, err := small.Org(t.Context(), "' or true; --"); return err },
		func() error {
			_, err := small.AcceptMessage(t.Context(), a.Sales, newMessage(a.conversation, "x", "y"), func(chat.Conversation, []chat.Media) error { return errors.New("no") })
			return err
		},
		func() error { return small.CreateLead(t.Context(), a.Org, a.Lead) },
		func() error {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, err := small.Lead(ctx, a.Sales, a.Lead.ID)
			return err
		},
	} {
		err := use()
		require.Empty(t, setting(), "after %v", err)
		require.Equal(t, 0, count(t, small.Pool(), "select count(*) from leads"))
	}
}

// TestI7TwoOrgsOnTwoConnections mixes the work of two orgs on a pool that is too
// small for it, with calls that are given up half way.
func TestI7TwoOrgsOnTwoConnections(t *testing.T) {
	t.Parallel()
	a, b := twoOrgs(t)
	small := smallStore(t, a, 2)
	together(8, func(worker int) {
		mine, foreign := a, b
		if worker%2 == 1 {
			mine, foreign = b, a
		}
		for n := range 60 {
			ctx, cancel := context.WithCancel(t.Context())
			if n%7 == 3 {
				cancel()
			}
			said, err := hear(ctx, small, mine, foreign, worker, n)
			cancel()
			if err != nil {
				require.True(t, chat.CodeOf(err) == chat.CodeNotFound || ctx.Err() != nil, "%v", err)
			}
			require.NotContains(t, said, foreign.text)
			require.NotContains(t, said, string(foreign.Org))
			require.NotContains(t, said, string(foreign.Sales.User))
		}
	})
	require.Empty(t, slices.DeleteFunc(names(t, small.Pool(), "select current_setting('app.org_id', true)"), func(s string) bool { return s == "" }))
}
