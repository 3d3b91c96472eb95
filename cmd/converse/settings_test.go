package main_test

import (
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit"
)

// Secrets that must never be seen. The key is 32 bytes in base64.
const (
	canary    = "canary-of-the-tests"
	masterKey = "Y2FuYXJ5LWtleS1vZi10aGlydHktdHdvLWJ5dGVzISE="
)

// needs is all that serve takes, at places where nobody is.
func needs(t testing.TB) map[string]string {
	t.Helper()
	return map[string]string{
		"CONVERSE_PUBLIC_URL":      "http://127.0.0.1:1",
		"CONVERSE_DATABASE_URL":    "postgres://converse:" + canary + "@127.0.0.1:1/converse",
		"CONVERSE_REDIS_URL":       "redis://:" + canary + "@127.0.0.1:1",
		"CONVERSE_MEDIA_DIR":       filepath.Join(testkit.Folder(t), "media"),
		"CONVERSE_MASTER_KEY":      masterKey,
		"CONVERSE_LISTEN":          "127.0.0.1:0",
		"CONVERSE_INTERNAL_LISTEN": "127.0.0.1:0",
	}
}

// saysNoSecret insists that nothing of what was set to be secret is in a text.
func saysNoSecret(t testing.TB, text string) {
	t.Helper()
	for _, secret := range []string{canary, masterKey, masterKey[:12]} {
		require.NotContains(t, text, secret)
	}
}

func TestAWrongSettingIsOneLineThatNamesIt(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { taken.Close() })
	file := filepath.Join(testkit.Folder(t), "file")
	require.NoError(t, os.WriteFile(file, []byte("not JSON "+canary), 0o600))
	set := func(name, value string) map[string]string {
		env := needs(t)
		env[name] = value
		if value == "" {
			delete(env, name)
		}
		return env
	}
	for name, c := range map[string]struct {
		env  map[string]string
		args string
		flag string
	}{
		"no port":              {nil, "dev --listen localhost", "listen"},
		"no such port":         {nil, "dev --internal-listen 127.0.0.1:99999", "internal-listen"},
		"not our address":      {nil, "dev --sandbox-listen 192.0.2.1:0 --listen 127.0.0.1:0 --internal-listen 127.0.0.1:0", "sandbox-listen"},
		"taken":                {nil, "dev --listen " + taken.Addr().String(), "listen"},
		"taken, of serve":      {set("CONVERSE_INTERNAL_LISTEN", taken.Addr().String()), "serve", "internal-listen"},
		"no database":          {set("CONVERSE_DATABASE_URL", ""), "serve", "database-url"},
		"no database, migrate": {nil, "migrate", "database-url"},
		"no database, setup":   {nil, "setup --org X --admin-name A --admin-email a@example.com", "database-url"},
		"odd database":         {set("CONVERSE_DATABASE_URL", "postgres://x:"+canary+"@h/db?sslmode=perhaps"), "serve", "database-url"},
		"odd database, doctor": {set("CONVERSE_DATABASE_URL", "mysql://"+canary), "doctor", "database-url"},
		"odd redis":            {set("CONVERSE_REDIS_URL", "redis://:"+canary+"@h:6379/first"), "serve", "redis-url"},
		"short key":            {set("CONVERSE_MASTER_KEY", masterKey[:30]), "serve", "master-key"},
		"no key file":          {map[string]string{"CONVERSE_MASTER_KEY_FILE": "/nonexistent"}, "doctor", "master-key-file"},
		"not a number":         {map[string]string{"CONVERSE_LEADS": "many"}, "dev", "leads"},
		"not a span":           {set("CONVERSE_DRAIN_TIMEOUT", "soon"), "serve", "drain-timeout"},
		"not a size":           {set("CONVERSE_MAX_BODY", "big"), "serve", "max-body"},
		"not a level":          {map[string]string{"CONVERSE_LOG_LEVEL": "loud"}, "dev", "log-level"},
		"media in a file":      {set("CONVERSE_MEDIA_DIR", filepath.Join(file, "media")), "serve", "media-dir"},
		"data in a file":       {nil, "dev --data " + file + " " + strings.Join(anywhere, " "), "data"},
		"no PostgreSQL there":  {nil, "dev --postgres-bin /nonexistent --data " + testkit.Folder(t) + " " + strings.Join(anywhere, " "), "postgres-bin"},
		"no org":               {needs(t), "connect --org Harbour --file " + file, "org"},
		"no account file":      {needs(t), "connect --org 00000000-0000-7000-8000-000000000000 --file /nonexistent", "file"},
		"no account":           {needs(t), "connect --org 00000000-0000-7000-8000-000000000000 --file " + file, "file"},
		"no key, connect":      {set("CONVERSE_MASTER_KEY", ""), "connect --org 00000000-0000-7000-8000-000000000000 --file " + file, "master-key"},
		"sandbox file":         {nil, "sandbox --listen 127.0.0.1:0 --file " + file, "file"},
		"no sandbox file":      {nil, "sandbox --listen 127.0.0.1:0 --file /nonexistent", "file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			line := run(t, c.env, strings.Fields(c.args)...).complains(t, 2)
			variable := "CONVERSE_" + strings.ToUpper(strings.ReplaceAll(c.flag, "-", "_"))
			require.True(t, strings.HasPrefix(line, "converse: --"+c.flag+" ("+variable+") "), line)
			saysNoSecret(t, line)
		})
	}
}

func TestACommandLineThatIsNoneIsOneLine(t *testing.T) {
	t.Parallel()
	for args, says := range map[string]string{"dev --dance": "--dance", "dance": "dance", "dev now": "now", "serve --s3": "--s3"} {
		require.Contains(t, run(t, needs(t), strings.Fields(args)...).complains(t, 2), says)
	}
}

// TestADatabaseThatIsAwayIsOneLine: nothing is wrong with the settings, so that the
// code is another.
func TestADatabaseThatIsAwayIsOneLine(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"migrate", "setup --org X --admin-name A --admin-email a@example.com"} {
		line := run(t, map[string]string{"CONVERSE_DATABASE_URL": needs(t)["CONVERSE_DATABASE_URL"]}, strings.Fields(args)...).complains(t, 1)
		require.Contains(t, line, "127.0.0.1:1")
		saysNoSecret(t, line)
	}
	serve := run(t, needs(t), "serve")
	require.Equal(t, 1, serve.code)
	require.Empty(t, serve.stdout)
	require.Contains(t, serve.stderr, "connection refused")
	saysNoSecret(t, serve.stderr)
}

var (
	commandLine = regexp.MustCompile(`(?m)^  ([a-z]+)( \[flags\])?$`)
	flagLine    = regexp.MustCompile(`(?m)^ +(?:-[a-z], )? *--([a-z0-9-]+)`)
)

func TestHelpNamesTheVariableOfEveryFlagAndNoSecret(t *testing.T) {
	t.Parallel()
	env := needs(t)
	env["CONVERSE_S3_SECRET_KEY"], env["CONVERSE_ADMIN_PASSWORD"] = canary, canary
	flags := map[string]bool{}
	top := run(t, env, "--help")
	require.Zero(t, top.code)
	commands := commandLine.FindAllStringSubmatch(top.stdout, -1)
	require.Len(t, commands, 8)
	for _, command := range commands {
		help := run(t, env, command[1], "--help")
		require.Zero(t, help.code, help.stderr)
		saysNoSecret(t, help.stdout+help.stderr)
		for _, flag := range flagLine.FindAllStringSubmatch(help.stdout, -1) {
			name := flag[1]
			if name != "help" {
				require.Contains(t, help.stdout, "$CONVERSE_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_"))+")", command[1])
				flags[name] = true
			}
		}
	}
	require.Greater(t, len(flags), 30, "%v", maps.Keys(flags))
}
