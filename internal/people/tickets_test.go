package people_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"

	"converse/hub"
	"converse/internal/auth"
	"converse/internal/chat"
)

// opens says hello with a ticket and returns the socket, or the code it is closed with.
func (r *rig) opens(t *testing.T, ticket string) (*websocket.Conn, websocket.StatusCode) {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), r.url, &websocket.DialOptions{
		Subprotocols: []string{"converse.v1.json"}, HTTPHeader: http.Header{"Origin": {origin}},
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.CloseNow() })
	require.NoError(t, wsjson.Write(t.Context(), conn, map[string]any{"hello": map[string]any{"ticket": ticket}}))
	var welcome map[string]any
	if err := wsjson.Read(t.Context(), conn, &welcome); err != nil {
		return nil, websocket.CloseStatus(err)
	}
	require.Contains(t, welcome, "welcome")
	return conn, 0
}

// ticket is one of a session that has just begun.
func (r *rig) ticket(t *testing.T, p chat.Principal) (chat.Principal, string) {
	t.Helper()
	p.SignIn = chat.NewID[chat.SignInID]()
	_, hash := auth.NewToken()
	require.NoError(t, r.store.CreateSignIn(t.Context(), p, hash, time.Now().Add(time.Hour)))
	ticket, _, err := r.signIns.CreateTicket(t.Context(), p)
	require.NoError(t, err)
	return p, ticket
}

// TestI7ATicketIsAsGoodAsItsSession: one that was handed out before the session ended
// opens nothing.
func TestI7ATicketIsAsGoodAsItsSession(t *testing.T) {
	t.Parallel()
	r := newRig(t, false)
	for name, end := range map[string]func(p chat.Principal){
		"revoked":    func(p chat.Principal) { require.NoError(t, r.people.Revoke(t.Context(), r.Sales, p.SignIn)) },
		"signed out": func(p chat.Principal) { require.NoError(t, r.signIns.LogOut(t.Context(), p)) },
		"deactivated": func(p chat.Principal) {
			require.NoError(t, r.people.Deactivate(t.Context(), r.Admin, p.User, chat.LeavingLeads{}))
			require.NoError(t, r.people.Reactivate(t.Context(), r.Admin, p.User)) // that does not bring it back
		},
	} {
		p, ticket := r.ticket(t, r.Sales)
		end(p)
		_, code := r.opens(t, ticket)
		require.EqualValues(t, hub.CodeTicketRefused.Number, code, name)
	}
	_, ticket := r.ticket(t, r.Sales)
	_, code := r.opens(t, ticket)
	require.Zero(t, code, "the control")
	_, code = r.opens(t, ticket)
	require.EqualValues(t, hub.CodeTicketRefused.Number, code, "it is good once")
}

// TestI7AWidgetsTicketEndsWithItsKey, whether it was used already or not.
func TestI7AWidgetsTicketEndsWithItsKey(t *testing.T) {
	t.Parallel()
	r := newRig(t, false)
	keys := auth.NewKeys(r.store)
	_, key, err := keys.Create(t.Context(), r.Admin, auth.NewKey{Name: "CRM", Scopes: []chat.KeyScope{chat.KeyWidget}})
	require.NoError(t, err)
	made, err := r.signIns.CreateWidgetToken(t.Context(), chat.Principal{Org: r.Org, Key: key.ID, Via: chat.ViaKey}, r.Sales.User, "")
	require.NoError(t, err)
	p, err := r.signIns.Authenticate(t.Context(), made.Token)
	require.NoError(t, err)
	used, _, err := r.signIns.CreateTicket(t.Context(), p)
	require.NoError(t, err)
	kept, _, err := r.signIns.CreateTicket(t.Context(), p)
	require.NoError(t, err)
	conn, code := r.opens(t, used)
	require.Zero(t, code)
	require.NoError(t, keys.Revoke(t.Context(), r.Admin, key.ID))
	require.EqualValues(t, hub.CodeSignedOut.Number, closes(t, conn))
	_, code = r.opens(t, kept)
	require.EqualValues(t, hub.CodeTicketRefused.Number, code)
}
