package store_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// audited is a store with these audit keys on the world's database.
func audited(t *testing.T, w *world.World, keys ...string) *store.Store {
	t.Helper()
	o := store.Options{URL: w.URL, MaxConns: 2}
	for _, key := range keys {
		o.AuditKeys = append(o.AuditKeys, []byte(key))
	}
	s, err := store.Open(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

func write(t *testing.T, s *store.Store, w *world.World, n int) {
	t.Helper()
	for range n {
		require.NoError(t, s.Audit(t.Context(), w.Admin, chat.AuditEntry{Action: "lead.updated", Object: string(w.Lead.ID), Fields: []string{"stage"}}))
	}
}

// tamper changes the audit as whoever owns the database can: without its triggers.
func tamper(t *testing.T, pool *pgxpool.Pool, statement string, args ...any) {
	t.Helper()
	tx, err := pool.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	for _, s := range []string{"alter table audit_entries disable trigger user"} {
		_, err = tx.Exec(t.Context(), s)
		require.NoError(t, err)
	}
	tag, err := tx.Exec(t.Context(), statement, args...)
	require.NoError(t, err)
	require.Positive(t, tag.RowsAffected(), statement)
	_, err = tx.Exec(t.Context(), "alter table audit_entries enable trigger user")
	require.NoError(t, err)
	require.NoError(t, tx.Commit(t.Context()))
}

func TestAnAuditThatWasChangedIsNoticed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statement string
		want      chat.AuditCheck
	}{
		"a detail":             {"update audit_entries set detail = 'nothing' where org_id = $1 and seq = 3", chat.AuditCheck{Upto: 2, BrokenAt: 3, Problem: chat.AuditChanged}},
		"who it was":           {"update audit_entries set actor_name = 'Somebody else' where org_id = $1 and seq = 2", chat.AuditCheck{Upto: 1, BrokenAt: 2, Problem: chat.AuditChanged}},
		"when it was":          {"update audit_entries set at = at - interval '1 day' where org_id = $1 and seq = 1", chat.AuditCheck{BrokenAt: 1, Problem: chat.AuditChanged}},
		"one taken out":        {"delete from audit_entries where org_id = $1 and seq = 3", chat.AuditCheck{Upto: 2, BrokenAt: 3, Problem: chat.AuditMissing}},
		"the first taken out":  {"delete from audit_entries where org_id = $1 and seq = 1", chat.AuditCheck{BrokenAt: 1, Problem: chat.AuditMissing}},
		"the last taken out":   {"delete from audit_entries where org_id = $1 and seq = 5", chat.AuditCheck{Upto: 4, BrokenAt: 5, Problem: chat.AuditMissing}},
		"all taken out":        {"delete from audit_entries where org_id = $1", chat.AuditCheck{BrokenAt: 1, Problem: chat.AuditMissing}},
		"two in another order": {"update audit_entries set seq = case seq when 2 then 103 when 3 then 102 end where org_id = $1 and seq in (2, 3)", chat.AuditCheck{Upto: 1, BrokenAt: 2, Problem: chat.AuditMissing}},
		"another's hash":       {"update audit_entries set hash = (select hash from audit_entries where org_id = $1 and seq = 2) where org_id = $1 and seq = 4", chat.AuditCheck{Upto: 3, BrokenAt: 4, Problem: chat.AuditChanged}},
		"the head set back":    {"update audit_heads set seq = 4, hash = (select hash from audit_entries where org_id = $1 and seq = 4) where org_id = $1", chat.AuditCheck{Upto: 5, BrokenAt: 5, Problem: chat.AuditChanged}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world.New(t)
			s := audited(t, w, "key")
			write(t, s, w, 5)
			good, err := s.VerifyAudit(t.Context(), w.Org, 0)
			require.NoError(t, err)
			require.Equal(t, chat.AuditCheck{Upto: 5}, good)
			tamper(t, owner(t, w), c.statement, w.Org)
			got, err := s.VerifyAudit(t.Context(), w.Org, 0)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestAnAuditHoldsOverAChangeOfKeys(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	write(t, audited(t, w, "old"), w, 2)
	rotated := audited(t, w, "new", "old")
	write(t, rotated, w, 2)
	check, err := rotated.VerifyAudit(t.Context(), w.Org, 0)
	require.NoError(t, err)
	require.Equal(t, chat.AuditCheck{Upto: 4}, check)
	check, err = rotated.VerifyAudit(t.Context(), w.Org, 3)
	require.NoError(t, err)
	require.Equal(t, chat.AuditCheck{Upto: 4}, check, "from one that is known to be good")
	check, err = audited(t, w, "new").VerifyAudit(t.Context(), w.Org, 0)
	require.NoError(t, err)
	require.Equal(t, chat.AuditCheck{BrokenAt: 1, Problem: chat.AuditChanged}, check, "without the old key nothing can be said")
	other := world.At(t, w.URL)
	check, err = rotated.VerifyAudit(t.Context(), other.Org, 0)
	require.NoError(t, err)
	require.Equal(t, chat.AuditCheck{}, check, "an audit without entries")
}
