package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

func leadsFound(t testing.TB, w *world.World, query string) []chat.Lead {
	t.Helper()
	leads, err := w.Store.SearchLeads(t.Context(), w.Sales, chat.SearchWords(query, nil), 50)
	require.NoError(t, err)
	return leads
}

// conversations lists all conversations that have a message.
func conversations(t testing.TB, w *world.World) []chat.Conversation {
	t.Helper()
	page, err := w.Store.Conversations(t.Context(), w.Sales, store.ConversationFilter{Most: 1000})
	require.NoError(t, err)
	return page.Conversations
}

func TestI2OneMessageHoweverOftenDelivered(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	var mu sync.Mutex
	ends := map[store.Result]int{}
	together(50, func(int) {
		r := received(w.WhatsApp, "wamid.in", "+13035550177", "hello")
		r.WhatsApp = "US.13491208655302741918"
		end, err := w.Store.Receive(t.Context(), w.Org, arrival(w.WhatsApp), r)
		require.NoError(t, err)
		mu.Lock()
		ends[end.Result]++
		mu.Unlock()
	})
	require.Equal(t, map[store.Result]int{store.ResultShown: 1, store.ResultIgnored: 49}, ends)
	require.Equal(t, ends, callbackCounts(t, w))
	list := conversations(t, w)
	require.Len(t, list, 1)
	require.Equal(t, 1, list[0].LastSeq)
	require.Equal(t, 1, list[0].Unread())
	require.Len(t, leadsFound(t, w, "13035550177"), 1)
	require.Len(t, w.Events(), 1)
	require.Equal(t, 1, count(t, owner(t, w), "select count(*) from turns"))
}

func TestAPersonOfTwoIdentitiesIsOneLead(t *testing.T) {
	t.Parallel()
	const whatsAppID = "US.13491208655302741918"
	for name, messages := range map[string][][2]string{
		"phone first, then both, then id": {{"+13035550177", ""}, {"+13035550177", whatsAppID}, {"", whatsAppID}},
		"id first, then both, then phone": {{"", whatsAppID}, {"+13035550177", whatsAppID}, {"+13035550177", ""}},
		"both at once":                    {{"+13035550177", whatsAppID}, {"", whatsAppID}, {"+13035550177", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world.New(t)
			for n, from := range messages {
				r := received(w.WhatsApp, fmt.Sprintf("wamid.%d", n), from[0], "hello")
				r.WhatsApp = from[1]
				require.Equal(t, store.ResultShown, receive(t, w, w.WhatsApp, r).Result)
				if from[0] != "" && from[1] != "" {
					require.Len(t, conversations(t, w), 1, "who gives both goes on where they were")
				}
			}
			list := conversations(t, w)
			lead, err := w.Store.Lead(t.Context(), w.Admin, list[0].Lead)
			require.NoError(t, err)
			require.Len(t, lead.Identifiers, 2)
			for _, c := range list {
				require.Equal(t, lead.ID, c.Lead)
			}
			require.Equal(t, lead.ID, leadsFound(t, w, "3035550177")[0].ID)
			require.Equal(t, lead.ID, leadsFound(t, w, "13491208655302741918")[0].ID)
			require.Equal(t, 2, count(t, owner(t, w), "select count(*) from leads"), "and the one that was there")
		})
	}
}

func TestIdentitiesOfDifferentLeadsStayApart(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	const whatsAppID = "US.13491208655302741918"
	byPhone := w.NewLead(t, "By", "Phone", "+13035550177")
	byID := chat.Lead{ID: chat.NewID[chat.LeadID](), FirstName: "By", LastName: "Id", Identifiers: []chat.Identifier{
		{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierWhatsApp, Value: whatsAppID},
	}}
	require.NoError(t, w.Store.CreateLead(t.Context(), w.Org, byID))
	r := received(w.WhatsApp, "wamid.1", "+13035550177", "hello")
	r.WhatsApp = whatsAppID
	require.Equal(t, store.ResultShown, receive(t, w, w.WhatsApp, r).Result)
	list := conversations(t, w)
	require.Len(t, list, 1)
	require.Equal(t, byPhone.ID, list[0].Lead, "a phone can be written to over any channel")
	for _, lead := range []chat.LeadID{byPhone.ID, byID.ID} {
		l, err := w.Store.Lead(t.Context(), w.Admin, lead)
		require.NoError(t, err)
		require.Len(t, l.Identifiers, 1, "nothing is merged by itself")
	}
}

func TestTheFirstIdentifierOfANewLeadIsThePhone(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	for n := range 20 {
		r := received(w.WhatsApp, fmt.Sprintf("wamid.%d", n), phone(n), "hello")
		r.WhatsApp = fmt.Sprintf("US.1349120865530274%04d", n)
		receive(t, w, w.WhatsApp, r)
	}
	for _, c := range conversations(t, w) {
		lead, err := w.Store.Lead(t.Context(), w.Admin, c.Lead)
		require.NoError(t, err)
		require.Equal(t, chat.IdentifierPhone, lead.Identifiers[0].Kind)
	}
}

func TestAProfileNameBecomesFirstAndLastName(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	n := 0
	for name, want := range map[string][2]string{
		"Asha Rao": {"Asha", "Rao"}, "  Asha   van der  Rao ": {"Asha", "van der Rao"}, "Asha": {"Asha", ""}, "": {"", ""}, " ": {"", ""},
		"Asha\tRao": {"Asha", "Rao"}, "山田\u3000太郎": {"山田", "太郎"}, "Asha\nRao": {"Asha", "Rao"},
	} {
		n++
		r := received(w.SMS, fmt.Sprintf("in-%d", n), phone(n), "hello")
		r.Name = name
		receive(t, w, w.SMS, r)
		found := leadsFound(t, w, phone(n)[1:])
		require.Len(t, found, 1)
		require.Equal(t, want, [2]string{found[0].FirstName, found[0].LastName}, "%q", name)
		require.Equal(t, "inbound", found[0].Source)
	}
}

// TestTheWindowIsCountedFromTheLeadsOwnMessage is I9's clock.
func TestTheWindowIsCountedFromTheLeadsOwnMessage(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	now := time.Now().Truncate(time.Microsecond).UTC()
	steps := []struct {
		what string
		kind chat.MessageKind
		at   time.Time
		want time.Time
	}{
		{"a notice opens nothing", chat.KindNotice, now, time.Time{}},
		{"a message without a time opens nothing", chat.KindText, time.Time{}, time.Time{}},
		{"a late message does not open it from now", chat.KindText, now.Add(-30 * time.Hour), now.Add(-6 * time.Hour)},
		{"a message opens it from its own time", chat.KindText, now.Add(-time.Hour), now.Add(23 * time.Hour)},
		{"an older one does not shorten it", chat.KindText, now.Add(-2 * time.Hour), now.Add(23 * time.Hour)},
		{"a reaction counts", chat.KindReaction, now, now.Add(24 * time.Hour)},
		{"a notice leaves it alone", chat.KindNotice, now.Add(time.Hour), now.Add(24 * time.Hour)},
	}
	for n, s := range steps {
		r := received(w.WhatsApp, fmt.Sprintf("wamid.%d", n), "+12025550123", s.what)
		r.Kind, r.ProviderAt = s.kind, s.at
		receive(t, w, w.WhatsApp, r)
		require.Equal(t, s.want, conversations(t, w)[0].WindowExpiresAt.UTC(), s.what)
	}
	require.Equal(t, len(steps), conversations(t, w)[0].Unread())
	receive(t, w, w.SMS, received(w.SMS, "in-1", "+12025550123", "hello"))
	for _, c := range conversations(t, w) {
		if c.Channel == chat.ChannelSMS {
			require.Zero(t, c.WindowExpiresAt)
			require.True(t, c.WindowOpen(now))
		}
	}
}

// TestAMessageThatComesLateDoesNotSinkItsConversation: a replay of last week's
// callback adds a message, and the list still begins with whoever was active last.
func TestAMessageThatComesLateDoesNotSinkItsConversation(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	quiet := received(w.SMS, "quiet", phone(1), "hours ago")
	quiet.ReceivedAt = time.Now().Add(-5 * time.Hour)
	receive(t, w, w.SMS, quiet)
	receive(t, w, w.SMS, received(w.SMS, "busy", phone(2), "just now"))
	old := received(w.SMS, "replayed", phone(2), "last week")
	old.ReceivedAt = time.Now().Add(-7 * 24 * time.Hour)
	receive(t, w, w.SMS, old)
	list := conversations(t, w)
	require.Len(t, list, 2)
	require.Equal(t, "last week", list[0].LastMessage.Text)
	require.Equal(t, "hours ago", list[1].LastMessage.Text)
}

func TestWhoIsSwitchedOffGetsNoMoreLeads(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	n := 0
	ownerOfNext := func() chat.UserID {
		n++
		receive(t, w, w.SMS, received(w.SMS, fmt.Sprintf("in-%d", n), phone(n), "hello"))
		found := leadsFound(t, w, phone(n)[1:])
		require.Len(t, found, 1)
		return found[0].Owner
	}
	require.Equal(t, w.Admin.User, ownerOfNext())
	second := chat.User{ID: chat.NewID[chat.UserID](), Name: "Second", Role: chat.RoleAdministrator, Email: "second@example.com"}
	require.NoError(t, w.Store.CreateUser(t.Context(), w.Org, second, "none"))
	require.Equal(t, second.ID, ownerOfNext())
	pool := owner(t, w)
	exec(t, pool, "update users set active = false where id = $1", w.Admin.User)
	require.Equal(t, second.ID, ownerOfNext())
	require.Equal(t, second.ID, ownerOfNext())
	exec(t, pool, "update users set active = false where id = $1", second.ID)
	require.Empty(t, ownerOfNext(), "with nobody there it stays unassigned, and is kept")
	exec(t, pool, "update users set active = true where id = $1", w.Admin.User)
	require.Equal(t, w.Admin.User, ownerOfNext())
}

func TestFilesAreStoredAndFetchedWithTheirMessage(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	r := received(w.WhatsApp, "wamid.1", "+12025550123", "look")
	r.Kind = chat.KindImage
	file := store.NewMedia{
		Media:     chat.Media{ID: chat.NewID[chat.MediaID](), State: chat.MediaLoading, ContentType: "image/jpeg", Name: "flat.jpg", Size: 1234},
		Reference: "media-1", SHA256: "abc", ExpiresAt: time.Now().Add(time.Hour).Truncate(time.Microsecond),
	}
	r.Media = []store.NewMedia{file}
	receive(t, w, w.WhatsApp, r)
	file.Version = 1
	require.Equal(t, []chat.Media{file.Media}, get(t, w, r.ID).Media)
	got, err := w.Store.Media(t.Context(), w.Org, file.ID)
	require.NoError(t, err)
	require.Equal(t, "media-1", got.Reference)
	before := len(w.Events())
	got.State, got.ObjectKey, got.Size = chat.MediaReady, "objects/1", 999
	for range 2 {
		_, err = w.Store.SettleMedia(t.Context(), w.Org, got)
		require.NoError(t, err)
	}
	require.Len(t, w.Events(), before+1, "settled once")
	got.State = chat.MediaExpired
	settled, err := w.Store.SettleMedia(t.Context(), w.Org, got)
	require.NoError(t, err)
	require.False(t, settled)
	got, err = w.Store.Media(t.Context(), w.Org, file.ID)
	require.NoError(t, err)
	require.Equal(t, chat.MediaReady, got.State)
	require.EqualValues(t, 999, got.Size)
}
