package outbox_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/internal/outbox"
)

// TestEveryReasonHasADecisionAndWords reads the reasons from the contract's source,
// so that a new one cannot be forgotten.
func TestEveryReasonHasADecisionAndWords(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "../../channels/send.go", nil, 0)
	require.NoError(t, err)
	count := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Reason") {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		require.True(t, ok)
		reason := channels.Reason(strings.Trim(literal.Value, `"`))
		count++
		require.True(t, outbox.Decided(reason), reason)
		text, next := channels.Words(nil, &channels.Error{Reason: reason})
		require.NotEmpty(t, text, reason)
		require.NotEmpty(t, next, reason)
		return true
	})
	require.GreaterOrEqual(t, count, 12)
}
