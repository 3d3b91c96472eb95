package main_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit"
)

// installation are the settings of real servers, an empty database and a Redis.
func installation(t testing.TB) map[string]string {
	t.Helper()
	return installationOn(t, testkit.EmptyPostgres(t).URL)
}

func installationOn(t testing.TB, address string) map[string]string {
	t.Helper()
	env := needs(t)
	database, err := url.Parse(address)
	require.NoError(t, err)
	database.User = url.UserPassword("converse", canary) // the cluster trusts who comes
	env["CONVERSE_DATABASE_URL"] = database.String()
	env["CONVERSE_REDIS_URL"] = "unix://" + testkit.Redis(t).Addr
	return env
}

// TestServe takes an installation from nothing to a node that runs.
func TestServe(t *testing.T) {
	t.Parallel()
	env := installation(t)
	administrator := strings.Fields("setup --org Harbour --admin-email Ada@example.com --admin-name")
	administrator = append(administrator, "Ada Moreau")

	unmigrated := run(t, env, "serve")
	require.Equal(t, 1, unmigrated.code)
	require.Contains(t, unmigrated.stderr, "run converse migrate")
	require.Empty(t, unmigrated.stdout)
	require.Contains(t, run(t, env, administrator...).complains(t, 1), "run converse migrate")

	first, second := run(t, env, "migrate"), run(t, env, "migrate")
	require.Zero(t, first.code, first.stderr)
	require.Contains(t, first.stderr, "database migrated")
	require.Zero(t, second.code, second.stderr)
	require.Contains(t, second.stderr, "up to date")

	made := run(t, env, administrator...)
	require.Zero(t, made.code, made.stderr)
	require.Equal(t, 1, strings.Count(made.stdout, "\n"))
	var org struct{ Logins []login }
	require.NoError(t, json.Unmarshal([]byte(made.stdout), &org))
	require.Len(t, org.Logins, 1)
	require.Equal(t, "ada@example.com", org.Logins[0].Email)
	require.GreaterOrEqual(t, len(org.Logins[0].Password), 20, "nobody guesses it")
	require.Contains(t, run(t, env, administrator...).complains(t, 1), "taken")

	p := start(t, env, "serve")
	require.Empty(t, p.ready.SandboxURL)
	require.Empty(t, p.ready.Connectors)
	require.Empty(t, p.ready.Logins)
	require.NotContains(t, p.stdout.String(), "logins", "the last three fields are the demo's")
	p.ready.Logins = org.Logins
	admin := p.signIn(t, "administrator")
	require.Equal(t, "Ada Moreau", admin.ok(t, "AuthService/GetSession", map[string]any{})["user"].(map[string]any)["name"])
	status, text := get(t, p.ready.URL+"/demo.json")
	require.False(t, status == http.StatusOK && strings.Contains(text, "password"), text)
	p.Signal(syscall.SIGTERM)
	require.Equal(t, "exit status 0", p.ended(t), p.stderr)
	for _, said := range []string{unmigrated.stderr, first.stderr, second.stderr, made.stderr, p.stderr.String(), p.stdout.String()} {
		saysNoSecret(t, said)
		require.NotContains(t, said, org.Logins[0].Password)
	}
}

// TestTheDemoOfAnInstallationIsPlayedFromAFile makes the demo in one program and plays
// its providers in another.
func TestTheDemoOfAnInstallationIsPlayedFromAFile(t *testing.T) {
	t.Parallel()
	env := installation(t)
	require.Zero(t, run(t, env, "migrate").code)
	made := run(t, env, "setup", "--demo", "--leads=20", "--provider-url=http://127.0.0.1:1")
	require.Zero(t, made.code, made.stderr)
	saysNoSecret(t, made.stdout)
	var out struct {
		Logins     []login
		Connectors []connector
		Sandbox    json.RawMessage
	}
	require.NoError(t, json.Unmarshal([]byte(made.stdout), &out))
	require.Len(t, out.Connectors, 5)
	require.NotEmpty(t, out.Logins)
	file := filepath.Join(testkit.Folder(t), "sandbox.json")
	require.NoError(t, os.WriteFile(file, out.Sandbox, 0o600))
	played := start(t, nil, "sandbox", "--listen=127.0.0.1:0", "--file", file)
	status, handsets := get(t, played.ready.SandboxURL+"/control/handsets?search="+guest)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, strings.ToLower(handsets), guest)
	played.Signal(syscall.SIGINT)
	require.Equal(t, "exit status 0", played.ended(t))
}

func TestVersionIsOneLine(t *testing.T) {
	t.Parallel()
	v := run(t, nil, "version")
	require.Zero(t, v.code)
	require.Regexp(t, `^converse .*go1\.\d+.*\n$`, v.stdout)
}
