package transfer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
)

// exported writes an export to its end.
func (b *bundle) exported(t testing.TB, p chat.Principal, selection chat.ExportSelection) chat.Export {
	t.Helper()
	e, err := b.StartExport(t.Context(), p, selection)
	require.NoError(t, err)
	require.NoError(t, b.Work(t.Context(), store.Transfer{Org: b.Org, Export: e.ID}, false))
	e, err = b.Export(t.Context(), p, e.ID)
	require.NoError(t, err)
	require.Equal(t, chat.ExportDone, e.State, e.Failure)
	return e
}

func (b *bundle) rows(t testing.TB, p chat.Principal, e chat.Export) [][]string {
	t.Helper()
	file, err := b.ExportFile(t.Context(), p, e.ID)
	require.NoError(t, err)
	return b.table(t, file)
}

var everyField = []chat.LeadField{
	chat.FieldFirstName, chat.FieldLastName, chat.FieldPhone, chat.FieldEmail, chat.FieldOwner, chat.FieldStage, chat.FieldSource,
}

func TestWhatGoesOutComesInAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, b.Admin, "First name,Last name,Phone,Phone 2,E-mail,Stage\n"+
		"\"Ann \"\"A\"\"\",O'Neil,+12025550151,+442079460958,ann@example.com,=HYPERLINK(1)\n"+
		"@Bo,-,+12025550152,,,\"a;=1\"\n")
	e := b.exported(t, b.Admin, chat.ExportSelection{Fields: everyField, Sort: chat.FieldLastName, Mark: true})
	rows := b.rows(t, b.Admin, e)
	require.Equal(t, []string{"First name", "Last name", "Phone", "E-mail", "Owner", "Stage", "Source"}, rows[0])
	require.Equal(t, []string{"'@Bo", "'-", "'+12025550152", "", "", "a;'=1", ""}, rows[1])
	require.Equal(t, []string{`Ann "A"`, "O'Neil", "'+12025550151 / +442079460958", "ann@example.com", "", "'=HYPERLINK(1)", ""}, rows[2])
	require.Equal(t, 3, e.Handled)

	file, err := b.ExportFile(t.Context(), b.Admin, e.ID)
	require.NoError(t, err)
	object, err := b.objects.Get(t.Context(), file.Key)
	require.NoError(t, err)
	defer object.Close()
	// Into another org, where nothing of it is there.
	other := setup(t)
	i, err := other.CreateImport(t.Context(), other.Admin, "again.csv")
	require.NoError(t, err)
	_, err = other.Upload(t.Context(), other.Admin, i.ID, object)
	require.NoError(t, err)
	_, err = other.Validate(t.Context(), other.Admin, i.ID, other.suggested(t, other.Admin, i.ID))
	require.NoError(t, err)
	i = other.work(t, other.Admin, i.ID)
	require.Equal(t, 2, i.Counts.Created, "%v", i.Problems)
	require.Equal(t, 1, i.Counts.Skipped, "the one that both have")
	_, err = other.Start(t.Context(), other.Admin, i.ID)
	require.NoError(t, err)
	other.work(t, other.Admin, i.ID)
	ann := other.lead(t, "+442079460958")
	require.Equal(t, `Ann "A" O'Neil`, ann.Name())
	require.Equal(t, "=HYPERLINK(1)", ann.Stage)
	require.Equal(t, "@Bo -", other.lead(t, "+12025550152").Name())
}

// TestI8AnExportHidesWhatTheScreenHides plants values that must not be in the file, and
// finds them all in the file of somebody who sees everything.
func TestI8AnExportHidesWhatTheScreenHides(t *testing.T) {
	t.Parallel()
	b := setup(t)
	field := chat.Field{ID: chat.NewID[chat.FieldID](), Label: "Secret", Name: chat.CustomField("secret"), Type: chat.FieldText}
	require.NoError(t, b.Store.CreateField(t.Context(), b.Admin, field))
	b.imported(t, b.Admin, "First name,Last name,Phone,E-mail,Stage,Secret\nSeen,Canarylast,+12025559876,canary.mail@example.com,Canarystage,Canarysecret\n")
	access := chat.BaseAccess(chat.RoleMarketingUser)
	access.Masks = map[chat.LeadField]chat.Mask{
		chat.FieldLastName: chat.MaskAll, chat.FieldPhone: chat.MaskEnds, chat.FieldEmail: chat.MaskEnds, chat.FieldStage: chat.MaskAll,
		chat.CustomField("secret"): chat.MaskAll, chat.FieldOwner: chat.MaskAll, chat.FieldCreatedAt: chat.MaskAll,
	}
	p := b.colleague(t, chat.RoleMarketingUser, &access)
	selection := chat.ExportSelection{Fields: append(everyField, chat.CustomField("secret"), chat.FieldCreatedAt), Sort: chat.FieldFirstName}
	text := func(p chat.Principal) string { return fmt.Sprint(b.rows(t, p, b.exported(t, p, selection))) }
	masked, control := text(p), text(b.Admin)
	for _, canary := range []string{"Canarylast", "2555", "025559876", "canary.mail", "Canarystage", "Canarysecret", b.Sales.Name} {
		require.NotContains(t, masked, canary)
	}
	for _, canary := range []string{"Canarylast", "+12025559876", "canary.mail", "Canarystage", "Canarysecret", b.Sales.Name} {
		require.Contains(t, control, canary, "the test is blind")
	}
	require.Contains(t, masked, "+12••••9876", "as on the screen")
	require.Contains(t, masked, "Seen")

	for name, s := range map[string]chat.ExportSelection{
		"sort":   {Fields: everyField, Sort: chat.FieldLastName},
		"filter": {Fields: everyField, Filter: chat.LeadFilter{Conditions: []chat.Condition{{Field: chat.FieldStage, Op: chat.OpIs, Values: []string{"Canarystage"}}}}},
	} {
		_, err := b.StartExport(t.Context(), p, s)
		require.Equal(t, chat.CodeForbidden, chat.CodeOf(err), name)
	}
	_, err := b.StartExport(t.Context(), p, chat.ExportSelection{Fields: everyField})
	require.Equal(t, chat.CodeForbidden, chat.CodeOf(err), "when leads were made is hidden, and would be the order")
	entries, err := b.Store.AuditEntries(t.Context(), b.Org, store.AuditFilter{Action: "leads.exported", Most: 5})
	require.NoError(t, err)
	require.Len(t, entries, 2)
	require.Equal(t, "2 leads", entries[0].Detail)
	require.Contains(t, entries[0].Fields, "custom.secret")
	require.NotContains(t, fmt.Sprint(entries), "Canary")
}

func TestOnlyLeadsInTheExportScopeGoOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, b.Admin, many(3), func(s *chat.ImportSettings) { s.Owner = b.Admin.User })
	access := chat.BaseAccess(chat.RoleSalesManager)
	access.Export = chat.ScopeOwn
	p := b.colleague(t, chat.RoleSalesManager, &access)
	own := chat.Lead{ID: chat.NewID[chat.LeadID](), FirstName: "Own", Owner: p.User}
	require.NoError(t, b.Store.CreateLead(t.Context(), b.Org, own))
	e := b.exported(t, p, chat.ExportSelection{Fields: []chat.LeadField{chat.FieldFirstName}})
	require.Equal(t, [][]string{{"First name"}, {"Own"}}, b.rows(t, p, e))
	e = b.exported(t, p, chat.ExportSelection{Fields: []chat.LeadField{chat.FieldFirstName}, Leads: []chat.LeadID{own.ID}})
	require.Equal(t, [][]string{{"First name"}, {"Own"}}, b.rows(t, p, e))
	_, err := b.StartExport(t.Context(), p, chat.ExportSelection{Fields: everyField, Leads: []chat.LeadID{own.ID, b.Lead.ID}})
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	_, err = b.StartExport(t.Context(), b.Sales, chat.ExportSelection{Fields: everyField})
	require.Equal(t, chat.CodeForbidden, chat.CodeOf(err), "a sales user may not export")
}

func TestAFileIsForItsUserWithTheAccessOfThen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.colleague(t, chat.RoleSalesManager, nil)
	e := b.exported(t, p, chat.ExportSelection{Fields: everyField})
	_, err := b.ExportFile(t.Context(), b.Admin, e.ID)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	waiting, err := b.StartExport(t.Context(), p, chat.ExportSelection{Fields: everyField})
	require.NoError(t, err)
	access := chat.BaseAccess(chat.RoleSalesManager)
	access.Masks = map[chat.LeadField]chat.Mask{chat.FieldPhone: chat.MaskAll}
	b.restrict(t, &p, access)
	_, err = b.ExportFile(t.Context(), p, e.ID)
	require.Equal(t, chat.CodeForbidden, chat.CodeOf(err))
	require.NoError(t, b.Work(t.Context(), store.Transfer{Org: b.Org, Export: waiting.ID}, false))
	waiting, err = b.Export(t.Context(), p, waiting.ID)
	require.NoError(t, err)
	require.Equal(t, chat.ExportFailed, waiting.State)
	require.Contains(t, waiting.Failure, "permissions have changed")
}

func TestAnExportOfManyLeadsIsStreamedInPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, b.Admin, many(1200))
	e := b.exported(t, b.Admin, chat.ExportSelection{Fields: []chat.LeadField{chat.FieldPhone}})
	rows := b.rows(t, b.Admin, e)
	require.Len(t, rows, 1202)
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		require.False(t, seen[row[0]], "twice: %s", row[0])
		require.True(t, strings.HasPrefix(row[0], "'+1202"))
		seen[row[0]] = true
	}
	waiting, err := b.StartExport(t.Context(), b.Admin, chat.ExportSelection{Fields: everyField})
	require.NoError(t, err)
	waiting, err = b.CancelExport(t.Context(), b.Admin, waiting.ID)
	require.NoError(t, err)
	require.NoError(t, b.Work(t.Context(), store.Transfer{Org: b.Org, Export: waiting.ID}, false))
	waiting, err = b.Export(t.Context(), b.Admin, waiting.ID)
	require.NoError(t, err)
	require.Equal(t, chat.ExportCancelled, waiting.State)
}
