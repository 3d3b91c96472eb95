package main_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheOperatorLetsTheLastAdministratorBackIn who has neither phone nor recovery codes:
// with the database and the master keys, and with nothing less.
func TestTheOperatorLetsTheLastAdministratorBackIn(t *testing.T) {
	t.Parallel()
	env := installation(t)
	require.Zero(t, run(t, env, "migrate").code)
	made := run(t, env, "setup", "--org=Harbour", "--admin-email=ada@example.com", "--admin-name=Ada Moreau")
	require.Zero(t, made.code, made.stderr)
	var org struct {
		Org    string
		Logins []login
	}
	require.NoError(t, json.Unmarshal([]byte(made.stdout), &org))
	reset := func(env map[string]string, email string) finished {
		return run(t, env, "reset-second-factor", "--email", email)
	}
	require.Contains(t, reset(env, "ada@example.com").complains(t, 1), "no second factor")

	p := start(t, env, "serve")
	p.ready.Logins = org.Logins
	lost := p.signIn(t, "administrator") // sets one up
	in := map[string]any{"email": "ada@example.com", "password": org.Logins[0].Password}
	require.Equal(t, true, lost.ok(t, "AuthService/LogIn", in)["secondFactorRequired"])

	stranger := maps.Clone(env)
	delete(stranger, "CONVERSE_MASTER_KEY")
	require.Contains(t, reset(stranger, "ada@example.com").complains(t, 2), "--master-key")
	stranger["CONVERSE_MASTER_KEY"] = base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 32)))
	require.Contains(t, reset(stranger, "ada@example.com").complains(t, 2), "not the key of this installation")
	require.Contains(t, reset(env, "nobody@example.com").complains(t, 1), "no active user")
	require.Contains(t, run(t, env, "reset-second-factor").complains(t, 2), "--email")
	require.Equal(t, true, lost.ok(t, "AuthService/LogIn", in)["secondFactorRequired"], "nothing has happened yet")
	lost.ok(t, "AuthService/GetSession", map[string]any{})

	done := reset(env, " Ada@Example.com ")
	require.Zero(t, done.code, done.stderr)
	require.Empty(t, done.stderr)
	saysNoSecret(t, done.stdout)
	var said struct {
		Org, Name     string
		SessionsEnded int `json:"sessions_ended"`
	}
	require.NoError(t, json.Unmarshal([]byte(done.stdout), &said))
	require.Equal(t, org.Org, said.Org)
	require.Equal(t, "Ada Moreau", said.Name)
	require.Positive(t, said.SessionsEnded)
	require.Eventually(t, func() bool {
		status, _ := postJSON(t, lost.client, lost.url+"/converse.v1.AuthService/GetSession", lost.token, map[string]any{})
		return status == http.StatusUnauthorized
	}, patience, tick, "what was signed in before goes on")

	back := p.signIn(t, "administrator") // with the password, and another second factor
	entries := list(back.ok(t, "AdminService/ListAudit", map[string]any{"action": "second_factor.reset"})["entries"])
	require.Len(t, entries, 1)
	require.Equal(t, "operator", entries[0]["via"])
	require.Empty(t, entries[0]["actorId"], "it was no user")
	require.Empty(t, back.ok(t, "AdminService/VerifyAudit", map[string]any{})["problem"])
}
