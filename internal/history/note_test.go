package history_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

// TestANoteKeepsItsPlaceWhenItsNodeDies and stays where it is: between two messages that
// were sent, through the death of the node that took it, on every screen, and in no call.
func TestANoteKeepsItsPlaceWhenItsNodeDies(t *testing.T) {
	s := rehearse(t)
	before := s.send(s.whatsApp)
	var notes []draft
	for range 4 {
		d := s.draft(s.whatsApp)
		d.Note = true
		notes = append(notes, d)
		begun, answered := s.log.now(), make(chan struct{})
		go func() {
			defer close(answered)
			s.deliver(d)
		}()
		s.in.b().kill() // before it was stored, or after
		s.in.b().start()
		<-answered
		s.log.hurt(hurt{Kind: killNode, Target: "b", From: begun, Until: s.log.now()})
		until(t, "everybody is connected", s.unconnected)
	}
	after := s.send(s.whatsApp)
	s.shows(after, chat.StatusDelivered)
	last := before.Seq
	for _, d := range notes {
		require.Greater(t, d.Seq, last, "they are in the order in which they were written")
		last = d.Seq
		s.shows(d.send, chat.StatusNoted)
		calls, _ := s.calls(d.Text)
		require.Empty(t, calls)
		require.Empty(t, s.outcomes(d.MessageID))
	}
	require.Greater(t, after.Seq, last)
	s.finish()
}
