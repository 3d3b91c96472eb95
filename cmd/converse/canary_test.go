package main_test

import (
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit"
)

// What the canary leads are made of: nothing else in the demo says these words.
const (
	canaryPhone, twinPhone, strangerPhone = "+917000012345", "+917000054321", "+917000098765"
	// knownPhone is a lead's that the masked user has on a list of their own.
	knownPhone            = "+917000077777"
	canaryLast, otherLast = "Quixolantern", "ज़ेफ़िरकानरी"
	canaryMail            = "quixo@kanarie.example"
	canaryWhatsApp        = "US.13491208655302741918"
	canaryPassport        = "PASSKANARIE77"
	canarySource          = "quillsourcekanarie"
	lastOfAll             = "this is the last message of the day"
)

// cage is what was planted, and every form of it.
type cage struct {
	forms []string
	// lead, twin and known are the ids of leads, and fields what an export asks for.
	lead, twin, known string
	fields            []string
	talk              string
}

// newCage makes the canary leads as an administrator who sees everything.
func newCage(t *testing.T, admin *watched) cage {
	t.Helper()
	c := cage{fields: []string{"first_name", "last_name", "phone", "email", "whatsapp", "source", "custom.passport"}}
	for _, phone := range []string{canaryPhone, twinPhone, strangerPhone} {
		for _, spelling := range spellings(phone) {
			c.forms = append(c.forms, formsOf(spelling)...)
		}
	}
	for _, value := range []string{canaryLast, otherLast, canaryMail, canaryWhatsApp, canaryPassport, canarySource} {
		c.forms = append(c.forms, formsOf(value)...)
	}
	owner := userID(t, admin, "mira@harbour.example")
	admin.ok(t, "LeadService/SaveField", map[string]any{"key": "passport", "label": "Passport", "type": "text"})
	create := func(last string, identifiers ...map[string]any) string {
		made := admin.ok(t, "LeadService/CreateLead", map[string]any{
			"firstName": "Zephyra", "lastName": last, "identifiers": identifiers, "source": canarySource, "ownerId": owner,
			"custom": []map[string]any{{"key": "passport", "value": canaryPassport}},
		})
		return made["lead"].(map[string]any)["id"].(string)
	}
	of := func(kind, value string) map[string]any { return map[string]any{"kind": kind, "value": value} }
	c.lead = create(canaryLast, of("phone", canaryPhone), of("email", canaryMail), of("whatsapp", canaryWhatsApp))
	c.twin = create(canaryLast, of("phone", twinPhone))
	c.known = create(otherLast, of("phone", knownPhone))
	return c
}

func userID(t *testing.T, admin *watched, email string) string {
	t.Helper()
	for _, u := range list(admin.ok(t, "AdminService/ListUsers", map[string]any{})["users"]) {
		if u["email"] == email {
			return u["id"].(string)
		}
	}
	t.Fatalf("nobody is %s", email)
	return ""
}

// masking hides every field of the canaries from some users.
func masking(t *testing.T, admin *watched, emails ...string) {
	t.Helper()
	masks := []map[string]any{{"field": "phone", "mask": "ends"}}
	for _, field := range []string{"last_name", "email", "whatsapp", "source", "custom.passport"} {
		masks = append(masks, map[string]any{"field": field, "mask": "all"})
	}
	saved := admin.ok(t, "AdminService/SavePermissionTemplate", map[string]any{
		"confirm": true, "template": map[string]any{"name": "Canaries", "masks": masks, "maskText": true},
	})
	var assigned []map[string]any
	for _, email := range emails {
		assigned = append(assigned, map[string]any{"userId": userID(t, admin, email)})
	}
	admin.ok(t, "AdminService/SetAssignments", map[string]any{
		"permissionTemplateId": saved["template"].(map[string]any)["id"], "assignments": assigned, "confirm": true,
	})
}

// TestI8NoByteOfADayShowsAMaskedUserACanary is a day on the program as it is built: leads
// that hold canaries in every field write in, are edited, given away, merged, imported and
// exported, over HTTP in both forms and sockets in both subprotocols. A manager and an
// administrator from whom the fields are hidden get not one byte that shows them, nor do
// the program's log and metrics. An administrator who sees everything has the same day: if
// nothing is found there, the test is blind.
func TestI8NoByteOfADayShowsAMaskedUserACanary(t *testing.T) {
	t.Parallel()
	p := start(t, nil, append([]string{"dev", "--log-level=debug", "--data", filepath.Join(testkit.Folder(t), "data")}, anywhere...)...)
	control, maker := p.watch(t, "omar@harbour.example"), p.watch(t, "omar@harbour.example")
	c := newCage(t, maker)
	// A file that was written, and a socket that was opened, before the fields were hidden.
	manager, admin := p.watch(t, "ines@harbour.example"), p.watch(t, "ada@harbour.example")
	manager.listens(t, "converse.v1.json")
	before := exported(t, manager, c)
	require.NotEmpty(t, c.findings(manager.all("GET /exports")), "before, there was nothing to hide")
	masking(t, maker, "ines@harbour.example", "ada@harbour.example")
	everyone := []*watched{control, manager, admin}
	require.Eventually(t, func() bool {
		return manager.asks(t, "LeadService/GetLead", map[string]any{"leadId": c.lead})["lead"].(map[string]any)["lastName"] != canaryLast
	}, patience, tick)
	for _, w := range everyone {
		w.mu.Lock()
		w.heard = nil // what they saw before they were allowed to
		w.mu.Unlock()
		w.listens(t, "converse.v1.json")
		w.listens(t, "converse.v1.proto")
	}
	status, _ := manager.fetches(t, before)
	require.Equal(t, http.StatusForbidden, status, "a file of before")

	leadsWrite(t, p, maker, &c)
	for _, w := range everyone {
		day(t, w, c)
	}
	says(t, p, canaryPhone, "text", lastOfAll, nil)
	for _, w := range everyone {
		for _, protocol := range []string{"converse.v1.json", "converse.v1.proto"} {
			require.Eventually(t, func() bool { return strings.Contains(w.all("socket "+protocol), lastOfAll) }, patience, tick, "%s %s", w.name, protocol)
		}
	}

	for _, w := range []*watched{manager, admin} {
		for _, h := range w.heard {
			require.Empty(t, c.findings(h.text), "%s, %s: %s", w.name, h.where, h.text)
		}
	}
	for _, where := range []string{
		"socket converse.v1.json", "socket converse.v1.proto", "LeadService/GetLead", "LeadService/GetLead in protobuf", "LeadService/ListLeads",
		"LeadService/ListDuplicates", "LeadService/PreviewMerge", "LeadService/MergeLeads", "ConversationService/ListConversations",
		"ConversationService/GetConversation", "ConversationService/ListMessages", "ConversationService/ListMessages in protobuf",
		"LeadService/ListActivities", "LeadService/UpdateLead", "ConnectorService/GetCallback", "GET /exports",
	} {
		require.NotEmpty(t, c.findings(control.all(where)), "the test is blind for %s", where)
	}
	require.Contains(t, control.all("LeadService/SearchLeads"), c.lead, "the control finds what it searches for")
	for _, w := range []*watched{manager, admin} {
		require.NotContains(t, w.all("LeadService/SearchLeads"), c.lead, "%s finds a lead by what is hidden", w.name)
	}
	_, metrics := get(t, p.ready.InternalURL+"/metrics")
	require.Empty(t, c.findings(metrics), "metrics")
	for line := range strings.Lines(p.stderr.String()) {
		require.Empty(t, c.findings(line), "log: %s", line)
	}
}

// says has a lead write by the played provider.
func says(t *testing.T, p *program, from, kind, text string, more map[string]any) {
	t.Helper()
	for _, c := range p.ready.Connectors {
		if c.Provider != "whatsapp_cloud" && kind != "text" {
			continue
		}
		body := map[string]any{"to": c.Sender, "from": from, "kind": kind, "text": text}
		maps.Copy(body, more)
		status, answer := postJSON(t, web(t), p.ready.SandboxURL+"/control/reply", "", body)
		require.Equal(t, http.StatusOK, status, "%v", answer)
	}
}

// leadsWrite is what comes in: the lead's number in every spelling, a card, files, and
// somebody new with a number and a name; and what a colleague notes.
func leadsWrite(t *testing.T, p *program, maker *watched, c *cage) {
	t.Helper()
	for _, spelling := range spellings(canaryPhone) {
		says(t, p, canaryPhone, "text", "please call "+spelling+" today", nil)
	}
	says(t, p, canaryPhone, "contacts", "", map[string]any{"contactName": "My own card", "contactPhone": twinPhone})
	for _, kind := range []string{"image", "document", "location"} {
		says(t, p, canaryPhone, kind, "it is at "+canaryPhone, nil)
	}
	says(t, p, strangerPhone, "text", "I am new, my number is "+strangerPhone, map[string]any{"name": "Zephyra " + canaryLast})
	for _, lead := range []string{c.lead, c.twin} {
		talk := maker.ok(t, "ConversationService/StartConversation", map[string]any{"leadId": lead, "channel": "sms"})["conversation"].(map[string]any)
		id := talk["id"].(string)
		for i, spelling := range spellings(canaryPhone) {
			maker.ok(t, "ConversationService/AddNote", map[string]any{
				"conversationId": id, "clientId": fmt.Sprint("note-", lead, i), "text": "she says " + spelling,
			})
		}
		if lead == c.lead {
			c.talk = id
		}
	}
	for _, lead := range []string{c.lead, c.twin} {
		maker.ok(t, "LeadService/UpdateLead", map[string]any{
			"leadId": lead, "version": version(t, maker, lead), "lastName": canaryLast + " " + otherLast,
		})
	}
}

func version(t *testing.T, w *watched, lead string) any {
	t.Helper()
	return w.asks(t, "LeadService/GetLead", map[string]any{"leadId": lead})["lead"].(map[string]any)["version"]
}
