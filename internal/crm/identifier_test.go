package crm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/crm"
)

func TestWhichNumbersALeadCanHave(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ value, country, want string }{
		{"030 1234567", "DE", "+49301234567"},
		{"+91 98765 43210", "DE", "+919876543210"},
		{"+683 4002", "DE", "+6834002"}, // the shortest there are
		{"12", "DE", ""},                // possible by the rules of Germany
		{"110", "DE", ""},
		{"12", "US", ""},
		{"asha", "US", ""},
	} {
		got, problem := crm.Canonical(chat.IdentifierPhone, x.value, x.country)
		require.Equal(t, x.want == "", problem != "", "%s: %s", x.value, problem)
		if problem == "" {
			require.Equal(t, x.want, got)
		}
	}
}
