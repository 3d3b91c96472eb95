package transfer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
)

const header = "First name,Last name,Mobile,E-mail,Owner,Stage\n"

func TestAFileBecomesLeads(t *testing.T) {
	t.Parallel()
	b := setup(t)
	text := header +
		"Bea,Ortiz,(202) 555-0151,Bea@Example.com,Mira Sale,New\n" +
		"Cem,Ada,+12025550152; +12025550153,,,\n" +
		",,,only@example.com,,\n" +
		"Dan,Number,12345,,,\n" +
		"Eve,Owner,+12025550154,,nobody@example.com,\n" +
		",,,,,Hot\n"
	i := b.imported(t, b.Admin, text, func(s *chat.ImportSettings) { s.Source, s.NewList = "Fair", "From the fair" })
	require.Equal(t, chat.ImportCounts{Total: 6, Handled: 6, Created: 3, Failed: 3}, i.Counts)

	bea := b.lead(t, "+12025550151")
	require.Equal(t, "Bea Ortiz", bea.Name())
	require.Equal(t, b.Sales.User, bea.Owner)
	require.Equal(t, "New", bea.Stage)
	require.Equal(t, "Fair", bea.Source)
	require.Equal(t, "mobile", bea.Identifiers[0].Label)
	require.Equal(t, "bea@example.com", bea.Identifiers[1].Value)
	require.Equal(t, b.lead(t, "+12025550152").ID, b.lead(t, "+12025550153").ID, "two numbers in a cell")
	require.Empty(t, b.lead(t, "+12025550152").Owner)

	require.Equal(t, []chat.RowProblem{
		{Row: 5, Column: "Mobile", Text: "It cannot be a phone number. Write it with its country code, such as +91 98765 43210."},
		{Row: 6, Column: "Owner", Text: "There is no user with this e-mail address or name. Write the e-mail address of an active user."},
		{Row: 7, Text: "The row has no name, no number and no address. Map a column that has one, or leave the row out."},
	}, i.Problems)
	rows := b.result(t, b.Admin, i.ID)
	require.Len(t, rows, 6)
	require.Equal(t, []string{"2", "created", "", "Bea", "Ortiz", "(202) 555-0151", "Bea@Example.com", "Mira Sale", "New"}, rows[0])
	require.Equal(t, []string{"5", "failed", "Mobile: " + i.Problems[0].Text}, rows[3][:3])

	found, err := b.Store.LeadPage(t.Context(), b.Admin, store.LeadPageQuery{List: i.Settings.List, Most: 10})
	require.NoError(t, err)
	require.Len(t, found.Leads, 3, "the list holds what was imported")
	entries, err := b.Store.AuditEntries(t.Context(), b.Org, store.AuditFilter{Action: "leads.imported", Most: 10})
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.Equal(t, "done: 3 created, 0 updated, 0 skipped, 3 failed of 6", entries[0].Detail)
	require.Contains(t, entries[0].Fields, "phone")
	hits, err := b.Store.SearchLeads(t.Context(), b.Admin, chat.SearchWords("orti", nil), 5)
	require.NoError(t, err)
	require.Len(t, hits, 1, "what is imported is found")
	for _, e := range b.Events() {
		require.NotContains(t, string(e.Payload), "Bea", "one hint, not an event for each lead")
	}
}

func TestWhatIsThereIsTreatedByTheRule(t *testing.T) {
	t.Parallel()
	// Asha Rao with +12025550123 is there.
	const text = header + "Asha,Changed,+12025550123,asha@example.com,,Hot\n"
	for want, expect := range map[chat.DuplicateRule]struct {
		counts      chat.ImportCounts
		last, stage string
		identifiers int
		why         string
	}{
		chat.DuplicateIgnore:    {chat.ImportCounts{Total: 1, Handled: 1, Skipped: 1}, "Rao", "", 1, "A lead with this phone number is there already."},
		chat.DuplicateFill:      {chat.ImportCounts{Total: 1, Handled: 1, Updated: 1}, "Rao", "Hot", 2, ""},
		chat.DuplicateOverwrite: {chat.ImportCounts{Total: 1, Handled: 1, Updated: 1}, "Changed", "Hot", 2, ""},
	} {
		t.Run(string(want), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			var i chat.Import
			if want == chat.DuplicateIgnore {
				i = b.checked(t, b.Admin, text, rule(want))
				_, err := b.Start(t.Context(), b.Admin, i.ID)
				require.Equal(t, chat.CodeConflict, chat.CodeOf(err), "there is nothing to do")
			} else {
				i = b.imported(t, b.Admin, text, rule(want))
			}
			require.Equal(t, expect.counts, i.Counts)
			lead := b.lead(t, "+12025550123")
			require.Equal(t, expect.last, lead.LastName)
			require.Equal(t, expect.stage, lead.Stage)
			require.Len(t, lead.Identifiers, expect.identifiers)
			require.Equal(t, b.Sales.User, lead.Owner)
			require.Equal(t, expect.why, b.result(t, b.Admin, i.ID)[0][2])
			if want == chat.DuplicateOverwrite {
				again := b.checked(t, b.Admin, text, rule(want))
				require.Equal(t, 1, again.Counts.Skipped, "there is nothing left to change")
			}
		})
	}
}

func TestRowsThatMeetInTheFile(t *testing.T) {
	t.Parallel()
	const text = header +
		"Bea,One,+12025550151,,,\n" +
		"Bea,Two,+1 202 555 0151,bea@example.com,,Hot\n" +
		"Bea,Three,,bea@example.com,,\n" +
		"Mix,Up,+12025550151,,,\n"
	t.Run("ignore", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		i := b.imported(t, b.Admin, text)
		require.Equal(t, chat.ImportCounts{Total: 4, Handled: 4, Created: 2, Skipped: 2}, i.Counts)
		require.Equal(t, "Row 2 has the same phone number.", b.result(t, b.Admin, i.ID)[1][2])
	})
	t.Run("overwrite", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		i := b.imported(t, b.Admin, text, rule(chat.DuplicateOverwrite))
		require.Equal(t, chat.ImportCounts{Total: 4, Handled: 4, Created: 1, Updated: 3}, i.Counts)
		lead := b.lead(t, "+12025550151")
		require.Equal(t, "Mix Up", lead.Name(), "the last row wins")
		require.Equal(t, "Hot", lead.Stage)
		require.Len(t, lead.Identifiers, 2)
	})
	t.Run("two leads in one row", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		b.NewLead(t, "Other", "Lead", "+12025550199")
		i := b.checked(t, b.Admin, "Phone,Phone 2\n+12025550123,+12025550199\n", rule(chat.DuplicateOverwrite))
		require.Equal(t, 1, i.Counts.Failed)
		require.Contains(t, i.Problems[0].Text, "different leads")
	})
}

func TestAnImportIsDoneInPagesAndTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	i := b.imported(t, b.Admin, many(600))
	require.Equal(t, 600, i.Counts.Created)
	require.Len(t, b.result(t, b.Admin, i.ID), 600)
	hints := 0
	for _, e := range b.Events() {
		if len(e.Payload) < 10 {
			hints++
		}
	}
	require.Equal(t, 3, hints, "one a page")
}

// many is a file of so many leads.
func many(rows int) string {
	var out strings.Builder
	out.WriteString("First name,Phone\n")
	for n := range rows {
		fmt.Fprintf(&out, "Lead %d,+1202556%04d\n", n, n)
	}
	return out.String()
}

func TestCustomFieldsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, f := range []chat.Field{
		{Label: "Budget", Name: chat.CustomField("budget"), Type: chat.FieldNumber},
		{Label: "Moves", Name: chat.CustomField("moves"), Type: chat.FieldDate},
		{Label: "Garden", Name: chat.CustomField("garden"), Type: chat.FieldBoolean},
		{Label: "Town", Name: chat.CustomField("town"), Type: chat.FieldChoice, Choices: []string{"Leeds", "York"}},
	} {
		f.ID = chat.NewID[chat.FieldID]()
		require.NoError(t, b.Store.CreateField(t.Context(), b.Admin, f))
	}
	i := b.imported(t, b.Admin, "Phone;Budget;Moves;Garden;Town\n"+
		"+12025550151;1,250.50;3/4/2026;yes;leeds\n"+
		"+12025550152;1.250,5;2026-03-04;0;YORK\n"+
		"+12025550153;much;soon;maybe;Paris\n")
	require.Equal(t, chat.ImportCounts{Total: 3, Handled: 3, Created: 2, Failed: 1}, i.Counts)
	lead := b.lead(t, "+12025550151")
	require.Equal(t, []string{"1250.5", "2026-03-04", "true", "Leeds"},
		[]string{lead.Value("budget"), lead.Value("moves"), lead.Value("garden"), lead.Value("town")})
	require.Equal(t, "1250.5", b.lead(t, "+12025550152").Value("budget"))
	require.Len(t, i.Problems, 4, "all that is wrong with a row at once")
	require.Contains(t, i.Problems[3].Text, "Leeds, York")
	filter := chat.LeadFilter{Conditions: []chat.Condition{{Field: chat.CustomField("town"), Op: chat.OpIs, Values: []string{"York"}}}}
	page, err := b.Store.LeadPage(t.Context(), b.Admin, store.LeadPageQuery{Filter: filter, Most: 5})
	require.NoError(t, err)
	require.Len(t, page.Leads, 1, "what is imported can be filtered by")
}

func TestAnImportIsCancelledBetweenPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	i := b.checked(t, b.Admin, many(10))
	_, err := b.Start(t.Context(), b.Admin, i.ID)
	require.NoError(t, err)
	i, err = b.Cancel(t.Context(), b.Admin, i.ID)
	require.NoError(t, err)
	require.Equal(t, chat.ImportCancelled, i.State)
	i = b.work(t, b.Admin, i.ID)
	require.Equal(t, chat.ImportCancelled, i.State)
	require.Zero(t, i.Counts.Created)
	require.Empty(t, b.result(t, b.Admin, i.ID))
	_, err = b.Cancel(t.Context(), b.Admin, i.ID)
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err))
}

func TestAnImportIsUndoneButForWhatWasTouched(t *testing.T) {
	t.Parallel()
	b := setup(t)
	i := b.imported(t, b.Admin, many(5))
	touched := b.lead(t, "+12025560003")
	stage := "Hot"
	_, err := b.Store.UpdateLead(t.Context(), b.Admin, store.LeadChange{ID: touched.ID, Stage: &stage})
	require.NoError(t, err)
	talked := b.lead(t, "+12025560004")
	_, err = b.Store.StartConversation(t.Context(), b.Admin, talked.ID, talked.Identifiers[0].ID, b.SMS.Senders[0].ID)
	require.NoError(t, err)
	_, err = b.Undo(t.Context(), b.Admin, i.ID)
	require.NoError(t, err)
	i = b.work(t, b.Admin, i.ID)
	require.Equal(t, chat.ImportUndone, i.State)
	require.Equal(t, 2, i.Counts.Created, "those that were kept")
	for n := range 5 {
		lead := b.lead(t, fmt.Sprintf("+1202556%04d", n))
		require.Equal(t, n < 3, !lead.DeletedAt.IsZero(), "%d", n)
	}
	_, err = b.Undo(t.Context(), b.Admin, i.ID)
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err))
	again := b.checked(t, b.Admin, many(1))
	require.Equal(t, "A lead that was deleted has this phone number. Restore it first.", again.Problems[0].Text)
}
