package main_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// day is what somebody does and tries who has these leads before them.
func day(t *testing.T, w *watched, c cage) {
	t.Helper()
	reads(t, w, c)
	guesses(t, w, c)
	changes(t, w, c)
	reveals(t, w, c)
	mistakes(t, w, c)
	exported(t, w, c)
	imported(t, w)
	for _, page := range []string{"/", "/leads/" + c.lead, "/conversations/" + c.talk, "/widget.js", "/demo.json", "/nothing.txt"} {
		w.fetches(t, page)
	}
	reads(t, w, c)
}

// reads looks at everything that shows leads.
func reads(t *testing.T, w *watched, c cage) {
	t.Helper()
	for _, lead := range []string{c.lead, c.twin, c.known} {
		for _, call := range []string{"GetLead", "ListActivities", "ListListsOfLead", "ListDuplicates"} {
			w.asksBoth(t, "LeadService/"+call, map[string]any{"leadId": lead})
		}
	}
	w.asksBoth(t, "LeadService/PreviewMerge", map[string]any{"parentId": c.lead, "childId": c.twin})
	w.asksBoth(t, "LeadService/ListLeads", map[string]any{"limit": 200})
	for _, call := range []string{
		"LeadService/ListLists", "LeadService/ListFields", "LeadService/ListWaiting", "LeadService/ListImports", "LeadService/ListExports",
		"ConversationService/CountConversations", "AuthService/GetSession", "AuthService/ListSessions", "AdminService/ListAudit",
		"AdminService/ListErasures", "AdminService/ListRoutingRules", "AdminService/ListUsers", "AdminService/ListPermissionTemplates",
		"ConnectorService/ListConnectors",
	} {
		w.asksBoth(t, call, map[string]any{})
	}
	w.asksBoth(t, "TemplateService/ListTemplates", map[string]any{"channel": "whatsapp"})
	if callbacks, ok := w.asksBoth(t, "ConnectorService/ListCallbacks", map[string]any{})["callbacks"]; ok {
		for _, callback := range list(callbacks)[:3] {
			w.asksBoth(t, "ConnectorService/GetCallback", map[string]any{"callbackId": callback["id"]})
		}
	}
	for _, filter := range []string{"all", "mine", "unread", "unassigned", "window_closing", "mentions"} {
		w.asksBoth(t, "ConversationService/ListConversations", map[string]any{"filter": filter, "limit": 100})
	}
	for _, talk := range list(w.asks(t, "ConversationService/ListConversations", map[string]any{"limit": 100})["conversations"]) {
		if lead := talk["leadId"]; lead != c.lead && lead != c.twin && !strings.Contains(fmt.Sprint(talk["leadName"]), "Zephyra") {
			continue
		}
		id := map[string]any{"conversationId": talk["id"]}
		w.asksBoth(t, "ConversationService/GetConversation", id)
		w.asksBoth(t, "ConversationService/ListColleagues", id)
		for _, m := range list(w.asksBoth(t, "ConversationService/ListMessages", map[string]any{"conversationId": talk["id"], "limit": 200})["messages"]) {
			w.asks(t, "ConversationService/GetTimeline", map[string]any{"messageId": m["id"]})
			if files, ok := m["media"].([]any); ok {
				for _, file := range list(files) {
					download(t, w, file["id"])
				}
			}
		}
	}
}

// download asks for a file and reads it where it is said to be.
func download(t *testing.T, w *watched, id any) {
	t.Helper()
	if address, ok := w.asks(t, "MediaService/GetDownload", map[string]any{"mediaId": id})["url"].(string); ok {
		w.fetches(t, address)
	}
}

// guesses tries to find, sort and filter by what may be hidden: nothing may tell.
func guesses(t *testing.T, w *watched, c cage) {
	t.Helper()
	for _, query := range append(spellings(canaryPhone),
		canaryPhone[:8], "12345", canaryLast, canaryLast[:5], otherLast, canaryMail, "quixo", canaryWhatsApp, canaryPassport, canarySource) {
		w.asks(t, "LeadService/SearchLeads", map[string]any{"query": query})
	}
	for _, field := range c.fields[1:] {
		for _, descending := range []bool{true, false} {
			w.asks(t, "LeadService/ListLeads", map[string]any{"sort": field, "descending": descending, "limit": 200})
		}
		for _, op := range []string{"is", "begins", "empty", "filled"} {
			filter := map[string]any{"conditions": []map[string]any{{"field": field, "op": op, "values": []string{"7"}}}}
			w.asks(t, "LeadService/ListLeads", map[string]any{"filter": filter, "limit": 200})
			w.asks(t, "LeadService/CreateList", map[string]any{"name": fmt.Sprint(w.name, field, op), "kind": "filter", "filter": filter})
			w.asks(t, "LeadService/StartExport", map[string]any{"filter": filter, "fields": []string{"first_name"}})
		}
		w.asks(t, "LeadService/StartExport", map[string]any{"sort": field, "fields": []string{"first_name"}})
	}
}

// changes are what goes to everybody else's sockets too.
func changes(t *testing.T, w *watched, c cage) {
	t.Helper()
	w.asks(t, "LeadService/UpdateLead", map[string]any{"leadId": c.lead, "version": version(t, w, c.lead), "firstName": "Zephyra of " + w.name[:3]})
	colleague := ""
	for _, other := range list(w.asks(t, "ConversationService/ListColleagues", map[string]any{"conversationId": c.talk})["colleagues"]) {
		if strings.HasPrefix(fmt.Sprint(other["name"]), "Jonas") {
			colleague = other["id"].(string)
		}
	}
	require.NotEmpty(t, colleague)
	given := w.asks(t, "ConversationService/TransferLead", map[string]any{
		"leadId": c.lead, "userId": colleague, "conversationId": c.talk, "comment": "she is yours",
	})
	require.Contains(t, given, "transferId", w.name)
	w.asks(t, "ConversationService/UndoTransfer", map[string]any{"transferId": given["transferId"]})
	merged := w.asks(t, "LeadService/MergeLeads", map[string]any{
		"parentId": c.lead, "childId": c.twin, "rules": []map[string]any{{"field": "phone", "rule": "append"}},
	})
	require.Contains(t, merged, "mergeId", w.name)
	w.asks(t, "LeadService/GetLead", map[string]any{"leadId": c.lead})
	w.asks(t, "LeadService/UnmergeLeads", map[string]any{"mergeId": merged["mergeId"]})
	talk := map[string]any{"conversationId": c.talk}
	w.asks(t, "ConversationService/AddNote", map[string]any{"conversationId": c.talk, "clientId": "n" + w.name, "text": "spoke to her"})
	sent := w.asks(t, "ConversationService/SendMessage", map[string]any{"conversationId": c.talk, "clientId": "m" + w.name, "text": "Hello"})
	if m, ok := sent["message"].(map[string]any); ok {
		w.becomes(t, c.talk, m["id"], "sent", "delivered", "read", "failed")
		w.asks(t, "ConversationService/GetTimeline", map[string]any{"messageId": m["id"]})
		w.asks(t, "ConversationService/SendAgain", map[string]any{"messageId": m["id"], "clientId": "a" + w.name})
	}
	w.asks(t, "ConversationService/MarkRead", map[string]any{"conversationId": c.talk, "seq": 1})
	w.asks(t, "ConversationService/MarkUnread", talk)
	w.asks(t, "ConversationService/SnoozeConversation", map[string]any{"conversationId": c.talk, "until": time.Now().Add(48 * time.Hour)})
	w.asks(t, "ConversationService/UnsnoozeConversation", talk)
	lead := w.asks(t, "LeadService/GetLead", map[string]any{"leadId": c.lead})["lead"].(map[string]any)
	for _, i := range list(lead["identifiers"]) {
		for _, out := range []bool{true, false} {
			w.asks(t, "LeadService/SetOptOut", map[string]any{"identifierId": i["id"], "optedOut": out, "reason": "asked"})
		}
	}
}

// reveals looks at one hidden value: it is all that comes, and it comes once.
func reveals(t *testing.T, w *watched, c cage) {
	t.Helper()
	lead := w.asks(t, "LeadService/GetLead", map[string]any{"leadId": c.lead})["lead"].(map[string]any)
	for _, i := range list(lead["identifiers"]) {
		if i["kind"] != "phone" {
			continue
		}
		shown := w.asks(t, "LeadService/RevealField", map[string]any{
			"leadId": c.lead, "field": "phone", "identifierId": i["id"], "reason": "she asked me to call",
		})
		if i["masked"] == true {
			require.Equal(t, map[string]any{"value": canaryPhone}, shown)
			w.forgets("LeadService/RevealField") // it was asked for
		}
	}
	w.asks(t, "LeadService/RevealField", map[string]any{"leadId": c.lead, "field": "first_name", "reason": "out of interest"})
	w.asks(t, "LeadService/RevealField", map[string]any{"leadId": c.lead, "field": "phone", "reason": "x"})
}

// mistakes are calls that fail: what they say names no value.
func mistakes(t *testing.T, w *watched, c cage) {
	t.Helper()
	for _, identifier := range []map[string]any{
		{"kind": "phone", "value": canaryPhone},
		{"kind": "phone", "value": "0" + canaryPhone[3:]},
		{"kind": "email", "value": canaryMail},
		{"kind": "whatsapp", "value": canaryWhatsApp},
		{"kind": "phone", "value": canaryPhone + "00000000"},
		{"kind": "email", "value": canaryMail + "@"},
	} {
		if w.name == "omar@harbour.example" {
			break // there is nothing to be told that is not seen
		}
		w.asks(t, "LeadService/CreateLead", map[string]any{"firstName": "Somebody", "identifiers": []any{identifier}})
		w.asks(t, "LeadService/UpdateLead", map[string]any{
			"leadId": c.known, "version": version(t, w, c.known), "identifiers": map[string]any{"edits": []any{identifier}},
		})
	}
	w.asks(t, "LeadService/UpdateLead", map[string]any{"leadId": c.lead, "version": 1, "firstName": "Late"})
	w.asks(t, "LeadService/UpdateLead", map[string]any{"leadId": c.lead, "version": version(t, w, c.lead), "lastName": strings.Repeat("x", 200)})
	w.asks(t, "LeadService/GetLead", map[string]any{"leadId": canaryPhone})
	w.asks(t, "LeadService/ListLeads", map[string]any{"cursor": "bm9uc2Vuc2U", "sort": "phone"})
	w.asks(t, "LeadService/MergeLeads", map[string]any{"parentId": c.lead, "childId": c.lead})
	w.asks(t, "ConversationService/SendMessage", map[string]any{"conversationId": c.talk, "clientId": "e" + w.name, "text": strings.Repeat("long ", 900)})
	w.asks(t, "ConversationService/StartConversation", map[string]any{"leadId": c.lead, "channel": "whatsapp", "identifierId": c.twin})
}

// exported writes the leads to a file, reads it, and returns where it is.
func exported(t *testing.T, w *watched, c cage) string {
	t.Helper()
	started := w.asks(t, "LeadService/StartExport", map[string]any{"leadIds": []string{c.lead, c.twin}, "fields": c.fields})
	require.Contains(t, started, "export", w.name)
	id := started["export"].(map[string]any)["id"]
	path := ""
	require.Eventually(t, func() bool {
		path, _ = w.asks(t, "LeadService/GetExport", map[string]any{"exportId": id})["export"].(map[string]any)["filePath"].(string)
		return path != ""
	}, patience, tick, "the file is never there")
	status, text := w.fetches(t, path)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, text, "Zephyra")
	return path
}

// imported reads in a list of the user's own with a number that a lead has: what else
// that lead has is not told by the check, the result or the file of it.
func imported(t *testing.T, w *watched) {
	t.Helper()
	for n, rule := range []string{"ignore", "fill", "overwrite"} {
		fresh := fmt.Sprintf("+91700006%04d", int(w.name[0])*10+n) // one that was undone is not made again
		id := w.asks(t, "LeadService/CreateImport", map[string]any{"fileName": "mine.csv"})["import"].(map[string]any)["id"].(string)
		status, answer := w.sends(t, http.MethodPut, "/imports/"+id+"/file", "First name,Phone\nKnown,"+knownPhone+"\nFresh,"+fresh+"\nWrong,12\n")
		require.Equal(t, http.StatusOK, status, answer)
		at := map[string]any{"importId": id}
		columns := w.asksBoth(t, "LeadService/PreviewImport", at)["columns"]
		w.asks(t, "LeadService/ValidateImport", map[string]any{"importId": id, "settings": map[string]any{"rule": rule, "country": "IN", "columns": columns}})
		until := func(states ...any) map[string]any {
			var now map[string]any
			require.Eventually(t, func() bool {
				now = w.asks(t, "LeadService/GetImport", at)["import"].(map[string]any)
				return slices.Contains(states, now["state"])
			}, patience, tick, "the import is never %v", states)
			return now
		}
		until("checked")
		started := w.asks(t, "LeadService/StartImport", at)
		require.Contains(t, started, "import", "%s, %s: %v", w.name, rule, started)
		if done := until("done", "failed"); done["resultPath"] != nil {
			w.fetches(t, done["resultPath"].(string))
		}
		w.asks(t, "LeadService/UndoImport", at)
		until("undone")
	}
}
