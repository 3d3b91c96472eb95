package crm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/crm"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

func TestPhoneNumbersAreReadByTheOrgsCountry(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ value, country, want string }{
		{"98765 43210", "IN", "+919876543210"},
		{"098765-43210", "IN", "+919876543210"},
		{"(202) 555-0123", "US", "+12025550123"},
		{"+44 20 7946 0958", "US", "+442079460958"},
		{"+12025550123", "IN", "+12025550123"},
		{"020 7946 0958", "GB", "+442079460958"},
		{"12", "US", ""},
		{"asha", "US", ""},
		{"", "US", ""},
		{"+999999999999999999", "US", ""},
		{"202555012", "US", ""},
	} {
		got, problem := crm.Phone(c.value, c.country)
		require.Equal(t, c.want, got, "%q in %s", c.value, c.country)
		require.Equal(t, c.want == "", problem != "", c.value)
		if len(c.value) > 2 {
			require.NotContains(t, problem, c.value)
		}
	}
	for value, want := range map[string]string{"Asha@Example.com ": "asha@example.com", "asha": "", "a@b": "", "A <a@b.c>": "", "a b@c.de": ""} {
		got, _ := crm.Canonical(chat.IdentifierEmail, value, "US")
		require.Equal(t, want, got, value)
	}
}

func TestWhatIsTypedIsCheckedFieldByField(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := crm.New(w.Store)
	ctx := t.Context()
	field := func(f chat.Field) chat.Field {
		t.Helper()
		out, err := s.SaveField(ctx, w.Admin, f)
		require.NoError(t, err)
		return out
	}
	budget := field(chat.Field{Name: "custom.budget", Label: " Budget ", Type: chat.FieldNumber, Required: true})
	require.Equal(t, "Budget", budget.Label)
	home := field(chat.Field{Name: "custom.home", Label: "Home", Type: chat.FieldChoice, Choices: []string{"Flat"}})
	five := []chat.CustomValue{{Key: "budget", Value: " 5.0 "}}
	for at, n := range map[string]crm.NewLead{
		"firstName":            {Custom: five},
		"identifiers[1].value": {Custom: five, Identifiers: []chat.Identifier{{Kind: chat.IdentifierPhone, Value: "2025550199"}, {Kind: chat.IdentifierPhone, Value: "1"}}},
		"identifiers[0].value": {Custom: five, Identifiers: []chat.Identifier{{Kind: chat.IdentifierEmail, Value: "nobody"}}},
		"custom":               {FirstName: "Ben"},
		"custom[0].value":      {FirstName: "Ben", Custom: []chat.CustomValue{{Key: "budget", Value: "much"}}},
		"custom[1].value":      {FirstName: "Ben", Custom: append(five, chat.CustomValue{Key: "home", Value: "Castle"})},
		"custom[1].key":        {FirstName: "Ben", Custom: append(five, chat.CustomValue{Key: "gone", Value: "1"})},
	} {
		_, err := s.Create(ctx, w.Sales, n)
		var e *chat.Error
		require.ErrorAs(t, err, &e, at)
		require.Equal(t, chat.CodeInvalid, e.Code)
		require.Equal(t, at, e.Field)
	}
	lead, err := s.Create(ctx, w.Sales, crm.NewLead{
		FirstName: "  Ben \u00a0 Jamin ", Custom: five, Identifiers: []chat.Identifier{{Kind: chat.IdentifierPhone, Value: "(202) 555-0199", Label: "mobile"}},
	})
	require.NoError(t, err)
	require.Equal(t, "Ben Jamin", lead.FirstName)
	require.Equal(t, []chat.CustomValue{{Key: "budget", Value: "5"}}, lead.Custom)
	require.Equal(t, "+12025550199", lead.Identifiers[0].Value)
	require.Equal(t, w.Sales.User, lead.Owner, "who makes a lead owns it")

	wrong := "202"
	_, err = s.Update(ctx, w.Sales, store.LeadChange{ID: lead.ID, Version: 1, Identifiers: []store.IdentifierChange{{ID: lead.Identifiers[0].ID, Value: &wrong}}})
	require.ErrorContains(t, err, "identifiers.edits[0].value")
	_, err = s.Update(ctx, w.Sales, store.LeadChange{ID: lead.ID, Version: 1, Custom: []chat.CustomValue{{Key: "budget"}}})
	require.ErrorContains(t, err, "is required")

	archived, err := s.ArchiveField(ctx, w.Admin, budget.ID, true)
	require.NoError(t, err)
	require.True(t, archived.Archived)
	_, err = s.Create(ctx, w.Sales, crm.NewLead{FirstName: "Cleo"})
	require.NoError(t, err, "nobody can give what is archived")
	_, err = s.SaveField(ctx, w.Admin, chat.Field{Name: "custom.budget", Label: "Budget", Type: chat.FieldText})
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err))
	_, err = s.SaveField(ctx, w.Admin, chat.Field{ID: home.ID, Label: "Home"})
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err), "a choice without choices")

	nobody := w.Sales
	nobody.Access = &chat.Access{View: chat.ScopeAll}
	_, err = s.Create(ctx, nobody, crm.NewLead{FirstName: "Ben"})
	require.Equal(t, chat.CodeForbidden, chat.CodeOf(err))
}

func TestWhatIsInUseIsNotToldWhereItIsMasked(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := crm.New(w.Store)
	stage := "Won"
	_, err := s.UpdateMany(t.Context(), w.Sales, []chat.LeadID{w.Lead.ID}, nil, &stage)
	require.NoError(t, err)
	choices := func(p chat.Principal) []string {
		fields, err := s.Fields(t.Context(), p, false)
		require.NoError(t, err)
		for _, f := range fields {
			if f.Name == chat.FieldStage {
				return f.Choices
			}
		}
		return nil
	}
	require.Equal(t, []string{"Won"}, choices(w.Sales))
	masked := w.Sales
	access := chat.BaseAccess(masked.Role).Restrict(chat.PermissionTemplate{Masks: map[chat.LeadField]chat.Mask{chat.FieldStage: chat.MaskAll}})
	masked.Access = &access
	require.Empty(t, choices(masked))
}

func TestListsAreCountedAnewAfterTheyWereChanged(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := crm.New(w.Store)
	list, err := s.CreateList(t.Context(), w.Sales, "Picked", chat.ListStatic, chat.LeadFilter{})
	require.NoError(t, err)
	for _, want := range []int{0, 1} {
		lists, err := s.Lists(t.Context(), w.Sales)
		require.NoError(t, err)
		require.Equal(t, want, lists[0].Count)
		_, err = s.AddToList(t.Context(), w.Sales, list.ID, []chat.LeadID{w.Lead.ID}, nil)
		require.NoError(t, err)
	}
	_, err = s.CreateList(t.Context(), w.Sales, "Filtered", chat.ListFilter, chat.LeadFilter{})
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err))
	_, err = s.AddToList(t.Context(), w.Sales, list.ID, nil, nil)
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err))
}
