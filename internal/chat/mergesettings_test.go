package chat_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

func TestWhichOfTwoLeadsStays(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	number := []chat.Identifier{{Kind: chat.IdentifierPhone, Value: "+12025550123"}}
	first, last := chat.Lead{ID: "first", CreatedAt: made}, chat.Lead{ID: "last", CreatedAt: made.Add(time.Hour), Identifiers: number}
	both := first
	both.Identifiers = number
	for _, x := range []struct {
		parent chat.MergeParent
		a, b   chat.Lead
		want   chat.LeadID
	}{
		{chat.MergeParentNumber, first, last, "last"},
		{chat.MergeParentNumber, last, both, "first"},
		{chat.MergeParentOlder, last, first, "first"},
		{chat.MergeParentNewer, first, last, "last"},
	} {
		m := chat.MergeSettings{Parent: x.parent}.Of(x.a, x.b)
		require.Equal(t, x.want, m.Parent, x.parent)
		require.NotEqual(t, m.Parent, m.Child)
	}
}
