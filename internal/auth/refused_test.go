package auth_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/store"
)

// audited lists the actions of an org's audit that begin so, the oldest first.
func (s *stored) audited(t *testing.T, begins ...string) []string {
	t.Helper()
	s.WriteRefused(t.Context(), slog.New(slog.DiscardHandler))
	var out []string
	for _, begin := range begins {
		entries, err := s.Store.AuditEntries(t.Context(), s.Org, store.AuditFilter{Action: begin, Most: 100})
		require.NoError(t, err)
		for i := range entries {
			e := entries[len(entries)-1-i]
			require.NotEmpty(t, e.Object)
			require.Empty(t, e.Fields)
			require.Empty(t, e.Detail)
			require.Equal(t, e.Action == "sign_in.succeeded" || e.Action == "second_factor.recovery_code_used" || e.Action == "second_factor.enabled",
				e.Actor != "", "%s: only who has proven who they are has done something", e.Action)
			out = append(out, e.Action)
		}
	}
	return out
}

func TestSignInsAreAudited(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.logIn(t)
	require.Equal(t, chat.CodeUnauthenticated, code(t, s.SignIns, email, "wrong horse", "192.0.2.1"))
	require.Equal(t, chat.CodeUnauthenticated, code(t, s.SignIns, "nobody@example.com", "wrong horse", "192.0.2.1"))
	require.Equal(t, []string{"sign_in.succeeded", "sign_in.failed"}, s.audited(t, "sign_in"))
	entries, err := s.Store.AuditEntries(t.Context(), s.Org, store.AuditFilter{Action: "sign_in", Most: 10})
	require.NoError(t, err)
	require.Equal(t, "192.0.2.1", entries[0].Address)
	require.Equal(t, entries[0].Object, entries[1].Object, "the same user")
	require.Equal(t, "Mira", entries[1].ActorName)
	for range 20 {
		code(t, s.SignIns, email, "wrong horse", "192.0.2.2")
	}
	list := s.audited(t, "sign_in")
	require.Equal(t, "sign_in.locked", list[len(list)-1])
	require.Len(t, list, 2+10, "what is not looked at any more is not told of either")
	dump := s.dump(t)
	require.NotContains(t, dump, "wrong horse")
	require.NotContains(t, dump, "nobody@example.com")
	check, err := s.Store.VerifyAudit(t.Context(), s.Org, 0)
	require.NoError(t, err)
	require.Empty(t, check.Problem)
}

func TestSecondFactorsAreAudited(t *testing.T) {
	t.Parallel()
	p := enrolled(t)
	before := len(p.audited(t, "second_factor", "sign_in"))
	challenge := p.challenge(t)
	_, err := p.verify(t, challenge, p.wrong(t))
	require.Error(t, err)
	_, err = p.VerifyCode(t.Context(), challenge, auth.Code{Recovery: p.recovery[0], From: "here"})
	require.NoError(t, err)
	list := p.audited(t, "second_factor", "sign_in")
	require.Len(t, list, before+3)
	require.Subset(t, list, []string{"second_factor.enabled", "second_factor.wrong_code", "second_factor.recovery_code_used", "sign_in.succeeded"})
	require.NotContains(t, p.dump(t), p.recovery[0])
}
