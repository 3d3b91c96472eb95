package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// colleagues adds users of a role.
func colleagues(t testing.TB, w *world.World, role chat.Role, n int) []chat.UserID {
	t.Helper()
	out := make([]chat.UserID, n)
	for i := range out {
		out[i] = chat.NewID[chat.UserID]()
		user := chat.User{ID: out[i], Name: fmt.Sprintf("%s %d", role, i), Role: role, Email: string(out[i]) + "@example.com"}
		require.NoError(t, w.Store.CreateUser(t.Context(), w.Org, user, "none"))
	}
	return out
}

// group puts users into a new group.
func group(t testing.TB, w *world.World, name string, users ...chat.UserID) chat.GroupID {
	t.Helper()
	id := chat.NewID[chat.GroupID]()
	pool := owner(t, w)
	exec(t, pool, "insert into groups (org_id, id, name) values ($1, $2, $3)", w.Org, id, name)
	for _, u := range users {
		exec(t, pool, "insert into group_members (org_id, group_id, user_id) values ($1, $2, $3)", w.Org, id, u)
	}
	return id
}

func saveRules(t testing.TB, w *world.World, rules ...chat.RoutingRule) []chat.RoutingRule {
	t.Helper()
	before, err := w.Store.Routing(t.Context(), w.Org)
	require.NoError(t, err)
	for i := range rules {
		rules[i].Active = true
		if rules[i].Name == "" {
			rules[i].Name = fmt.Sprint("Rule ", i+1)
		}
	}
	view, err := w.Store.SaveRoutingRules(t.Context(), w.Admin, chat.RoutingRules{Version: before.Version, Rules: rules})
	require.NoError(t, err)
	require.Equal(t, before.Version+1, view.Version)
	return view.Rules
}

// writer makes unknown senders write, one after another, and says who got each.
type writer struct {
	testing.TB
	*world.World
	n int
}

func (w *writer) write(text string) chat.Lead {
	w.Helper()
	w.n++
	receive(w, w.World, w.SMS, received(w.SMS, fmt.Sprintf("in-%d", w.n), phone(200+w.n), text))
	found := leadsFound(w, w.World, phone(200 + w.n)[1:])
	require.Len(w, found, 1)
	return found[0]
}

func (w *writer) owners(n int, text string) []chat.UserID {
	out := make([]chat.UserID, n)
	for i := range out {
		out[i] = w.write(text).Owner
	}
	return out
}

func online(t testing.TB, w *world.World, state chat.PresenceState, users ...chat.UserID) map[chat.OrgID][]chat.UserID {
	t.Helper()
	var marks []chat.PresenceMark
	for _, u := range users {
		marks = append(marks, chat.PresenceMark{Org: w.Org, User: u, Node: "n1", State: state, Until: time.Now().Add(time.Minute)})
	}
	came, err := w.Store.SetPresence(t.Context(), marks)
	require.NoError(t, err)
	return came
}

// TestRoundRobinIsExactOverTwoNodes has a thousand unknown senders write to two nodes,
// fifty at once: each of ten gets a hundred, by default and by a rule alike.
func TestRoundRobinIsExactOverTwoNodes(t *testing.T) {
	t.Parallel()
	const people, leads, workers = 10, 1000, 50
	for name, prepare := range map[string]func(*world.World){
		"by default": func(w *world.World) { colleagues(t, w, chat.RoleAdministrator, people-1) }, // and Admin
		"by a rule": func(w *world.World) {
			saveRules(t, w, chat.RoutingRule{Target: chat.RouteGroup, Group: group(t, w, "North", colleagues(t, w, chat.RoleSalesUser, people)...)})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world.New(t)
			prepare(w)
			other, err := store.Open(t.Context(), store.Options{URL: w.URL})
			require.NoError(t, err)
			t.Cleanup(other.Close)
			nodes := []*store.Store{w.Store, other}
			together(workers, func(worker int) {
				for n := worker; n < leads; n += workers {
					_, err := nodes[worker%2].Receive(t.Context(), w.Org, arrival(w.SMS), received(w.SMS, fmt.Sprintf("in-%d", n), phone(n), "hello"))
					require.NoError(t, err)
				}
			})
			pool := owner(t, w)
			require.Equal(t, people, count(t, pool, "select count(distinct owner_id) from leads where source = 'inbound'"))
			require.Zero(t, count(t, pool, `select count(*) from (
				select 1 from leads where source = 'inbound' group by owner_id having count(*) <> $1) uneven`, leads/people))
			require.Equal(t, leads, count(t, pool, "select max(turn)::int from turns"), "as many turns as leads")
		})
	}
}

// TestWhoComesOrGoesChangesNobodyElsesTurn adds and removes people in the middle of a
// round.
func TestWhoComesOrGoesChangesNobodyElsesTurn(t *testing.T) {
	t.Parallel()
	w := &writer{TB: t, World: world.New(t)}
	pool := owner(t, w.World)
	late := colleagues(t, w.World, chat.RoleSalesUser, 1)[0] // who comes late has the lowest id
	four := colleagues(t, w.World, chat.RoleSalesUser, 4)
	north := group(t, w.World, "North", four...)
	saveRules(t, w.World, chat.RoutingRule{Target: chat.RouteGroup, Group: north})
	require.Equal(t, four[:2], w.owners(2, "hello"))
	exec(t, pool, "insert into group_members (org_id, group_id, user_id) values ($1, $2, $3)", w.Org, north, late)
	require.ElementsMatch(t, []chat.UserID{late, four[2], four[3]}, w.owners(3, "hello"), "the round goes on, with one more")
	require.Equal(t, four[:2], w.owners(2, "hello"))
	exec(t, pool, "delete from group_members where user_id = $1", four[1])
	exec(t, pool, "update users set active = false where id = $1", four[2])
	require.ElementsMatch(t, []chat.UserID{late, four[3]}, w.owners(2, "hello"), "nobody comes twice because others went")
	require.Equal(t, four[0], w.write("hello").Owner)
}

func TestRulesDecideInOrderAndFallThrough(t *testing.T) {
	t.Parallel()
	w := &writer{TB: t, World: world.New(t)}
	people := colleagues(t, w.World, chat.RoleSalesUser, 4)
	pune, empty := group(t, w.World, "Pune", people[0], people[1]), group(t, w.World, "Empty")
	words := func(list ...string) chat.RoutingConditions { return chat.RoutingConditions{Words: list} }
	rules := saveRules(t, w.World,
		chat.RoutingRule{When: chat.RoutingConditions{Channel: chat.ChannelWhatsApp}, Target: chat.RouteUser, User: people[3]},
		chat.RoutingRule{When: words("pune"), Target: chat.RouteGroup, Group: empty},
		chat.RoutingRule{When: words("pune", "site visit"), Target: chat.RouteGroup, Group: pune},
		chat.RoutingRule{When: words("nobody"), Target: chat.RouteNobody},
		chat.RoutingRule{When: words("mine"), Target: chat.RouteUser, User: people[2]},
	)
	require.Equal(t, []chat.UserID{people[0], people[1], people[0]}, w.owners(3, "A flat in Pune?"), "the empty group is passed over")
	require.Equal(t, people[1], w.write("Site visit please").Owner, "one rotation a rule")
	require.Empty(t, w.write("nobody!").Owner)
	require.Equal(t, people[2], w.write("mine").Owner)
	require.Equal(t, w.Admin.User, w.write("hello").Owner, "the default, at last")

	found, err := w.Store.PreviewRouting(t.Context(), w.Org, chat.RoutingCase{Channel: chat.ChannelSMS, Text: "pune", At: time.Now()})
	require.NoError(t, err)
	require.Equal(t, people[0], found.Owner)
	require.Equal(t, rules[2].ID, found.Rule)
	require.Equal(t, []chat.RoutingStep{
		{Rule: rules[0].ID, Outcome: chat.RouteChannel}, {Rule: rules[1].ID, Outcome: chat.RouteEmpty}, {Rule: rules[2].ID, Outcome: chat.RouteTaken},
	}, found.Steps)
	require.Equal(t, people[0], w.write("pune").Owner, "a preview takes no turn")

	saveRules(t, w.World, rules[2])
	require.Equal(t, people[1], w.write("pune").Owner, "a rule that stays keeps its rotation")
	exec(t, owner(t, w.World), "delete from groups where id = $1", pune)
	require.Equal(t, w.Admin.User, w.write("pune").Owner, "a group that is gone means nobody")
	view, err := w.Store.Routing(t.Context(), w.Org)
	require.NoError(t, err)
	require.True(t, view.Rules[0].GroupLost)
	require.Equal(t, []int{0, 1}, view.Reached)
}

func TestAPropertyOfTheUserMatchesAFieldOfTheLead(t *testing.T) {
	t.Parallel()
	w := &writer{TB: t, World: world.New(t)}
	people := colleagues(t, w.World, chat.RoleSalesUser, 4)
	for i, name := range []string{"new", "NEW", "old", "old"} {
		_, err := w.Store.SetUserProperties(t.Context(), w.Admin, people[i], map[string]string{"first": name, "team": "x"})
		require.NoError(t, err)
	}
	saveRules(t, w.World, chat.RoutingRule{Target: chat.RouteMatch, Property: "first", Field: chat.FieldFirstName})
	require.Equal(t, []chat.UserID{people[0], people[1], people[0]}, w.owners(3, "hello"), "several who match take turns")
	receive(t, w.World, w.SMS, store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: w.SMS.Senders[0].Sender, ProviderID: "no-name", Phone: phone(1), Kind: chat.KindText, ReceivedAt: time.Now(),
	})
	require.Equal(t, w.Admin.User, leadsFound(t, w.World, phone(1)[1:])[0].Owner, "no value matches nobody")
	_, err := w.Store.SetUserProperties(t.Context(), w.Admin, people[0], nil)
	require.NoError(t, err)
	require.Equal(t, []chat.UserID{people[1], people[1]}, w.owners(2, "hello"))
}

func TestWhoIsOnlineGetsTheLead(t *testing.T) {
	t.Parallel()
	w := &writer{TB: t, World: world.New(t)}
	people := colleagues(t, w.World, chat.RoleSalesUser, 3)
	saveRules(t, w.World, chat.RoutingRule{Target: chat.RouteOnline})
	require.Equal(t, w.Admin.User, w.write("hello").Owner, "nobody is online")
	require.ElementsMatch(t, people[:2], online(t, w.World, chat.PresenceOnline, people[:2]...)[w.Org])
	require.Empty(t, online(t, w.World, chat.PresenceOnline, people[:2]...), "they were online before")
	require.ElementsMatch(t, people[:2], w.owners(2, "hello"))
	online(t, w.World, chat.PresenceIdle, people[0])
	require.Equal(t, []chat.UserID{people[1], people[1]}, w.owners(2, "hello"), "who is idle is not there")
	online(t, w.World, chat.PresenceOffline, people[1])
	require.Equal(t, w.Admin.User, w.write("hello").Owner)
	require.Equal(t, people[:1], online(t, w.World, chat.PresenceOnline, people[0])[w.Org])
	exec(t, owner(t, w.World), "update presence_marks set until = now() - interval '1 second'")
	require.Equal(t, w.Admin.User, w.write("hello").Owner, "the node that said so is gone")
}

func TestAStaleListOfRulesIsAConflict(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	var won, lost atomic.Int32
	together(8, func(n int) {
		_, err := w.Store.SaveRoutingRules(t.Context(), w.Admin, chat.RoutingRules{Rules: []chat.RoutingRule{
			{Name: fmt.Sprint(n), Active: true, Target: chat.RouteNobody},
		}})
		if err == nil {
			won.Add(1)
			return
		}
		require.Equal(t, chat.CodeConflict, chat.CodeOf(err), "%v", err)
		lost.Add(1)
	})
	require.Equal(t, []int32{1, 7}, []int32{won.Load(), lost.Load()})
	require.Equal(t, 1, count(t, owner(t, w), "select count(*) from audit_entries where action = 'routing.updated'"))
}

// TestI7RulesNameNothingOfAnotherOrg gives rules another org's group, user and number.
func TestI7RulesNameNothingOfAnotherOrg(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	other := world.At(t, w.URL)
	for field, r := range map[string]chat.RoutingRule{
		"rules[0].groupId": {Target: chat.RouteGroup, Group: group(t, other, "Theirs")},
		"rules[0].userId":  {Target: chat.RouteUser, User: other.Sales.User},
		"rules[0].senderIds": {Target: chat.RouteNobody, When: chat.RoutingConditions{
			Senders: []chat.SenderID{other.SMS.Senders[0].ID},
		}},
	} {
		r.Name = field
		_, err := w.Store.SaveRoutingRules(t.Context(), w.Admin, chat.RoutingRules{Rules: []chat.RoutingRule{r}})
		require.ErrorContains(t, err, field)
	}
	_, err := w.Store.SetUserProperties(t.Context(), w.Admin, other.Sales.User, nil)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
}
