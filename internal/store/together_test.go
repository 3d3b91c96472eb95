package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// receiveTogether stores messages in one transaction, each in a callback of its own.
func receiveTogether(t testing.TB, w *world.World, messages ...store.Received) []bool {
	t.Helper()
	arrivals := make([]store.Arrival, len(messages))
	for i := range messages {
		arrivals[i] = arrival(w.WhatsApp)
	}
	stored, err := w.Store.ReceiveTogether(t.Context(), w.Org, arrivals, messages)
	require.NoError(t, err)
	return stored
}

// known makes messages of people who have a conversation already: of the nth person by
// a number, with an id and a text made of the place in the list.
func known(t testing.TB, w *world.World, people ...int) []store.Received {
	t.Helper()
	var out []store.Received
	met := map[int]bool{}
	for i, n := range people {
		if !met[n] {
			met[n] = true
			receive(t, w, w.WhatsApp, received(w.WhatsApp, fmt.Sprintf("met-%d", n), phone(n), "hello"))
		}
		out = append(out, received(w.WhatsApp, fmt.Sprintf("id-%d", i), phone(n), fmt.Sprintf("text %d", i)))
	}
	return out
}

// texts are what was said in the conversation of the nth person, by seq.
func texts(t testing.TB, w *world.World, n int) []string {
	t.Helper()
	out := []string{}
	for _, c := range conversations(t, w) {
		if c.Identifier.Value != phone(n) {
			continue
		}
		messages, err := w.Store.Messages(t.Context(), w.Admin, c.ID, 0, 0, 100)
		require.NoError(t, err)
		for i, m := range messages {
			require.Equal(t, i+1, m.Seq)
			out = append(out, m.Text)
		}
		require.Equal(t, len(out), c.LastSeq)
		require.Equal(t, len(out), c.InboundCount)
	}
	return out
}

func TestI5MessagesStoredTogetherFollowOneAnother(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	messages := known(t, w, 1, 2, 1, 1)
	before, shown := len(w.Events()), callbackCounts(t, w)[store.ResultShown]
	messages[3].ProviderAt = messages[3].ProviderAt.Add(time.Minute)
	require.Equal(t, []bool{true, true, true, true}, receiveTogether(t, w, messages...))
	require.Equal(t, []string{"hello", "text 0", "text 2", "text 3"}, texts(t, w, 1))
	require.Equal(t, []string{"hello", "text 1"}, texts(t, w, 2))
	require.Equal(t, shown+4, callbackCounts(t, w)[store.ResultShown])
	events := w.Events()[before:]
	require.Len(t, events, 4, "one for each message")
	for i, e := range events {
		require.Positive(t, e.ID)
		var told conversev1.Event
		require.NoError(t, proto.Unmarshal(e.Payload, &told))
		require.Equal(t, string(messages[i].ID), told.GetMessage().GetMessage().GetId())
		require.Equal(t, told.GetMessage().GetMessage().GetSeq(), told.GetMessage().GetConversation().GetLastSeq())
	}
	list := conversations(t, w)
	require.Equal(t, phone(1), list[0].Identifier.Value, "the newest is first")
	require.WithinDuration(t, messages[3].ProviderAt.Add(chat.ServiceWindow), list[0].WindowExpiresAt, time.Millisecond)
}

func TestI2MessagesStoredTogetherAreStoredOnce(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	messages := known(t, w, 1, 2, 1)
	again := messages[0]
	again.ID = chat.NewID[chat.MessageID]()
	require.Equal(t, []bool{true, false}, receiveTogether(t, w, messages[0], again), "the second is looked at alone")
	require.Equal(t, store.ResultIgnored, receive(t, w, w.WhatsApp, again).Result)

	again.ID = chat.NewID[chat.MessageID]()
	require.Equal(t, []bool{false, false}, receiveTogether(t, w, messages[1], again), "one that is there refuses all")
	require.Equal(t, store.ResultShown, receive(t, w, w.WhatsApp, messages[1]).Result)
	require.Equal(t, []string{"hello", "text 0"}, texts(t, w, 1))
	require.Equal(t, []string{"hello", "text 1"}, texts(t, w, 2))
}

func TestI11MessagesStoredTogetherWaitForNoLock(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	messages := known(t, w, 1, 2)
	locked, err := owner(t, w).Begin(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { _ = locked.Rollback(context.Background()) }) // else its pool never closes
	_, err = locked.Exec(t.Context(), `select 1 from conversations c join identifiers i on i.id = c.identifier_id where i.value = $1 for update of c`, phone(1))
	require.NoError(t, err)
	require.Equal(t, []bool{false, true}, receiveTogether(t, w, messages...))
	require.NoError(t, locked.Rollback(t.Context()))
	require.Equal(t, []string{"hello", "text 1"}, texts(t, w, 2))
	require.Equal(t, []string{"hello"}, texts(t, w, 1))
}

func TestPeopleWhoNeedACloserLookAreReceivedAlone(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	const whatsAppID, otherID = "US.13491208655302741918", "US.13491208655302741919"
	both := known(t, w, 1)[0]
	both.WhatsApp = whatsAppID
	stranger := received(w.WhatsApp, "id-stranger", phone(7), "who am I")
	require.Equal(t, []bool{false, false}, receiveTogether(t, w, both, stranger), "an identity that is new, and somebody nobody knows")
	require.Equal(t, store.ResultShown, receive(t, w, w.WhatsApp, both).Result)
	both.ID, both.ProviderID = chat.NewID[chat.MessageID](), "id-both"
	require.Equal(t, []bool{true}, receiveTogether(t, w, both), "both are known, and one conversation")

	byID := received(w.WhatsApp, "id-only", "", "my number is hidden")
	byID.WhatsApp = otherID
	receive(t, w, w.WhatsApp, byID)
	byID.ID, byID.ProviderID = chat.NewID[chat.MessageID](), "id-only-2"
	require.Equal(t, []bool{true}, receiveTogether(t, w, byID))
	byID.ID, byID.ProviderID, byID.Phone = chat.NewID[chat.MessageID](), "id-two", phone(1)
	require.Equal(t, []bool{false}, receiveTogether(t, w, byID), "two conversations: which, is to be decided")
}

// TestABusyOrgLosesAndDoublesNothing has many connections post for a few people at once.
func TestABusyOrgLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	const people, each, times = 5, 20, 2
	var mu sync.Mutex
	ends := map[store.Result]int{}
	together(people*each*times, func(i int) {
		n := i % people
		r := received(w.WhatsApp, fmt.Sprintf("wamid.%d", i%(people*each)), phone(n), "hello")
		end, err := w.Store.Receive(t.Context(), w.Org, arrival(w.WhatsApp), r)
		require.NoError(t, err)
		mu.Lock()
		defer mu.Unlock()
		ends[end.Result]++
	})
	require.Equal(t, map[store.Result]int{store.ResultShown: people * each, store.ResultIgnored: people * each * (times - 1)}, ends)
	require.Equal(t, ends, callbackCounts(t, w))
	for n := range people {
		require.Len(t, texts(t, w, n), each)
	}
}
