package rpc_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/testkit/world"

	_ "converse/internal/gen/converse/v1" // registers the services
)

// rule says who may make a call, and how a good request looks.
type rule struct {
	// open: it needs no sign-in.
	open bool
	// may lists who may; nil means everybody who is signed in.
	may []chat.Role
	// key is the scope of the API keys that alone may.
	key chat.KeyScope
	// request makes a good request. swapped is the id field that the test is about to
	// give another value, or "".
	request func(own things, swapped string) map[string]any
	// foreign is the answer to an id of another org by field, where it is not
	// not_found. It must be the answer to an id that does not exist, too.
	foreign map[string]string
	// alone: it ends the caller's other sign-ins, so that other tests need other callers.
	alone bool
	// answers is the code of a good request, where it is not a success.
	answers string
	// byRole is that code for roles that are answered otherwise.
	byRole map[chat.Role]string
}

// everyone are the roles there are.
var everyone = []chat.Role{chat.RoleAdministrator, chat.RoleSalesManager, chat.RoleMarketingUser, chat.RoleSalesUser}

// TestEveryCallAsksWhoAndWhoseItIs is made from the protocol's descriptors: every
// call, as nobody, with words that are no token, with a token that was signed out, with one
// whose session was revoked after it had been used, with a widget's, in every role, and
// with every id it takes belonging to another org or to nobody.
func TestEveryCallAsksWhoAndWhoseItIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := &matrix{
		bundle: b, own: stock(t, b.World, b.outbox), people: map[chat.Role]chat.Principal{},
		other: stock(t, world.At(t, b.URL), b.outbox),
	}
	for _, role := range everyone {
		m.people[role] = colleague(t, b.World, role)
	}
	m.crm = b.apiKey(t, chat.KeyWidget)
	known := map[string]bool{}
	for _, method := range methods() {
		name := string(method.Parent().Name()) + "/" + string(method.Name())
		known[name] = true
		r, ok := rules[name]
		if !ok {
			t.Errorf("%s has no rule: say in rules who may call it", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m.asksWho(t, name, r)
			m.asksForTheRole(t, name, r)
			m.asksTheWidget(t, name, r)
			m.asksWhose(t, name, r, method.Input().Fields())
		})
	}
	for _, table := range []map[string]bool{keysOf(rules), keysOf(inWidgets)} {
		for name := range table {
			require.True(t, known[name], "%s has a rule and is no call", name)
		}
	}
}

type matrix struct {
	*bundle
	own, other things
	people     map[chat.Role]chat.Principal
	// crm is the API key that widgets' tokens come from.
	crm string
}

// permitted is a token that the call is good with.
func (m *matrix) permitted(t *testing.T, r rule) string {
	t.Helper()
	if r.key != "" {
		return m.apiKey(t, r.key)
	}
	return m.token(t, m.someone(r))
}

// someone is a person who may make the call.
func (m *matrix) someone(r rule) chat.Principal {
	if r.may != nil {
		return m.people[r.may[0]]
	}
	if r.byRole[chat.RoleSalesUser] != "" {
		return m.people[chat.RoleAdministrator]
	}
	return m.people[chat.RoleSalesUser]
}

func (m *matrix) asksWho(t *testing.T, name string, r rule) {
	t.Helper()
	p := m.someone(r)
	p.SignIn = chat.NewID[chat.SignInID]()
	ended := m.token(t, p)
	m.ok(t, ended, "AuthService/LogOut", "{}")
	for who, token := range map[string]string{"nobody": "", "garbage": "garbage", "signed out": ended, "revoked": m.revoked(t, p)} {
		a := m.post(t, token, name, r.request(m.own, ""))
		if r.open {
			require.Equal(t, r.answers, a.code, "%s: %s", who, a.raw)
			continue
		}
		require.Equal(t, "unauthenticated", a.code, "%s: %s", who, a.raw)
		require.NotContains(t, a.raw, string(m.Org))
	}
}

// revoked is a token that was good a moment ago, and whose session somebody has ended.
func (m *matrix) revoked(t *testing.T, p chat.Principal) string {
	t.Helper()
	token := m.token(t, p)
	for _, s := range m.ok(t, token, "AuthService/ListSessions", "{}")["sessions"].([]any) {
		if s := s.(map[string]any); s["current"] == true {
			m.ok(t, m.token(t, m.Admin), "AuthService/RevokeSession", map[string]any{"sessionId": s["id"]})
		}
	}
	return token
}

// asksTheWidget makes the call with a widget's token of somebody who may make it when
// they sign in themselves.
func (m *matrix) asksTheWidget(t *testing.T, name string, r rule) {
	t.Helper()
	may, ok := inWidgets[name]
	require.True(t, ok, "%s: say in inWidgets whether a widget's token is enough", name)
	if r.open {
		return
	}
	token := m.widgetToken(t, colleague(t, m.World, m.someone(r).Role)) // of their own: their sign-in is one
	a := m.post(t, token, name, r.request(m.own, ""))
	if !may {
		require.Equal(t, "permission_denied", a.code, a.raw)
		require.NotContains(t, a.raw, string(m.Org))
		return
	}
	require.Equal(t, r.answers, a.code, a.raw)
	for field, id := range m.other {
		require.NotContains(t, a.raw, id, "a widget reads the %s of another org", field)
	}
}

// widgetToken is one that the org's own CRM got for a user.
func (m *matrix) widgetToken(t *testing.T, p chat.Principal) string {
	t.Helper()
	got := m.ok(t, m.crm, "AuthService/CreateWidgetToken", map[string]any{"userId": p.User})
	return got["token"].(string)
}

func keysOf[V any](table map[string]V) map[string]bool {
	out := map[string]bool{}
	for name := range table {
		out[name] = true
	}
	return out
}

func (m *matrix) asksForTheRole(t *testing.T, name string, r rule) {
	t.Helper()
	for _, role := range everyone {
		p := m.people[role]
		if r.alone {
			p = colleague(t, m.World, role)
		}
		a := m.post(t, m.token(t, p), name, r.request(m.own, ""))
		if r.key != "" || r.may != nil && !slices.Contains(r.may, role) {
			require.Equal(t, "permission_denied", a.code, "%s: %s", role, a.raw)
			continue
		}
		want, ok := r.byRole[role]
		if !ok {
			want = r.answers
		}
		require.Equal(t, want, a.code, "%s: %s", role, a.raw)
		for field, id := range m.other {
			require.NotContains(t, a.raw, id, "%s reads the %s of another org", role, field)
		}
	}
}

func (m *matrix) asksWhose(t *testing.T, name string, r rule, fields protoreflect.FieldDescriptors) {
	t.Helper()
	token := m.permitted(t, r)
	for i := range fields.Len() {
		field := fields.Get(i)
		spelling := field.JSONName()
		if !strings.HasSuffix(spelling, "Id") && !strings.HasSuffix(spelling, "Ids") || spelling == "clientId" {
			continue
		}
		require.Contains(t, m.own, spelling, "%s takes a %s: put one in stock", name, spelling)
		with := func(id string) answer {
			request := maps.Clone(r.request(m.own, spelling))
			request[spelling] = id
			if field.IsList() {
				request[spelling] = []string{id}
			}
			return m.post(t, token, name, request)
		}
		want, ok := r.foreign[spelling]
		if !ok {
			want = "not_found"
		}
		foreign, missing := with(m.other[spelling]), with(string(chat.NewID[chat.MessageID]()))
		require.Equal(t, want, foreign.code, "%s of another org: %s", spelling, foreign.raw)
		require.Equal(t, missing.raw, foreign.raw, "%s of another org is told from none at all", spelling)

		broken := with("not-an-id")
		require.Equal(t, "invalid_argument", broken.code, broken.raw)
		require.Contains(t, broken.message, spelling)
		require.Regexp(t, `^`+spelling, broken.details[0].Field)
	}
}

// methods lists every call of the protocol.
func methods() []protoreflect.MethodDescriptor {
	var out []protoreflect.MethodDescriptor
	protoregistry.GlobalFiles.RangeFilesByPackage("converse.v1", func(file protoreflect.FileDescriptor) bool {
		for s := range file.Services().Len() {
			calls := file.Services().Get(s).Methods()
			for i := range calls.Len() {
				out = append(out, calls.Get(i))
			}
		}
		return true
	})
	return out
}

// TestACursorOfAnotherOrgShowsOnlyOurs: an id inside a cursor is an id like any other.
func TestACursorOfAnotherOrgShowsOnlyOurs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own, other := stock(t, b.World, b.outbox), stock(t, world.At(t, b.URL), b.outbox)
	token := b.token(t, b.Admin)
	for _, call := range []string{"ConnectorService/ListCallbacks", "ConversationService/ListConversations"} {
		a := b.post(t, token, call, map[string]any{"cursor": other["cursor"]})
		for field, id := range other {
			require.NotContains(t, a.raw, id, "%s %s", call, field)
		}
	}
	// Theirs is newer, so that a page after it holds ours.
	a := b.ok(t, token, "ConnectorService/ListCallbacks", map[string]any{"cursor": other["cursor"]})
	require.Contains(t, a["callbacks"].([]any)[0].(map[string]any)["id"], own["callbackId"])
}

func TestATokenIsBelievedForItsOwnOrgAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := world.At(t, b.URL)
	foreign := &bundle{World: other, signIns: auth.NewSignIns(other.Store, passwords(), world.Vault(t)), url: b.url, client: b.client}
	ours, theirs := b.token(t, b.Sales), foreign.token(t, other.Sales)
	for token, want := range map[string]chat.OrgID{ours: b.Org, theirs: other.Org} {
		session := b.ok(t, token, "AuthService/GetSession", "{}")
		require.Equal(t, string(want), session["org"].(map[string]any)["id"])
		require.Len(t, session["colleagues"], 2, "colleagues of one's own org")
	}
}
