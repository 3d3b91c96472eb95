package demo_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/channels/gupshup"
	"converse/channels/ringcentral"
	"converse/channels/twilio"
	"converse/channels/whatsappcloud"
	"converse/internal/account"
	"converse/internal/demo"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/vault"
)

// stage is a database for a demo, which can be cut off.
type stage struct {
	*demo.Maker
	owner *pgxpool.Pool
	proxy *testkit.PostgresProxy
}

func setup(t *testing.T) *stage {
	t.Helper()
	db := testkit.Postgres(t)
	s := &stage{owner: db.Pool(), proxy: db.Proxy()}
	kept, err := store.Open(t.Context(), store.Options{URL: s.proxy.URL, MaxConns: 2})
	require.NoError(t, err)
	t.Cleanup(kept.Close)
	key, err := vault.NewKey([]byte("0123456789abcdef0123456789abcdef"))
	require.NoError(t, err)
	sealed, err := vault.New(key)
	require.NoError(t, err)
	s.Maker = &demo.Maker{
		Store: kept, Passwords: passwords(), Accounts: account.NewBook(kept, sealed, "https://hub.example.com", []channels.Adapter{ctm.New(), gupshup.New(), ringcentral.New(), twilio.New(), whatsappcloud.New()}),
	}
	return s
}

func options(leads int) demo.Options {
	return demo.Options{Leads: leads, ProviderURL: "http://127.0.0.1:1", Today: today}
}

// picture is everything the demo is made of but what is random or the time of making.
func (s *stage) picture(t testing.TB) string {
	t.Helper()
	var out strings.Builder
	for _, query := range []string{
		"select id::text, name from orgs", "select id::text, name from groups", "select user_id::text, group_id::text from group_members",
		"select user_id::text, restricts::text from permission_assignments", "select id::text, access::text from users where access is not null", "select id::text, email || role from users", "select id::text, name || base_url from connectors",
		"select id::text, address from senders", "select id::text, body from templates", "select id::text, first_name || last_name || owner_id || created_at from leads",
		"select id::text, value from identifiers", "select lead_id::text, term from lead_terms",
		`select c.lead_id || ' ' || lpad(m.seq::text, 4, '0'),
		   m.text || m.kind || m.status || m.failure_text || m.direction || m.created_at || coalesce(a.outcome, '') || coalesce(r.reports, '') ||
		   coalesce(c.window_expires_at::text, '')
		 from messages m join conversations c on c.id = m.conversation_id left join attempts a on a.message_id = m.id
		 left join lateral (select string_agg(status, ',' order by status_rank(status)) as reports from receipts where message_id = m.id) r on true`,
	} {
		rows, err := s.owner.Query(t.Context(), query+" order by 1, 2")
		require.NoError(t, err, query)
		for rows.Next() {
			var id, what string
			require.NoError(t, rows.Scan(&id, &what))
			fmt.Fprintln(&out, id, what)
		}
		require.NoError(t, rows.Err())
	}
	return out.String()
}

func (s *stage) count(t testing.TB, query string) int {
	t.Helper()
	var n int
	require.NoError(t, s.owner.QueryRow(t.Context(), query).Scan(&n))
	return n
}
