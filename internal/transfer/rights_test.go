package transfer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/sheet"
	"converse/internal/store"
	"converse/internal/transfer"
)

func office() chat.Access { return chat.BaseAccess(chat.RoleSalesManager) }

func TestOnlyWhoMayImportDoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.CreateImport(t.Context(), b.Sales, "leads.csv")
	require.Equal(t, chat.CodeForbidden, chat.CodeOf(err), "a sales user may not")
	manager := b.colleague(t, chat.RoleSalesManager, nil)
	i := b.uploaded(t, manager, many(2))
	other := b.colleague(t, chat.RoleSalesManager, nil)
	for name, call := range map[string]func(chat.Principal) error{
		"import":  func(p chat.Principal) error { _, err := b.Import(t.Context(), p, i.ID); return err },
		"preview": func(p chat.Principal) error { _, err := b.Preview(t.Context(), p, i.ID, ""); return err },
		"result":  func(p chat.Principal) error { _, err := b.Result(t.Context(), p, i.ID); return err },
		"validate": func(p chat.Principal) error {
			_, err := b.Validate(t.Context(), p, i.ID, chat.ImportSettings{})
			return err
		},
		"start":  func(p chat.Principal) error { _, err := b.Start(t.Context(), p, i.ID); return err },
		"cancel": func(p chat.Principal) error { _, err := b.Cancel(t.Context(), p, i.ID); return err },
		"undo":   func(p chat.Principal) error { _, err := b.Undo(t.Context(), p, i.ID); return err },
		"upload": func(p chat.Principal) error {
			_, err := b.Upload(t.Context(), p, i.ID, strings.NewReader("A\n1\n"))
			return err
		},
	} {
		require.Equal(t, chat.CodeNotFound, chat.CodeOf(call(other)), name)
	}
	_, err = b.Import(t.Context(), b.Admin, i.ID)
	require.NoError(t, err, "an administrator sees the history")
	_, err = b.Preview(t.Context(), b.Admin, i.ID, "")
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "and not what is in another's file")

	settings := b.suggested(t, manager, i.ID)
	_, err = b.Validate(t.Context(), manager, i.ID, settings)
	require.NoError(t, err)
	lost := office()
	lost.Import = false
	b.restrict(t, &manager, lost)
	i = b.work(t, manager, i.ID)
	require.Equal(t, chat.ImportFailed, i.State, "the right was taken away meanwhile")
	require.Contains(t, i.Failure, "do not let you import")
}

func TestRowsBeyondTheUsersRightsFailWithAWord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	access := office()
	access.Edit, access.Create = chat.ScopeOwn, false
	p := b.colleague(t, chat.RoleSalesManager, &access)
	mine := chat.Lead{ID: chat.NewID[chat.LeadID](), FirstName: "Mine", Owner: p.User, Identifiers: []chat.Identifier{
		{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: "+12025550171"},
	}}
	require.NoError(t, b.Store.CreateLead(t.Context(), b.Org, mine))
	const text = "First name,Phone\nAsha X,+12025550123\nMine X,+12025550171\nNew,+12025550172\n"
	i := b.imported(t, p, text, rule(chat.DuplicateOverwrite))
	require.Equal(t, chat.ImportCounts{Total: 3, Handled: 3, Updated: 1, Failed: 2}, i.Counts)
	require.Equal(t, "A lead with this phone number is there already. You may not change it.", i.Problems[0].Text)
	require.Equal(t, "Your permissions do not let you make leads. Ask an administrator.", i.Problems[1].Text)
	require.Equal(t, "Asha", b.lead(t, "+12025550123").FirstName)
	require.Equal(t, "Mine X", b.lead(t, "+12025550171").FirstName)
	require.Empty(t, b.find(t, "+12025550172"))
}

// TestI8AnImportDoesNotTellWhoseAHiddenNumberIs: whoever changes the lead of a number,
// or puts it into a list, and then looks which lead that was, would have found out.
func TestI8AnImportDoesNotTellWhoseAHiddenNumberIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	access := chat.BaseAccess(chat.RoleMarketingUser)
	access.Masks = map[chat.LeadField]chat.Mask{chat.FieldPhone: chat.MaskEnds}
	p := b.colleague(t, chat.RoleMarketingUser, &access)
	text := "First name,Phone,E-mail,Stage\nCanary,+12025550123,canary@example.com,Marked\nNew,+12025550172,,\nNew again,+12025550172,,Hot\n"
	i := b.imported(t, p, text, rule(chat.DuplicateOverwrite), func(s *chat.ImportSettings) { s.NewList = "Found" })
	require.Equal(t, chat.ImportCounts{Total: 3, Handled: 3, Created: 1, Updated: 1, Skipped: 1}, i.Counts)
	lead := b.lead(t, "+12025550123")
	require.Equal(t, "Asha", lead.FirstName)
	require.Empty(t, lead.Stage)
	require.Len(t, lead.Identifiers, 1)
	listed, err := b.Store.LeadPage(t.Context(), b.Admin, store.LeadPageQuery{List: i.Settings.List, Most: 5})
	require.NoError(t, err)
	require.Len(t, listed.Leads, 1)
	require.Equal(t, "New again", listed.Leads[0].FirstName, "what the import itself made is the user's own")
	require.NotContains(t, strings.Join(b.result(t, p, i.ID)[0], " "), string(lead.ID))

	masked := b.checked(t, p, "First name,Phone\nNext,+12••••0123\n")
	require.Contains(t, masked.Problems[0].Text, "hidden when the file was made")
}

func TestFilesOverTheLimitsAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	i, err := b.CreateImport(t.Context(), b.Admin, "leads.csv")
	require.NoError(t, err)
	line := "Name,Phone\n"
	fits := line + strings.Repeat("x", chat.MostImportBytes-len(line)-1) + "\n"
	_, err = b.Upload(t.Context(), b.Admin, i.ID, strings.NewReader(fits))
	require.NoError(t, err, "10 MB exactly")
	_, err = b.Upload(t.Context(), b.Admin, i.ID, strings.NewReader(fits+"y"))
	require.ErrorIs(t, err, transfer.ErrFileTooLarge)
	i, err = b.Upload(t.Context(), b.Admin, i.ID, strings.NewReader(many(25_000)))
	require.NoError(t, err)
	require.Equal(t, 25_000, i.Counts.Total)
	_, err = b.Upload(t.Context(), b.Admin, i.ID, strings.NewReader(many(25_001)))
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err))
	require.ErrorContains(t, err, "25,000 rows")
	for _, text := range []string{"", "PK\x03\x04", "a,b\n", "a\x00b"} {
		_, err = b.Upload(t.Context(), b.Admin, i.ID, strings.NewReader(text))
		require.Equal(t, chat.CodeInvalid, chat.CodeOf(err), "%q", text)
	}
	i, err = b.Import(t.Context(), b.Admin, i.ID)
	require.NoError(t, err)
	require.Equal(t, 25_000, i.Counts.Total, "a file that is refused changes nothing")
}

func TestAMappingThatCannotBeMeantIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	i := b.uploaded(t, b.Admin, "A,B,C\n1,2,3\n")
	column := func(index int, field chat.LeadField) chat.ImportColumn {
		return chat.ImportColumn{Index: index, Field: field}
	}
	for name, change := range map[string]func(*chat.ImportSettings){
		"columns": func(s *chat.ImportSettings) { s.Columns = []chat.ImportColumn{column(0, chat.FieldStage)} },
		"twice": func(s *chat.ImportSettings) {
			s.Columns = []chat.ImportColumn{column(0, chat.FieldStage), column(1, chat.FieldStage)}
		},
		"same": func(s *chat.ImportSettings) {
			s.Columns = []chat.ImportColumn{column(0, chat.FieldPhone), column(0, chat.FieldEmail)}
		},
		"beyond":  func(s *chat.ImportSettings) { s.Columns = []chat.ImportColumn{column(3, chat.FieldPhone)} },
		"unknown": func(s *chat.ImportSettings) { s.Columns = []chat.ImportColumn{column(0, "custom.nothing")} },
		"made at": func(s *chat.ImportSettings) { s.Columns = append(s.Columns, column(1, chat.FieldCreatedAt)) },
		"names": func(s *chat.ImportSettings) {
			s.Columns = append(s.Columns, column(1, chat.FieldFullName), column(2, chat.FieldLastName))
		},
		"country":  func(s *chat.ImportSettings) { s.Country = "XX" },
		"no owner": func(s *chat.ImportSettings) { s.Owner = chat.NewID[chat.UserID]() },
		"no list":  func(s *chat.ImportSettings) { s.List = chat.NewID[chat.LeadListID]() },
	} {
		settings := chat.ImportSettings{Columns: []chat.ImportColumn{column(0, chat.FieldPhone)}}
		change(&settings)
		_, err := b.Validate(t.Context(), b.Admin, i.ID, settings)
		require.Contains(t, []chat.Code{chat.CodeInvalid, chat.CodeNotFound}, chat.CodeOf(err), name)
	}
}

func TestAPreviewSaysHowTheFileWasRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	i := b.uploaded(t, b.Admin, "Vorname;Telefon\nJ\xFCrgen;+491701234567\nrest\n")
	preview, err := b.Preview(t.Context(), b.Admin, i.ID, "")
	require.NoError(t, err)
	require.Equal(t, sheet.Windows1252, preview.File.Encoding)
	require.Equal(t, ';', preview.File.Delimiter)
	require.Equal(t, "Jürgen", preview.File.Rows[0].Cells[0])
	require.Equal(t, chat.FieldFirstName, preview.Columns[0].Field)
	require.Equal(t, "US", preview.Country)
	preview, err = b.Preview(t.Context(), b.Admin, i.ID, ",")
	require.NoError(t, err)
	require.Len(t, preview.File.Headers, 1, "as the user says")
}
