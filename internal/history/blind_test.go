package history_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// These tests give the checker made-up evidence: a checker that sees nothing wrong in
// a run proves nothing unless it would have.

const (
	madeTalk = "talk"
	madeIn   = "in"  // the id of the lead's message
	madeOut  = "out" // the id of the user's
)

// innocent is the evidence of a lead who wrote once and a user who answered once.
func innocent() *evidence {
	begun := time.Unix(1_700_000_000, 0)
	at := func(seconds float64) time.Time { return begun.Add(time.Duration(seconds * float64(time.Second))) }
	text := func(s string) *string { return &s }
	finished := at(2.1)
	e := &evidence{
		chronicle: newChronicle(begun),
		messages: []messageRow{
			{ID: madeIn, ConversationID: madeTalk, Seq: 1, Direction: "inbound", Text: "lead1-001 hi", Status: chat.StatusReceived, ProviderID: text("wamid.in"), CreatedAt: at(1)},
			{ID: madeOut, ConversationID: madeTalk, Seq: 2, Direction: "outbound", Text: "mira1-001 hello", Status: chat.StatusDelivered, ClientID: text("client"), ProviderID: text("wamid.out"), CreatedAt: at(2)},
		},
		talks:     []talkRow{{ID: madeTalk, LastSeq: 2, InboundCount: 1, Version: 3}},
		attempts:  []attemptRow{{MessageID: madeOut, Number: 1, Node: "a", StartedAt: at(2), FinishedAt: &finished, Outcome: text("accepted")}},
		receipts:  []receiptRow{{MessageID: text(madeOut), ProviderID: "wamid.out", Status: chat.StatusDelivered}},
		callbacks: []callbackRow{{ID: "c1", Hash: "h1", Result: "shown"}, {ID: "c2", Hash: "h2", Result: "shown"}},
		calls: []call{{
			Seq: 1, Time: at(2), Provider: "whatsapp_cloud", Reference: madeOut, Text: "mira1-001 hello", Status: []byte("200"), Accepted: true, ID: "wamid.out",
		}},
		posts: []post{
			{At: time.Second, Hash: "h1", Provider: "whatsapp_cloud", Node: "a", Status: 200, Notice: []notice{{ProviderID: "wamid.in", Text: "lead1-001 hi"}}},
			{At: 3 * time.Second, Hash: "h2", Provider: "whatsapp_cloud", Node: "b", Status: 200, Notice: []notice{{ProviderID: "wamid.out", Reference: madeOut, Status: chat.StatusDelivered}}},
		},
		counted: [4]int{2, 2, 0, 0},
		asked:   true,
	}
	e.sends = []*send{{Who: "mira1", ClientID: "client", Conversation: madeTalk, Text: "mira1-001 hello", Tries: 1, Accepted: true, MessageID: madeOut, Seq: 2}}
	e.letters = []written{{ID: "wamid.in", Text: "lead1-001 hi"}}
	e.frames = []frame{
		{Device: "mira1", MessageID: madeIn, Seq: 1, Status: chat.StatusReceived, Text: "lead1-001 hi"},
		{Device: "mira1", MessageID: madeOut, Seq: 2, Status: chat.StatusQueued, Text: "mira1-001 hello"},
		{Device: "mira1", MessageID: madeOut, Seq: 2, Status: chat.StatusDelivered, Tick: true},
	}
	e.devices = []view{{Name: "mira1", UserID: "mira", Live: true, Model: newModel()}}
	m := e.devices[0].Model
	t := m.putTalk(&conversev1.Conversation{Id: madeTalk, Version: 3, LastSeq: 2, InboundCount: 1, Channel: "whatsapp"})
	m.putMessage(t, &conversev1.Message{Id: madeIn, Seq: 1, Text: "lead1-001 hi", Direction: "inbound", Status: "received"})
	m.putMessage(t, &conversev1.Message{Id: madeOut, Seq: 2, Text: "mira1-001 hello", Direction: "outbound", Status: "delivered", ClientId: "client"})
	return e
}

func TestCheckerFindsTheInnocentInnocent(t *testing.T) {
	t.Parallel()
	require.Empty(t, check(innocent()).wrongs)
	asked := innocent()
	asked.posts, asked.callbacks[1].Polled = asked.posts[:1], true
	asked.listed = []notice{{ProviderID: "wamid.out", Status: chat.StatusDelivered}}
	require.Empty(t, check(asked).wrongs, "what was learned by asking is as good as what was posted")
}

func TestCheckerFindsEveryCrime(t *testing.T) {
	t.Parallel()
	unsure, notSent, accepted := "unsure", "not_sent", "accepted"
	screen := func(e *evidence) *talk { return e.devices[0].Model.talks[madeTalk] }
	for crime, c := range map[string]struct {
		invariant string
		commit    func(e *evidence)
	}{
		"a webhook answered 2xx is not stored":    {"I1", func(e *evidence) { e.callbacks = e.callbacks[1:]; e.counted = [4]int{1, 1, 0, 0} }},
		"a webhook stored more often than posted": {"I1", func(e *evidence) { e.callbacks = append(e.callbacks, e.callbacks[0]); e.counted = [4]int{3, 3, 0, 0} }},
		"a webhook nobody posted":                 {"I1", func(e *evidence) { e.callbacks[0].Hash = "other" }},
		"a webhook parked without a reason":       {"I1", func(e *evidence) { e.callbacks[0].Result = "parked" }},
		"a webhook that waits for its message":    {"I1", func(e *evidence) { e.callbacks[1].Result, e.callbacks[1].Why = "parked", "waiting for its message" }},
		"sums that do not add up":                 {"I1", func(e *evidence) { e.counted = [4]int{2, 1, 0, 0} }},
		"a lead's message is lost":                {"I2", func(e *evidence) { e.messages[0].ProviderID = nil }},
		"a lead's message is there twice":         {"I2", func(e *evidence) { e.messages = append(e.messages, e.messages[0]) }},
		"a lead's message has other words":        {"I2", func(e *evidence) { e.messages[0].Text = "lead1-001 bye" }},
		"an accepted message is lost":             {"I2", func(e *evidence) { e.messages = e.messages[:1] }},
		"an accepted message is there twice":      {"I2", func(e *evidence) { e.messages = append(e.messages, e.messages[1]) }},
		"an accepted message has another place":   {"I2", func(e *evidence) { e.sends[0].Seq = 7 }},
		"a refused message is stored":             {"I2", func(e *evidence) { e.sends[0].Accepted, e.sends[0].Refused = false, true }},
		"a user never got an answer":              {"I2", func(e *evidence) { e.sends[0].Accepted = false }},
		"a message nobody sent":                   {"I2", func(e *evidence) { e.sends = nil }},
		"more calls than attempts":                {"I3", func(e *evidence) { e.calls = append(e.calls, e.calls[0]) }},
		"a call without an attempt":               {"I3", func(e *evidence) { e.attempts = nil }},
		"a call for a message that is not there":  {"I3", func(e *evidence) { e.calls[0].Reference = "other" }},
		"tried again although it was unsure":      {"I3", func(e *evidence) { again(e, &unsure, &accepted) }},
		"tried again although it was accepted":    {"I3", func(e *evidence) { again(e, &accepted, &notSent) }},
		"taken, but recorded as not sent":         {"I3", func(e *evidence) { e.attempts[0].Outcome = &notSent }},
		"accepted, but never taken":               {"I3", func(e *evidence) { e.calls[0].Accepted = false }},
		"an attempt without an outcome":           {"I3", func(e *evidence) { e.attempts[0].Outcome = nil }},
		"unsure without a reason":                 {"I3", func(e *evidence) { e.attempts[0].Outcome = &unsure }},
		"a note was sent":                         {"I3", func(e *evidence) { e.sends[0].Note = true; e.messages[1].Direction = "internal" }},
		"a note went to the lead":                 {"I3", func(e *evidence) { e.sends[0].Note = true }},
		"the status went back": {"I4", func(e *evidence) {
			e.messages[1].Status = chat.StatusSent
			screen(e).messages[2].status = chat.StatusSent
		}},
		"a status nobody reported":               {"I4", func(e *evidence) { e.frames[2].Status = chat.StatusRead }},
		"a receipt answered 2xx is not kept":     {"I4", func(e *evidence) { e.receipts = nil }},
		"a receipt nobody posted":                {"I4", func(e *evidence) { e.receipts[0].Status = chat.StatusRead }},
		"a receipt told when asked is not kept":  {"I4", func(e *evidence) { e.listed = []notice{{ProviderID: "wamid.out", Status: chat.StatusRead}} }},
		"a message told when asked is lost":      {"I2", func(e *evidence) { e.listed = []notice{{ProviderID: "wamid.gone", Text: "lead1-002 hello?"}} }},
		"a receipt waits for its message":        {"I4", func(e *evidence) { e.receipts[0].MessageID = nil }},
		"a receipt of another message":           {"I4", func(e *evidence) { other := madeIn; e.receipts[0].MessageID = &other }},
		"a failure without words":                {"I4", func(e *evidence) { e.messages[1].Status = chat.StatusFailed }},
		"a later look shows less":                {"I4", readBack},
		"a gap in the numbers":                   {"I5", func(e *evidence) { e.messages[1].Seq = 3 }},
		"a count that is wrong":                  {"I5", func(e *evidence) { e.talks[0].InboundCount = 2 }},
		"a device was told another number":       {"I5", func(e *evidence) { e.frames[1].Seq = 1 }},
		"a device was told other words":          {"I5", func(e *evidence) { e.frames[1].Text = "mira1-001 other" }},
		"two messages in one place":              {"I5", func(e *evidence) { e.devices[0].Model.mixed = []string{"both"} }},
		"handed over in another order":           {"I5", outOfOrder},
		"a device was told of what is not there": {"I6", func(e *evidence) { e.frames[0].MessageID = "gone" }},
		"an event ran ahead of its commit":       {"I6", func(e *evidence) { e.ahead = []string{"told too early"} }},
		"a device lacks a message":               {"I6", func(e *evidence) { delete(screen(e).messages, 1) }},
		"a device shows an older status":         {"I6", func(e *evidence) { screen(e).messages[2].status = chat.StatusSent }},
		"a device shows an older conversation":   {"I6", func(e *evidence) { screen(e).version = 2 }},
		"a device lacks a conversation":          {"I6", func(e *evidence) { delete(e.devices[0].Model.talks, madeTalk) }},
		"a device shows the wrong unread":        {"I6", func(e *evidence) { screen(e).marker.inbound = 1 }},
		"a device is not connected":              {"I6", func(e *evidence) { e.devices[0].Live = false }},
		"a job is left over":                     {"I8", func(e *evidence) { e.jobs = []string{madeOut} }},
		"an event is left over":                  {"I8", func(e *evidence) { e.events = 1 }},
		"a message is on its way for ever":       {"I8", func(e *evidence) { e.messages[1].Status = chat.StatusSending }},
	} {
		t.Run(crime, func(t *testing.T) {
			t.Parallel()
			e := innocent()
			c.commit(e)
			found := check(e)
			var broken []string
			for _, w := range found.wrongs {
				broken = append(broken, w.Invariant)
			}
			require.Contains(t, broken, c.invariant)
			require.Contains(t, found.report(), c.invariant+" is broken")
		})
	}
}

// again makes the message's two attempts end so.
func again(e *evidence, first, second *string) {
	two := e.attempts[0]
	two.Number, two.Outcome = 2, second
	e.attempts[0].Outcome = first
	e.attempts = append(e.attempts, two)
}

func readBack(e *evidence) {
	e.reads = []reading{
		{Device: "mira1", MessageID: madeOut, Status: chat.StatusDelivered, Asked: time.Second, Answers: 2 * time.Second},
		{Device: "mira1", MessageID: madeOut, Status: chat.StatusSent, Asked: 3 * time.Second, Answers: 4 * time.Second},
	}
}

func outOfOrder(e *evidence) {
	other := e.messages[1]
	other.ID, other.Seq, other.Text = "later", 3, "mira1-002 later"
	e.messages = append(e.messages, other)
	late := e.calls[0]
	late.Reference, late.Text = "later", other.Text
	e.calls = append([]call{late}, e.calls...)
}

// TestReportTellsTheWholeHistory: what is printed of a broken promise names the key
// and everything that is known of it.
func TestReportTellsTheWholeHistory(t *testing.T) {
	t.Parallel()
	e := innocent()
	e.lines = []line{{At: 2 * time.Second, Who: "mira1", Key: "mira1-001", What: "accepted"}, {At: 3 * time.Second, Who: "ada1", Key: madeOut, What: "sees delivered"}}
	e.faults = []hurt{{Kind: killNode, Target: "[a]", From: time.Second, Until: 2 * time.Second}}
	e.receipts = nil
	text := check(e).report()
	for _, word := range []string{"mira1-001", "accepted", "ada1", "is called (journal 1)", "attempt 1 by node a", "posted to b", killNode} {
		require.Contains(t, text, word)
	}
	require.NotContains(t, text, "lead1-001", "and nothing that is not")
}
