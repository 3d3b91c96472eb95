package store_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

var ladder = []chat.Status{
	chat.StatusQueued, chat.StatusSending, chat.StatusUnsure, chat.StatusSent, chat.StatusFailed, chat.StatusDelivered, chat.StatusRead,
}

func TestI4TheLadderInSQLIsTheLadderInGo(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	pool := owner(t, w)
	for _, status := range append(ladder, chat.StatusReceived, "bogus") {
		var rank *int
		require.NoError(t, pool.QueryRow(t.Context(), "select status_rank($1)", string(status)).Scan(&rank))
		if status.Rank() < 0 {
			require.Nil(t, rank, status)
			continue
		}
		require.Equal(t, status.Rank(), *rank, status)
	}
}

// TestI4TheDatabaseJoinsByTheGoldenTable brings a message to each status and reports
// each: the store joins, and the trigger refuses whoever assigns a lower one.
func TestI4TheDatabaseJoinsByTheGoldenTable(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../chat/testdata/join.json")
	require.NoError(t, err)
	var pairs []struct{ A, B, Joined chat.Status }
	require.NoError(t, json.Unmarshal(data, &pairs))
	require.Len(t, pairs, len(ladder)*len(ladder))
	w := world.New(t)
	pool := owner(t, w)
	c := w.Conversation(t, w.WhatsApp)
	for _, p := range pairs {
		m := queue(t, w, c, "hello")
		exec(t, pool, "update messages set status = $2 where id = $1", m.ID, p.A)

		tx, err := pool.Begin(t.Context())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), "update messages set status = $2 where id = $1", m.ID, p.B)
		if p.Joined == p.B {
			require.NoError(t, err, "%s may become %s", p.A, p.B)
		} else {
			require.ErrorContains(t, err, "cannot go from", "%s may not become %s", p.A, p.B)
		}
		require.NoError(t, tx.Rollback(t.Context()))

		r := reportOf(w.WhatsApp, "", p.B)
		r.Reference = m.ID
		out := report(t, w, w.WhatsApp, r)
		require.Equal(t, p.Joined != p.A, out.Raised, "%s and %s", p.A, p.B)
		require.Equal(t, p.Joined, get(t, w, m.ID).Status, "%s and %s", p.A, p.B)
	}
}

func TestI4AMessageFromALeadHasOneStatusForEver(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	pool := owner(t, w)
	receive(t, w, w.WhatsApp, received(w.WhatsApp, "in-1", "+12025550123", "hi"))
	out := queue(t, w, w.Conversation(t, w.WhatsApp), "hello")
	for _, status := range ladder {
		_, err := pool.Exec(t.Context(), "update messages set status = $1 where direction = 'inbound'", status)
		require.Error(t, err, status)
	}
	_, err := pool.Exec(t.Context(), "update messages set status = 'received' where id = $1", out.ID)
	require.Error(t, err)
	r := reportOf(w.WhatsApp, "in-1", chat.StatusRead)
	require.Equal(t, store.ResultParked, report(t, w, w.WhatsApp, r).End.Result, "no message of ours has this id")
}

func TestWordsThatAreNoStatusAreRefused(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	pool := owner(t, w)
	m := sent(t, w, w.Conversation(t, w.WhatsApp), "hello", "wamid.1")
	report(t, w, w.WhatsApp, reportOf(w.WhatsApp, "wamid.1", chat.StatusDelivered))
	for _, statement := range []string{
		"update messages set status = 'bogus' where id = $1", "update messages set status = '' where id = $1",
		"update receipts set status = 'bogus' where message_id = $1", "update receipts set status = 'received' where message_id = $1",
	} {
		_, err := pool.Exec(t.Context(), statement, m.ID)
		require.Error(t, err, statement)
	}
}

// reports are the orders in which a provider may say each of four words, one of
// them twice.
func reports() [][]chat.Status {
	words := []chat.Status{chat.StatusSent, chat.StatusDelivered, chat.StatusRead, chat.StatusFailed}
	seen := map[string]bool{}
	var out [][]chat.Status
	var place func(done, left []chat.Status)
	place = func(done, left []chat.Status) {
		if len(left) == 0 && !seen[fmt.Sprint(done)] {
			seen[fmt.Sprint(done)] = true
			out = append(out, append([]chat.Status(nil), done...))
		}
		for i := range left {
			rest := append(append([]chat.Status(nil), left[:i]...), left[i+1:]...)
			place(append(done, left[i]), rest)
		}
	}
	for _, twice := range words {
		place(nil, append([]chat.Status{twice}, words...))
	}
	return out
}

// TestI4ReportsInAnyOrderEndInOnePicture: the same status and the same timeline.
func TestI4ReportsInAnyOrderEndInOnePicture(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	day := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	at := map[chat.Status]time.Time{
		chat.StatusSent: day.Add(time.Second), chat.StatusDelivered: day.Add(time.Second), // providers count whole seconds
		chat.StatusRead: day.Add(time.Minute), chat.StatusFailed: day.Add(2 * time.Second),
	}
	orders := reports()
	require.Len(t, orders, 240)
	var want []string
	for n, order := range orders {
		m := queue(t, w, c, "hello")
		reached := chat.StatusQueued
		for _, status := range order {
			r := reportOf(w.WhatsApp, fmt.Sprintf("wamid.%d", n), status)
			r.Reference, r.ProviderAt = m.ID, at[status]
			raised := report(t, w, w.WhatsApp, r).Raised
			require.Equal(t, reached != reached.Join(status), raised, "%s after %s in %v", status, reached, order)
			reached = reached.Join(status)
		}
		got := get(t, w, m.ID)
		require.Equal(t, chat.StatusRead, got.Status, order)
		require.Nil(t, got.Failure, "it was delivered after all")
		entries, err := w.Store.Timeline(t.Context(), w.Admin, m.ID)
		require.NoError(t, err)
		var said []string
		for _, e := range entries[1:] {
			said = append(said, fmt.Sprint(e.Status, e.At.UTC(), e.ReportedBy))
		}
		if want == nil {
			want = said
			require.Len(t, want, 4)
		}
		require.Equal(t, want, said, "%v", order)
	}
}

func TestI4ReportsAtOnceEndInTheHighest(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	order := []chat.Status{chat.StatusRead, chat.StatusFailed, chat.StatusDelivered, chat.StatusSent}
	for n := range 10 {
		id := fmt.Sprintf("wamid.%d", n)
		m := sent(t, w, c, "hello", id)
		before := len(w.Events())
		together(3*len(order), func(i int) {
			_, err := w.Store.Report(t.Context(), w.Org, arrival(w.WhatsApp), reportOf(w.WhatsApp, id, order[i%len(order)]))
			require.NoError(t, err)
		})
		require.Equal(t, chat.StatusRead, get(t, w, m.ID).Status)
		require.LessOrEqual(t, len(w.Events())-before, 3, "a tick an ascent at most")
	}
	require.Zero(t, count(t, owner(t, w), "select count(*) from (select 1 from receipts group by provider_message_id having count(*) <> 4) x"))
}

func TestASecondReportOfTheSameWordIsIgnored(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	sent(t, w, w.Conversation(t, w.WhatsApp), "hello", "wamid.1")
	first := report(t, w, w.WhatsApp, reportOf(w.WhatsApp, "wamid.1", chat.StatusDelivered))
	require.Equal(t, store.Reported{End: store.CallbackEnd{Result: store.ResultShown}, Raised: true, Channel: chat.ChannelWhatsApp}, first)
	again := report(t, w, w.WhatsApp, reportOf(w.WhatsApp, "wamid.1", chat.StatusDelivered))
	require.Equal(t, store.ResultIgnored, again.End.Result)
	require.NotEmpty(t, again.End.Why)
	require.False(t, again.Raised)
	lower := report(t, w, w.WhatsApp, reportOf(w.WhatsApp, "wamid.1", chat.StatusSent))
	require.Equal(t, store.ResultShown, lower.End.Result, "it stands in the timeline")
	require.False(t, lower.Raised)
}

func TestAReportOnAnotherOrgsMessageIsNotApplied(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	other := world.At(t, w.URL)
	m := sent(t, w, w.Conversation(t, w.WhatsApp), "hello", "wamid.1")
	for name, r := range map[string]store.Report{
		"by id":        reportOf(other.WhatsApp, "wamid.1", chat.StatusRead),
		"by reference": {Connector: other.WhatsApp.ID, Reference: m.ID, Status: chat.StatusRead, ReceivedAt: time.Now()},
	} {
		require.NotEqual(t, store.ResultShown, report(t, other, other.WhatsApp, r).End.Result, name)
	}
	require.Equal(t, chat.StatusSent, get(t, w, m.ID).Status)
}
