package main_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit"
)

// TestDev runs one program from an empty folder through everything that is promised
// of it, then stops it, kills it and starts it again where it was.
func TestDev(t *testing.T) {
	t.Parallel()
	data := filepath.Join(testkit.Folder(t), "data")
	p := startDev(t, data)
	t.Run("the ready line has all that one needs", func(t *testing.T) { readyLineIsWhole(t, p) })
	t.Run("webhooks of one's own", func(t *testing.T) { webhooks(t, p) })
	t.Run("the doors", func(t *testing.T) { doors(t, p) })
	t.Run("the main job", func(t *testing.T) { mainJob(t, p) })
	t.Run("nobody else reaches the database", func(t *testing.T) { listensLocally(t, data) })
	t.Run("a second program is refused", func(t *testing.T) { secondIsRefused(t, data) })
	if !t.Failed() {
		comesBack(t, p, data)
	}
}

func readyLineIsWhole(t *testing.T, p *program) {
	r := p.ready
	for _, url := range []string{r.URL, r.InternalURL, r.SandboxURL} {
		require.Regexp(t, `^http://127\.0\.0\.1:[1-9]\d*$`, url)
	}
	require.Equal(t, r.SandboxURL+"/host/", r.HostURL)
	roles := map[string]bool{}
	for _, l := range r.Logins {
		require.Contains(t, l.Email, "@")
		require.NotEmpty(t, l.Password)
		roles[l.Role] = true
	}
	require.Equal(t, map[string]bool{"administrator": true, "sales_manager": true, "marketing_user": true, "sales_user": true}, roles)
	providers := map[string]bool{}
	for _, c := range r.Connectors {
		require.True(t, strings.HasPrefix(c.WebhookURL, r.URL+"/hooks/"+c.Provider+"/"), c.WebhookURL)
		require.NotEmpty(t, c.SigningSecret)
		require.Regexp(t, `^\+\d+$`, c.Sender)
		providers[c.Provider] = true
	}
	require.Equal(t, map[string]bool{"ctm": true, "gupshup": true, "ringcentral": true, "twilio": true, "whatsapp_cloud": true}, providers)
	require.Equal(t, 1, strings.Count(p.stdout.String(), "\n"), "standard output has the one line")
	logged := strings.Split(strings.TrimSpace(p.stderr.String()), "\n")
	require.NotEmpty(t, logged)
	for _, line := range logged {
		var entry struct{ Time, Level, Msg string }
		require.NoError(t, json.Unmarshal([]byte(line), &entry), line)
		require.NotEmpty(t, entry.Msg)
	}
}

func listensLocally(t *testing.T, data string) {
	postgres := postgresOf(t, data)
	require.Len(t, postgres, 1)
	require.Empty(t, listensOn(t, postgres[0]), "PostgreSQL is on no network port")
	ours := running(t, "converse\x00dev\x00", "\x00"+data+"\x00")
	require.Len(t, ours, 1)
	addresses := listensOn(t, ours[0])
	require.Len(t, addresses, 3)
	for _, address := range addresses {
		require.Regexp(t, `^0100007F:`, address, "on this machine alone")
	}
}

func secondIsRefused(t *testing.T, data string) {
	second := run(t, nil, append([]string{"dev", "--data", data}, anywhere...)...).complains(t, 2)
	require.Contains(t, second, "--data (CONVERSE_DATA)")
	require.Contains(t, second, "another program runs the database in this folder")
	require.Len(t, postgresOf(t, data), 1, "the first goes on")
}

// comesBack ends the program in every way, and finds what was there each time.
func comesBack(t *testing.T, p *program, data string) {
	t.Helper()
	conversation := p.signIn(t, "sales_user").talk(t, guest, "whatsapp")
	before := p.signIn(t, "sales_user").messages(t, conversation)
	require.NotEmpty(t, before)

	p.Signal(syscall.SIGTERM)
	require.Equal(t, "exit status 0", p.ended(t), p.stderr)
	require.Equal(t, 1, strings.Count(p.stdout.String(), "\n"), "it said nothing else")
	require.NotContains(t, p.stderr.String(), `"level":"ERROR"`)
	require.Empty(t, postgresOf(t, data))

	p = startDev(t, data)
	require.Equal(t, before, p.signIn(t, "sales_user").messages(t, conversation), "after a stop")
	p.Kill()
	noPostgres(t, data)

	p = startDev(t, data)
	c := p.signIn(t, "sales_user")
	require.Equal(t, before, c.messages(t, conversation), "after kill -9")
	c.becomes(t, conversation, c.template(t, conversation, "after")["id"], "delivered", "read")
	p.Signal(syscall.SIGINT)
	require.Equal(t, "exit status 0", p.ended(t), p.stderr)
	require.Empty(t, postgresOf(t, data))
}
