package main_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// template sends the first template there is, with the values of its examples.
func (c *caller) template(t testing.TB, conversation, clientID string) map[string]any {
	t.Helper()
	first := list(c.ok(t, "TemplateService/ListTemplates", map[string]any{"channel": "whatsapp"})["templates"])[0]
	variables := map[string]string{}
	for _, v := range list(first["variables"]) {
		variables[v["name"].(string)] = v["example"].(string)
	}
	return c.ok(t, "ConversationService/SendMessage", map[string]any{
		"conversationId": conversation, "clientId": clientID, "templateId": first["id"], "variables": variables,
	})["message"].(map[string]any)
}

// mainJob is what the product is for, from the ready line alone: a template to a
// lead, an answer, free text and an SMS, each to delivered.
func mainJob(t *testing.T, p *program) {
	user := p.signIn(t, "sales_user")
	leads := list(user.ok(t, "LeadService/SearchLeads", map[string]any{"query": guest})["leads"])
	require.Len(t, leads, 1)
	phone := list(leads[0]["identifiers"])[0]["value"].(string)

	conversation := user.talk(t, guest, "whatsapp")
	// The demo's past has the lead's message of two hours ago: the window is open here,
	// and at the provider, whatever was reset there.
	status, _ := postJSON(t, user.client, p.ready.SandboxURL+"/control/reset", "", nil)
	require.Equal(t, 200, status)
	first := user.ok(t, "ConversationService/SendMessage", map[string]any{"conversationId": conversation, "clientId": "job-0", "text": "Here it is"})
	user.becomes(t, conversation, first["message"].(map[string]any)["id"], "delivered", "read")

	sent := user.template(t, conversation, "job-1")
	require.Contains(t, []any{"queued", "sending", "sent"}, sent["status"])
	user.becomes(t, conversation, sent["id"], "delivered", "read")

	reply := map[string]any{"to": p.connector(t, "whatsapp_cloud").Sender, "from": phone, "text": "Yes, please!"}
	status, _ = postJSON(t, user.client, p.ready.SandboxURL+"/control/reply", "", reply)
	require.Equal(t, 200, status)
	require.Eventually(t, func() bool {
		said := user.messages(t, conversation)
		return said[len(said)-1]["text"] == "Yes, please!"
	}, patience, tick, "the answer never came")
	free := user.ok(t, "ConversationService/SendMessage", map[string]any{"conversationId": conversation, "clientId": "job-2", "text": "See you then"})
	user.becomes(t, conversation, free["message"].(map[string]any)["id"], "delivered", "read")

	sms := user.talk(t, guest, "sms")
	text := user.ok(t, "ConversationService/SendMessage", map[string]any{"conversationId": sms, "clientId": "job-3", "text": "By SMS, too"})
	user.becomes(t, sms, text["message"].(map[string]any)["id"], "delivered", "read")

	_, journal := get(t, p.ready.SandboxURL+"/control/journal")
	require.Contains(t, journal, sent["id"])
	require.Positive(t, p.counter(t, `converse_messages_total{channel="whatsapp",direction="outbound",status="delivered"}`))
	require.Positive(t, p.counter(t, `converse_messages_total{channel="sms",direction="outbound",status="delivered"}`))
	require.Zero(t, p.counter(t, "converse_sessions"), "nobody has a socket open")
}
