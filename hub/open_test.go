package hub_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"converse/hub"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

func TestWelcomeNamesEveryStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		r.join(t, "bob", nil)
		time.Sleep(5 * time.Second) // until bob has been announced
		r.numbered(t, orgStream, 1, 1)
		synctest.Wait()
		first := r.join(t, "ann", nil).welcome(t)
		require.NotEmpty(t, first.Welcome.SessionId)
		require.Empty(t, first.Resets, "a new client has nothing to fetch again")
		require.Len(t, first.Welcome.Positions, 2)
		require.Equal(t, orgStream, first.Welcome.Positions[0].Stream)
		require.Regexp(t, `^\w+-1$`, first.Welcome.Positions[0].At)
		require.Equal(t, userStream("ann"), first.Welcome.Positions[1].Stream)
		require.Regexp(t, `^\w+-0$`, first.Welcome.Positions[1].At)
	})
}

func TestRosterSaysWhoIsThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		require.Empty(t, r.join(t, "bob", nil).roster(t).Presence, "nobody but oneself, who is not announced yet")
		bob := &conversev1.Roster{Presence: []*conversev1.Presence{{UserId: "bob", State: "online"}}}
		time.Sleep(5 * time.Second) // until bob has been announced
		for range 2 {
			ann := r.join(t, "ann", nil)
			require.True(t, proto.Equal(bob, ann.roster(t)))
			ann.leave()
			time.Sleep(100 * time.Millisecond) // not long enough for ann to be announced
		}
		r.join(t, "cid", nil)
		time.Sleep(5 * time.Second)
		require.Len(t, r.join(t, "dan", nil).roster(t).Presence, 2, "bob and cid, but not ann, who has left")
	})
}

func TestTicketsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{})
	r.join(t, "once-ann", nil)
	for _, ticket := range []string{"once-ann", "wrong", ""} {
		c := listen(r.open(t, speakJSON), nil).start()
		require.NoError(t, c.say(hello(ticket)))
		require.Equal(t, 4002, c.closed(t), "ticket %q", ticket)
		require.Empty(t, c.frames)
	}
	r.guard.set(func(g *guard) { g.fail = errors.New("the database is away") })
	c := listen(r.open(t, speakProto), nil).start()
	require.NoError(t, c.say(hello("ann")))
	require.Equal(t, 1013, c.closed(t))
}

func TestSilentClientIsClosedWhenHelloIsDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		c := listen(r.open(t, speakProto), nil).start()
		require.NoError(t, c.raw(frame(true, opPing, nil))) // a ping is no hello
		require.Equal(t, 4000, c.closed(t))
		synctest.Wait()
		require.Zero(t, r.hub.Sessions())
		require.Zero(t, hub.Unopened(r.hub))
	})
}

// A bus that does not answer leaves topics without a place to begin at.
func TestHelloIsAnsweredWhileTheBusIsAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newGate()
		b.set(func(g *gate) { g.fail = errors.New("away") })
		r := bubble(t, b, hub.Options{})
		c := listen(r.open(t, speakProto), nil).start()
		require.NoError(t, c.say(hello("ann")))
		require.Equal(t, 1013, c.closed(t))
		b.set(func(g *gate) { g.fail = nil })
		r.join(t, "ann", nil)
		require.Zero(t, hub.Unopened(r.hub))
	})
}

func TestFramesOutOfTurnAndUnreadableOnes(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{})
	encoded, err := proto.Marshal(hello("ann"))
	require.NoError(t, err)
	for _, c := range []struct {
		name     string
		protocol string
		opened   bool
		frame    []byte
		code     int
	}{
		{"a frame before hello", speakProto, false, frame(true, opBinary, marshal(t, activity())), 4010},
		{"an empty frame before hello", speakProto, false, frame(true, opBinary, nil), 4010},
		{"a second hello", speakProto, true, frame(true, opBinary, encoded), 4010},
		{"no protobuf", speakProto, false, frame(true, opBinary, []byte{0xff}), 4010},
		{"no JSON", speakJSON, false, frame(true, opText, []byte(`{"hello":`)), 4010},
		{"a binary frame on a JSON session", speakJSON, true, frame(true, opBinary, marshal(t, activity())), 4010},
		{"a text frame on a binary session", speakProto, true, frame(true, opText, []byte(`{"activity":{}}`)), 4010},
		{"a conversation that is none", speakProto, true, frame(true, opBinary, marshal(t, typing("1"))), 4010},
		{"an unknown opcode", speakProto, true, frame(true, 0x3, nil), 1002},
		{"a continuation of nothing", speakProto, true, frame(true, opMore, nil), 1002},
		{"a ping in pieces", speakProto, true, frame(false, opPing, nil), 1002},
		{"a long ping", speakProto, true, frame(true, opPing, make([]byte, 126)), 1002},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := listen(r.open(t, c.protocol), nil).start()
			if c.opened {
				require.NoError(t, client.say(hello("ann")))
				client.welcome(t)
			}
			_ = client.raw(c.frame) // may fail: the server need not read it all
			require.Equal(t, c.code, client.closed(t))
		})
	}
}

func marshal(t *testing.T, f *conversev1.ClientFrame) []byte {
	t.Helper()
	data, err := proto.Marshal(f)
	require.NoError(t, err)
	return data
}

// What a newer client says is ignored, not refused.
func TestUnknownFramesAreIgnored(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{})
	text, binary := r.joinAs(t, speakJSON, "ann", nil), r.joinAs(t, speakProto, "bob", nil)
	require.NoError(t, text.raw(frame(true, opText, []byte(`{"dance":{"steps":[1,2]}}`))))
	require.NoError(t, binary.raw(frame(true, opBinary, []byte{0xFA, 0x01, 0x00}))) // field 31
	require.NoError(t, text.raw(append(frame(false, opText, []byte(`{"activ`)), frame(true, opMore, []byte(`ity":{}}`))...)))
	r.numbered(t, orgStream, 1, 1)
	text.got(t, orgStream, 1)
	binary.got(t, orgStream, 1)
}

func TestHelloMayComeRightBehindTheRequest(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{})
	for _, ticket := range []string{"ann", string(make([]byte, 3000))} { // also more than the session's own buffer holds
		c, err := r.dial()
		require.NoError(t, err)
		s, _, err := upgrade(c, origin, speakProto, frame(true, opBinary, marshal(t, hello("ann"+ticket)))...)
		require.NoError(t, err)
		client := listen(s, nil).start()
		client.welcome(t)
		client.leave()
	}
}

func TestOnlyOurOriginsAndProtocolsMayConnect(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{Origins: []string{"https://second.test:8443"}})
	for _, c := range []struct {
		origin, protocol string
		status           int
	}{
		{origin, speakProto, http.StatusSwitchingProtocols},
		{"https://second.test:8443", "other, " + speakJSON, http.StatusSwitchingProtocols},
		{origin, "CONVERSE.v1.JSON", http.StatusSwitchingProtocols},
		{"", speakProto, http.StatusForbidden},
		{"null", speakProto, http.StatusForbidden},
		{"https://evil.test", speakProto, http.StatusForbidden},
		{"https://sub.app.test", speakProto, http.StatusForbidden},
		{"https://app.test.evil.test", speakProto, http.StatusForbidden},
		{"https://app.test:8443", speakProto, http.StatusForbidden},
		{"http://app.test", speakProto, http.StatusForbidden},
		{"https://app.test/", speakProto, http.StatusForbidden},
		{origin, "", http.StatusBadRequest},
		{origin, "converse.v2.proto", http.StatusBadRequest},
	} {
		conn, err := r.dial()
		require.NoError(t, err)
		s, status, err := upgrade(conn, c.origin, c.protocol)
		require.NoError(t, err)
		require.Equal(t, c.status, status, "%+v", c)
		if s == nil {
			require.NoError(t, conn.Close())
			continue
		}
		client := listen(s, nil).start()
		require.NoError(t, client.say(hello("ann")))
		client.welcome(t)
		client.leave()
	}
}

func TestTooManyConnectionsWithoutHello(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{Limits: hub.Limits{Unopened: 2}})
	first, second := listen(r.open(t, speakProto), nil).start(), listen(r.open(t, speakProto), nil).start()
	refused := func() int {
		conn, err := r.dial()
		require.NoError(t, err)
		defer conn.Close()
		s, status, err := upgrade(conn, origin, speakProto)
		require.NoError(t, err)
		if s != nil {
			t.Cleanup(func() { _ = s.Close() })
		}
		return status
	}
	require.Equal(t, http.StatusServiceUnavailable, refused())
	require.NoError(t, first.say(hello("ann")))
	first.welcome(t)
	r.open(t, speakProto) // its place is free
	require.Equal(t, http.StatusServiceUnavailable, refused())
	require.NoError(t, second.say(hello("wrong")))
	require.Equal(t, 4002, second.closed(t))
	require.Eventually(t, func() bool { return hub.Unopened(r.hub) == 1 }, patience, time.Millisecond)
	r.join(t, "bob", nil)
}

func TestTooManySessionsOfOneUser(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{Limits: hub.Limits{Sessions: 2}})
	first := r.join(t, "ann", nil)
	r.join(t, "ann", nil)
	third := listen(r.open(t, speakProto), nil).start()
	require.NoError(t, third.say(hello("ann")))
	require.Equal(t, 4011, third.closed(t))
	r.join(t, "bob", nil)
	first.leave()
	require.Eventually(t, func() bool { return r.hub.Sessions() == 2 }, patience, time.Millisecond)
	r.join(t, "ann", nil)
	require.Zero(t, hub.Unopened(r.hub))
}

func TestPositionsOfStreamsThatAreNotFollowedAreIgnored(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{})
	stranger := string(chat.OrgTopic(otherOrg))
	r.numbered(t, stranger, 1, 2)
	c := listen(r.open(t, speakProto), nil).start()
	require.NoError(t, c.say(hello("ann", &conversev1.Position{Stream: stranger, At: "a-0"}, &conversev1.Position{})))
	first := c.welcome(t)
	require.Empty(t, first.Resets)
	for _, p := range first.Welcome.Positions {
		require.NotEqual(t, stranger, p.Stream)
	}
}
