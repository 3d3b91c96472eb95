package rpc_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheNamesThatOthersRelyOn walks the main job in plain JSON, by the names that
// are promised to programs that know nothing of protobuf.
func TestTheNamesThatOthersRelyOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, b.Sales)
	token := b.ok(t, "", "AuthService/LogIn", map[string]any{"email": email, "password": password})["token"].(string)

	leads := b.ok(t, token, "LeadService/SearchLeads", map[string]any{"query": "ash"})["leads"].([]any)
	require.Len(t, leads, 1)
	lead := leads[0].(map[string]any)
	require.Equal(t, "Asha", lead["firstName"])
	require.Equal(t, "Rao", lead["lastName"])
	identifier := lead["identifiers"].([]any)[0].(map[string]any)
	require.Equal(t, "phone", identifier["kind"])
	require.Equal(t, "+12025550123", identifier["value"])

	start := map[string]any{"leadId": lead["id"], "channel": "sms"}
	talk := b.ok(t, token, "ConversationService/StartConversation", start)["conversation"].(map[string]any)["id"]
	start["identifierId"] = identifier["id"]
	again := b.ok(t, token, "ConversationService/StartConversation", start)["conversation"].(map[string]any)["id"]
	require.Equal(t, talk, again, "it exists already")

	draft := map[string]any{"conversationId": talk, "clientId": "c-1", "text": "Hello Asha"}
	sent := b.ok(t, token, "ConversationService/SendMessage", draft)["message"].(map[string]any)
	require.Equal(t, 1.0, sent["seq"])
	require.Equal(t, "queued", sent["status"])
	repeat := b.ok(t, token, "ConversationService/SendMessage", draft)["message"].(map[string]any)
	require.Equal(t, sent, repeat, "one message, however often it is asked for")

	draft["text"] = "Goodbye Asha"
	reused := b.post(t, token, "ConversationService/SendMessage", draft)
	require.Equal(t, "aborted", reused.code, reused.raw)
	require.Equal(t, "client_id_reused", reused.details[0].Reason)

	messages := b.ok(t, token, "ConversationService/ListMessages", map[string]any{"conversationId": talk})["messages"].([]any)
	require.Len(t, messages, 1)
	m := messages[0].(map[string]any)
	for name, want := range map[string]any{
		"id": sent["id"], "seq": 1.0, "direction": "outbound", "text": "Hello Asha", "status": "queued", "clientId": "c-1",
	} {
		require.Equal(t, want, m[name], name)
	}
	before := b.ok(t, token, "ConversationService/ListMessages", map[string]any{"conversationId": talk, "beforeSeq": 1, "limit": 1})
	require.Empty(t, before["messages"])

	list := b.ok(t, token, "ConversationService/ListConversations", "{}")["conversations"].([]any)
	require.Len(t, list, 1)
	require.Equal(t, talk, list[0].(map[string]any)["id"])
}

// TestATemplateGoesWhereTextMayNot sends with variables, through a window that is shut.
func TestATemplateGoesWhereTextMayNot(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := b.token(t, b.Sales)
	talk := b.ok(t, token, "ConversationService/StartConversation",
		map[string]any{"leadId": b.Lead.ID, "channel": "whatsapp"})["conversation"].(map[string]any)["id"]
	text := b.post(t, token, "ConversationService/SendMessage", map[string]any{"conversationId": talk, "clientId": "c-1", "text": "Hello"})
	require.Equal(t, "failed_precondition", text.code, text.raw)
	require.Equal(t, "window_closed", text.details[0].Reason)
	m := b.ok(t, token, "ConversationService/SendMessage", map[string]any{
		"conversationId": talk, "clientId": "c-2", "templateId": b.Template.ID, "variables": map[string]string{"1": "Asha", "2": "Monday"},
	})["message"].(map[string]any)
	require.Equal(t, "Hello Asha, your visit is on Monday.", m["text"])
}

func TestJSONNeedsNoKnowledgeOfProtobuf(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := b.token(t, b.Sales)
	a := b.post(t, token, "ConversationService/ListConversations", `{"from_the_future":{"deep":[1]}}`)
	require.Empty(t, a.code, "unknown fields are an older server's to ignore: %s", a.raw)
	require.JSONEq(t, `{"conversations":[],"nextCursor":"","unreadMine":0}`, a.raw, "what is empty is written too")
	require.Equal(t, "application/json", a.header.Get("Content-Type"))
	for name, body := range map[string]string{"empty": "", "snake case": `{"query":"asha","limit":5}`} {
		require.Empty(t, b.post(t, token, "LeadService/SearchLeads", body).code, name)
	}
	session := b.ok(t, token, "AuthService/GetSession", "{}")
	require.Equal(t, string(b.Sales.User), session["user"].(map[string]any)["id"])
}
