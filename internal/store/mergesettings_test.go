package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

func automatic() chat.MergeSettings {
	s := chat.DefaultMergeSettings()
	s.Automatic = true
	return s
}

// typing is what an editor sends who adds an identifier to those that the lead has.
func typing(lead chat.Lead, kind chat.IdentifierKind, value string) store.LeadChange {
	c := store.LeadChange{ID: lead.ID}
	for _, i := range lead.Identifiers {
		c.Identifiers = append(c.Identifiers, store.IdentifierChange{ID: i.ID, Kind: i.Kind})
	}
	c.Identifiers = append(c.Identifiers, store.IdentifierChange{Kind: kind, Value: &value})
	return c
}

func TestALeadThatGetsAnothersIdentifierBecomesOneWithItWhenTheOrgWants(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	parent, child := twoLeads(t, w)
	before := ofLeads(t, w)
	number := child.Identifiers[0]
	change := typing(parent, number.Kind, number.Value)
	_, err := w.Store.UpdateLead(t.Context(), w.Admin, change)
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err), "nothing merges by itself until the org wants it")

	settings := automatic()
	settings.Kinds = []chat.IdentifierKind{chat.IdentifierEmail}
	require.NoError(t, w.Store.SetMergeSettings(t.Context(), w.Admin, settings))
	_, err = w.Store.UpdateLead(t.Context(), w.Admin, change)
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err), "an e-mail address would, a number does not")

	settings.Kinds = []chat.IdentifierKind{chat.IdentifierPhone}
	settings.Rules = map[chat.LeadField]chat.MergeRule{chat.FieldSource: chat.MergeAppend, chat.FieldFirstName: chat.MergeOverwrite}
	require.NoError(t, w.Store.SetMergeSettings(t.Context(), w.Admin, settings))
	own := w.Sales
	own.Access = &chat.Access{View: chat.ScopeOwn, Edit: chat.ScopeOwn}
	_, err = w.Store.UpdateLead(t.Context(), own, change)
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err), "nobody gets a lead that they may not change by typing its number")
	masked := w.Admin
	masked.Access = &chat.Access{View: chat.ScopeAll, Edit: chat.ScopeAll, Masks: map[chat.LeadField]chat.Mask{chat.FieldPhone: chat.MaskEnds}}
	_, err = w.Store.UpdateLead(t.Context(), masked, change)
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err), "nor by guessing one that is hidden")
	require.Equal(t, before["leads"], ofLeads(t, w)["leads"])

	got, err := w.Store.UpdateLead(t.Context(), w.Admin, change)
	require.NoError(t, err)
	require.Equal(t, parent.ID, got.ID, "the lead on screen stays")
	require.Len(t, got.Identifiers, 4, "and has all that the other one had")
	require.Equal(t, []string{"a", "asha fair a fair"}, []string{got.FirstName, got.Source})
	entries, err := w.Store.AuditEntries(t.Context(), w.Org, store.AuditFilter{Object: string(parent.ID), Most: 1})
	require.NoError(t, err)
	require.Equal(t, "lead.merged", entries[0].Action)
	require.Empty(t, entries[0].Actor)

	history, err := w.Store.Activities(t.Context(), w.Admin, store.ActivityQuery{Lead: parent.ID, Kinds: []chat.ActivityKind{chat.ActivityMerged}, Most: 10})
	require.NoError(t, err)
	require.Len(t, history, 1)
	require.Empty(t, history[0].MergeStays)
	_, _, err = w.Store.UnmergeLeads(t.Context(), w.Admin, history[0].Merge)
	require.NoError(t, err)
	require.Equal(t, before["identifiers"], ofLeads(t, w)["identifiers"])
}

func TestTheHistorySaysWhyAMergeStays(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	parent, child := twoLeads(t, w)
	stays := func(p chat.Principal, lead chat.LeadID) []string {
		history, err := w.Store.Activities(t.Context(), p, store.ActivityQuery{Lead: lead, Kinds: []chat.ActivityKind{chat.ActivityMerged}, Most: 10})
		require.NoError(t, err)
		var out []string
		for _, a := range history {
			out = append(out, a.MergeStays)
		}
		return out
	}
	first, _, err := w.Store.MergeLeads(t.Context(), w.Admin, chat.Merge{Parent: parent.ID, Child: child.ID})
	require.NoError(t, err)
	require.Equal(t, []string{""}, stays(w.Admin, parent.ID))
	other := w.Sales
	other.User = chat.NewID[chat.UserID]()
	require.Equal(t, []string{"You may not change this lead."}, stays(other, parent.ID))
	second, _, err := w.Store.MergeLeads(t.Context(), w.Admin, chat.Merge{Parent: parent.ID, Child: w.Lead.ID})
	require.NoError(t, err)
	require.Equal(t, []string{"", "Another lead was merged into this one since. Undo that merge first."}, stays(w.Admin, parent.ID))
	for _, id := range []chat.MergeID{second, first} {
		_, _, err = w.Store.UnmergeLeads(t.Context(), w.Admin, id)
		require.NoError(t, err)
	}
	require.Contains(t, stays(w.Admin, parent.ID), "It has been undone.")
}

func TestRulesOfMergingThatCannotBeFollowedAreRefused(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	for field, rule := range map[chat.LeadField]chat.MergeRule{
		chat.FieldStage: chat.MergeAppend, chat.CustomField("nosuch"): chat.MergeOverwrite, "phone": chat.MergeAppend,
	} {
		s := automatic()
		s.Rules = map[chat.LeadField]chat.MergeRule{field: rule}
		require.Equal(t, chat.CodeInvalid, chat.CodeOf(w.Store.SetMergeSettings(t.Context(), w.Admin, s)), field)
	}
	got, err := w.Store.MergeSettings(t.Context(), w.Org)
	require.NoError(t, err)
	require.Equal(t, chat.DefaultMergeSettings(), got)
	want := automatic()
	want.Parent, want.Rules = chat.MergeParentNewer, map[chat.LeadField]chat.MergeRule{chat.FieldSource: chat.MergeAppend}
	require.NoError(t, w.Store.SetMergeSettings(t.Context(), w.Admin, want))
	got, err = w.Store.MergeSettings(t.Context(), w.Org)
	require.NoError(t, err)
	require.Equal(t, want, got)
}
