package rpc_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/outbox"
	"converse/internal/store"
)

// TestAnAdministratorConnectsAnAccount fills in a form with mistakes, mends them, and
// never reads a secret again.
func TestAnAdministratorConnectsAnAccount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.token(t, b.Admin)
	for field, breaks := range map[string]func(map[string]any){
		"name":                 func(c map[string]any) { c["name"] = " " },
		"baseUrl":              func(c map[string]any) { c["baseUrl"] = "ftp://example.com" },
		"settings.waba_id":     func(c map[string]any) { c["settings"] = map[string]any{} },
		"settings.waba":        func(c map[string]any) { c["settings"].(map[string]any)["waba"] = "1" },
		"secrets.access_token": func(c map[string]any) { c["secrets"].(map[string]any)["access_token"] = "" },
		"numbers[0].address":   func(c map[string]any) { c["numbers"].([]any)[0].(map[string]any)["address"] = "2025550100" },
		"numbers[0].channel":   func(c map[string]any) { c["numbers"].([]any)[0].(map[string]any)["channel"] = "sms" },
		"numbers":              func(c map[string]any) { c["numbers"] = []any{} },
		"provider":             func(c map[string]any) { c["provider"] = "carrier_pigeon" },
	} {
		draft := whatsAppAccount()
		breaks(draft)
		a := b.post(t, admin, "ConnectorService/CreateConnector", map[string]any{"connector": draft})
		require.Equal(t, "invalid_argument", a.code, "%s: %s", field, a.raw)
		require.Equal(t, field, a.details[0].Field, a.raw)
	}
	draft := whatsAppAccount()
	a := b.post(t, admin, "ConnectorService/CreateConnector", map[string]any{"connector": draft})
	require.Empty(t, a.code, a.raw)
	require.NotEmpty(t, a.body["made"].(map[string]any)["verify_token"], "what we chose is to be entered at the provider")
	c := a.body["connector"].(map[string]any)
	require.ElementsMatch(t, []any{"access_token", "app_secret", "verify_token"}, c["secretsSet"])

	made := c["numbers"].([]any)[0].(map[string]any)
	draft["secrets"], draft["name"] = map[string]any{}, "Harbour WhatsApp"
	draft["numbers"] = []any{
		map[string]any{"channel": "whatsapp", "address": "+12025550188", "ref": "106540352242988"},
		map[string]any{"id": made["id"], "channel": "whatsapp", "address": made["address"], "ref": made["ref"], "label": "Old one"},
	}
	change := map[string]any{"connectorId": c["id"], "version": c["version"], "connector": draft}
	a = b.post(t, admin, "ConnectorService/UpdateConnector", change)
	require.Empty(t, a.code, a.raw)
	changed := a.body["connector"].(map[string]any)
	require.Equal(t, "Harbour WhatsApp", changed["name"])
	require.Equal(t, "+12025550188", changed["numbers"].([]any)[0].(map[string]any)["address"], "the first is the default")
	require.Equal(t, made["id"], changed["numbers"].([]any)[1].(map[string]any)["id"], "a number keeps its conversations")
	require.Equal(t, c["webhookUrl"], changed["webhookUrl"])
	require.Equal(t, "aborted", b.post(t, admin, "ConnectorService/UpdateConnector", change).code, "on what somebody else has changed")

	stored := b.ok(t, admin, "ConnectorService/TestConnector", map[string]any{"connectorId": c["id"]})
	require.Equal(t, true, stored["ok"], "a secret that was left out has stayed")

	moved := b.ok(t, admin, "ConnectorService/RenewWebhook", map[string]any{"connectorId": c["id"]})
	require.NotEqual(t, c["webhookUrl"], moved["connector"].(map[string]any)["webhookUrl"])

	list := b.post(t, admin, "ConnectorService/ListConnectors", "{}")
	for _, secret := range []string{rightToken, "0123456789abcdef0123456789abcdef"} {
		require.NotContains(t, list.raw+a.raw, secret)
		require.NotContains(t, b.log.String(), secret)
	}
	audit := b.post(t, admin, "AdminService/ListAudit", map[string]any{"action": "connector."})
	for _, action := range []string{"connector.created", "connector.updated"} {
		require.Contains(t, audit.raw, action)
	}
}

// TestTestConnectorSaysWhatIsWrong tries a form that is not stored, wrong and then right.
func TestTestConnectorSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.token(t, b.Admin)
	draft := whatsAppAccount()
	draft["numbers"] = []any{}
	draft["secrets"].(map[string]any)["access_token"] = "another token"
	wrong := b.ok(t, admin, "ConnectorService/TestConnector", map[string]any{"connector": draft})
	require.Equal(t, false, wrong["ok"])
	require.Equal(t, "bad_credentials", wrong["reason"])
	require.NotEmpty(t, wrong["problem"])
	require.NotEmpty(t, wrong["next"])
	draft["secrets"].(map[string]any)["access_token"] = rightToken
	right := b.ok(t, admin, "ConnectorService/TestConnector", map[string]any{"connector": draft})
	require.Equal(t, true, right["ok"])
	require.Equal(t, "+12025550177", right["numbers"].([]any)[0].(map[string]any)["address"])
	require.Len(t, right["warnings"], 1)
	require.Len(t, b.ok(t, admin, "ConnectorService/ListConnectors", "{}")["connectors"], 2, "nothing was stored")

	delete(draft["settings"].(map[string]any), "waba_id")
	require.Equal(t, "invalid_argument", b.post(t, admin, "ConnectorService/TestConnector", map[string]any{"connector": draft}).code)
	for range 10 {
		b.post(t, admin, "ConnectorService/TestConnector", map[string]any{"connector": draft})
	}
	require.Equal(t, "resource_exhausted", b.post(t, admin, "ConnectorService/TestConnector", map[string]any{"connector": draft}).code)
}

// TestATrialOfAConnectorIsInItsLog, with nothing in it that is secret: neither what is stored
// nor what was only tried. An account that is not stored yet has no log.
func TestATrialOfAConnectorIsInItsLog(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.token(t, b.Admin)
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, secret, _ := r.BasicAuth()
		w.Header().Set("Content-Type", "application/json")
		if secret != "stored-secret-42" {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = fmt.Fprintf(w, `{"status":"error","reason":"no %s"}`, secret)
			return
		}
		_, _ = fmt.Fprintf(w, `{"you_said":%q,"numbers":[]}`, key+":"+secret)
	}))
	t.Cleanup(provider.Close)
	draft := map[string]any{
		"provider": "ctm", "name": "Texts", "baseUrl": provider.URL, "settings": map[string]any{"account_id": "500002"},
		"secrets": map[string]any{"access_key": "stored-key-42", "secret_key": "stored-secret-42", "signing_secret": "stored-signing-42"},
		"numbers": []any{map[string]any{"channel": "sms", "address": "+12025550199", "ref": "TPN77"}},
	}
	logged := func(id any) []any {
		b.exchanges.Flush(t.Context())
		answer := b.post(t, admin, "ConnectorService/ListExchanges", map[string]any{"connectorId": id})
		require.Empty(t, answer.code, answer.raw)
		for _, secret := range []string{"stored-key", "stored-secret", "stored-signing", "tried-secret", base64.StdEncoding.EncodeToString([]byte("stored-key-42:"))[:12]} {
			require.NotContains(t, answer.raw, secret)
		}
		list, _ := answer.body["exchanges"].([]any)
		return list
	}
	require.Equal(t, true, b.ok(t, admin, "ConnectorService/TestConnector", map[string]any{"connector": draft})["ok"])
	id := b.ok(t, admin, "ConnectorService/CreateConnector", map[string]any{"connector": draft})["connector"].(map[string]any)["id"]
	require.Empty(t, logged(id), "it was not there yet when it was tried")

	require.Equal(t, true, b.ok(t, admin, "ConnectorService/TestConnector", map[string]any{"connectorId": id})["ok"])
	calls := logged(id)
	require.NotEmpty(t, calls)
	for _, call := range calls {
		require.Equal(t, "check", call.(map[string]any)["purpose"])
		require.EqualValues(t, 200, call.(map[string]any)["status"])
		require.Contains(t, call.(map[string]any)["url"], "/api/v1/accounts/500002/")
	}

	draft["secrets"] = map[string]any{"secret_key": "tried-secret-43"}
	require.Equal(t, false, b.ok(t, admin, "ConnectorService/TestConnector", map[string]any{"connectorId": id, "connector": draft})["ok"])
	again := logged(id)
	require.Greater(t, len(again), len(calls))
	require.EqualValues(t, 401, again[0].(map[string]any)["status"], "the newest first")
	require.Contains(t, again[0].(map[string]any)["answerBody"], "no [redacted]")
}

// TestADeletedConnectorKeepsItsConversations takes an account away that was talked over.
func TestADeletedConnectorKeepsItsConversations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin, id := b.token(t, b.Admin), string(b.SMS.ID)
	talk := b.Conversation(t, b.SMS)
	m, err := b.outbox.Accept(t.Context(), b.Sales, outbox.Draft{Conversation: talk.ID, ClientID: "c-1", Text: "See you"})
	require.NoError(t, err)
	without := b.post(t, admin, "ConnectorService/UpdateConnector", map[string]any{"connectorId": id, "version": 1, "connector": map[string]any{
		"provider": "ctm", "name": "CTM", "settings": map[string]any{"account_id": "500001"}, "secrets": map[string]any{"access_key": "a", "secret_key": "b"},
		"numbers": []any{map[string]any{"channel": "sms", "address": "+12025550155"}},
	}})
	require.Equal(t, "invalid_argument", without.code, without.raw)
	require.Equal(t, "numbers", without.details[0].Field, "conversations go over it")

	gone := b.ok(t, admin, "ConnectorService/DeleteConnector", map[string]any{"connectorId": id})
	require.EqualValues(t, 1, gone["conversations"])
	require.EqualValues(t, 1, gone["unsent"])
	require.NotContains(t, b.post(t, admin, "ConnectorService/ListConnectors", "{}").raw, id)
	failed, err := b.Store.Message(t.Context(), b.Sales, m.ID)
	require.NoError(t, err)
	require.Equal(t, chat.StatusFailed, failed.Status)
	require.Equal(t, "connector_deleted", failed.Failure.Code)
	sales := b.token(t, b.Sales)
	again := b.post(t, sales, "ConversationService/SendMessage", map[string]any{"conversationId": talk.ID, "clientId": "c-2", "text": "Hello?"})
	require.Equal(t, "failed_precondition", again.code, again.raw)
	require.Contains(t, again.message, "deleted")
	b.ok(t, sales, "ConversationService/ListMessages", map[string]any{"conversationId": talk.ID})
	require.Equal(t, "not_found", b.post(t, admin, "ConnectorService/ResumeConnector", map[string]any{"connectorId": id}).code)
}

func TestNoticesAreShownUntilSomebodyHasDealtWithThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin, id := b.token(t, b.Admin), noticed(t, b.World)
	card := b.ok(t, admin, "ConnectorService/ListConnectors", "{}")["connectors"].([]any)[1].(map[string]any)
	require.EqualValues(t, 1, card["openNotices"])
	require.Equal(t, true, card["stopped"])
	open := b.ok(t, admin, "ConnectorService/ListNotices", map[string]any{"open": true})["notices"].([]any)
	require.Len(t, open, 1)
	require.Equal(t, "The number is flagged.", open[0].(map[string]any)["text"])
	b.ok(t, admin, "ConnectorService/SettleNotice", map[string]any{"noticeId": id})
	require.Empty(t, b.ok(t, admin, "ConnectorService/ListNotices", map[string]any{"open": true})["notices"])
	require.Equal(t, "Ada Min", b.ok(t, admin, "ConnectorService/ListNotices", "{}")["notices"].([]any)[0].(map[string]any)["settledByName"])
}

// TestATemplateIsWrittenHandedInAndOffered follows a draft until it can be sent.
func TestATemplateIsWrittenHandedInAndOffered(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin, sales := b.token(t, b.Admin), b.token(t, b.Sales)
	draft := draftOn(string(b.WhatsApp.ID))
	draft["name"] = "bad"
	made := b.ok(t, admin, "TemplateService/CreateTemplate", map[string]any{"template": draft})["template"].(map[string]any)
	require.Equal(t, "draft", made["status"])
	require.Equal(t, "aborted", b.post(t, admin, "TemplateService/CreateTemplate", map[string]any{"template": draft}).code, "of the same name")
	refused := b.ok(t, admin, "TemplateService/SubmitTemplate", map[string]any{"templateId": made["id"]})["template"].(map[string]any)
	require.Equal(t, "rejected", refused["status"])
	require.Equal(t, "Body has too many variables", refused["reason"])
	draft["name"] = "good"
	b.ok(t, admin, "TemplateService/UpdateTemplate", map[string]any{"templateId": made["id"], "template": draft})
	again := b.ok(t, admin, "TemplateService/SubmitTemplate", map[string]any{"templateId": made["id"]})["template"].(map[string]any)
	require.Equal(t, "pending", again["status"])
	require.Equal(t, "aborted", b.post(t, admin, "TemplateService/SubmitTemplate", map[string]any{"templateId": made["id"]}).code, "twice")

	talk := b.Conversation(t, b.WhatsApp)
	offered := func() string {
		return b.post(t, sales, "TemplateService/ListTemplates", map[string]any{"conversationId": talk.ID}).raw
	}
	require.NotContains(t, offered(), made["id"])
	_, err := b.Store.Review(t.Context(), b.Org, store.Arrival{Callback: store.Callback{Connector: b.WhatsApp.ID}, Stored: true}, store.Review{Ref: "594425479261596", Status: "approved"})
	require.NoError(t, err)
	require.Contains(t, offered(), made["id"])
	require.Contains(t, offered(), string(b.Template.ID), "one of no connector leaves by any")
	other := b.post(t, sales, "TemplateService/ListTemplates", map[string]any{"channel": "whatsapp", "connectorId": b.SMS.ID})
	require.NotContains(t, other.raw, made["id"])
	require.Equal(t, "permission_denied", b.post(t, sales, "TemplateService/ListTemplates", map[string]any{"all": true}).code)
	require.Contains(t, b.post(t, admin, "TemplateService/ListTemplates", map[string]any{"all": true}).raw, `"approved"`)
}

// TestATemplateHasAFileOverIt uploads an example for an account, and makes a template of it.
func TestATemplateHasAFileOverIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.token(t, b.Admin)
	account := whatsAppAccount()
	account["settings"] = map[string]any{"waba_id": "102290129340398", "app_id": "1410000000000001"}
	id := b.ok(t, admin, "ConnectorService/CreateConnector", map[string]any{"connector": account})["connector"].(map[string]any)["id"].(string)
	takes := map[string]map[string]any{}
	for _, c := range b.ok(t, admin, "ConnectorService/ListConnectors", "{}")["connectors"].([]any) {
		takes[c.(map[string]any)["id"].(string)] = c.(map[string]any)
	}
	first := takes[id]["exampleFiles"].([]any)[0].(map[string]any)
	require.Equal(t, "image", first["kind"])
	require.InDelta(t, 5<<20, first["maxBytes"], 0)
	require.Contains(t, first["endings"], ".png")
	require.Empty(t, takes[id]["exampleProblem"])
	require.Contains(t, takes[string(b.WhatsApp.ID)]["exampleProblem"], "App ID", "it has none")
	require.Empty(t, takes[string(b.SMS.ID)]["exampleFiles"])

	announced := map[string]any{"fileName": "tour.mp4", "contentType": "video/mp4", "size": len(film)}
	require.Equal(t, "invalid_argument", b.post(t, admin, "MediaService/CreateUpload", announced).code, "for nothing")
	announced["connectorId"] = b.WhatsApp.ID
	refused := b.post(t, admin, "MediaService/CreateUpload", announced)
	require.Equal(t, "failed_precondition", refused.code)
	require.Contains(t, refused.message, "App ID")
	announced["connectorId"] = id
	require.Equal(t, "permission_denied", b.post(t, b.token(t, b.Sales), "MediaService/CreateUpload", announced).code)
	made := b.ok(t, admin, "MediaService/CreateUpload", announced)
	path, _ := strings.CutPrefix(made["uploadUrl"].(string), "https://chat.example.com")
	status, text := b.method(t, http.MethodPut, path, film)
	require.Equal(t, http.StatusNoContent, status, text)
	b.ok(t, admin, "MediaService/CompleteUpload", map[string]any{"mediaId": made["mediaId"]})

	draft := draftOn(id)
	draft["header"] = map[string]any{"kind": "video"}
	without := b.post(t, admin, "TemplateService/CreateTemplate", map[string]any{"template": draft})
	require.Equal(t, "header.file", without.details[0].Field, without.raw)
	draft["header"] = map[string]any{"kind": "video", "file": map[string]any{"id": "../1"}}
	require.Equal(t, "invalid_argument", b.post(t, admin, "TemplateService/CreateTemplate", map[string]any{"template": draft}).code)
	draft["header"] = map[string]any{"kind": "video", "file": map[string]any{"id": made["mediaId"]}}
	template := b.ok(t, admin, "TemplateService/CreateTemplate", map[string]any{"template": draft})["template"].(map[string]any)
	file := template["header"].(map[string]any)["file"].(map[string]any)
	require.Equal(t, []any{made["mediaId"], "tour.mp4", "video/mp4"}, []any{file["id"], file["name"], file["contentType"]})
	b.ok(t, admin, "MediaService/GetDownload", map[string]any{"mediaId": made["mediaId"]})
	require.Equal(t, "not_found", b.post(t, b.token(t, b.Sales), "MediaService/GetDownload", map[string]any{"mediaId": made["mediaId"]}).code)
}
