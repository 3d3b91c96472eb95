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

func TestAReadMarkerNeverGoesBack(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	for n := range 10 {
		receive(t, w, w.WhatsApp, received(w.WhatsApp, fmt.Sprintf("in-%d", n), "+12025550123", "hello"))
		queue(t, w, c, "and back")
	}
	marker := func() [3]int {
		got, err := w.Store.Conversation(t.Context(), w.Sales, c.ID)
		require.NoError(t, err)
		return [3]int{got.ReadSeq, got.InboundRead, got.Unread()}
	}
	require.Equal(t, [3]int{0, 0, 10}, marker())
	for _, step := range []struct {
		seq  int
		want [3]int
	}{{1, [3]int{1, 1, 9}}, {6, [3]int{6, 3, 7}}, {2, [3]int{6, 3, 7}}, {7, [3]int{7, 4, 6}}, {1000, [3]int{20, 10, 0}}} {
		unread, err := w.Store.MarkRead(t.Context(), w.Sales, c.ID, step.seq)
		require.NoError(t, err)
		require.Equal(t, step.want, marker(), "seq %d", step.seq)
		require.Equal(t, step.want[2], unread)
	}
	receive(t, w, w.WhatsApp, received(w.WhatsApp, "in-new", "+12025550123", "one more"))
	require.Equal(t, [3]int{20, 10, 1}, marker(), "a mark beyond the end marks nothing to come")
	colleague, err := w.Store.Conversation(t.Context(), w.Admin, c.ID)
	require.NoError(t, err)
	require.Equal(t, 11, colleague.Unread(), "everyone reads for themselves")
}

func TestReadMarkersSetAtOnceEndAtTheHighest(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	const messages = 30
	for n := range messages {
		receive(t, w, w.WhatsApp, received(w.WhatsApp, fmt.Sprintf("in-%d", n), "+12025550123", "hello"))
	}
	together(messages+5, func(n int) {
		var err error
		if n < messages {
			_, err = w.Store.MarkRead(t.Context(), w.Sales, c.ID, n+1)
		} else {
			_, err = w.Store.Receive(t.Context(), w.Org, arrival(w.WhatsApp), received(w.WhatsApp, fmt.Sprintf("in-%d", n), "+12025550123", "hello"))
		}
		require.NoError(t, err)
	})
	got, err := w.Store.Conversation(t.Context(), w.Sales, c.ID)
	require.NoError(t, err)
	require.Equal(t, messages, got.ReadSeq)
	require.Equal(t, messages, got.InboundRead)
	require.Equal(t, 5, got.Unread())
}

func TestUnreadMineCountsTheLeadsOneOwns(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	for n := range 3 {
		receive(t, w, w.WhatsApp, received(w.WhatsApp, fmt.Sprintf("in-%d", n), "+12025550123", "to Sales"))
	}
	receive(t, w, w.SMS, received(w.SMS, "in-9", "+13035550199", "to whoever is next: Admin"))
	for p, want := range map[*chat.Principal]int{&w.Sales: 3, &w.Admin: 1} {
		page, err := w.Store.Conversations(t.Context(), *p, store.ConversationFilter{Most: 10})
		require.NoError(t, err)
		require.Equal(t, want, page.UnreadMine)
		require.Len(t, page.Conversations, 2)
		mine, err := w.Store.Conversations(t.Context(), *p, store.ConversationFilter{Most: 10, Kind: store.ListMine})
		require.NoError(t, err)
		require.Len(t, mine.Conversations, 1)
		require.Equal(t, p.User, mine.Conversations[0].Owner)
	}
	_, err := w.Store.MarkRead(t.Context(), w.Sales, w.Conversation(t, w.WhatsApp).ID, 3)
	require.NoError(t, err)
	unread, err := w.Store.Conversations(t.Context(), w.Sales, store.ConversationFilter{Most: 10, Kind: store.ListUnread})
	require.NoError(t, err)
	require.Len(t, unread.Conversations, 1)
	require.Equal(t, w.Admin.User, unread.Conversations[0].Owner)
}

func TestPagesOfEqualTimesLoseAndRepeatNothing(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	at := time.Now()
	const all = 23
	for n := range all {
		r := received(w.SMS, fmt.Sprintf("in-%d", n), phone(n), "hello")
		r.ReceivedAt = at.Add(time.Duration(n/9) * time.Second)
		receive(t, w, w.SMS, r)
	}
	talk(t, w, w.SMS, all) // has no message, and is not listed
	for _, size := range []int{1, 4, 23, 50} {
		seen := map[chat.ConversationID]bool{}
		f := store.ConversationFilter{Most: size}
		last := at.Add(time.Hour)
		for {
			page, err := w.Store.Conversations(t.Context(), w.Sales, f)
			require.NoError(t, err)
			if len(page.Conversations) == 0 {
				break
			}
			for _, c := range page.Conversations {
				require.False(t, seen[c.ID], "twice")
				seen[c.ID] = true
				require.False(t, c.LastMessage.CreatedAt.After(last), "the newest first")
				last = c.LastMessage.CreatedAt
			}
			f.At, f.AtID = page.LastAt, page.Conversations[len(page.Conversations)-1].ID
		}
		require.Len(t, seen, all, "pages of %d", size)
	}
}

func TestStartingAConversationTwiceAtOnceIsOneConversation(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	ids := make([]chat.ConversationID, 20)
	together(len(ids), func(n int) {
		c, err := w.Store.StartConversation(t.Context(), w.Sales, w.Lead.ID, w.Lead.Identifiers[0].ID, w.SMS.Senders[0].ID)
		require.NoError(t, err)
		ids[n] = c.ID
	})
	for _, id := range ids {
		require.Equal(t, ids[0], id)
	}
	stranger := w.NewLead(t, "Ben", "Diaz", "+13035550111")
	_, err := w.Store.StartConversation(t.Context(), w.Sales, w.Lead.ID, stranger.Identifiers[0].ID, w.WhatsApp.Senders[0].ID)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "an identifier of somebody else")
}

func TestPagesOfMessages(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	for n := range 10 {
		queue(t, w, c, fmt.Sprint(n+1))
	}
	for _, x := range []struct {
		before, after, most int
		want                []int
	}{
		{0, 0, 3, []int{8, 9, 10}},
		{8, 0, 3, []int{5, 6, 7}},
		{3, 0, 5, []int{1, 2}},
		{1, 0, 5, []int{}},
		{0, 3, 2, []int{4, 5}},
		{0, 9, 5, []int{10}},
		{0, 10, 5, []int{}},
	} {
		messages, err := w.Store.Messages(t.Context(), w.Admin, c.ID, x.before, x.after, x.most)
		require.NoError(t, err)
		seqs := []int{}
		for _, m := range messages {
			seqs = append(seqs, m.Seq)
		}
		require.Equal(t, x.want, seqs, "%+v", x)
	}
}
