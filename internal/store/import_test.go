package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

func nothing(*chat.Import) (chat.AuditEntry, error) { return chat.AuditEntry{}, nil }

func TestAnImportIsItsUsersAndTheAdministratorsAlone(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	other := world.At(t, w.URL)
	own, err := w.Store.CreateImport(t.Context(), w.Sales, "leads.csv")
	require.NoError(t, err)
	require.Equal(t, chat.ImportNew, own.State)
	require.Equal(t, w.Sales.Name, own.UserName)
	require.WithinDuration(t, time.Now().Add(store.FilesLive), own.FilesUntil, time.Minute)
	colleague := w.Sales
	colleague.User = chat.NewID[chat.UserID]()
	for who, p := range map[string]chat.Principal{"a colleague": colleague, "another org's administrator": other.Admin} {
		_, err := w.Store.Import(t.Context(), p, own.ID)
		require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), who)
		_, err = w.Store.ChangeImport(t.Context(), p, own.ID, nothing)
		require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), who)
	}
	_, err = w.Store.ChangeImport(t.Context(), w.Sales, own.ID, func(i *chat.Import) (chat.AuditEntry, error) {
		i.State, i.Counts.Total, i.Problems = chat.ImportUploaded, 3, []chat.RowProblem{{Row: 2, Column: "Mobile", Text: "It is empty."}}
		i.Settings.Columns = []chat.ImportColumn{{Index: 1, Field: chat.FieldPhone, Label: "mobile"}}
		return chat.AuditEntry{Action: "leads.imported", Detail: "3 rows"}, nil
	})
	require.NoError(t, err)
	for _, p := range []chat.Principal{w.Sales, w.Admin} {
		list, err := w.Store.Imports(t.Context(), p, "", 10)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, 3, list[0].Counts.Total)
		require.Equal(t, "Mobile", list[0].Problems[0].Column)
		require.Equal(t, chat.FieldPhone, list[0].Settings.Columns[0].Field)
		list, err = w.Store.Imports(t.Context(), p, own.ID, 10)
		require.NoError(t, err)
		require.Empty(t, list)
	}
	entries, err := w.Store.AuditEntries(t.Context(), w.Org, store.AuditFilter{Object: string(own.ID), Most: 10})
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func TestAnExportIsItsUsersAlone(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	own, err := w.Store.CreateExport(t.Context(), w.Sales, chat.ExportSelection{Fields: []chat.LeadField{chat.FieldPhone}})
	require.NoError(t, err)
	for _, p := range []chat.Principal{w.Admin, world.At(t, w.URL).Admin} {
		_, err := w.Store.Export(t.Context(), p, own.ID)
		require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
		list, err := w.Store.Exports(t.Context(), p, 10)
		require.NoError(t, err)
		require.Empty(t, list)
	}
	list, err := w.Store.Exports(t.Context(), w.Sales, 10)
	require.NoError(t, err)
	require.Equal(t, []chat.Export{own}, list)
}

// TestWorkIsAddedInTheTransactionThatNeedsIt: an import gets one job for each time it
// begins to need one, and none when nothing was changed.
func TestWorkIsAddedInTheTransactionThatNeedsIt(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	var added []store.Transfer
	s, err := store.Open(t.Context(), store.Options{URL: w.URL, Transfer: func(_ context.Context, _ pgx.Tx, work store.Transfer) error {
		added = append(added, work)
		return nil
	}})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	i, err := s.CreateImport(t.Context(), w.Sales, "leads.csv")
	require.NoError(t, err)
	state := func(to chat.ImportState, err error) {
		_, _ = s.ChangeImport(t.Context(), w.Sales, i.ID, func(i *chat.Import) (chat.AuditEntry, error) {
			i.State = to
			return chat.AuditEntry{}, err
		})
	}
	state(chat.ImportChecking, errors.New("not now"))
	require.Empty(t, added)
	for _, to := range []chat.ImportState{chat.ImportUploaded, chat.ImportChecking, chat.ImportChecking, chat.ImportChecked} {
		state(to, nil)
	}
	require.Equal(t, []store.Transfer{{Org: w.Org, Import: i.ID}}, added)
	e, err := s.CreateExport(t.Context(), w.Sales, chat.ExportSelection{})
	require.NoError(t, err)
	require.Equal(t, store.Transfer{Org: w.Org, Export: e.ID}, added[1])
}

func TestTransfersThatNobodyWorksOnAreFound(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	i, err := w.Store.CreateImport(t.Context(), w.Sales, "leads.csv")
	require.NoError(t, err)
	_, err = w.Store.ChangeImport(t.Context(), w.Sales, i.ID, func(i *chat.Import) (chat.AuditEntry, error) {
		i.State, i.FileKey = chat.ImportImporting, "key"
		return chat.AuditEntry{}, nil
	})
	require.NoError(t, err)
	e, err := w.Store.CreateExport(t.Context(), w.Sales, chat.ExportSelection{})
	require.NoError(t, err)
	left, err := w.Store.LeftTransfers(t.Context(), time.Minute, 10)
	require.NoError(t, err)
	require.Empty(t, left, "somebody worked on them just now")
	left, err = w.Store.LeftTransfers(t.Context(), -time.Minute, 10)
	require.NoError(t, err)
	require.ElementsMatch(t, []store.LeftTransfer{
		{Transfer: store.Transfer{Org: w.Org, Import: i.ID}}, {Transfer: store.Transfer{Org: w.Org, Export: e.ID}},
	}, left)
	_, err = owner(t, w).Exec(t.Context(), "update imports set files_until = now() - interval '1 minute', state = 'done'")
	require.NoError(t, err)
	left, err = w.Store.LeftTransfers(t.Context(), time.Hour, 10)
	require.NoError(t, err)
	require.Equal(t, []store.LeftTransfer{{Transfer: store.Transfer{Org: w.Org, Import: i.ID}, Expired: true}}, left)
}
