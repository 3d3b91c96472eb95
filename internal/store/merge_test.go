package store_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// ofLeads is every row of every table that belongs to a lead, as text, by table. versions
// are left out: they rise with every change, so that readers notice it.
func ofLeads(t testing.TB, w *world.World) map[string][]string {
	t.Helper()
	pool := owner(t, w)
	out := map[string][]string{}
	for _, table := range append(names(t, pool, "select name from lead_tables()"), "leads") {
		out[table] = append(out[table], names(t, pool, fmt.Sprintf("select (to_jsonb(x) - 'version')::text from %s x where org_id = $1 order by 1", table), w.Org)...)
	}
	return out
}

// twoLeads are two leads with rows in every table that a lead can have rows in.
func twoLeads(t testing.TB, w *world.World) (parent, child chat.Lead) {
	t.Helper()
	ctx := t.Context()
	field := chat.Field{ID: chat.NewID[chat.FieldID](), Name: chat.CustomField("city"), Label: "City", Type: chat.FieldText}
	require.NoError(t, w.Store.CreateField(ctx, w.Admin, field))
	shared, own := chat.NewID[chat.LeadListID](), chat.NewID[chat.LeadListID]()
	require.NoError(t, w.Store.CreateList(ctx, w.Admin, chat.LeadList{ID: shared, Name: "Shared", Kind: chat.ListStatic}))
	require.NoError(t, w.Store.CreateList(ctx, w.Admin, chat.LeadList{ID: own, Name: "Own", Kind: chat.ListStatic}))
	create := func(first, city, number string, owner chat.UserID) chat.Lead {
		lead, err := w.Store.AddLead(ctx, w.Admin, chat.Lead{
			ID: chat.NewID[chat.LeadID](), FirstName: first, LastName: "Rao", Owner: owner, Source: first + " fair",
			Custom: []chat.CustomValue{{Key: "city", Value: city}},
			Identifiers: []chat.Identifier{
				{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: number, Label: "mobile"},
				{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierEmail, Value: first + "@example.com"},
			},
		})
		require.NoError(t, err)
		receive(t, w, w.SMS, received(w.SMS, "sms-"+first, number, "hello from "+first))
		receive(t, w, w.WhatsApp, received(w.WhatsApp, "wa-"+first, number, "hello from "+first))
		return lead
	}
	parent, child = create("asha", "Pune", phone(1), w.Sales.User), create("a", "Thane", phone(2), "")
	for list, leads := range map[chat.LeadListID][]chat.LeadID{shared: {parent.ID, child.ID}, own: {child.ID}} {
		_, err := w.Store.AddToList(ctx, w.Admin, list, leads)
		require.NoError(t, err)
	}
	return parent, child
}

func overwriting(parent, child chat.LeadID) chat.Merge {
	rules := map[chat.LeadField]chat.MergeRule{chat.CustomField("city"): chat.MergeAppend, chat.MergedIdentifiers: chat.MergeOverwrite}
	for _, f := range []chat.LeadField{chat.FieldFirstName, chat.FieldLastName, chat.FieldSource, chat.FieldOwner} {
		rules[f] = chat.MergeOverwrite
	}
	return chat.Merge{Parent: parent, Child: child, Rules: rules}
}

// TestUndoingAMergeRestoresBothLeads compares every row of both leads before a merge and
// after it was undone.
func TestUndoingAMergeRestoresBothLeads(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	parent, child := twoLeads(t, w)
	before := ofLeads(t, w)
	for _, table := range []string{"leads", "identifiers", "lead_terms", "lead_values", "lead_list_members", "conversations", "activities", "waiting_leads"} {
		require.NotEmpty(t, before[table], "the test is blind for %s", table)
	}
	id, merged, err := w.Store.MergeLeads(t.Context(), w.Admin, overwriting(parent.ID, child.ID))
	require.NoError(t, err)
	require.Equal(t, []string{"a", "Rao", "a fair", "Pune Thane"}, []string{merged.FirstName, merged.LastName, merged.Source, merged.Value("city")})
	require.Len(t, merged.Identifiers, 4)
	require.Equal(t, child.Identifiers[0].ID, merged.Identifiers[0].ID, "the child's come first")
	for table, rows := range ofLeads(t, w) {
		for _, row := range rows {
			if table != "merges" {
				require.NotContains(t, row, `"lead_id": "`+string(child.ID), table)
			}
		}
	}
	list := conversations(t, w)
	require.Len(t, list, 4)
	for _, c := range list {
		require.Equal(t, parent.ID, c.Lead)
		require.Equal(t, 1, c.LastSeq, "the order within a conversation is what it was")
	}
	require.Equal(t, parent.ID, leadsFound(t, w, phone(2)[1:])[0].ID)
	into, ok, err := w.Store.MergedInto(t.Context(), w.Admin, child.ID)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, parent.ID, into)

	back, restored, err := w.Store.UnmergeLeads(t.Context(), w.Admin, id)
	require.NoError(t, err)
	require.Equal(t, []chat.LeadID{parent.ID, child.ID}, []chat.LeadID{back.ID, restored.ID})
	after := ofLeads(t, w)
	after["activities"] = slices.DeleteFunc(after["activities"], func(row string) bool {
		var a struct{ Kind chat.ActivityKind }
		require.NoError(t, json.Unmarshal([]byte(row), &a))
		return a.Kind == chat.ActivityMerged || a.Kind == chat.ActivityUnmerged // what came since
	})
	require.ElementsMatch(t, slices.Collect(maps.Keys(before)), slices.Collect(maps.Keys(after)))
	for table := range before {
		require.Equal(t, before[table], after[table], table)
	}
	_, _, err = w.Store.UnmergeLeads(t.Context(), w.Admin, id)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "once")
}

func TestWhatHappenedSinceAMergeStays(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	parent, child := twoLeads(t, w)
	id, _, err := w.Store.MergeLeads(t.Context(), w.Admin, overwriting(parent.ID, child.ID))
	require.NoError(t, err)
	stage := "won"
	_, err = w.Store.UpdateLead(t.Context(), w.Admin, store.LeadChange{ID: parent.ID, Stage: &stage})
	require.NoError(t, err)
	receive(t, w, w.SMS, received(w.SMS, "since", phone(2), "me again"))
	_, _, err = w.Store.UnmergeLeads(t.Context(), w.Admin, id)
	require.NoError(t, err)
	lead, err := w.Store.Lead(t.Context(), w.Admin, parent.ID)
	require.NoError(t, err)
	require.Equal(t, []string{"asha", "won", "Pune"}, []string{lead.FirstName, lead.Stage, lead.Value("city")})
	list, err := w.Store.ConversationsOfLead(t.Context(), w.Admin, child.ID)
	require.NoError(t, err)
	require.Equal(t, 2, list[0].LastSeq, "a message stays with its conversation, which goes back with its number")
	require.Equal(t, child.ID, leadsFound(t, w, phone(2)[1:])[0].ID)
}

func TestAMergeIsUndoneFromTheLastOn(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	parent, child := twoLeads(t, w)
	before := ofLeads(t, w)
	third := w.Lead
	first, _, err := w.Store.MergeLeads(t.Context(), w.Admin, chat.Merge{Parent: parent.ID, Child: child.ID})
	require.NoError(t, err)
	second, _, err := w.Store.MergeLeads(t.Context(), w.Admin, chat.Merge{Parent: third.ID, Child: parent.ID})
	require.NoError(t, err)
	into, _, err := w.Store.MergedInto(t.Context(), w.Admin, child.ID)
	require.NoError(t, err)
	require.Equal(t, third.ID, into, "who looks for the first is shown the last")
	_, _, err = w.Store.UnmergeLeads(t.Context(), w.Admin, first)
	require.Equal(t, chat.CodeBlocked, chat.CodeOf(err), "%v", err)
	_, _, err = w.Store.UnmergeLeads(t.Context(), w.Admin, second)
	require.NoError(t, err)
	_, _, err = w.Store.UnmergeLeads(t.Context(), w.Admin, first)
	require.NoError(t, err)
	after := ofLeads(t, w)
	require.Equal(t, before["leads"], after["leads"])
	require.Equal(t, before["identifiers"], after["identifiers"])

	again, _, err := w.Store.MergeLeads(t.Context(), w.Admin, chat.Merge{Parent: parent.ID, Child: child.ID})
	require.NoError(t, err)
	pool := owner(t, w)
	exec(t, pool, "update leads set owner_id = null where id = $1", parent.ID)
	exec(t, pool, "delete from merges where id = $1", again) // as when the lead is erased
	_, _, err = w.Store.UnmergeLeads(t.Context(), w.Admin, again)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
}

func TestI7AMergeNeedsTheRightToBothLeads(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	parent, child := twoLeads(t, w)
	other := world.At(t, w.URL)
	m := chat.Merge{Parent: parent.ID, Child: child.ID}
	own := w.Sales
	own.Access = &chat.Access{View: chat.ScopeAll, Edit: chat.ScopeOwn}
	blind := w.Sales
	blind.Access = &chat.Access{View: chat.ScopeOwn, Edit: chat.ScopeOwn}
	for name, x := range map[string]struct {
		p    chat.Principal
		m    chat.Merge
		want chat.Code
	}{
		"sees one and may not change it": {own, m, chat.CodeForbidden},
		"does not see one":               {blind, m, chat.CodeNotFound},
		"one of another org":             {w.Admin, chat.Merge{Parent: parent.ID, Child: other.Lead.ID}, chat.CodeNotFound},
		"one with itself":                {w.Admin, chat.Merge{Parent: parent.ID, Child: parent.ID}, chat.CodeInvalid},
	} {
		_, err := w.Store.PreviewMerge(t.Context(), x.p, x.m)
		require.Equal(t, x.want, chat.CodeOf(err), "%s: %v", name, err)
		_, _, err = w.Store.MergeLeads(t.Context(), x.p, x.m)
		require.Equal(t, x.want, chat.CodeOf(err), "%s: %v", name, err)
	}
	id, _, err := w.Store.MergeLeads(t.Context(), w.Admin, m)
	require.NoError(t, err)
	_, _, err = w.Store.UnmergeLeads(t.Context(), other.Admin, id)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	require.Equal(t, 1, count(t, owner(t, w), "select count(*) from audit_entries where action = 'lead.merged' and object = $1", parent.ID))
}

func TestWhoWritesWithIdentitiesOfTwoLeadsMergesThemWhenTheOrgWants(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	const whatsAppID = "US.13491208655302741918"
	byID := chat.Lead{ID: chat.NewID[chat.LeadID](), FirstName: "By", LastName: "Id", Identifiers: []chat.Identifier{
		{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierWhatsApp, Value: whatsAppID},
	}}
	require.NoError(t, w.Store.CreateLead(t.Context(), w.Org, byID))
	require.NoError(t, w.Store.SetMergeSettings(t.Context(), w.Admin, automatic()))
	r := received(w.WhatsApp, "wamid.1", w.Lead.Identifiers[0].Value, "hello")
	r.WhatsApp = whatsAppID
	require.Equal(t, store.ResultShown, receive(t, w, w.WhatsApp, r).Result)
	lead, err := w.Store.Lead(t.Context(), w.Admin, w.Lead.ID)
	require.NoError(t, err)
	require.Len(t, lead.Identifiers, 2)
	into, _, err := w.Store.MergedInto(t.Context(), w.Admin, byID.ID)
	require.NoError(t, err)
	require.Equal(t, w.Lead.ID, into)
}

func TestDuplicatesAreSuggestedWithAReason(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	add := func(first, last string, identifiers ...chat.Identifier) chat.Lead {
		lead := chat.Lead{ID: chat.NewID[chat.LeadID](), FirstName: first, LastName: last}
		for _, i := range identifiers {
			i.ID = chat.NewID[chat.IdentifierID]()
			lead.Identifiers = append(lead.Identifiers, i)
		}
		require.NoError(t, w.Store.CreateLead(t.Context(), w.Org, lead))
		return lead
	}
	mail := func(v string) chat.Identifier { return chat.Identifier{Kind: chat.IdentifierEmail, Value: v} }
	number := func(v string) chat.Identifier { return chat.Identifier{Kind: chat.IdentifierPhone, Value: v} }
	lead := add("Ravi", "Nair", number("+919812345678"), mail("ravi@nair.example"))
	named := add("Ravi", "Nair")
	domain := add("Ravi", "Nair", mail("r.nair@nair.example"))
	digits := add("R", "N", number("9812345678"))
	add("Ravi", "Menon", number("+919812345670"))
	found, err := w.Store.Duplicates(t.Context(), w.Admin, lead.ID, 10)
	require.NoError(t, err)
	got := map[chat.LeadID]chat.DuplicateReason{}
	for _, d := range found {
		got[d.Lead.ID] = d.Reason
	}
	require.Equal(t, map[chat.LeadID]chat.DuplicateReason{
		digits.ID: chat.DuplicatePhone, domain.ID: chat.DuplicateEmail, named.ID: chat.DuplicateName,
	}, got)
	require.Equal(t, digits.ID, found[0].Lead.ID, "the likeliest first")
	masked := w.Admin
	masked.Access = &chat.Access{View: chat.ScopeAll, Edit: chat.ScopeAll, Masks: map[chat.LeadField]chat.Mask{
		chat.FieldPhone: chat.MaskEnds, chat.FieldLastName: chat.MaskAll,
	}}
	found, err = w.Store.Duplicates(t.Context(), masked, lead.ID, 10)
	require.NoError(t, err)
	require.Empty(t, found, "what is masked is no reason")
}
