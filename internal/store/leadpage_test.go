package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// customer is an org with a field of each type and a few leads.
func customer(t testing.TB) (*world.World, map[string]chat.LeadID) {
	t.Helper()
	w := world.New(t)
	for _, f := range []chat.Field{
		{Name: "custom.city", Label: "City", Type: chat.FieldText},
		{Name: "custom.budget", Label: "Budget", Type: chat.FieldNumber},
		{Name: "custom.visit", Label: "Visit", Type: chat.FieldDate},
		{Name: "custom.vip", Label: "VIP", Type: chat.FieldBoolean},
		{Name: "custom.home", Label: "Home", Type: chat.FieldChoice, Choices: []string{"Flat", "House"}},
	} {
		f.ID = chat.NewID[chat.FieldID]()
		require.NoError(t, w.Store.CreateField(t.Context(), w.Admin, f))
	}
	ids := map[string]chat.LeadID{"asha": w.Lead.ID}
	add := func(name string, l chat.Lead, custom ...chat.CustomValue) {
		l.ID, l.FirstName, l.Custom = chat.NewID[chat.LeadID](), name, custom
		_, err := w.Store.AddLead(t.Context(), w.Admin, l)
		require.NoError(t, err)
		ids[name] = l.ID
	}
	add("ben", chat.Lead{Stage: "New", Owner: w.Admin.User, CreatedAt: time.Now().AddDate(0, 0, -40)}, chat.CustomValue{Key: "city", Value: "Oslo"},
		chat.CustomValue{Key: "budget", Value: "-5"}, chat.CustomValue{Key: "vip", Value: "true"})
	add("cleo", chat.Lead{Stage: "Won", LastName: "de la Cruz", Owner: w.Sales.User}, chat.CustomValue{Key: "city", Value: "Ōsaka"},
		chat.CustomValue{Key: "budget", Value: "12.5"}, chat.CustomValue{Key: "visit", Value: "2026-01-31"})
	add("dara", chat.Lead{Stage: "New", Source: "Website"}, chat.CustomValue{Key: "budget", Value: "100"}, chat.CustomValue{Key: "home", Value: "Flat"})
	return w, ids
}

func found(t testing.TB, w *world.World, p chat.Principal, q store.LeadPageQuery) []string {
	t.Helper()
	if q.Most == 0 {
		q.Most = 50
	}
	page, err := w.Store.LeadPage(t.Context(), p, q)
	require.NoError(t, err)
	out := []string{}
	for _, l := range page.Leads {
		out = append(out, l.FirstName)
	}
	return out
}

func TestLeadsAreNarrowedByEveryKindOfField(t *testing.T) {
	t.Parallel()
	w, _ := customer(t)
	today := time.Now().UTC().Format(time.DateOnly)
	for _, c := range []struct {
		field  chat.LeadField
		op     chat.FilterOp
		values []string
		want   []string
	}{
		{"stage", chat.OpIs, []string{"New"}, []string{"ben", "dara"}},
		{"stage", chat.OpIs, []string{"New", "Won"}, []string{"ben", "cleo", "dara"}},
		{"stage", chat.OpIsNot, []string{"New"}, []string{"Asha", "cleo"}},
		{"stage", chat.OpEmpty, nil, []string{"Asha"}},
		{"stage", chat.OpBegins, []string{"ne"}, []string{"ben", "dara"}},
		{"source", chat.OpFilled, nil, []string{"dara"}},
		{"owner", chat.OpIs, []string{"me"}, []string{"Asha", "cleo"}},
		{"owner", chat.OpIs, []string{string(w.Admin.User), "me"}, []string{"Asha", "ben", "cleo"}},
		{"owner", chat.OpIsNot, []string{"me"}, []string{"ben", "dara"}},
		{"owner", chat.OpEmpty, nil, []string{"dara"}},
		{"created_at", chat.OpFrom, []string{"-30d"}, []string{"Asha", "cleo", "dara"}},
		{"created_at", chat.OpUpto, []string{"-30d"}, []string{"ben"}},
		{"modified_at", chat.OpIs, []string{today}, []string{"Asha", "cleo", "dara"}},
		{"last_name", chat.OpIs, []string{"CRUZ DE"}, []string{"cleo"}},
		{"last_name", chat.OpBegins, []string{"ra"}, []string{"Asha"}},
		{"first_name", chat.OpIsNot, []string{"asha"}, []string{"ben", "cleo", "dara"}},
		{"last_name", chat.OpEmpty, nil, []string{"ben", "dara"}},
		{"phone", chat.OpFilled, nil, []string{"Asha"}},
		{"email", chat.OpEmpty, nil, []string{"Asha", "ben", "cleo", "dara"}},
		{"opted_out", chat.OpIs, []string{"false"}, []string{"Asha", "ben", "cleo", "dara"}},
		{"custom.city", chat.OpIs, []string{"osaka"}, []string{"cleo"}},
		{"custom.city", chat.OpBegins, []string{"os"}, []string{"ben", "cleo"}},
		{"custom.city", chat.OpEmpty, nil, []string{"Asha", "dara"}},
		{"custom.city", chat.OpIsNot, []string{"Oslo"}, []string{"Asha", "cleo", "dara"}},
		{"custom.budget", chat.OpFrom, []string{"12.50"}, []string{"cleo", "dara"}},
		{"custom.budget", chat.OpUpto, []string{"12"}, []string{"ben"}},
		{"custom.visit", chat.OpFrom, []string{"2026-01-31"}, []string{"cleo"}},
		{"custom.visit", chat.OpUpto, []string{"2026-01-30"}, []string{}},
		{"custom.vip", chat.OpIs, []string{"true"}, []string{"ben"}},
		{"custom.home", chat.OpIs, []string{"Flat", "House"}, []string{"dara"}},
	} {
		got := found(t, w, w.Sales, store.LeadPageQuery{Filter: chat.LeadFilter{Conditions: []chat.Condition{{Field: c.field, Op: c.op, Values: c.values}}}})
		slices.Sort(got)
		require.Equal(t, c.want, got, "%s %s %q", c.field, c.op, c.values)
	}
	for _, c := range []chat.Condition{
		{Field: "custom.gone", Op: chat.OpIs, Values: []string{"x"}},
		{Field: "custom.budget", Op: chat.OpFrom, Values: []string{"many"}},
		{Field: "stage", Op: chat.OpFrom, Values: []string{"x"}},
		{Field: "created_at", Op: chat.OpFrom, Values: []string{"soon"}},
		{Field: "stage", Op: chat.OpIs},
		{Field: "owner", Op: chat.OpIs, Values: []string{"Mira"}},
		{Field: "l.stage; --", Op: chat.OpEmpty},
	} {
		_, err := w.Store.LeadPage(t.Context(), w.Sales, store.LeadPageQuery{Most: 5, Filter: chat.LeadFilter{Conditions: []chat.Condition{c}}})
		require.Equal(t, chat.CodeInvalid, chat.CodeOf(err), "%v: %v", c, err)
	}
}

func TestPagesOfLeadsAreInOneOrderWithoutGaps(t *testing.T) {
	t.Parallel()
	w, _ := customer(t)
	for sort, want := range map[chat.LeadField][]string{
		"first_name": {"Asha", "ben", "cleo", "dara"}, "custom.budget": {"ben", "cleo", "dara", "Asha"}, "custom.city": {"cleo", "ben"},
		"created_at": {"ben", "Asha"}, "stage": {"Asha"},
	} {
		for _, descending := range []bool{false, true} {
			whole := found(t, w, w.Sales, store.LeadPageQuery{Sort: sort, Descending: descending})
			require.Len(t, whole, 4, sort)
			if !descending && sort != "custom.city" && sort != "first_name" {
				require.Equal(t, want, whole[:len(want)], sort)
			}
			var paged []string
			q := store.LeadPageQuery{Sort: sort, Descending: descending, Most: 1}
			for range 5 {
				page, err := w.Store.LeadPage(t.Context(), w.Sales, q)
				require.NoError(t, err)
				for _, l := range page.Leads {
					paged = append(paged, l.FirstName)
				}
				if q.After = page.Next; page.Next == "" {
					break
				}
			}
			require.Equal(t, whole, paged, "%s, descending %v", sort, descending)
		}
	}
	page, err := w.Store.LeadPage(t.Context(), w.Sales, store.LeadPageQuery{Most: 1})
	require.NoError(t, err)
	require.Equal(t, 4, page.Total)
	_, err = w.Store.LeadPage(t.Context(), w.Sales, store.LeadPageQuery{Most: 1, Sort: "phone"})
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err))
}

func TestI8NobodyNarrowsOrSortsByWhatIsMasked(t *testing.T) {
	t.Parallel()
	w, _ := customer(t)
	masked := limited(w.Sales, chat.PermissionTemplate{Masks: map[chat.LeadField]chat.Mask{"custom.budget": chat.MaskAll, chat.FieldLastName: chat.MaskAll}})
	filter := chat.LeadFilter{Conditions: []chat.Condition{{Field: "custom.budget", Op: chat.OpFrom, Values: []string{"50"}}}}
	list := chat.LeadList{ID: chat.NewID[chat.LeadListID](), Name: "Rich", Kind: chat.ListFilter, Filter: filter}
	require.NoError(t, w.Store.CreateList(t.Context(), w.Admin, list))
	for name, ask := range map[string]func() error{
		"filter": func() error {
			_, err := w.Store.LeadPage(t.Context(), masked, store.LeadPageQuery{Most: 5, Filter: filter})
			return err
		},
		"sort": func() error {
			_, err := w.Store.LeadPage(t.Context(), masked, store.LeadPageQuery{Most: 5, Sort: chat.FieldLastName})
			return err
		},
		"list": func() error {
			_, err := w.Store.LeadPage(t.Context(), masked, store.LeadPageQuery{Most: 5, List: list.ID})
			return err
		},
		"count": func() error { _, err := w.Store.CountList(t.Context(), masked, list); return err },
		"ids":   func() error { _, err := w.Store.LeadIDs(t.Context(), masked, "", filter, "", 5); return err },
		"make": func() error {
			mine := list
			mine.ID, mine.Name = chat.NewID[chat.LeadListID](), "Mine"
			return w.Store.CreateList(t.Context(), masked, mine)
		},
	} {
		err := ask()
		require.Equal(t, chat.ReasonMasked, reasonOf(err), "%s: %v", name, err)
	}
	lists, err := w.Store.ListsOfLead(t.Context(), masked, w.Lead.ID)
	require.NoError(t, err)
	require.Empty(t, lists)
}

func TestListsHoldWhatOneMaySee(t *testing.T) {
	t.Parallel()
	w, ids := customer(t)
	static := chat.LeadList{ID: chat.NewID[chat.LeadListID](), Name: "Picked", Kind: chat.ListStatic}
	filter := chat.LeadList{
		ID: chat.NewID[chat.LeadListID](), Name: "New ones", Kind: chat.ListFilter,
		Filter: chat.LeadFilter{Conditions: []chat.Condition{{Field: "stage", Op: chat.OpIs, Values: []string{"New"}}}},
	}
	for _, l := range []chat.LeadList{static, filter} {
		require.NoError(t, w.Store.CreateList(t.Context(), w.Sales, l))
	}
	err := w.Store.CreateList(t.Context(), w.Sales, chat.LeadList{ID: chat.NewID[chat.LeadListID](), Name: "Picked", Kind: chat.ListStatic})
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err))
	added, err := w.Store.AddToList(t.Context(), w.Sales, static.ID, []chat.LeadID{ids["asha"], ids["ben"]})
	require.NoError(t, err)
	require.Equal(t, 2, added)
	added, err = w.Store.AddFilteredToList(t.Context(), w.Sales, static.ID, filter.Filter)
	require.NoError(t, err)
	require.Equal(t, 1, added, "one of them was in it")
	own := limited(w.Sales, chat.PermissionTemplate{View: chat.ScopeOwn})
	for _, c := range []struct {
		who  chat.Principal
		list chat.LeadList
		want int
	}{{w.Sales, static, 3}, {w.Sales, filter, 2}, {own, static, 1}, {own, filter, 0}} {
		n, err := w.Store.CountList(t.Context(), c.who, c.list)
		require.NoError(t, err)
		require.Equal(t, c.want, n, c.list.Name)
		require.Len(t, found(t, w, c.who, store.LeadPageQuery{List: c.list.ID}), c.want)
	}
	_, err = w.Store.AddToList(t.Context(), own, static.ID, []chat.LeadID{ids["dara"]})
	require.Equal(t, chat.NotFound("lead"), err)
	_, err = w.Store.AddToList(t.Context(), w.Sales, filter.ID, []chat.LeadID{ids["dara"]})
	require.Equal(t, chat.CodeBlocked, chat.CodeOf(err))
	lists, err := w.Store.ListsOfLead(t.Context(), w.Sales, ids["ben"])
	require.NoError(t, err)
	require.Len(t, lists, 2)
	removed, err := w.Store.RemoveFromList(t.Context(), w.Sales, static.ID, []chat.LeadID{ids["ben"], ids["cleo"]})
	require.NoError(t, err)
	require.Equal(t, 1, removed)
	all, err := w.Store.LeadIDs(t.Context(), w.Sales, static.ID, chat.LeadFilter{}, "", 10)
	require.NoError(t, err)
	require.ElementsMatch(t, []chat.LeadID{ids["asha"], ids["dara"]}, all)
	require.NoError(t, w.Store.DeleteList(t.Context(), w.Sales, static.ID))
	require.Equal(t, chat.NotFound("list"), w.Store.DeleteList(t.Context(), w.Sales, static.ID))
}

func TestI7ListsAndFieldsOfAnotherOrgAreNotFound(t *testing.T) {
	t.Parallel()
	a, b := twoOrgs(t)
	list := chat.LeadList{ID: chat.NewID[chat.LeadListID](), Name: "Theirs", Kind: chat.ListStatic}
	require.NoError(t, b.Store.CreateList(t.Context(), b.Admin, list))
	field := chat.Field{ID: chat.NewID[chat.FieldID](), Name: "custom.theirs", Label: "Theirs", Type: chat.FieldText}
	require.NoError(t, b.Store.CreateField(t.Context(), b.Admin, field))
	s, ctx := a.Store, t.Context()
	before := fingerprint(t, a)
	for name, call := range map[string]func() (any, error){
		"UpdateLead": func() (any, error) {
			return s.UpdateLead(ctx, a.Admin, store.LeadChange{ID: b.Lead.ID, Stage: new(string)})
		},
		"DeleteLeads":    func() (any, error) { return s.DeleteLeads(ctx, a.Admin, []chat.LeadID{b.Lead.ID}) },
		"RestoreLeads":   func() (any, error) { return s.RestoreLeads(ctx, a.Admin, []chat.LeadID{b.Lead.ID}) },
		"SetOptOut":      func() (any, error) { return s.SetOptOut(ctx, a.Admin, b.Lead.Identifiers[0].ID, true, "") },
		"Activities":     func() (any, error) { return s.Activities(ctx, a.Admin, store.ActivityQuery{Lead: b.Lead.ID, Most: 5}) },
		"LeadPage":       func() (any, error) { return s.LeadPage(ctx, a.Admin, store.LeadPageQuery{List: list.ID, Most: 5}) },
		"ListsOfLead":    func() (any, error) { return s.ListsOfLead(ctx, a.Admin, b.Lead.ID) },
		"UpdateList":     func() (any, error) { return s.UpdateList(ctx, a.Admin, list.ID, "Mine", nil) },
		"DeleteList":     func() (any, error) { return nil, s.DeleteList(ctx, a.Admin, list.ID) },
		"AddToList":      func() (any, error) { return s.AddToList(ctx, a.Admin, list.ID, []chat.LeadID{a.Lead.ID}) },
		"AddFiltered":    func() (any, error) { return s.AddFilteredToList(ctx, a.Admin, list.ID, chat.LeadFilter{}) },
		"RemoveFromList": func() (any, error) { return s.RemoveFromList(ctx, a.Admin, list.ID, []chat.LeadID{a.Lead.ID}) },
		"UpdateField":    func() (any, error) { return s.UpdateField(ctx, a.Admin, field) },
		"ArchiveField":   func() (any, error) { return s.ArchiveField(ctx, a.Admin, field.ID, true) },
	} {
		said, err := call()
		require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "%s: %v", name, err)
		require.NotContains(t, fmt.Sprintf("%+v", said), b.text, name)
	}
	require.Equal(t, before, fingerprint(t, a), "nothing was written")
}
