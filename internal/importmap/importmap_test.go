package importmap_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// allowed is the map: a package, and what it may import of ours. Names are without
// the module's. A name that ends in /… stands for the packages below it.
//
// Tier 1, words, may be imported from anywhere below the line it stands on; what
// a tool or a room may import of them is written out all the same.
var allowed = map[string][]string{
	// 1 words
	"internal/chat":     {},
	"internal/config":   {},
	"internal/safehttp": {},
	"internal/sheet":    {},
	"internal/vault":    {"internal/chat"},
	"internal/gen/…":    {"internal/gen/…"},
	"internal/wire":     {"internal/chat", "internal/gen/…"},
	"internal/mask":     {"internal/chat", "internal/gen/…"},
	"internal/crash":    {},
	"internal/repeat":   {},
	"internal/metric":   {"internal/chat"},
	"migrations":        {},
	"docs":              {},
	"web":               {},

	// 2 tools
	"internal/auth":          {"internal/chat", "internal/vault"},
	"internal/origin":        {"internal/chat", "internal/repeat"},
	"internal/store":         {"internal/chat", "internal/wire", "internal/store/db"},
	"internal/store/db":      {"internal/chat"},
	"internal/bus":           {"internal/chat"},
	"internal/localdb":       {},
	"internal/jobs":          {"internal/chat"},
	"internal/compose":       {"internal/chat", "channels/segment"},
	"internal/doctor":        {},
	"media":                  {"internal/chat", "internal/safehttp"},
	"channels":               {"internal/chat"},
	"channels/answer":        {"channels"},
	"channels/jsonstrict":    {},
	"channels/parts":         {"channels"},
	"channels/ctm":           {"internal/chat", "channels", "channels/answer", "channels/jsonstrict"},
	"channels/gupshup":       {"internal/chat", "channels", "channels/answer", "channels/jsonstrict", "channels/parts", "channels/whatsappcloud"},
	"channels/ringcentral":   {"internal/chat", "channels", "channels/answer", "channels/jsonstrict", "channels/parts"},
	"channels/twilio":        {"internal/chat", "channels", "channels/answer", "channels/jsonstrict"},
	"channels/whatsappcloud": {"internal/chat", "channels", "channels/answer", "channels/jsonstrict", "channels/parts"},
	"channels/channeltest":   {"internal/chat", "channels", "channels/answer"},
	"internal/attach":        {"internal/chat", "channels", "media"},
	"internal/account":       {"internal/chat", "internal/vault", "internal/store", "channels"},
	"internal/exchange":      {"internal/chat", "internal/repeat", "internal/account", "channels", "channels/answer"},

	// 3 rooms
	"internal/inbox": {
		"internal/chat", "internal/crash", "internal/metric", "internal/repeat", "internal/safehttp", "internal/store", "internal/account", "internal/exchange",
		"internal/jobs", "channels",
		"media",
	},
	"internal/care": {"internal/chat", "internal/store", "internal/account", "internal/exchange", "channels"},
	"internal/outbox": {
		"internal/chat", "internal/crash", "internal/metric", "internal/repeat", "internal/safehttp", "internal/store", "internal/account", "internal/attach",
		"internal/compose",
		"internal/bus", "internal/exchange", "channels", "media",
	},
	"internal/sso":          {"internal/chat", "internal/auth", "internal/safehttp", "internal/store", "internal/vault"},
	"internal/crm":          {"internal/chat", "internal/store"},
	"internal/routing":      {"internal/chat", "internal/store"},
	"internal/conversation": {"internal/chat", "internal/store"},
	"internal/people":       {"internal/chat", "internal/store", "internal/auth"},
	"internal/transfer": {
		"internal/chat", "internal/gen/…", "internal/mask", "internal/sheet", "internal/store", "internal/wire", "media",
	},
	"internal/files": {
		"internal/chat", "internal/metric", "internal/store", "internal/account", "internal/attach", "channels", "media",
	},
	"internal/approval": {
		"internal/chat", "internal/store", "internal/account", "internal/compose", "internal/exchange", "channels", "media",
	},
	"internal/feed":   {"internal/crash", "internal/repeat", "internal/store", "internal/bus"},
	"internal/forget": {"internal/chat", "internal/store", "media"},

	// 4 doors
	"hub":         {"internal/chat", "internal/repeat", "internal/bus", "internal/gen/…", "internal/mask", "internal/wire"},
	"hub/codegen": {"hub"},
	"rpc": {
		"internal/chat", "internal/gen/…", "internal/wire", "internal/auth", "internal/sso", "internal/origin", "internal/store", "internal/account",
		"internal/mask", "internal/people", "internal/inbox", "internal/outbox", "internal/crm", "internal/routing", "internal/conversation",
		"internal/transfer", "internal/sheet", "internal/attach", "internal/files", "internal/approval", "media",
	},

	// 5 the house
	"cmd/converse":  {"…"},
	"internal/demo": {"internal/chat", "internal/store", "internal/account", "internal/auth"},
	// The other side knows nothing of ours but words.
	"internal/sandbox":   {"internal/sandbox/…", "internal/chat", "web"},
	"internal/hostpage":  {},
	"internal/guide":     {},
	"internal/sandbox/…": {"internal/sandbox/…", "internal/chat"},
	// Tests only.
	"internal/testkit":       {"internal/localdb", "migrations"},
	"internal/testkit/world": {"internal/chat", "internal/store", "internal/testkit", "internal/account", "internal/vault", "channels"},
	"internal/testkit/played": {
		"internal/chat", "internal/store", "internal/account", "internal/safehttp", "internal/sandbox", "internal/testkit/world", "channels",
		"channels/gupshup", "channels/whatsappcloud",
	},
	"internal/history":   {},
	"internal/importmap": {},
}

// testsOnly may be imported by tests and by nothing else.
var testsOnly = []string{"internal/testkit", "internal/testkit/world", "internal/testkit/played", "channels/channeltest"}

type listed struct {
	ImportPath string
	Imports    []string
}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for _, p := range list(t) {
		name := strings.TrimPrefix(p.ImportPath, "converse/")
		may, ok := allowed[entry(name)]
		if !ok {
			t.Errorf("%s is not in the map: decide which tier it belongs to", name)
			continue
		}
		for _, imported := range p.Imports {
			imported, ours := strings.CutPrefix(imported, "converse/")
			if !ours {
				continue
			}
			if !permits(may, imported) {
				t.Errorf("%s must not import %s", name, imported)
			}
			if slices.Contains(testsOnly, imported) && !slices.Contains(testsOnly, name) {
				t.Errorf("%s imports %s, which is for tests only", name, imported)
			}
		}
	}
}

// TestSQLAndRedisHaveOneSpeakerEach holds rule 3: one writer per fact.
func TestSQLAndRedisHaveOneSpeakerEach(t *testing.T) {
	t.Parallel()
	speakers := map[string][]string{
		"github.com/jackc/pgx/": {
			"internal/store", "internal/store/db", "internal/localdb", "internal/jobs", "migrations", "internal/testkit",
			"cmd/converse", // hands a transaction of the store on to the job queue
		},
		"github.com/redis/go-redis/": {"internal/bus", "cmd/converse", "internal/testkit"},
		"github.com/minio/minio-go/": {"media", "internal/testkit"},
	}
	for _, p := range list(t) {
		name := strings.TrimPrefix(p.ImportPath, "converse/")
		for library, may := range speakers {
			for _, imported := range p.Imports {
				if strings.HasPrefix(imported, library) && !slices.Contains(may, name) {
					t.Errorf("%s must not import %s", name, imported)
				}
			}
		}
	}
}

// entry is the map's key for a package.
func entry(name string) string {
	if _, ok := allowed[name]; ok {
		return name
	}
	for key := range allowed {
		if below(key, name) {
			return key
		}
	}
	return name
}

func below(pattern, name string) bool {
	prefix, ok := strings.CutSuffix(pattern, "…")
	return ok && strings.HasPrefix(name, prefix)
}

func permits(may []string, imported string) bool {
	return slices.ContainsFunc(may, func(m string) bool { return m == imported || below(m, imported) })
}

func list(t *testing.T) []listed {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "converse/...").Output()
	require.NoError(t, err)
	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, p)
	}
}
