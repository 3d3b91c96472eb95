package transfer_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/crm"
	"converse/internal/store"
	"converse/internal/transfer"
)

// dying is a service whose node ends right after it has committed so many pages of an
// import. What it holds in memory is gone then, as after kill -9.
func (b *bundle) dying(t testing.TB, pages int) (*transfer.Service, context.Context) {
	t.Helper()
	ctx, die := context.WithCancel(t.Context())
	s, err := store.Open(t.Context(), store.Options{URL: b.URL, Committed: func([]store.Event) {
		if pages--; pages == 0 {
			die()
		}
	}})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return transfer.New(s, b.objects, crm.Canonical, slog.New(slog.DiscardHandler)), ctx
}

func TestAnImportGoesOnAfterACrashAndDoesNoRowTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const rows = 1100
	i := b.checked(t, b.Admin, many(rows))
	_, err := b.Start(t.Context(), b.Admin, i.ID)
	require.NoError(t, err)
	work := store.Transfer{Org: b.Org, Import: i.ID}
	for crash, handled := range []int{250, 750} {
		node, ctx := b.dying(t, crash+1)
		require.Error(t, node.Work(ctx, work, false))
		i, err = b.Import(t.Context(), b.Admin, i.ID)
		require.NoError(t, err)
		require.Equal(t, chat.ImportImporting, i.State)
		require.Equal(t, handled, i.Counts.Handled)
	}
	again, err := b.Store.ImportPage(t.Context(), b.Admin, store.ImportPage{Import: i.ID, From: 250}, func([]chat.Lead, []chat.LeadID) store.ImportedPage {
		t.Error("a page that was done is decided about again")
		return store.ImportedPage{}
	})
	require.NoError(t, err)
	require.Equal(t, 750, again.Counts.Handled)
	left, err := b.Store.LeftTransfers(t.Context(), -time.Minute, 10)
	require.NoError(t, err)
	require.Equal(t, []store.LeftTransfer{{Transfer: work}}, left, "somebody finds it")
	require.NoError(t, b.Store.AddTransfer(t.Context(), work))

	// Two take it up at once.
	ended := make(chan error, 2)
	for range 2 {
		go func() { ended <- b.Work(t.Context(), work, false) }()
	}
	require.NoError(t, <-ended)
	require.NoError(t, <-ended)
	i, err = b.Import(t.Context(), b.Admin, i.ID)
	require.NoError(t, err)
	require.Equal(t, chat.ImportDone, i.State)
	require.Equal(t, chat.ImportCounts{Total: rows, Handled: rows, Created: rows}, i.Counts)
	page, err := b.Store.LeadPage(t.Context(), b.Admin, store.LeadPageQuery{Most: 1})
	require.NoError(t, err)
	require.Equal(t, rows+1, page.Total, "with the one that was there")
	require.Len(t, b.result(t, b.Admin, i.ID), rows)
	entries, err := b.Store.AuditEntries(t.Context(), b.Org, store.AuditFilter{Action: "leads.imported", Most: 10})
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func TestFilesAreDeletedAfterADayAndTheHistoryStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	i := b.imported(t, b.Admin, many(2))
	e := b.exported(t, b.Admin, chat.ExportSelection{Fields: []chat.LeadField{chat.FieldPhone}})
	result, err := b.Result(t.Context(), b.Admin, i.ID)
	require.NoError(t, err)
	file, err := b.ExportFile(t.Context(), b.Admin, e.ID)
	require.NoError(t, err)
	require.NoError(t, b.Tend(t.Context()))
	_, err = b.Result(t.Context(), b.Admin, i.ID)
	require.NoError(t, err, "it is not a day yet")

	b.exec(t, "update imports set files_until = now() - interval '1 second'")
	b.exec(t, "update exports set files_until = now() - interval '1 second'")
	require.NoError(t, b.Tend(t.Context()))
	for _, gone := range []transfer.File{result, file} {
		_, err := b.objects.Get(t.Context(), gone.Key)
		require.Error(t, err)
	}
	_, err = b.Result(t.Context(), b.Admin, i.ID)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	_, err = b.ExportFile(t.Context(), b.Admin, e.ID)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	i, err = b.Import(t.Context(), b.Admin, i.ID)
	require.NoError(t, err)
	require.Equal(t, 2, i.Counts.Created)
}
