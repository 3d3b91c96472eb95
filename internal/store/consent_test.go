package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// wish is a text that says something about being written to.
func wish(at store.Connector, id, phone, text string) store.Received {
	r := received(at, id, phone, text)
	r.Wish = chat.WishOf(text)
	return r
}

func stops(t testing.TB, w *world.World, lead chat.LeadID) []chat.Stop {
	t.Helper()
	l, err := w.Store.Lead(t.Context(), w.Admin, lead)
	require.NoError(t, err)
	return l.Identifiers[0].Stops
}

// TestI9AStopHoldsFromTheCommitOfItsMessage: a message that waits when the lead says STOP
// does not leave, and one over the other channel does; START takes it back.
func TestI9AStopHoldsFromTheCommitOfItsMessage(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	sms, whatsApp := w.Conversation(t, w.SMS), w.Conversation(t, w.WhatsApp)
	receive(t, w, w.SMS, wish(w.SMS, "in-1", "+12025550123", "Stop!"))
	require.Equal(t, []chat.Stop{chat.StopSMS}, stops(t, w, w.Lead.ID))

	c, err := w.Store.Conversation(t.Context(), w.Sales, sms.ID)
	require.NoError(t, err)
	require.True(t, c.Identifier.LeavesAlone(chat.ChannelSMS, ""))
	c, err = w.Store.Conversation(t.Context(), w.Sales, whatsApp.ID)
	require.NoError(t, err)
	require.False(t, c.Identifier.LeavesAlone(chat.ChannelWhatsApp, "marketing"))
	require.Equal(t, 1, count(t, owner(t, w), "select count(*) from activities where kind = 'opted_out'"))

	receive(t, w, w.SMS, wish(w.SMS, "in-2", "+12025550123", "STOP"))
	require.Equal(t, 1, count(t, owner(t, w), "select count(*) from activities where kind = 'opted_out'"), "said before")
	receive(t, w, w.SMS, wish(w.SMS, "in-3", "+12025550123", "start"))
	require.Empty(t, stops(t, w, w.Lead.ID))
	require.Equal(t, 1, count(t, owner(t, w), "select count(*) from activities where kind = 'opted_in'"))

	messages, err := w.Store.Messages(t.Context(), w.Sales, sms.ID, 0, 0, 50)
	require.NoError(t, err)
	require.Len(t, messages, 3)
	for n, m := range messages {
		require.Equal(t, n+1, m.Seq)
		require.False(t, m.AsksStop)
	}
}

func TestAStopAmongOtherWordsIsForAPerson(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.SMS)
	receive(t, w, w.SMS, wish(w.SMS, "in-1", "+12025550123", "please stop texting me"))
	require.Empty(t, stops(t, w, w.Lead.ID))
	messages, err := w.Store.Messages(t.Context(), w.Sales, c.ID, 0, 0, 50)
	require.NoError(t, err)
	require.True(t, messages[0].AsksStop)
}

// TestI9AStopOfAStrangerHoldsWhenTheyBecomeALead: the provider tells of somebody whom
// nobody knows.
func TestI9AStopOfAStrangerHoldsWhenTheyBecomeALead(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	keyed, err := store.Open(t.Context(), store.Options{URL: w.URL, MaxConns: 2, SuppressionKeys: [][]byte{[]byte("key")}})
	require.NoError(t, err)
	t.Cleanup(keyed.Close)
	said := store.Consent{Phone: "+13035550199", Stop: chat.StopSMS, OptedOut: true, At: time.Now()}
	end, err := keyed.Consent(t.Context(), w.Org, arrival(w.SMS), said)
	require.NoError(t, err)
	require.Equal(t, store.ResultShown, end.Result)
	require.Zero(t, count(t, owner(t, w), "select count(*) from suppressions where encode(hash, 'escape') like '%3035550199%'"))
	_, err = keyed.Receive(t.Context(), w.Org, arrival(w.SMS), received(w.SMS, "in-1", "+13035550199", "hello"))
	require.NoError(t, err)
	found := leadsFound(t, w, "13035550199")
	require.Len(t, found, 1)
	require.Equal(t, []chat.Stop{chat.StopSMS}, found[0].Identifiers[0].Stops)

	said.OptedOut = false
	_, err = keyed.Consent(t.Context(), w.Org, arrival(w.SMS), said)
	require.NoError(t, err)
	require.Empty(t, stops(t, w, found[0].ID))
	end, err = keyed.Consent(t.Context(), w.Org, arrival(w.SMS), said)
	require.NoError(t, err)
	require.Equal(t, store.ResultIgnored, end.Result)
}

// TestI9AStopSurvivesErasure: whoever asked to be spared stays so when they come back.
func TestI9AStopSurvivesErasure(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	keyed, err := store.Open(t.Context(), store.Options{
		URL: w.URL, MaxConns: 2, SuppressionKeys: [][]byte{[]byte("key")},
	})
	require.NoError(t, err)
	t.Cleanup(keyed.Close)
	_, err = keyed.Receive(t.Context(), w.Org, arrival(w.SMS), wish(w.SMS, "in-1", "+12025550123", "STOP"))
	require.NoError(t, err)
	_, err = keyed.EraseLead(t.Context(), w.Admin, w.Lead.ID, true)
	require.NoError(t, err)
	_, err = keyed.Receive(t.Context(), w.Org, arrival(w.SMS), received(w.SMS, "in-2", "+12025550123", "hello again"))
	require.NoError(t, err)
	found := leadsFound(t, w, "12025550123")
	require.Len(t, found, 1)
	require.Equal(t, []chat.Stop{chat.StopSMS}, found[0].Identifiers[0].Stops)
}

// TestI4AReportUnderAnotherIDOfTheMessage: before and after the provider says that it is
// one, and before and after the message is known.
func TestI4AReportUnderAnotherIDOfTheMessage(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	m, call := calling(t, w, c, "hello")
	alias := store.Report{Connector: w.WhatsApp.ID, ProviderID: "gs-1", Alias: "wamid.1", ReceivedAt: time.Now()}
	report(t, w, w.WhatsApp, reportOf(w.WhatsApp, "wamid.1", chat.StatusDelivered)) // before all
	report(t, w, w.WhatsApp, alias)
	require.NoError(t, w.Store.Accepted(t.Context(), call, "gs-1", time.Now()))
	require.Equal(t, chat.StatusDelivered, get(t, w, m.ID).Status)
	report(t, w, w.WhatsApp, reportOf(w.WhatsApp, "wamid.1", chat.StatusRead)) // after all
	require.Equal(t, chat.StatusRead, get(t, w, m.ID).Status)
	require.Zero(t, waiting(t, w))
	require.Zero(t, callbackCounts(t, w)[store.ResultParked])
}

// TestI2AnEchoOfOursIsOurs: what the provider tells of a message that left here is a
// report on it, also while its answer has not been recorded; of another it is a message.
func TestI2AnEchoOfOursIsOurs(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.SMS)
	echo := func(id, text string) store.Received {
		r := received(w.SMS, id, "+12025550123", text)
		r.Echo = chat.StatusSent
		return r
	}
	m, call := calling(t, w, c, "hello")
	end, err := w.Store.Echo(t.Context(), w.Org, arrival(w.SMS), echo("out-1", "hello"))
	require.NoError(t, err)
	require.Equal(t, store.ResultShown, end.Result)
	require.NoError(t, w.Store.Accepted(t.Context(), call, "out-1", time.Now()))
	require.Equal(t, chat.StatusSent, get(t, w, m.ID).Status)

	for range 2 {
		_, err = w.Store.Echo(t.Context(), w.Org, arrival(w.SMS), echo("out-2", "from the provider's app"))
		require.NoError(t, err)
	}
	messages, err := w.Store.Messages(t.Context(), w.Sales, c.ID, 0, 0, 50)
	require.NoError(t, err)
	require.Len(t, messages, 2)
	require.Equal(t, chat.DirectionOutbound, messages[1].Direction)
	require.Equal(t, "from the provider's app", messages[1].Text)
	report(t, w, w.SMS, reportOf(w.SMS, "out-2", chat.StatusDelivered))
	require.Equal(t, chat.StatusDelivered, get(t, w, messages[1].ID).Status)
	c, err = w.Store.Conversation(t.Context(), w.Sales, c.ID)
	require.NoError(t, err)
	require.Zero(t, c.InboundCount)
}

func TestALeadWithANewNumberIsTheSameLead(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	w.Conversation(t, w.WhatsApp)
	notice := received(w.WhatsApp, "wamid.moved", "+12025550123", "moved")
	notice.Kind, notice.Moved = chat.KindNotice, []chat.Identifier{{Kind: chat.IdentifierPhone, Value: "+13035550111"}}
	receive(t, w, w.WhatsApp, notice)
	receive(t, w, w.WhatsApp, received(w.WhatsApp, "wamid.2", "+13035550111", "it is me"))
	require.Len(t, leadsFound(t, w, "Asha"), 1)
	lead, err := w.Store.Lead(t.Context(), w.Sales, w.Lead.ID)
	require.NoError(t, err)
	require.Len(t, lead.Identifiers, 2)
	list, err := w.Store.ConversationsOfLead(t.Context(), w.Sales, w.Lead.ID)
	require.NoError(t, err)
	require.Len(t, list, 2)
}

func TestAProvidersWordOnATemplateChangesIt(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	began := time.Now()
	listed := store.StoredTemplate{Ref: "77", Template: chat.Template{
		ID: chat.NewID[chat.TemplateID](), Channel: chat.ChannelWhatsApp, Name: "offer", Language: "en_US", Body: "Hello {{1}}", Status: "pending",
		Header: &chat.TemplateHeader{Kind: chat.KindImage}, Actions: []chat.TemplateAction{{Kind: "url", Text: "Look", Value: "https://example.com/{{1}}"}},
		SyncedAt: began,
	}}
	keep := func(all bool, list ...store.StoredTemplate) int {
		deleted, err := w.Store.KeepTemplates(t.Context(), w.Org, w.WhatsApp.ID, list, began, all)
		require.NoError(t, err)
		return deleted
	}
	require.Zero(t, keep(false, listed))
	end, err := w.Store.Review(t.Context(), w.Org, arrival(w.WhatsApp), store.Review{Ref: "77", Status: "rejected", Reason: "PROMOTIONAL"})
	require.NoError(t, err)
	require.Equal(t, store.ResultShown, end.Result)
	got, err := w.Store.Template(t.Context(), w.Org, listed.ID)
	require.NoError(t, err)
	require.Equal(t, "rejected", got.Status)
	require.Equal(t, "PROMOTIONAL", got.Reason)
	require.Equal(t, listed.Header, got.Header)
	require.Equal(t, listed.Actions, got.Actions)
	end, err = w.Store.Review(t.Context(), w.Org, arrival(w.WhatsApp), store.Review{Name: "nobody", Status: "paused"})
	require.NoError(t, err)
	require.Equal(t, store.ResultIgnored, end.Result)

	listed.Status, listed.Reason, listed.SyncedAt = "approved", "", began.Add(time.Second)
	require.Zero(t, keep(true, listed), "the one of the whole org stays")
	got, err = w.Store.Template(t.Context(), w.Org, listed.ID)
	require.NoError(t, err)
	require.Equal(t, "approved", got.Status)
	began = began.Add(2 * time.Second)
	require.Equal(t, 1, keep(true))
	list, err := w.Store.Templates(t.Context(), w.Org, chat.ChannelWhatsApp)
	require.NoError(t, err)
	require.Len(t, list, 1)
}
