package rpc_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/testkit/world"
)

// apiKey makes a key as an administrator does.
func (b *bundle) apiKey(t testing.TB, scopes ...chat.KeyScope) string {
	t.Helper()
	made := b.ok(t, b.token(t, b.Admin), "AdminService/CreateApiKey", map[string]any{"name": "CRM", "scopes": scopes})
	return made["key"].(string)
}

// keyCalls are the calls an API key may make, by the scope it needs.
var keyCalls = map[string]chat.KeyScope{
	"AuthService/CreateWidgetToken": chat.KeyWidget,
	"LeadService/SearchLeads":       chat.KeyLeadsRead,
	"LeadService/GetLead":           chat.KeyLeadsRead,
	"LeadService/ListFields":        chat.KeyLeadsRead,
	"LeadService/ListLists":         chat.KeyLeadsRead,
	"LeadService/ListListsOfLead":   chat.KeyLeadsRead,
	"LeadService/ListLeads":         chat.KeyLeadsRead,
	"LeadService/CreateLead":        chat.KeyLeadsWrite,
	"LeadService/UpdateLead":        chat.KeyLeadsWrite,
	"LeadService/BulkUpdateLeads":   chat.KeyLeadsWrite,
	"LeadService/DeleteLeads":       chat.KeyLeadsWrite,
	"LeadService/RestoreLeads":      chat.KeyLeadsWrite,
	"LeadService/SetOptOut":         chat.KeyLeadsWrite,
	"LeadService/CreateList":        chat.KeyLeadsWrite,
	"LeadService/UpdateList":        chat.KeyLeadsWrite,
	"LeadService/AddToList":         chat.KeyLeadsWrite,
	"LeadService/RemoveFromList":    chat.KeyLeadsWrite,
}

// TestI7AnAPIKeyMakesTheCallsOfItsScopes is made from the protocol's descriptors, so
// that a call that keys may make is written down twice.
func TestI7AnAPIKeyMakesTheCallsOfItsScopes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own := stock(t, b.World, b.outbox)
	for _, scope := range chat.KeyScopes() {
		key := b.apiKey(t, scope)
		for _, method := range methods() {
			name := string(method.Parent().Name()) + "/" + string(method.Name())
			r := rules[name]
			if r.open {
				continue
			}
			a := b.post(t, key, name, r.request(own, ""))
			if keyCalls[name] == scope {
				require.Empty(t, a.code, "%s with %s: %s", name, scope, a.raw)
				continue
			}
			require.Equal(t, "permission_denied", a.code, "%s with %s: %s", name, scope, a.raw)
		}
	}
}

// TestACRMSignsItsUserIntoTheWidget is the whole way of an embedding host.
func TestACRMSignsItsUserIntoTheWidget(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.token(t, b.Admin)
	made := b.ok(t, admin, "AdminService/CreateApiKey", map[string]any{
		"name": "CRM", "scopes": []string{"widget", "leads.read"}, "expiresAt": time.Now().Add(time.Hour).Format(time.RFC3339),
	})
	key, shown := made["key"].(string), made["apiKey"].(map[string]any)
	listed := b.post(t, admin, "AdminService/ListApiKeys", map[string]any{})
	require.Contains(t, listed.raw, shown["id"])
	require.NotContains(t, listed.raw, key, "it is shown once")

	widget := b.ok(t, key, "AuthService/CreateWidgetToken", map[string]any{"userId": b.Sales.User})
	require.Equal(t, string(b.Sales.User), widget["user"].(map[string]any)["id"])
	token := widget["token"].(string)
	session := b.ok(t, token, "AuthService/GetSession", map[string]any{})
	require.Equal(t, string(b.Sales.User), session["user"].(map[string]any)["id"])
	ticket := b.ok(t, token, "AuthService/CreateTicket", map[string]any{})
	_, err := b.signIns.TakeTicket(t.Context(), ticket["ticket"].(string))
	require.NoError(t, err)
	require.Equal(t, "permission_denied", b.post(t, b.token(t, b.Admin), "AuthService/CreateWidgetToken",
		map[string]any{"userId": b.Sales.User}).code, "no user does, whatever their role")

	b.ok(t, admin, "AdminService/RevokeApiKey", map[string]any{"apiKeyId": shown["id"]})
	fresh := auth.NewSignIns(b.Store, passwords(), world.Vault(t))
	for _, word := range []string{key, token} {
		_, err := fresh.Authenticate(t.Context(), word)
		require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
		require.NotContains(t, b.log.String(), word)
	}
	entries := b.ok(t, admin, "AdminService/ListAudit", map[string]any{"action": "api_key", "object": shown["id"]})["entries"].([]any)
	require.Len(t, entries, 2)
}
