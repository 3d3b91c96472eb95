package conversation_test

import (
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/conversation"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const whatsAppID = "US.13491208655302741918"

// reachable is a lead with an e-mail address, two phones and a WhatsApp id, in this order.
func reachable(t testing.TB, w *world.World) chat.Lead {
	t.Helper()
	lead := chat.Lead{ID: chat.NewID[chat.LeadID](), FirstName: "Ben"}
	for _, i := range []chat.Identifier{
		{Kind: chat.IdentifierEmail, Value: "ben@example.com"},
		{Kind: chat.IdentifierPhone, Value: "+13035550101"},
		{Kind: chat.IdentifierPhone, Value: "+13035550102"},
		{Kind: chat.IdentifierWhatsApp, Value: whatsAppID},
	} {
		i.ID = chat.NewID[chat.IdentifierID]()
		lead.Identifiers = append(lead.Identifiers, i)
	}
	require.NoError(t, w.Store.CreateLead(t.Context(), w.Org, lead))
	return lead
}

func TestStartPicksANumberThatTheChannelReaches(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := conversation.New(w.Store)
	ben := reachable(t, w)
	hidden := chat.Lead{ID: chat.NewID[chat.LeadID](), Identifiers: []chat.Identifier{{
		ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierWhatsApp, Value: "US.1",
	}}}
	require.NoError(t, w.Store.CreateLead(t.Context(), w.Org, hidden))
	mail, mobile, office, whatsApp := ben.Identifiers[0].ID, ben.Identifiers[1].ID, ben.Identifiers[2].ID, ben.Identifiers[3].ID
	for name, c := range map[string]struct {
		lead    chat.Lead
		channel chat.Channel
		asked   chat.IdentifierID
		want    chat.IdentifierID
		code    chat.Code
		field   string
	}{
		"the first phone for SMS":       {lead: ben, channel: chat.ChannelSMS, want: mobile},
		"the first phone for WhatsApp":  {lead: ben, channel: chat.ChannelWhatsApp, want: mobile},
		"the one asked for":             {lead: ben, channel: chat.ChannelSMS, asked: office, want: office},
		"a WhatsApp id asked for":       {lead: ben, channel: chat.ChannelWhatsApp, asked: whatsApp, want: whatsApp},
		"a WhatsApp id alone":           {lead: hidden, channel: chat.ChannelWhatsApp, want: hidden.Identifiers[0].ID},
		"SMS to a WhatsApp id":          {lead: ben, channel: chat.ChannelSMS, asked: whatsApp, code: chat.CodeInvalid, field: "identifierId"},
		"SMS to an e-mail address":      {lead: ben, channel: chat.ChannelSMS, asked: mail, code: chat.CodeInvalid, field: "identifierId"},
		"somebody else's number":        {lead: ben, channel: chat.ChannelSMS, asked: w.Lead.Identifiers[0].ID, code: chat.CodeInvalid, field: "identifierId"},
		"SMS to who has no phone":       {lead: hidden, channel: chat.ChannelSMS, code: chat.CodeBlocked, field: "leadId"},
		"a lead that is not there":      {lead: chat.Lead{ID: chat.NewID[chat.LeadID]()}, channel: chat.ChannelSMS, code: chat.CodeNotFound},
		"a channel that does not exist": {lead: ben, channel: "fax", code: chat.CodeBlocked, field: "leadId"},
	} {
		got, err := s.Start(t.Context(), w.Sales, c.lead.ID, c.channel, c.asked, "")
		if c.code != "" {
			var e *chat.Error
			require.ErrorAs(t, err, &e, name)
			require.Equal(t, c.code, e.Code, name)
			require.Equal(t, c.field, e.Field, name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, c.want, got.Identifier.ID, name)
		require.Equal(t, c.channel, got.Channel, name)
		again, err := s.Start(t.Context(), w.Admin, c.lead.ID, c.channel, c.asked, "")
		require.NoError(t, err, name)
		require.Equal(t, got.ID, again.ID, name)
	}
}

func TestStartPicksASender(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := conversation.New(w.Store)
	second := store.Connector{
		Org: w.Org, ID: chat.NewID[chat.ConnectorID](), Provider: "ctm", Name: "second", Settings: map[string]string{}, Sealed: []byte("x"), EndpointHash: []byte("second"),
		Senders: []store.ConnectorSender{{Sender: chat.Sender{ID: chat.NewID[chat.SenderID](), Channel: chat.ChannelSMS, Address: "+12025550190"}}},
	}
	require.NoError(t, w.Store.CreateConnector(t.Context(), second))
	first := w.SMS.Senders[0].ID
	start := func(channel chat.Channel, sender chat.SenderID) (chat.SenderID, error) {
		c, err := s.Start(t.Context(), w.Sales, w.Lead.ID, channel, "", sender)
		return c.Sender.ID, err
	}
	got, err := start(chat.ChannelSMS, "")
	require.NoError(t, err)
	require.Equal(t, first, got, "the channel's default")
	got, err = start(chat.ChannelSMS, second.Senders[0].ID)
	require.NoError(t, err)
	require.Equal(t, second.Senders[0].ID, got)
	_, err = start(chat.ChannelWhatsApp, first)
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err), "a number for SMS")
	_, err = start(chat.ChannelSMS, chat.NewID[chat.SenderID]())
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	_, err = w.Store.SetConnectorState(t.Context(), w.Org, w.SMS.ID, store.ConnectorPaused, "paused")
	require.NoError(t, err)
	got, err = start(chat.ChannelSMS, "")
	require.NoError(t, err)
	require.Equal(t, second.Senders[0].ID, got, "one that sends goes before one that is paused")
	_, err = w.Store.SetConnectorState(t.Context(), w.Org, second.ID, store.ConnectorPaused, "paused")
	require.NoError(t, err)
	got, err = start(chat.ChannelSMS, "")
	require.NoError(t, err, "what is written waits")
	require.Equal(t, first, got)
}

func TestWhoMayNotChatStartsNothing(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := conversation.New(w.Store)
	for role, may := range map[chat.Role]bool{
		chat.RoleAdministrator: true, chat.RoleSalesManager: true, chat.RoleSalesUser: true, chat.RoleMarketingUser: false, "": false, "owner": false,
	} {
		p := w.Sales
		p.Role = role
		_, err := s.Start(t.Context(), p, w.Lead.ID, chat.ChannelSMS, "", "")
		require.Equal(t, may, err == nil, "%q: %v", role, err)
		if !may {
			require.Equal(t, chat.CodeForbidden, chat.CodeOf(err))
		}
	}
}

// received stores a lead's message.
func received(t testing.TB, w *world.World, n int, at time.Time) {
	t.Helper()
	a := store.Arrival{Callback: store.Callback{ID: chat.NewID[chat.CallbackID](), Connector: w.SMS.ID, ReceivedAt: at, Headers: map[string]string{}, Body: []byte("{}")}}
	_, err := w.Store.Receive(t.Context(), w.Org, a, store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: w.SMS.Senders[0].Sender, ProviderID: fmt.Sprint("in-", n),
		Phone: fmt.Sprintf("+1303555%04d", 100+n), Kind: chat.KindText, Text: "hello", ReceivedAt: at,
	})
	require.NoError(t, err)
}

func TestListWalksByItsCursor(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := conversation.New(w.Store)
	at := time.Now()
	for n := range 7 {
		received(t, w, n, at) // at the very same time
	}
	for filter, want := range map[string]int{"": 7, "all": 7, "unread": 7, "mine": 0} {
		seen := map[chat.ConversationID]bool{}
		cursor, pages := "", 0
		for {
			page, err := s.List(t.Context(), w.Sales, store.ListKind(filter), "", 3, cursor)
			require.NoError(t, err)
			for _, c := range page.Conversations {
				require.False(t, seen[c.ID])
				seen[c.ID] = true
			}
			pages++
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		require.Len(t, seen, want, filter)
		require.Equal(t, want/3+1, pages, filter)
	}
	mine, err := s.List(t.Context(), w.Admin, "mine", "", 0, "")
	require.NoError(t, err)
	require.Len(t, mine.Conversations, 7)
	require.Equal(t, 7, mine.UnreadMine)
	require.Empty(t, mine.Next)
}

func TestACursorIsOneOfOurs(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := conversation.New(w.Store)
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	id := string(chat.NewID[chat.ConversationID]())
	for _, cursor := range []string{
		"x", "!", encode(" "), encode("2026-03-01T00:00:00Z"), encode("2026-03-01T00:00:00Z x"), encode("yesterday " + id),
		encode("2026-03-01T00:00:00Z " + id + "'; --"), encode("\x00 " + id),
	} {
		_, err := s.List(t.Context(), w.Sales, "", "", 0, cursor)
		var e *chat.Error
		require.ErrorAs(t, err, &e, cursor)
		require.Equal(t, chat.CodeInvalid, e.Code)
		require.Equal(t, "cursor", e.Field)
	}
	for _, at := range []string{"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "0000-01-01T00:00:00Z"} {
		_, err := s.List(t.Context(), w.Sales, "", "", 0, encode(at+" "+id))
		require.NoError(t, err, at)
	}
}

func TestMessagesAreAskedForOneWay(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := conversation.New(w.Store)
	c := w.Conversation(t, w.SMS)
	_, err := s.Messages(t.Context(), w.Sales, c.ID, 2, 1, 0)
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err))
	messages, err := s.Messages(t.Context(), w.Sales, c.ID, 0, 0, 0)
	require.NoError(t, err)
	require.Empty(t, messages, "a conversation without messages")
	_, err = s.Messages(t.Context(), w.Sales, chat.NewID[chat.ConversationID](), 0, 0, 0)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "is told from none")
}

func TestI7AnotherOrgsConversationsAreNotFound(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	other := world.At(t, w.URL)
	s := conversation.New(w.Store)
	c := other.Conversation(t, other.SMS)
	_, _, err := s.Get(t.Context(), w.Sales, c.ID)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	_, err = s.OfLead(t.Context(), w.Sales, other.Lead.ID)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	_, err = s.MarkRead(t.Context(), w.Sales, c.ID, 1)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	_, err = s.Start(t.Context(), w.Sales, w.Lead.ID, chat.ChannelSMS, "", other.SMS.Senders[0].ID)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	org, users, err := s.Org(t.Context(), w.Sales)
	require.NoError(t, err)
	require.Equal(t, w.Org, org.ID)
	require.Len(t, users, 2)
}
