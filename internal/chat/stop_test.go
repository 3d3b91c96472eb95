package chat_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

func TestWishOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]chat.Wish{
		"STOP": chat.WishStop, " stop. ": chat.WishStop, "Stop!!!": chat.WishStop, "“Stop”": chat.WishStop, "StopAll": chat.WishStop,
		"STOP  ALL": chat.WishStop, "unsubscribe": chat.WishStop, "Opt-Out": chat.WishStop, "stop 🛑": chat.WishStop, "END": chat.WishStop,
		"start": chat.WishStart, "YES!": chat.WishStart, "UnStop": chat.WishStart,
		"please STOP texting me": chat.WishUnclear, "I'll stop by at ten": chat.WishUnclear, "Don’t contact me again": chat.WishUnclear,
		"remove me from your list": chat.WishUnclear, "this must stop!": chat.WishUnclear,
		"": chat.WishNone, "hello": chat.WishNone, "nonstop flight": chat.WishNone, "yes please": chat.WishNone,
		"the weekend": chat.WishNone, "cancel my appointment": chat.WishNone, "!!!": chat.WishNone,
	} {
		require.Equal(t, want, chat.WishOf(text), "%q", text)
	}
}

// TestI9WhatALeadAskedToBeSparedStaysAway: a stop of a channel forbids all over it, one of
// marketing only that, and neither touches the other channel.
func TestI9WhatALeadAskedToBeSparedStaysAway(t *testing.T) {
	t.Parallel()
	sms, whatsApp := chat.ChannelSMS, chat.ChannelWhatsApp
	for _, c := range []struct {
		identifier chat.Identifier
		channel    chat.Channel
		category   string
		alone      bool
	}{
		{chat.Identifier{}, sms, "", false},
		{chat.Identifier{Stops: []chat.Stop{chat.StopSMS}}, sms, "", true},
		{chat.Identifier{Stops: []chat.Stop{chat.StopSMS}}, whatsApp, "MARKETING", false},
		{chat.Identifier{Stops: []chat.Stop{chat.StopWhatsApp}}, whatsApp, "", true},
		{chat.Identifier{Stops: []chat.Stop{chat.StopWhatsApp}}, sms, "", false},
		{chat.Identifier{Stops: []chat.Stop{chat.StopMarketing}}, whatsApp, "Marketing", true},
		{chat.Identifier{Stops: []chat.Stop{chat.StopMarketing}}, whatsApp, "utility", false},
		{chat.Identifier{Stops: []chat.Stop{chat.StopMarketing}}, sms, "marketing", false},
		{chat.Identifier{OptedOutAt: time.Unix(1, 0)}, sms, "", true},
		{chat.Identifier{OptedOutAt: time.Unix(1, 0)}, whatsApp, "", false},
		{chat.Identifier{OptedOutAt: time.Unix(1, 0)}, whatsApp, "marketing", true},
	} {
		require.Equal(t, c.alone, c.identifier.LeavesAlone(c.channel, c.category), "%+v", c)
	}
}
