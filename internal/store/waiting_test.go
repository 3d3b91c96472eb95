package store_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/testkit/world"
)

// nobody keeps every lead for whoever takes it.
var nobody = chat.RoutingRule{Target: chat.RouteNobody}

func inLine(t testing.TB, w *world.World, p chat.Principal) int {
	t.Helper()
	out, err := w.Store.Waiting(t.Context(), p, 50)
	require.NoError(t, err)
	require.Len(t, out.Conversations, out.Count)
	return out.Count
}

// offers counts the offers on a topic so far.
func offers(t testing.TB, w *world.World, topic chat.Topic) int {
	t.Helper()
	n := 0
	for _, e := range w.Events() {
		var event conversev1.Event
		require.NoError(t, proto.Unmarshal(e.Payload, &event))
		if e.Topic == topic && event.GetOffer() != nil {
			n++
		}
	}
	return n
}

func TestTwoPeopleNeverTakeTheSameLead(t *testing.T) {
	t.Parallel()
	w := &writer{TB: t, World: world.New(t)}
	saveRules(t, w.World, nobody)
	const leads, people = 40, 8
	first := w.write("first")
	for range leads - 1 {
		w.write("hello")
	}
	require.Equal(t, leads, inLine(t, w.World, w.Sales))
	users := colleagues(t, w.World, chat.RoleSalesUser, people)
	var mu sync.Mutex
	taken := map[chat.LeadID]int{}
	together(people, func(n int) {
		p := chat.Principal{Org: w.Org, User: users[n], Role: chat.RoleSalesUser}
		for {
			got, err := w.Store.TakeWaiting(t.Context(), p, 1+n%3)
			require.NoError(t, err)
			mu.Lock()
			for _, id := range got {
				taken[id]++
			}
			done := len(taken) == leads
			mu.Unlock()
			if done {
				return
			}
		}
	})
	for id, times := range taken {
		require.Equal(t, 1, times, id)
	}
	require.Zero(t, inLine(t, w.World, w.Sales))
	require.NoError(t, w.Store.Offer(t.Context(), w.Org, users[:1]))
	require.Zero(t, offers(t, w.World, chat.UserTopic(users[0])), "there is nothing to offer")

	require.Equal(t, chat.CodeConflict, chat.CodeOf(w.Store.TakeLead(t.Context(), w.Sales, first.ID)), "it has an owner")
	exec(t, owner(t, w.World), "update leads set owner_id = null where id = $1", first.ID)
	require.Equal(t, 1, inLine(t, w.World, w.Sales), "who loses their owner waits again")
	var won, lost int
	together(people, func(n int) {
		err := w.Store.TakeLead(t.Context(), chat.Principal{Org: w.Org, User: users[n], Role: chat.RoleSalesUser}, first.ID)
		mu.Lock()
		defer mu.Unlock()
		switch chat.CodeOf(err) {
		case chat.CodeConflict:
			lost++
		default:
			require.NoError(t, err)
			won++
		}
	})
	require.Equal(t, []int{1, people - 1}, []int{won, lost})
}

func TestTheLongestWaitingLeadIsTakenFirstAndEveryoneSeesIt(t *testing.T) {
	t.Parallel()
	w := &writer{TB: t, World: world.New(t)}
	saveRules(t, w.World, nobody)
	first, second := w.write("first"), w.write("second")
	require.Equal(t, 2, offers(t, w.World, chat.OrgTopic(w.Org)))
	taken, err := w.Store.TakeWaiting(t.Context(), w.Sales, 1)
	require.NoError(t, err)
	require.Equal(t, []chat.LeadID{first.ID}, taken)
	lead, err := w.Store.Lead(t.Context(), w.Sales, first.ID)
	require.NoError(t, err)
	require.Equal(t, w.Sales.User, lead.Owner)
	list := conversations(t, w.World)
	i := slices.IndexFunc(list, func(c chat.Conversation) bool { return c.Lead == first.ID })
	var told conversev1.Conversation
	for _, e := range w.Events() {
		var event conversev1.Event
		require.NoError(t, proto.Unmarshal(e.Payload, &event))
		if c := event.GetConversation(); c.GetLeadId() == string(first.ID) {
			proto.Merge(&told, c)
		}
	}
	require.Equal(t, string(w.Sales.User), told.GetOwnerId())
	require.EqualValues(t, list[i].Version, told.GetVersion(), "readers keep the highest version")
	require.EqualValues(t, 3, told.GetVersion())
	out, err := w.Store.Waiting(t.Context(), w.Sales, 1)
	require.NoError(t, err)
	require.Equal(t, second.ID, out.Conversations[0].Lead)
	own := w.Sales
	own.Access = &chat.Access{View: chat.ScopeOwn, Edit: chat.ScopeOwn}
	none, err := w.Store.Waiting(t.Context(), own, 50)
	require.NoError(t, err)
	require.Zero(t, none, "leads without an owner are not for their eyes")
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(w.Store.TakeLead(t.Context(), own, second.ID)))
}

func TestALeadThatARuleKeepsGoesToTheFirstWhoComesOnline(t *testing.T) {
	t.Parallel()
	w := &writer{TB: t, World: world.New(t)}
	people := colleagues(t, w.World, chat.RoleSalesUser, 3)
	north := group(t, w.World, "North", people[:2]...)
	saveRules(t, w.World,
		chat.RoutingRule{When: chat.RoutingConditions{Words: []string{"keep"}}, Target: chat.RouteOnline, Group: north, Waits: true},
		chat.RoutingRule{When: chat.RoutingConditions{Words: []string{"free"}}, Target: chat.RouteNobody})
	kept, free := []chat.Lead{w.write("keep"), w.write("keep"), w.write("keep")}, w.write("free")
	require.Empty(t, kept[0].Owner)
	require.Equal(t, 4, inLine(t, w.World, w.Sales))
	ownersNow := func() []chat.UserID {
		out := []chat.UserID{}
		for _, lead := range append(slices.Clone(kept), free) {
			l, err := w.Store.Lead(t.Context(), w.Sales, lead.ID)
			require.NoError(t, err)
			out = append(out, l.Owner)
		}
		return out
	}
	offer := func(users ...chat.UserID) {
		for org, came := range online(t, w.World, chat.PresenceOnline, users...) {
			require.NoError(t, w.Store.Offer(t.Context(), org, came))
		}
	}
	offer(people[2])
	require.Equal(t, []chat.UserID{"", "", "", ""}, ownersNow(), "somebody else has come")
	require.Equal(t, 1, offers(t, w.World, chat.UserTopic(people[2])), "and is told of what waits")
	offer(people[1], people[0])
	require.Equal(t, []chat.UserID{people[0], people[1], people[0], ""}, ownersNow(), "in turn")
	require.Equal(t, 1, inLine(t, w.World, w.Sales))
	require.Equal(t, 1, offers(t, w.World, chat.UserTopic(people[0])))
}

func TestAKnownLeadWithoutAnOwnerIsForRulesAlone(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	write := func(n int, source string) chat.Lead {
		lead := chat.Lead{ID: chat.NewID[chat.LeadID](), FirstName: "Known", Source: source, Identifiers: []chat.Identifier{
			{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: phone(n)},
		}}
		require.NoError(t, w.Store.CreateLead(t.Context(), w.Org, lead))
		receive(t, w, w.SMS, received(w.SMS, phone(n), phone(n), "hello"))
		out, err := w.Store.Lead(t.Context(), w.Sales, lead.ID)
		require.NoError(t, err)
		return out
	}
	saveRules(t, w, chat.RoutingRule{
		When:   chat.RoutingConditions{Fields: []chat.FieldValues{{Field: chat.FieldSource, Values: []string{"fair"}}}},
		Target: chat.RouteUser, User: w.Sales.User,
	})
	require.Equal(t, w.Sales.User, write(1, "fair").Owner)
	require.Empty(t, write(2, "web").Owner, "the default is for unknown senders")
	require.Equal(t, 1, inLine(t, w, w.Sales))
	receive(t, w, w.SMS, received(w.SMS, "again", phone(2), "hello?"))
	require.Equal(t, 1, inLine(t, w, w.Sales))
}

func TestALeadThatNobodyCouldGetIsReported(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	exec(t, owner(t, w), "update users set active = false where id = $1", w.Admin.User)
	before := time.Now()
	receive(t, w, w.SMS, received(w.SMS, "in-1", phone(1), "hello"))
	out, err := w.Store.Waiting(t.Context(), w.Sales, 50)
	require.NoError(t, err)
	require.Equal(t, []int{1, 1}, []int{out.Count, out.Unserved})
	require.WithinDuration(t, before, out.Since[0], time.Minute)
	require.Equal(t, 1, w.Unserved())
}
