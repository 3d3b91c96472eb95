package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store/db"
	"converse/internal/testkit/world"
)

// TestWhatTenThousandSessionsStandOnIsOneLookUpEach: the question that a full node asks
// every few seconds finds those that are over, by keys alone.
func TestWhatTenThousandSessionsStandOnIsOneLookUpEach(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	pool := owner(t, w)
	const sessions = 10_000
	_, err := pool.Exec(t.Context(), `insert into users (org_id, id, email, name, role, password_hash)
		select $1, gen_random_uuid(), 'many' || n || '@example.com', 'Many', 'sales_user', '' from generate_series(1, $2) n`, w.Org, sessions)
	require.NoError(t, err)
	_, err = pool.Exec(t.Context(), `insert into sign_ins (org_id, id, user_id, token_hash, expires_at)
		select $1, gen_random_uuid(), id, sha256(id::text::bytea), now() + interval '1 hour' from users where org_id = $1 and name = 'Many'`, w.Org)
	require.NoError(t, err)
	_, err = pool.Exec(t.Context(), "analyze users, sign_ins")
	require.NoError(t, err)
	var ids []string
	require.NoError(t, pool.QueryRow(t.Context(), "select array_agg(id::text) from sign_ins where org_id = $1", w.Org).Scan(&ids))
	list, versions := make([]chat.Standing, len(ids)), make([]int, len(ids))
	for i, id := range ids {
		list[i], versions[i] = chat.Standing{SignIn: chat.SignInID(id), AccessVersion: 1}, 1
	}
	began := time.Now()
	fallen, err := w.Store.Fallen(t.Context(), w.Org, list)
	t.Logf("%d sessions: %s", len(ids), time.Since(began))
	require.NoError(t, err)
	require.Empty(t, fallen)

	_, err = pool.Exec(t.Context(), "update sign_ins set ended_at = now() where id = $1", ids[7])
	require.NoError(t, err)
	_, err = pool.Exec(t.Context(), "update users set active = false where id = (select user_id from sign_ins where id = $1)", ids[8])
	require.NoError(t, err)
	_, err = pool.Exec(t.Context(), "update users set access_version = 2 where id = (select user_id from sign_ins where id = $1)", ids[9])
	require.NoError(t, err)
	fallen, err = w.Store.Fallen(t.Context(), w.Org, list)
	require.NoError(t, err)
	require.ElementsMatch(t, []chat.Fallen{{Standing: list[7], Ended: true}, {Standing: list[8], Ended: true}, {Standing: list[9]}}, fallen)

	conn, err := pool.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	results, err := conn.Conn().PgConn().Exec(t.Context(), "set plan_cache_mode = force_generic_plan; prepare fallen as "+db.FallenSignIns+
		"; explain execute fallen('{}', '{}', '"+string(w.Org)+"')").ReadAll()
	require.NoError(t, err)
	var lines strings.Builder
	for _, row := range results[len(results)-1].Rows {
		lines.Write(append(row[0], '\n'))
	}
	require.Contains(t, lines.String(), "Index")
	require.NotContains(t, lines.String(), "Seq Scan", lines.String())
}
