package people_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"converse/hub"
	"converse/internal/auth"
	"converse/internal/bus"
	"converse/internal/chat"
	"converse/internal/feed"
	"converse/internal/people"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// soon is within what the sockets of a session that ended must be closed.
const soon = 5 * time.Second

// origin is where the clients say they come from.
const origin = "https://chat.example.com"

// rig is a hub on a real store, with real sockets.
type rig struct {
	*world.World
	store   *store.Store
	signIns *auth.SignIns
	people  *people.Service
	url     string
}

// newRig makes one. A deaf one gets no events: what is committed is never published.
func newRig(t *testing.T, deaf bool) *rig {
	t.Helper()
	r := &rig{World: world.New(t)}
	memory := bus.NewMemory(bus.Limits{})
	var publisher *feed.Feed
	var err error
	r.store, err = store.Open(t.Context(), store.Options{URL: r.URL, Committed: func(events []store.Event) {
		if !deaf {
			publisher.Offer(events)
		}
	}})
	require.NoError(t, err)
	publisher = feed.New(memory, r.store, slog.New(slog.DiscardHandler))
	passwords, err := auth.NewPasswords()
	require.NoError(t, err)
	r.signIns = auth.NewSignIns(r.store, passwords, world.Vault(t))
	r.people = people.New(r.store, passwords, r.signIns)
	h := hub.New(memory, r.signIns, hub.Options{Node: "n1", Origins: []string{origin}, Log: slog.New(slog.DiscardHandler)})
	ctx, end := context.WithCancel(context.Background())
	require.NoError(t, h.Start(ctx))
	if !deaf {
		publisher.Start(ctx)
	}
	server := httptest.NewServer(h)
	r.url = server.URL
	t.Cleanup(func() {
		stopping, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		h.Drain(stopping, 0)
		if !deaf {
			publisher.Stop(stopping)
		}
		_ = memory.Close()
		h.Close()
		server.Close()
		end()
		r.store.Close()
	})
	return r
}

// socket signs a user in on a device and opens a socket there.
func (r *rig) socket(t *testing.T, p chat.Principal) (chat.Principal, *websocket.Conn) {
	t.Helper()
	p, ticket := r.ticket(t, p)
	conn, code := r.opens(t, ticket)
	require.Zero(t, code)
	return p, conn
}

// accessChanges is the one way in which a socket is closed to come back at once.
const accessChanges = "what the user may see changes"

// closes waits until the server closes the socket, and returns the code.
func closes(t *testing.T, conn *websocket.Conn) websocket.StatusCode {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	for {
		if _, _, err := conn.Read(ctx); err != nil {
			require.NoError(t, ctx.Err(), "it is still open")
			return websocket.CloseStatus(err)
		}
	}
}

// stays insists that a socket is open, whatever has come over it meanwhile.
func stays(t *testing.T, conn *websocket.Conn) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			if _, _, err := conn.Read(ctx); err != nil {
				return
			}
		}
	}()
	err := conn.Ping(ctx)
	cancel()
	<-done
	require.NoError(t, err, "nobody else's closes")
}

// TestI7SocketsCloseWithinFiveSeconds of what ends their session or changes what it may
// see, and those of others stay. Without the event, the hub's own look finds out.
func TestI7SocketsCloseWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*testing.T, *rig, chat.Principal){
		"revoked by the user": func(t *testing.T, r *rig, p chat.Principal) {
			require.NoError(t, r.people.Revoke(t.Context(), r.Sales, p.SignIn))
		},
		"all others revoked": func(t *testing.T, r *rig, _ chat.Principal) {
			_, err := r.people.RevokeOthers(t.Context(), r.Sales)
			require.NoError(t, err)
		},
		"signed out by an administrator": func(t *testing.T, r *rig, p chat.Principal) {
			_, err := r.people.SignOut(t.Context(), r.Admin, p.User)
			require.NoError(t, err)
		},
		"deactivated": func(t *testing.T, r *rig, p chat.Principal) {
			require.NoError(t, r.people.Deactivate(t.Context(), r.Admin, p.User, chat.LeavingLeads{}))
		},
		"another role": func(t *testing.T, r *rig, p chat.Principal) {
			_, err := r.people.Update(t.Context(), r.Admin, chat.User{ID: p.User, Name: p.Name, Role: chat.RoleMarketingUser}, nil)
			require.NoError(t, err)
		},
		"another password": func(t *testing.T, r *rig, _ chat.Principal) {
			elsewhere := r.Sales
			elsewhere.SignIn = chat.NewID[chat.SignInID]()
			require.NoError(t, r.store.ChangePassword(t.Context(), elsewhere, "another hash"))
		},
		accessChanges: func(t *testing.T, r *rig, p chat.Principal) {
			own := chat.PermissionTemplate{ID: chat.NewID[chat.PermissionTemplateID](), Name: "Own", View: chat.ScopeOwn}
			require.NoError(t, r.store.SavePermissionTemplate(t.Context(), r.Admin, own, true, true))
			require.NoError(t, r.store.SetAssignments(t.Context(), r.Admin, own.ID, []chat.Assignment{{User: p.User}}, true))
		},
	} {
		for how, deaf := range map[string]bool{"told by the event": false, "the event is lost": true} {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				r := newRig(t, deaf)
				p, conn := r.socket(t, r.Sales)
				_, other := r.socket(t, r.Admin)
				end(t, r, p)
				want := hub.CodeSignedOut
				if name == accessChanges {
					want = hub.CodeAccessChanged
				}
				require.EqualValues(t, want.Number, closes(t, conn))
				stays(t, other)
			})
		}
	}
}
