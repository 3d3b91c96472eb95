package compose_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/compose"
)

func TestVariablesAreListedAsTheProviderCountsThem(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]string{
		"Hello":                         nil,
		"{{2}} and {{ 1 }} and {{2}}":   {"1", "2"},
		"{{10}} after {{9}}":            {"9", "10"},
		"{{name}}, {{agent}}, {{name}}": {"name", "agent"},
		"{{name}} {{1}} {{ not one }}":  {"1", "name"},
	} {
		require.Equal(t, want, compose.Variables(body), body)
	}
}
