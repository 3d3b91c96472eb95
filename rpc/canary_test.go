package rpc_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// What the canary lead is made of: nothing else in the world says these words.
const (
	canaryFirst, canaryLast = "Zephyrion", "ज़ेफ़िरकानरी"
	canaryPhone             = "+917000012345"
	canaryMail              = "zephmail@kanarie.example"
	canaryID                = "US.13491208655302741918"
	canarySource            = "quillsource"
	canaryStage             = "quillstage"
)

// forms are the ways in which a value could leave.
func forms(value string) []string {
	out := []string{value, strings.ToLower(value), strings.ToUpper(value), url.QueryEscape(value), url.PathEscape(value)}
	quoted, _ := json.Marshal(value) //nolint:errchkjson // a text always can be
	out = append(out, strings.Trim(string(quoted), `"`))
	var escaped strings.Builder
	for _, r := range value {
		fmt.Fprintf(&escaped, `\u%04x`, r)
	}
	out = append(out, escaped.String())
	for skip := range 3 {
		// What base64 makes of it wherever it stands, less what its neighbours change.
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", skip) + value))
		from := (skip*8 + 5) / 6
		out = append(out, strings.TrimRight(encoded, "=")[from:len(strings.TrimRight(encoded, "="))-2])
	}
	return out
}

// canaries are all forms of all protected values.
func canaries() []string {
	var out []string
	for _, value := range []string{
		canaryFirst, canaryLast, canaryPhone, strings.TrimPrefix(canaryPhone, "+"), "07000012345", "7000012345", "70000 12345", "+91 70000 12345",
		canaryMail, canaryID, canarySource, canaryStage,
	} {
		out = append(out, forms(value)...)
	}
	return out
}

// found are the canaries in what left.
func found(raw string) []string {
	var out []string
	for _, c := range canaries() {
		if strings.Contains(raw, c) {
			out = append(out, c)
		}
	}
	return out
}

// cage puts a canary into every place that can hold a lead's value.
func cage(t *testing.T, b *bundle) things {
	t.Helper()
	b.Lead = chat.Lead{
		ID: chat.NewID[chat.LeadID](), FirstName: canaryFirst, LastName: canaryLast, Owner: b.Sales.User, Source: canarySource, Stage: canaryStage,
	}
	for _, i := range []chat.Identifier{
		{Kind: chat.IdentifierPhone, Value: canaryPhone}, {Kind: chat.IdentifierEmail, Value: canaryMail}, {Kind: chat.IdentifierWhatsApp, Value: canaryID},
	} {
		i.ID = chat.NewID[chat.IdentifierID]()
		b.Lead.Identifiers = append(b.Lead.Identifiers, i)
	}
	require.NoError(t, b.Store.CreateLead(t.Context(), b.Org, b.Lead))
	for kind, text := range map[chat.MessageKind]string{
		chat.KindText: "call me on +91 70000 12345", chat.KindContacts: "Contact: Ravi, " + canaryPhone + ", " + canaryMail,
		chat.KindNotice: "The number is now " + canaryPhone,
	} {
		_, err := b.Store.Receive(t.Context(), b.Org, store.Arrival{Stored: true}, store.Received{
			ID: chat.NewID[chat.MessageID](), Sender: b.WhatsApp.Senders[0].Sender, ProviderID: "canary-" + string(kind), Phone: canaryPhone,
			Kind: kind, Text: text, ProviderAt: time.Now(), ReceivedAt: time.Now(),
		})
		require.NoError(t, err)
	}
	own := stock(t, b.World, b.outbox)
	pool, err := pgxpool.New(t.Context(), b.URL)
	require.NoError(t, err)
	defer pool.Close()
	for _, change := range []string{
		"update messages set failure_text = 'no such number " + canaryPhone + "' where status = 'failed'",
		"update receipts set failure_text = 'no such number " + canaryPhone + "'",
		"update media set name = '" + canaryPhone + ".jpg'",
		`update callbacks set why = 'from ` + canaryPhone + `', body = '{"name":"` + canaryFirst + `","from":"917000012345"}'`,
		"update connectors set state_reason = 'refused for " + canaryPhone + "'",
	} {
		_, err := pool.Exec(t.Context(), change)
		require.NoError(t, err, change)
	}
	return own
}

// said is everything that came back from a call: answer, headers, error, and what was
// logged since the last.
func said(b *bundle, a answer) string {
	return fmt.Sprint(a.raw, a.header, a.message, b.log.String())
}

// day makes every call there is as people of a world, and returns what each said.
func day(t *testing.T, b *bundle, own things) map[string]string {
	t.Helper()
	people := map[chat.Role]chat.Principal{}
	for _, role := range everyone {
		people[role] = colleague(t, b.World, role)
	}
	out := map[string]string{}
	names := slices.SortedFunc(maps.Keys(rules), func(a, b string) int {
		// Those that look come before those that change.
		return strings.Compare(fmt.Sprint(!looks(a), a), fmt.Sprint(!looks(b), b))
	})
	for _, name := range names {
		r := rules[name]
		if r.key != "" || r.open {
			continue
		}
		for _, role := range everyone {
			if r.may == nil || slices.Contains(r.may, role) {
				out[name+" as "+string(role)] = said(b, b.post(t, b.token(t, people[role]), name, r.request(own, "")))
			}
		}
	}
	for _, query := range []string{canaryFirst, canaryLast, canaryPhone, "7000012345", "2345", canaryMail, canaryID, "zeph"} {
		a := b.post(t, b.token(t, people[chat.RoleSalesUser]), "LeadService/SearchLeads", map[string]any{"query": query})
		out["search for "+query] = said(b, a)
		if strings.Contains(a.raw, string(b.Lead.ID)) {
			out["search for "+query] += " " + hit
		}
	}
	return out
}

// hit is noted when a search finds the canary lead.
const hit = "the lead is found"

func looks(name string) bool {
	_, call, _ := strings.Cut(name, "/")
	return strings.HasPrefix(call, "Get") || strings.HasPrefix(call, "List") || strings.HasPrefix(call, "Search")
}

// TestI8NoCallLetsACanaryOut makes every call as somebody from whom every field is
// hidden: not one byte of answers, headers, errors and logs has a protected value in any
// form, and none is found by it. The same day of people who see everything shows that
// the values are there to be seen.
func TestI8NoCallLetsACanaryOut(t *testing.T) {
	t.Parallel()
	open := setup(t)
	control := day(t, open, cage(t, open))
	for _, call := range []string{
		"LeadService/GetLead", "ConversationService/GetConversation", "ConversationService/ListConversations",
		"ConversationService/ListMessages", "ConversationService/GetTimeline", "ConnectorService/GetCallback", "ConnectorService/ListCallbacks",
	} {
		require.NotEmpty(t, found(control[call+" as administrator"]), "the test is blind for %s: %s", call, control[call+" as administrator"])
	}
	require.Contains(t, control["search for 7000012345"], hit)

	b := setup(t)
	own := cage(t, b)
	template := chat.PermissionTemplate{MaskText: true, NoReveal: true, Masks: map[chat.LeadField]chat.Mask{}}
	for _, f := range []chat.LeadField{
		chat.FieldFirstName, chat.FieldLastName, chat.FieldPhone, chat.FieldEmail, chat.FieldWhatsApp, chat.FieldSource, chat.FieldStage,
	} {
		template.Masks[f] = chat.MaskAll
	}
	restrictAll(t, b.World, template)
	for call, text := range day(t, b, own) {
		require.Empty(t, found(text), "%s: %s", call, text)
		require.NotContains(t, text, hit, call)
	}
}

// TestI7NoCallShowsALeadBeyondTheView makes every call as somebody who may see only the
// leads they own, of which there are none. What an administrator reads of connectors is
// not leads', nor are the org's words for sources and stages.
func TestI7NoCallShowsALeadBeyondTheView(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own := cage(t, b)
	restrictAll(t, b.World, chat.PermissionTemplate{View: chat.ScopeOwn})
	for call, text := range day(t, b, own) {
		if strings.HasPrefix(call, "ConnectorService/") || strings.HasPrefix(call, "LeadService/ListFields") {
			continue
		}
		require.Empty(t, found(text), "%s: %s", call, text)
		require.NotContains(t, text, hit, call)
	}
}

// restrictAll puts every role under a template.
func restrictAll(t *testing.T, w *world.World, template chat.PermissionTemplate) {
	t.Helper()
	template.ID, template.Name = chat.NewID[chat.PermissionTemplateID](), "Everyone"
	require.NoError(t, w.Store.SavePermissionTemplate(t.Context(), w.Admin, template, true, true))
	var all []chat.Assignment
	for _, role := range everyone {
		all = append(all, chat.Assignment{Role: role})
	}
	require.NoError(t, w.Store.SetAssignments(t.Context(), w.Admin, template.ID, all, true))
}
