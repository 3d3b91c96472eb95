package hub_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"converse/hub"
	"converse/internal/chat"
)

// TestAWidgetsSocketClosesWithinFiveSeconds of the end of its sign-in, which no event
// tells of when its time runs out. A user's own is looked at less often.
func TestAWidgetsSocketClosesWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		widget, own := r.join(t, "widget", nil), r.join(t, "ann", nil)
		time.Sleep(31 * time.Second) // both have been found to stand
		r.guard.set(func(g *guard) { g.ended = []chat.SignInID{"sign-in of widget", "sign-in of ann"} })
		ended := time.Now()
		require.Equal(t, 4003, widget.closed(t))
		require.LessOrEqual(t, time.Since(ended), 5*time.Second)
		require.Equal(t, 4003, own.closed(t))
	})
}
