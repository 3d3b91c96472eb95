package hub_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"converse/hub"
	"converse/internal/chat"
)

// TestI7WhatEndsUnheardClosesSocketsWithinFiveSeconds of a sign-in that is over, be it a
// user's own or a widget's, and of an access that changed, without any event.
func TestI7WhatEndsUnheardClosesSocketsWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	// Whenever it happens between two looks.
	for _, when := range []time.Duration{31 * time.Second, 32*time.Second + 999*time.Millisecond, 33*time.Second + time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			r := bubble(t, nil, hub.Options{})
			r.guard.versions = map[chat.UserID]int{"cleo": 1}
			widget, own, changed, other := r.join(t, "widget", nil), r.join(t, "ann", nil), r.join(t, "cleo", nil), r.join(t, "dan", nil)
			time.Sleep(when)
			r.guard.set(func(g *guard) {
				g.ended = []chat.SignInID{"sign-in of widget", "sign-in of ann"}
				g.versions["cleo"] = 2
			})
			ended := time.Now()
			require.Equal(t, 4003, widget.closed(t))
			require.Equal(t, 4003, own.closed(t))
			require.Equal(t, hub.CodeAccessChanged.Number, changed.closed(t))
			require.LessOrEqual(t, time.Since(ended), 5*time.Second)
			synctest.Wait()
			require.Equal(t, 1, r.hub.Sessions())
			other.leave()
		})
	}
}

// TestWhatSessionsStandOnIsAskedOnceAnOrg however many they are, and asked again when
// there was no answer.
func TestWhatSessionsStandOnIsAskedOnceAnOrg(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		for range 2 {
			for _, who := range []string{"ann", "ben", "cleo", "widget", "zoe@" + string(otherOrg)} {
				r.join(t, who, nil)
			}
		}
		r.guard.set(func(g *guard) { g.asked = nil })
		time.Sleep(30 * time.Second)
		synctest.Wait()
		r.guard.set(func(g *guard) {
			require.Len(t, g.asked[org], 10)
			require.Len(t, g.asked[otherOrg], 10)
			for _, list := range g.asked[org] {
				require.Len(t, list, 4, "a sign-in is asked about once")
			}
			g.fail, g.ended = errors.New("the database is away"), []chat.SignInID{"sign-in of ben"}
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, 10, r.hub.Sessions(), "nobody is sent away for that")
		r.guard.set(func(g *guard) { g.fail = nil })
		time.Sleep(5 * time.Second)
		synctest.Wait()
		require.Equal(t, 8, r.hub.Sessions())
	})
}
