package routing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/routing"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// colleague adds a user who chats, with a city.
func colleague(t *testing.T, w *world.World, s *routing.Service, name, city string) chat.UserID {
	t.Helper()
	u := chat.User{ID: chat.NewID[chat.UserID](), Name: name, Role: chat.RoleSalesUser, Email: name + "@example.com"}
	require.NoError(t, w.Store.CreateUser(t.Context(), w.Org, u, "none"))
	_, err := s.SetProperties(t.Context(), w.Admin, u.ID, map[string]string{"city": city, "language": " "})
	require.NoError(t, err)
	return u.ID
}

func save(t *testing.T, w *world.World, s *routing.Service, rules ...chat.RoutingRule) {
	t.Helper()
	before, err := s.Rules(t.Context(), w.Admin)
	require.NoError(t, err)
	_, err = s.Save(t.Context(), w.Admin, chat.RoutingRules{Version: before.Version, Rules: rules})
	require.NoError(t, err)
}

// TestARuleMustSayWhoGetsTheLead: what is missing is named by its field.
func TestARuleMustSayWhoGetsTheLead(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := routing.New(w.Store)
	match := chat.RoutingRule{Name: "City", Target: chat.RouteMatch, Property: "city", Field: chat.CustomField("city")}
	for field, rule := range map[string]chat.RoutingRule{
		"rules[0].name":            {Name: " ", Target: chat.RouteNobody},
		"rules[0].groupId":         {Name: "Group", Target: chat.RouteGroup},
		"rules[0].userId":          {Name: "User", Target: chat.RouteUser},
		"rules[0].property":        {Name: "City", Target: chat.RouteMatch, Field: match.Field},
		"rules[0].leadField":       {Name: "City", Target: chat.RouteMatch, Property: "city", Field: chat.FieldOwner},
		"rules[0].hours.zone":      {Name: "Hours", Target: chat.RouteNobody, When: chat.RoutingConditions{Hours: &chat.RoutingHours{Zone: "Local"}}},
		"rules[0].fields[0].field": {Name: "Field", Target: chat.RouteNobody, When: chat.RoutingConditions{Fields: []chat.FieldValues{{Field: "nosuch"}}}},
	} {
		_, err := s.Save(t.Context(), w.Admin, chat.RoutingRules{Rules: []chat.RoutingRule{rule}})
		var said *chat.Error
		require.ErrorAs(t, err, &said, field)
		require.Equal(t, chat.CodeInvalid, said.Code, field)
		require.Equal(t, field, said.Field)
	}
	// What the target does not need is dropped.
	match.User, match.Waits = w.Sales.User, true
	view, err := s.Save(t.Context(), w.Admin, chat.RoutingRules{Rules: []chat.RoutingRule{match}})
	require.NoError(t, err)
	require.Empty(t, view.Rules[0].User)
	_, err = s.Save(t.Context(), w.Admin, chat.RoutingRules{Rules: []chat.RoutingRule{match}})
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err), "somebody has saved since")
}

// TestALeadGoesToWhoeverIsOfItsCity is the seed's @{Lead:mx_City,}: a field of the lead
// and a property of the users.
func TestALeadGoesToWhoeverIsOfItsCity(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := routing.New(w.Store)
	pune, mumbai := colleague(t, w, s, "pia", "Pune"), colleague(t, w, s, "mo", "Mumbai")
	save(t, w, s, chat.RoutingRule{Name: "City", Active: true, Target: chat.RouteMatch, Property: "city", Field: "@{Lead:mx_City,}"})
	for city, want := range map[string]chat.UserID{
		"Pune": pune, " pune ": pune, "MUMBAI": mumbai, "Chennai": w.Admin.User, "": w.Admin.User,
	} {
		routed, err := s.Preview(t.Context(), w.Admin, chat.RoutingCase{Fields: map[chat.LeadField]string{"@{Lead:mx_City,}": city}})
		require.NoError(t, err)
		require.Equal(t, want, routed.Owner, "a lead of %q", city)
	}
}

// TestWhenNobodyIsOnline a rule is passed over, or the lead waits for the first who comes.
func TestWhenNobodyIsOnline(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := routing.New(w.Store)
	online := chat.RoutingRule{Name: "Online", Active: true, Target: chat.RouteOnline}
	save(t, w, s, online)
	routed, err := s.Preview(t.Context(), w.Admin, chat.RoutingCase{})
	require.NoError(t, err)
	require.Equal(t, w.Admin.User, routed.Owner, "the next rule decides: here the default")
	require.Equal(t, chat.RouteEmpty, routed.Steps[0].Outcome)
	online.Waits = true
	save(t, w, s, online)
	routed, err = s.Preview(t.Context(), w.Admin, chat.RoutingCase{})
	require.NoError(t, err)
	require.Empty(t, routed.Owner)
	require.Equal(t, chat.RouteWaits, routed.Steps[0].Outcome)
}

// TestWhenThereIsNobodyAtAll the lead stays unassigned.
func TestWhenThereIsNobodyAtAll(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := routing.New(w.Store)
	gone := colleague(t, w, s, "pia", "Pune")
	require.NoError(t, w.Store.Deactivate(t.Context(), w.Admin, gone, chat.LeavingLeads{}))
	group := chat.Group{ID: chat.NewID[chat.GroupID](), Name: "Empty"}
	require.NoError(t, w.Store.SaveGroup(t.Context(), w.Admin, group, true))
	save(t, w, s,
		chat.RoutingRule{Name: "Off", Target: chat.RouteUser, User: w.Sales.User},
		chat.RoutingRule{Name: "Gone", Active: true, Target: chat.RouteUser, User: gone},
		chat.RoutingRule{Name: "Empty", Active: true, Target: chat.RouteGroup, Group: group.ID},
		chat.RoutingRule{Name: "Nobody", Active: true, Target: chat.RouteNobody},
		chat.RoutingRule{Name: "Never asked", Active: true, Target: chat.RouteUser, User: w.Sales.User},
	)
	routed, err := s.Preview(t.Context(), w.Admin, chat.RoutingCase{})
	require.NoError(t, err)
	require.Empty(t, routed.Owner)
	var outcomes []chat.RoutingOutcome
	for _, step := range routed.Steps {
		outcomes = append(outcomes, step.Outcome)
	}
	require.Equal(t, []chat.RoutingOutcome{chat.RouteOff, chat.RouteEmpty, chat.RouteEmpty, chat.RouteWaits}, outcomes)
}

// TestWhoMayTakeALeadThatWaits: those who chat, see it and may change it.
func TestWhoMayTakeALeadThatWaits(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := routing.New(w.Store)
	marketing, narrow := w.Sales, w.Sales
	marketing.Role = chat.RoleMarketingUser
	narrow.Access = &chat.Access{View: chat.ScopeOwn, Edit: chat.ScopeOwn}
	for _, p := range []chat.Principal{marketing, narrow} {
		_, err := s.Take(t.Context(), p, "", true)
		require.Equal(t, chat.CodeForbidden, chat.CodeOf(err))
		waiting, err := s.Waiting(t.Context(), p, 0)
		require.NoError(t, err)
		require.Zero(t, waiting)
	}
	taken, err := s.Take(t.Context(), w.Sales, "", false)
	require.NoError(t, err)
	require.Empty(t, taken, "none waits")
}
