package conversation

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

// TestATemplateIsOfferedOnce: an account's own before the org's, where it is for that
// account; the org's where it is for any.
func TestATemplateIsOfferedOnce(t *testing.T) {
	t.Parallel()
	wide := chat.Template{ID: "wide", Name: "visit", Language: "en_US"}
	bound := chat.Template{ID: "bound", Name: "visit", Language: "en_US", Connector: "c1"}
	other := chat.Template{ID: "other", Name: "visit", Language: "es", Connector: "c1"}
	for _, list := range [][]chat.Template{{wide, bound, other}, {bound, wide, other}} {
		require.Equal(t, []chat.Template{bound, other}, once(list, true))
		require.Equal(t, []chat.Template{wide, other}, once(list, false))
	}
}
