package hub_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/hub"
	"converse/internal/bus"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

const (
	org      = chat.OrgID("0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")
	otherOrg = chat.OrgID("0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c")
	origin   = "https://app.test"
	talk     = "0197a1b2-c3d4-7e5f-8a9b-000000000001"
)

var orgStream = string(chat.OrgTopic(org))

func userStream(user string) string { return string(chat.UserTopic(chat.UserID(user))) }

// guard lets a user in with the ticket "user", or "user@org", or "user#sign-in", in
// this order of parts. A ticket that begins with "once-" works once.
type guard struct {
	mu    sync.Mutex
	used  map[string]bool
	ended []chat.SignInID
	asked map[chat.OrgID][][]chat.Standing
	fail  error
	wait  chan struct{} // when set, tickets are not answered until it is closed
	// access is what users may see where that is not all, owners whose conversations
	// are, and versions those of users' access where they are not 0.
	access   map[chat.UserID]chat.Access
	owners   map[chat.ConversationID]chat.UserID
	versions map[chat.UserID]int
}

// OwnerOf implements hub.Access.
func (g *guard) OwnerOf(_ context.Context, of chat.OrgID, id chat.ConversationID) (chat.UserID, bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	owner, ok := g.owners[id]
	return owner, ok && of == org, g.fail
}

func (g *guard) TakeTicket(ctx context.Context, ticket string) (chat.Principal, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.wait != nil {
		wait := g.wait
		g.mu.Unlock()
		select {
		case <-wait:
		case <-ctx.Done():
		}
		g.mu.Lock()
	}
	if g.fail != nil {
		return chat.Principal{}, g.fail
	}
	if ticket == "" || strings.HasPrefix(ticket, "wrong") || g.used[ticket] {
		return chat.Principal{}, &chat.Error{Code: chat.CodeUnauthenticated}
	}
	if strings.HasPrefix(ticket, "once-") {
		if g.used == nil {
			g.used = map[string]bool{}
		}
		g.used[ticket] = true
	}
	p := chat.Principal{Org: org, Role: chat.RoleSalesUser}
	ticket, signIn, _ := strings.Cut(ticket, "#")
	user, of, elsewhere := strings.Cut(ticket, "@")
	if elsewhere {
		p.Org = chat.OrgID(of)
	}
	p.User, p.Name, p.SignIn = chat.UserID(user), "Name of "+user, chat.SignInID(signIn)
	if signIn == "" {
		p.SignIn = chat.SignInID("sign-in of " + user)
	}
	if slices.Contains(g.ended, p.SignIn) {
		return chat.Principal{}, &chat.Error{Code: chat.CodeUnauthenticated}
	}
	p.AccessVersion = g.versions[p.User]
	if access, ok := g.access[p.User]; ok {
		p.Access = &access
	}
	if strings.HasPrefix(user, "widget") {
		p.Via = chat.ViaWidget
	}
	if strings.HasPrefix(user, "marketing") {
		p.Role = chat.RoleMarketingUser
	}
	return p, nil
}

func (g *guard) Fallen(_ context.Context, of chat.OrgID, list []chat.Standing) ([]chat.Fallen, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.asked == nil {
		g.asked = map[chat.OrgID][][]chat.Standing{}
	}
	g.asked[of] = append(g.asked[of], list)
	if g.fail != nil {
		return nil, g.fail
	}
	var out []chat.Fallen
	for _, on := range list {
		version, changed := g.versions[chat.UserID(strings.TrimPrefix(string(on.SignIn), "sign-in of "))]
		if ended := slices.Contains(g.ended, on.SignIn); ended || changed && version != on.AccessVersion {
			out = append(out, chat.Fallen{Standing: on, Ended: ended})
		}
	}
	return out, nil
}

func (g *guard) set(change func(*guard)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change(g)
}

// rig is a hub that serves, and what it stands on.
type rig struct {
	hub   *hub.Hub
	guard *guard
	bus   publisher
	dial  func() (net.Conn, error)
}

// publisher is what tests need of a bus on top of the hub's needs.
type publisher interface {
	hub.Bus
	Publish(ctx context.Context, messages []bus.Message) error
}

// setup serves a hub on loopback TCP. A nil bus is a fresh one in memory.
func setup(t *testing.T, b publisher, o hub.Options) *rig {
	t.Helper()
	r := newRig(t, b, o)
	server := httptest.NewServer(r.hub)
	t.Cleanup(server.Close)
	r.dial = func() (net.Conn, error) { return net.Dial("tcp", server.Listener.Addr().String()) }
	return r
}

func newRig(t *testing.T, b publisher, o hub.Options) *rig {
	t.Helper()
	if b == nil {
		b = bus.NewMemory(bus.Limits{})
	}
	if o.Node == "" {
		o.Node = "n1"
	}
	o.Origins = append(o.Origins, origin)
	g := &guard{}
	if o.Access == nil {
		o.Access = g
	}
	r := &rig{guard: g, bus: b, hub: hub.New(b, g, o)}
	require.NoError(t, r.hub.Start(t.Context()))
	t.Cleanup(r.hub.Close)
	return r
}

// bubble is setup for a synctest bubble: connections are pipes, which take a byte
// only when it is read.
func bubble(t *testing.T, b publisher, o hub.Options) *rig {
	t.Helper()
	r := newRig(t, b, o)
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: r.hub}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) })
	t.Cleanup(func() {
		r.hub.Close()
		_ = server.Close()
		serving.Wait()
	})
	r.dial = l.dial
	return r
}

// open connects without saying hello.
func (r *rig) open(t *testing.T, protocol string) *socket {
	t.Helper()
	c, err := r.dial()
	require.NoError(t, err)
	s, status, err := upgrade(c, origin, protocol)
	require.NoError(t, err)
	require.Equal(t, http.StatusSwitchingProtocols, status)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// join opens a session where the client left off and waits for its welcome.
func (r *rig) join(t *testing.T, ticket string, places map[string]string) *client {
	t.Helper()
	return r.joinAs(t, speakProto, ticket, places)
}

func (r *rig) joinAs(t *testing.T, protocol, ticket string, places map[string]string) *client {
	t.Helper()
	c := listen(r.open(t, protocol), places).start()
	t.Cleanup(c.leave)
	require.NoError(t, c.say(hello(ticket, positions(places)...)))
	c.welcome(t)
	return c
}

// event is an event that can be told apart by its number.
func event(n int) chat.Event {
	return chat.Event{Read: &chat.ReadMarker{Conversation: talk, Seq: n}}
}

func encode(t *testing.T, e chat.Event) []byte {
	t.Helper()
	payload, err := wire.EncodeEvent(e)
	require.NoError(t, err)
	return payload
}

// publish puts events into a topic, one by one.
func (r *rig) publish(t *testing.T, topic string, events ...chat.Event) {
	t.Helper()
	for _, e := range events {
		message := bus.Message{Topic: chat.Topic(topic), Payload: encode(t, e)}
		require.NoError(t, r.bus.Publish(t.Context(), []bus.Message{message}))
	}
}

// numbered publishes events with the numbers from first to last.
func (r *rig) numbered(t *testing.T, topic string, first, last int) {
	t.Helper()
	for n := first; n <= last; n++ {
		r.publish(t, topic, event(n))
	}
}

// numbers are those of numbered events.
func numbers(events []*conversev1.Event) []int {
	var out []int
	for _, e := range events {
		if read := e.GetRead(); read != nil {
			out = append(out, int(read.Seq))
		}
	}
	return out
}

// span is the numbers from first to last.
func span(first, last int) []int {
	var out []int
	for n := first; n <= last; n++ {
		out = append(out, n)
	}
	return out
}
