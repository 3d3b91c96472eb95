package inbox_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

// TestI2OnceIn delivers one signed body many times, in a row and at once, through
// two doors on one database.
func TestI2OnceIn(t *testing.T) {
	t.Parallel()
	one := setup(t)
	two := setupSecondDoor(t, one)
	body := webhook(textFrom("12025550177", "wamid.once", "hello"))
	var wg sync.WaitGroup
	statuses := make(chan int, 50)
	for n := range 50 {
		door := one
		if n%2 == 1 {
			door = two
		}
		wg.Go(func() { statuses <- door.post(t, body) })
	}
	wg.Wait()
	close(statuses)
	for status := range statuses {
		require.Equal(t, http.StatusOK, status)
	}
	require.Len(t, one.messages(t), 1)
	leads, err := one.Store.SearchLeads(t.Context(), one.Sales, chat.SearchWords("12025550177", nil), 10)
	require.NoError(t, err)
	require.Len(t, leads, 1)
	added := 0
	for _, e := range one.Events() {
		if e.Topic == chat.OrgTopic(one.Org) {
			added++
		}
	}
	require.Equal(t, 1, added, "one event for every viewer")
	counts, err := one.Store.CallbackCounts(t.Context(), one.Org)
	require.NoError(t, err)
	require.Equal(t, map[store.Result]int{store.ResultShown: 1, store.ResultIgnored: 49}, counts)
}

// setupSecondDoor is another node on the same database.
func setupSecondDoor(t *testing.T, first *bundle) *bundle {
	t.Helper()
	second := *first
	second.inbox, second.server = nil, nil
	return attach(t, &second)
}

func TestOneBadElementCostsOnlyItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	bad := `"messages":[{"from":"12025550123","id":"","timestamp":"1","type":"text","text":{"body":"no id"}}]`
	body := webhook(textFrom("12025550123", "wamid.1", "before"), bad, textFrom("12025550123", "wamid.2", "after"))
	require.Equal(t, http.StatusOK, b.post(t, body))
	messages := b.messages(t)
	require.Len(t, messages, 2)
	require.Equal(t, []string{"before", "after"}, []string{messages[0].Text, messages[1].Text})
	list := b.callbacks(t)
	require.Len(t, list, 1)
	require.Equal(t, store.ResultParked, list[0].Result)
	// A replay finds the good ones stored already.
	_, err := b.inbox.Replay(t.Context(), b.Org, list[0].ID)
	require.NoError(t, err)
	require.Len(t, b.messages(t), 2)
}

func TestHundredsOfElementsInOneBody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var values []string
	for n := range 200 {
		values = append(values, textFrom("12025550123", fmt.Sprintf("wamid.%d", n%190), fmt.Sprint(n%190)))
	}
	require.Equal(t, http.StatusOK, b.post(t, webhook(values...)))
	messages, err := b.Store.Messages(t.Context(), b.Admin, b.messages(t)[0].Conversation, 0, 0, 500)
	require.NoError(t, err)
	require.Len(t, messages, 190)
	for n, m := range messages {
		require.Equal(t, n+1, m.Seq)
		require.Equal(t, fmt.Sprint(n), m.Text, "the order of the body")
	}
	require.Equal(t, store.ResultShown, b.callbacks(t)[0].Result)
}

func TestTextIsMadeStorable(t *testing.T) {
	t.Parallel()
	b := setup(t)
	value := strings.Replace(textFrom("12025550123", "wamid.1", "@"), `"@"`, `"nul \u0000 lone \ud800 emoji 👩‍👩‍👧"`, 1)
	require.Equal(t, http.StatusOK, b.post(t, webhook(value)))
	require.Equal(t, "nul  lone \uFFFD emoji 👩‍👩‍👧", b.messages(t)[0].Text)
}

func TestAReportBeforeItsMessageWaitsAndIsAppliedLater(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.Equal(t, http.StatusOK, b.post(t, webhook(statusOf("wamid.early", "delivered", ""))))
	require.Equal(t, store.WaitingForMessage, b.callbacks(t)[0].Why)
	_, err := b.inbox.Replay(t.Context(), b.Org, b.callbacks(t)[0].ID)
	require.NoError(t, err)
	require.Equal(t, store.WaitingForMessage, b.callbacks(t)[0].Why, "still waiting after a replay")
}

func TestAReportOnSomebodyElsesReferenceIsIgnored(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.Equal(t, http.StatusOK, b.post(t, webhook(statusOf("wamid.1", "sent", string(chat.NewID[chat.MessageID]())))))
	require.Equal(t, store.ResultIgnored, b.callbacks(t)[0].Result)
	require.Equal(t, http.StatusOK, b.post(t, webhook(statusOf("wamid.2", "sent", "'; drop table messages"))))
	require.Equal(t, store.WaitingForMessage, b.callbacks(t)[0].Why, "not a reference of ours at all")
}

// fragile panics where it is told to.
type fragile struct {
	channels.Adapter
	verify, parse bool
}

func (f fragile) Verify(a channels.Account, w *channels.Webhook) error {
	if f.verify {
		panic("verify")
	}
	return f.Adapter.Verify(a, w)
}

func (f fragile) Parse(a channels.Account, w *channels.Webhook) ([]channels.Event, channels.Reply, error) {
	if f.parse {
		panic("parse")
	}
	return f.Adapter.Parse(a, w)
}

func TestAPanickingAdapterLosesNothing(t *testing.T) {
	t.Parallel()
	body := webhook(textFrom("12025550123", "wamid.1", "hello"))
	b := setup(t, fragile{Adapter: whatsappcloud.New(), parse: true}, &silent{})
	require.Equal(t, http.StatusOK, b.post(t, body))
	require.Equal(t, store.ResultParked, b.callbacks(t)[0].Result)
	b = setup(t, fragile{Adapter: whatsappcloud.New(), verify: true}, &silent{})
	require.Equal(t, http.StatusUnauthorized, b.post(t, body))
	require.Empty(t, b.callbacks(t))
}

// silent stands in for the other provider of the fixture.
type silent struct{ channels.Adapter }

func (*silent) Kind() channels.Kind { return "ctm" }

// TestI1StoredFirst: while PostgreSQL is away nothing is answered with 2xx, and
// what is sent again afterwards is stored.
func TestI1StoredFirst(t *testing.T) {
	t.Parallel()
	cluster := testkit.Cluster(t)
	b := setupAt(t, world.At(t, cluster.URL))
	body := webhook(textFrom("12025550123", "wamid.1", "hello"))
	require.Equal(t, http.StatusOK, b.post(t, webhook(textFrom("12025550123", "wamid.0", "first"))))
	cluster.Crash()
	require.Equal(t, http.StatusServiceUnavailable, b.post(t, body))
	cluster.Start()
	require.Eventually(t, func() bool { return b.post(t, body) == http.StatusOK }, eventually, tick)
	require.Len(t, b.messages(t), 2)
}

// TestInterruptedBatchIsTakenUpAgain cuts the working through of a batch and lets
// the keeper finish it.
func TestInterruptedBatchIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := webhook(textFrom("12025550123", "wamid.1", "one"), textFrom("12025550123", "wamid.2", "two"))
	callback := store.Callback{
		ID: chat.NewID[chat.CallbackID](), Connector: b.accounts.WhatsApp.ID, ReceivedAt: longAgo(), Body: []byte(body), Headers: map[string]string{},
	}
	end := store.CallbackEnd{Result: store.ResultParked, Why: "being worked through"}
	require.NoError(t, b.Store.EndNow(t.Context(), b.Org, callback, end))
	b.inbox.TakeUp(context.WithoutCancel(t.Context()))
	require.Len(t, b.messages(t), 2)
	require.Equal(t, store.ResultShown, b.callbacks(t)[0].Result)
}
