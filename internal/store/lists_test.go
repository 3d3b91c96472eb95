package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// listed are the ids of a list, page after page.
func listed(t testing.TB, w *world.World, p chat.Principal, kind store.ListKind, channel chat.Channel, size int) []chat.ConversationID {
	t.Helper()
	var out []chat.ConversationID
	f := store.ConversationFilter{Kind: kind, Channel: channel, Most: size}
	for {
		page, err := w.Store.Conversations(t.Context(), p, f)
		require.NoError(t, err)
		for _, c := range page.Conversations {
			out = append(out, c.ID)
			f.AtID = c.ID
		}
		if len(page.Conversations) < size {
			return out
		}
		f.At = page.LastAt
	}
}

// talks are conversations over WhatsApp with leads of Sales, the last one newest. The
// window of the n-th closes a minute after n+1 hours.
func talks(t testing.TB, w *world.World, n int) []chat.ConversationID {
	t.Helper()
	out := make([]chat.ConversationID, n)
	for i := range n {
		lead := w.NewLead(t, "Lead", fmt.Sprint(i), phone(i))
		r := received(w.WhatsApp, fmt.Sprintf("in-%d", i), phone(i), "hello")
		r.ReceivedAt = time.Now().Add(time.Duration(i-n) * time.Second)
		r.ProviderAt = time.Now().Add(time.Duration(i+1)*time.Hour + time.Minute - chat.ServiceWindow)
		receive(t, w, w.WhatsApp, r)
		c, err := w.Store.StartConversation(t.Context(), w.Sales, lead.ID, lead.Identifiers[0].ID, w.WhatsApp.Senders[0].ID)
		require.NoError(t, err)
		out[i] = c.ID
	}
	return out
}

func TestEachListHasItsOwnOrderAndPages(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	ids := talks(t, w, 6)
	receive(t, w, w.SMS, received(w.SMS, "sms", "+13035550199", "to Admin"))
	exec(t, owner(t, w), "update leads set owner_id = null where last_name = '4'")
	for i, hours := range map[int]int{1: 3, 2: 2} {
		_, err := w.Store.Snooze(t.Context(), w.Sales, ids[i], time.Now().Add(time.Duration(hours)*time.Hour))
		require.NoError(t, err)
	}
	addNote(t, w, w.Admin, chat.Conversation{ID: ids[0]}, "see", w.Sales.User)
	addNote(t, w, w.Admin, chat.Conversation{ID: ids[2]}, "see", w.Sales.User)
	_, err := w.Store.MarkRead(t.Context(), w.Sales, ids[5], 1)
	require.NoError(t, err)

	for _, size := range []int{1, 2, 50} {
		list := func(kind store.ListKind) []chat.ConversationID {
			return listed(t, w, w.Sales, kind, chat.ChannelWhatsApp, size)
		}
		require.Equal(t, []chat.ConversationID{ids[2], ids[0], ids[5], ids[4], ids[3]}, list(store.ListAll),
			"a note moves a conversation up; what is snoozed is away, but for the one that names the user")
		require.Equal(t, []chat.ConversationID{ids[2], ids[0], ids[5], ids[3]}, list(store.ListMine))
		require.Equal(t, []chat.ConversationID{ids[2], ids[0], ids[4], ids[3]}, list(store.ListUnread))
		require.Equal(t, []chat.ConversationID{ids[4]}, list(store.ListUnassigned))
		require.Equal(t, []chat.ConversationID{ids[0], ids[2]}, list(store.ListWindowClosing), "the soonest first; one is snoozed, and from the fourth on there is time")
		require.Equal(t, []chat.ConversationID{ids[2], ids[1]}, list(store.ListSnoozed), "the next to come back first")
		require.Equal(t, []chat.ConversationID{ids[2], ids[0]}, list(store.ListMentions))
		require.Len(t, listed(t, w, w.Sales, store.ListAll, "", size), 6)
		require.Len(t, listed(t, w, w.Sales, store.ListAll, chat.ChannelSMS, size), 1)
	}
	counts, err := w.Store.CountConversations(t.Context(), w.Sales, chat.ChannelWhatsApp)
	require.NoError(t, err)
	require.Equal(t, store.ConversationCounts{Unread: 4, Unassigned: 1, WindowClosing: 2, Snoozed: 2, Mentions: 2}, counts)

	_, err = w.Store.MarkRead(t.Context(), w.Sales, ids[0], 2)
	require.NoError(t, err)
	require.Equal(t, []chat.ConversationID{ids[2], ids[0]}, listed(t, w, w.Sales, store.ListMentions, "", 50), "read, and still a mention")
	counts, err = w.Store.CountConversations(t.Context(), w.Sales, "")
	require.NoError(t, err)
	require.Equal(t, 1, counts.Mentions)
}

// TestI7ListsShowWhatOneMaySee: no list and no count says anything of leads out of reach.
func TestI7ListsShowWhatOneMaySee(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	ids := talks(t, w, 3)
	exec(t, owner(t, w), "update leads set owner_id = null where last_name = '1'")
	_, err := w.Store.Snooze(t.Context(), w.Sales, ids[2], time.Now().Add(time.Hour))
	require.NoError(t, err)
	addNote(t, w, w.Sales, chat.Conversation{ID: ids[0]}, "see", w.Admin.User)
	blind := w.Admin
	blind.Access = &chat.Access{View: chat.ScopeOwn}
	for _, kind := range []store.ListKind{
		store.ListAll, store.ListMine, store.ListUnread, store.ListUnassigned, store.ListWindowClosing, store.ListSnoozed, store.ListMentions,
	} {
		require.Empty(t, listed(t, w, blind, kind, "", 50), kind)
	}
	counts, err := w.Store.CountConversations(t.Context(), blind, "")
	require.NoError(t, err)
	require.Zero(t, counts)
}
