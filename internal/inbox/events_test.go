package inbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
	"converse/internal/store"
)

// says is WhatsApp's adapter, whose webhooks say what the test wants instead.
type says struct {
	whatsappcloud.Adapter
	events func(channels.Account, string) []channels.Event
}

func (s says) Parse(a channels.Account, w *channels.Webhook) ([]channels.Event, channels.Reply, error) {
	return s.events(a, string(w.Body)), channels.Reply{}, nil
}

// saying takes a webhook that says these events, and returns how it ended.
func saying(t *testing.T, events func(sender chat.SenderID) []channels.Event) (*bundle, store.StoredCallback) {
	t.Helper()
	adapter := says{events: func(a channels.Account, _ string) []channels.Event { return events(a.Senders[0].ID) }}
	b := setup(t, adapter, ctm.New())
	require.Equal(t, http.StatusOK, b.post(t, "{}"))
	return b, b.callbacks(t)[0]
}

// TestI9AStopThatComesInStopsWhatWaits: by the lead's own word, and by the provider's.
func TestI9AStopThatComesInStopsWhatWaits(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.Equal(t, http.StatusOK, b.post(t, webhook(textFrom("12025550177", "wamid.1", "“Stop.”"))))
	lead := b.onlyLead(t, "12025550177")
	require.Equal(t, []chat.Stop{chat.StopWhatsApp}, lead.Identifiers[0].Stops)
	require.Equal(t, http.StatusOK, b.post(t, webhook(textFrom("12025550177", "wamid.2", "please don't stop"))))
	messages := b.messages(t)
	require.False(t, messages[0].AsksStop)
	require.True(t, messages[1].AsksStop, "a person is to look")
	require.Equal(t, http.StatusOK, b.post(t, webhook(textFrom("12025550177", "wamid.3", "START"))))
	require.Empty(t, b.onlyLead(t, "12025550177").Identifiers[0].Stops)
}

func (b *bundle) onlyLead(t *testing.T, query string) chat.Lead {
	t.Helper()
	leads, err := b.Store.SearchLeads(t.Context(), b.Admin, chat.SearchWords(query, nil), 10)
	require.NoError(t, err)
	require.Len(t, leads, 1)
	return leads[0]
}

func TestAConsentToldByTheProviderHolds(t *testing.T) {
	t.Parallel()
	party := channels.Party{Phone: "+12025550123"}
	b, end := saying(t, func(sender chat.SenderID) []channels.Event {
		return []channels.Event{channels.Consent{Sender: sender, Channel: chat.ChannelWhatsApp, From: party, OptedOut: true, Marketing: true}}
	})
	require.Equal(t, store.ResultShown, end.Result)
	lead, err := b.Store.Lead(t.Context(), b.Admin, b.Lead.ID)
	require.NoError(t, err)
	require.Equal(t, []chat.Stop{chat.StopMarketing}, lead.Identifiers[0].Stops)
	require.True(t, lead.Identifiers[0].LeavesAlone(chat.ChannelWhatsApp, "MARKETING"))
	require.False(t, lead.Identifiers[0].LeavesAlone(chat.ChannelSMS, ""))
}

func TestANoticeIsKeptAndAStopPausesTheConnector(t *testing.T) {
	t.Parallel()
	b, end := saying(t, func(sender chat.SenderID) []channels.Event {
		return []channels.Event{
			channels.Notice{Sender: sender, Kind: "phone_number_quality_update", Level: channels.NoticeWarning, Text: "The quality fell to low."},
			channels.Notice{Kind: "account_update", Level: channels.NoticeStop, Text: "WhatsApp disabled the account.", Next: "Appeal in the Business Manager."},
		}
	})
	require.Equal(t, store.ResultShown, end.Result)
	open, err := b.Store.CountOpenNotices(t.Context(), b.Org)
	require.NoError(t, err)
	require.Equal(t, store.OpenNotices{Count: 2, Stopped: true}, open[b.accounts.WhatsApp.ID])
	notices, err := b.Store.Notices(t.Context(), b.Org, b.accounts.WhatsApp.ID, true, 10)
	require.NoError(t, err)
	require.Equal(t, "account_update", notices[0].Kind)
	require.NotEmpty(t, notices[1].SenderAddress)
	connector, err := b.Store.Connector(t.Context(), b.Org, b.accounts.WhatsApp.ID)
	require.NoError(t, err)
	require.Equal(t, store.ConnectorPaused, connector.State)
	require.NoError(t, b.Store.SettleNotice(t.Context(), b.Admin, notices[0].ID))
	notices, err = b.Store.Notices(t.Context(), b.Org, "", true, 10)
	require.NoError(t, err)
	require.Len(t, notices, 1)
}

func TestAMovedLeadIsToldOfAndFound(t *testing.T) {
	t.Parallel()
	b, end := saying(t, func(sender chat.SenderID) []channels.Event {
		return []channels.Event{channels.Moved{
			Sender: sender, From: channels.Party{Phone: "+12025550123"}, To: channels.Party{Phone: "+12025550188", WhatsApp: "US.1"},
		}}
	})
	require.Equal(t, store.ResultShown, end.Result)
	lead := b.onlyLead(t, "12025550188")
	require.Equal(t, b.Lead.ID, lead.ID)
	require.Len(t, lead.Identifiers, 3)
	messages := b.messages(t)
	require.Equal(t, chat.KindNotice, messages[0].Kind)
	require.NotContains(t, messages[0].Text, "0188", "not every user may see it")
}

func TestAnEchoIsShownAsSentElsewhere(t *testing.T) {
	t.Parallel()
	b, end := saying(t, func(sender chat.SenderID) []channels.Event {
		return []channels.Event{channels.Echo{
			ProviderID: "wamid.echo", Sender: sender, To: channels.Party{Phone: "+12025550123"}, Kind: chat.KindText, Text: "from the phone",
			Status: chat.StatusDelivered, At: time.Now(),
		}}
	})
	require.Equal(t, store.ResultShown, end.Result)
	m := b.messages(t)[0]
	require.Equal(t, chat.DirectionOutbound, m.Direction)
	require.Equal(t, chat.StatusDelivered, m.Status)
	require.Empty(t, m.Author)
}

var timestamp = regexp.MustCompile(`"timestamp":"\d+"`)

// TestF9AReportBeforeTheAnswerAndOneThatNeverFindsItsMessage: the first is applied when
// the answer is recorded, the second is dropped and counted after a day.
func TestF9AReportBeforeTheAnswerAndOneThatNeverFindsItsMessage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.Equal(t, http.StatusOK, b.post(t, webhook(statusOf("wamid.never", "delivered", ""))))
	require.Equal(t, http.StatusOK, b.post(t, webhook(statusOf("wamid.never", "read", ""))))
	counts, err := b.Store.CallbackCounts(t.Context(), b.Org)
	require.NoError(t, err)
	require.Equal(t, map[store.Result]int{store.ResultParked: 2}, counts)
	require.NoError(t, b.Store.GiveUpCallbacks(t.Context(), 24*time.Hour))
	counts, err = b.Store.CallbackCounts(t.Context(), b.Org)
	require.NoError(t, err)
	require.Equal(t, map[store.Result]int{store.ResultParked: 2}, counts, "not before a day has passed")
	require.NoError(t, b.Store.GiveUpCallbacks(t.Context(), 0))
	counts, err = b.Store.CallbackCounts(t.Context(), b.Org)
	require.NoError(t, err)
	require.Equal(t, map[store.Result]int{store.ResultIgnored: 2}, counts)
}

// TestF10DuplicateLateAndReorderedWebhooks: a day's webhooks twice over, in any order, some
// of a week ago, end as one message each, with ticks at their highest; an old message
// opens no window.
func TestF10DuplicateLateAndReorderedWebhooks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	weekAgo := time.Now().Add(-7 * 24 * time.Hour)
	at := func(text, id string, when time.Time) string {
		return timestamp.ReplaceAllString(webhook(textFrom("12025550123", id, text)), fmt.Sprintf(`"timestamp":"%d"`, when.Unix()))
	}
	bodies := []string{}
	for n, text := range []string{"one", "two", "three", "four"} {
		bodies = append(bodies, at(text, "wamid."+text, weekAgo.Add(time.Duration(n)*time.Minute)))
	}
	bodies = append(bodies, bodies...)
	const seed = 7
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(bodies), func(i, j int) { bodies[i], bodies[j] = bodies[j], bodies[i] })
	for _, body := range bodies {
		require.Equal(t, http.StatusOK, b.post(t, body))
	}
	messages := b.messages(t)
	require.Len(t, messages, 4)
	for n, m := range messages {
		require.Equal(t, n+1, m.Seq)
	}
	page, err := b.Store.Conversations(t.Context(), b.Admin, store.ConversationFilter{Most: 10})
	require.NoError(t, err)
	require.False(t, page.Conversations[0].WindowOpen(time.Now()))
	counts, err := b.Store.CallbackCounts(context.Background(), b.Org)
	require.NoError(t, err)
	require.Equal(t, map[store.Result]int{store.ResultShown: 4, store.ResultIgnored: 4}, counts)
}
