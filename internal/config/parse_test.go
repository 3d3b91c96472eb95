package config_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/config"
)

// key is 32 bytes in base64, made up.
const (
	key      = "Y2FuYXJ5LWtleS1vZi10aGlydHktdHdvLWJ5dGVzISE="
	otherKey = "YW5vdGhlci1rZXktb2YtdGhpcnR5LXR3by1ieXRlcy4="
)

// needs is the least that serve takes.
func needs() map[string]string {
	return map[string]string{
		"CONVERSE_PUBLIC_URL":   "https://chat.example.com",
		"CONVERSE_DATABASE_URL": "postgres://converse:canary-db@db.example.test/converse",
		"CONVERSE_REDIS_URL":    "redis://:canary-redis@cache.example.test:6379",
		"CONVERSE_MEDIA_DIR":    "/srv/media",
		"CONVERSE_MASTER_KEY":   key,
	}
}

func with(changes map[string]string) map[string]string {
	env := needs()
	maps.Copy(env, changes)
	return env
}

func parse(env map[string]string, args ...string) (any, error) {
	return config.Parse(args, func(name string) (string, bool) { v, ok := env[name]; return v, ok }, new(bytes.Buffer))
}

func parsed[T any](t *testing.T, env map[string]string, args ...string) T {
	t.Helper()
	command, err := parse(env, args...)
	require.NoError(t, err)
	got, ok := command.(T)
	require.True(t, ok, "%T", command)
	return got
}

func TestDevNeedsNothing(t *testing.T) {
	t.Parallel()
	dev := parsed[*config.Dev](t, nil, "dev")
	require.Equal(t, &config.Dev{
		Data: "./data", Listen: "127.0.0.1:8080", InternalListen: "127.0.0.1:8081", SandboxListen: "127.0.0.1:8082",
		Leads: 500, FileTries: 4, Log: config.Log{LogLevel: "info"},
	}, dev)
	dev = parsed[*config.Dev](t, nil, "dev", "--data", "/tmp/x", "--listen=:0", "--internal-listen=:0", "--sandbox-listen=:0",
		"--leads=0", "--seed-date=2026-11-21")
	require.Equal(t, "2026-11-21", dev.SeedDate.String())
	require.Zero(t, dev.Leads)
}

func TestServeReadsTheEnvironment(t *testing.T) {
	t.Parallel()
	serve := parsed[*config.Serve](t, with(map[string]string{
		"CONVERSE_LISTEN": "127.0.0.1:0", "CONVERSE_DRAIN_TIMEOUT": "5s", "CONVERSE_ALLOW_PRIVATE": "127.0.0.1:8082,10.0.0.0/8",
		"CONVERSE_MAX_BODY": "1MiB", "CONVERSE_PUBLIC_URL": "http://localhost:8080/", "CONVERSE_NODE_NAME": "node-a",
	}), "serve")
	require.Equal(t, "127.0.0.1:0", serve.Listen)
	require.Equal(t, "127.0.0.1:8081", serve.InternalListen)
	require.Equal(t, "http://localhost:8080", serve.PublicURL)
	require.Equal(t, 5*time.Second, serve.DrainTimeout)
	require.Equal(t, time.Minute, serve.SendLease)
	require.Equal(t, []int{32, 4, 12}, []int{serve.Uploads, serve.UploadsPerUser, serve.FileTries})
	require.Equal(t, config.MiB, serve.MaxBody)
	require.Equal(t, 20, serve.DatabaseConns)
	require.Equal(t, []string{"127.0.0.1:8082", "10.0.0.0/8"}, serve.AllowPrivate)
	require.Equal(t, "node-a", serve.NodeName)
	require.Equal(t, "postgres://converse:canary-db@db.example.test/converse", serve.DatabaseURL.Reveal())
	keys, err := serve.MasterKeys()
	require.NoError(t, err)
	require.Equal(t, []config.Secret{key}, keys)
}

func TestAFlagBeatsTheEnvironmentAndEmptyIsNotSet(t *testing.T) {
	t.Parallel()
	serve := parsed[*config.Serve](t, with(map[string]string{"CONVERSE_LISTEN": ":1", "CONVERSE_S3_ENDPOINT": "", "CONVERSE_LOG_LEVEL": ""}),
		"serve", "--listen", ":2")
	require.Equal(t, ":2", serve.Listen)
	require.Equal(t, "info", serve.LogLevel)
	require.Regexp(t, `^.+-\d+$`, serve.NodeName)
}

func TestAVariableOfAnotherCommandDoesNoHarm(t *testing.T) {
	t.Parallel()
	parsed[*config.Sandbox](t, map[string]string{"CONVERSE_LEADS": "many", "CONVERSE_MASTER_KEY": "short"}, "sandbox")
	parsed[*config.Version](t, map[string]string{"CONVERSE_LISTEN": "nonsense"}, "version")
}

func TestEveryMistakeIsOneLineThatNamesFlagAndVariable(t *testing.T) {
	t.Parallel()
	without := func(name string) map[string]string { env := needs(); delete(env, name); return env }
	set := func(name, value string) map[string]string { return with(map[string]string{name: value}) }
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "key")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	keyFile := func(path string) map[string]string {
		env := set("CONVERSE_MASTER_KEY_FILE", path)
		delete(env, "CONVERSE_MASTER_KEY")
		return env
	}
	for name, c := range map[string]struct {
		env  map[string]string
		args string
		flag string
		says string
	}{
		"no database":            {without("CONVERSE_DATABASE_URL"), "serve", "database-url", "is required"},
		"no database to migrate": {nil, "migrate", "database-url", "is required"},
		"no redis":               {without("CONVERSE_REDIS_URL"), "serve", "redis-url", "is required"},
		"no public url":          {without("CONVERSE_PUBLIC_URL"), "serve", "public-url", "is required"},
		"no place for files":     {without("CONVERSE_MEDIA_DIR"), "serve", "s3-endpoint", "--media-dir (CONVERSE_MEDIA_DIR)"},
		"no key":                 {without("CONVERSE_MASTER_KEY"), "serve", "master-key", "--master-key-file (CONVERSE_MASTER_KEY_FILE)"},
		"half an s3":             {set("CONVERSE_S3_ENDPOINT", "s3.example.test:9000"), "serve", "s3-bucket", "is required"},
		"s3 with a scheme":       {s3("https://s3.example.test"), "serve", "s3-endpoint", "without http://"},
		"two places for files":   {with(s3("s3.example.test")), "serve", "media-dir", "together"},
		"public url with path":   {set("CONVERSE_PUBLIC_URL", "https://example.com/chat"), "serve", "public-url", "nothing behind"},
		"public url, no scheme":  {set("CONVERSE_PUBLIC_URL", "example.com"), "serve", "public-url", "https://"},
		"public url, other":      {set("CONVERSE_PUBLIC_URL", "ftp://example.com"), "serve", "public-url", "https://"},
		"public url with query":  {set("CONVERSE_PUBLIC_URL", "https://example.com?a=canary"), "serve", "public-url", "https://"},
		"mysql":                  {set("CONVERSE_DATABASE_URL", "mysql://u:canary@host/db"), "serve", "database-url", "must be a PostgreSQL address"},
		"unreadable database":    {set("CONVERSE_DATABASE_URL", "postgres://u:canary%zz@host/db"), "serve", "database-url", "must be"},
		"redis without scheme":   {set("CONVERSE_REDIS_URL", "canary@host:6379"), "serve", "redis-url", "redis://host:6379"},
		"two sockets":            {set("CONVERSE_REDIS_URL", "unix:///a,unix:///b"), "serve", "redis-url", "redis://host:6379"},
		"mixed cluster":          {set("CONVERSE_REDIS_URL", "redis://a:1,rediss://b:1"), "serve", "redis-url", "one cluster"},
		"only commas":            {set("CONVERSE_REDIS_URL", ",,"), "serve", "redis-url", "one cluster"},
		"short key":              {set("CONVERSE_MASTER_KEY", "Y2FuYXJ5"), "serve", "master-key", "32 random bytes"},
		"key not base64":         {set("CONVERSE_MASTER_KEY", "canary!"), "serve", "master-key", "32 random bytes"},
		"three keys":             {set("CONVERSE_MASTER_KEY", key+","+otherKey+","+key), "serve", "master-key", "not 3"},
		"key and file":           {set("CONVERSE_MASTER_KEY_FILE", "/nowhere"), "serve", "master-key-file", "together"},
		"no such key file":       {keyFile("/nowhere"), "serve", "master-key-file", "cannot be read"},
		"empty key file":         {keyFile(file("\n")), "serve", "master-key-file", "not 0"},
		"wrong key file":         {keyFile(file("canary\n")), "serve", "master-key-file", "32 random bytes"},
		"listen":                 {set("CONVERSE_LISTEN", "localhost"), "serve", "listen", "host:port"},
		"listen on a big port":   {set("CONVERSE_LISTEN", ":70000"), "serve", "listen", "host:port"},
		"two on one address":     {set("CONVERSE_LISTEN", "127.0.0.1:8081"), "serve", "internal-listen", "must differ from --listen"},
		"sandbox on dev's":       {nil, "dev --sandbox-listen 127.0.0.1:8080", "sandbox-listen", "must differ from --listen"},
		"allow list":             {set("CONVERSE_ALLOW_PRIVATE", "10.0.0.1"), "serve", "allow-private", "not \"10.0.0.1\""},
		"allow list of doctor":   {nil, "doctor --allow-private :80", "allow-private", "not \":80\""},
		"drain too short":        {set("CONVERSE_DRAIN_TIMEOUT", "1ms"), "serve", "drain-timeout", "between 1s and 10m0s"},
		"lease too short":        {set("CONVERSE_SEND_LEASE", "9s"), "serve", "send-lease", "between 10s and 10m0s"},
		"drain not a time":       {set("CONVERSE_DRAIN_TIMEOUT", "soon"), "serve", "drain-timeout", "duration"},
		"body too large":         {set("CONVERSE_MAX_BODY", "1GiB"), "serve", "max-body", "between 64KiB and 64MiB, not 1GiB"},
		"body not a size":        {set("CONVERSE_MAX_BODY", "4MB"), "serve", "max-body", "such as 4MiB"},
		"body overflows":         {set("CONVERSE_MAX_BODY", "9223372036854775807GiB"), "serve", "max-body", "such as 4MiB"},
		"negative body":          {set("CONVERSE_MAX_BODY", "-1"), "serve", "max-body", "such as 4MiB"},
		"connections":            {set("CONVERSE_DATABASE_CONNS", "0"), "serve", "database-conns", "between 4 and 1000"},
		"proxies":                {set("CONVERSE_TRUST_PROXIES", "10.0.0.0/8,balancer"), "serve", "trust-proxies", "such as 10.1.0.0/16"},
		"node name":              {set("CONVERSE_NODE_NAME", "node a"), "serve", "node-name", "dashes"},
		"log level":              {set("CONVERSE_LOG_LEVEL", "loud"), "serve", "log-level", "must be one of"},
		"leads":                  {nil, "dev --leads 100001", "leads", "between 0 and 100000"},
		"file tries":             {nil, "dev --file-tries 0", "file-tries", "between 1 and 20"},
		"leads not a number":     {map[string]string{"CONVERSE_LEADS": "many"}, "dev", "leads", "int"},
		"seed date":              {nil, "dev --seed-date yesterday", "seed-date", "such as 2026-11-21"},
		"flag without value":     {nil, "dev --listen", "listen", "needs a value"},
		"not yes or no":          {nil, "doctor --s3-insecure=maybe", "s3-insecure", "true"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(c.env, strings.Fields(c.args)...)
			require.Error(t, err)
			var stderr bytes.Buffer
			require.Equal(t, 2, config.Exit(err, &stderr))
			line := stderr.String()
			require.True(t, strings.HasPrefix(line, "converse: --"+c.flag+" ("+config.Variable(c.flag)+") "), line)
			require.Contains(t, line, c.says)
			require.Equal(t, 1, strings.Count(line, "\n"), line)
			require.NotContains(t, line, "canary")
			require.NotContains(t, line, key)
		})
	}
}

func s3(endpoint string) map[string]string {
	env := needs()
	delete(env, "CONVERSE_MEDIA_DIR")
	env["CONVERSE_S3_ENDPOINT"], env["CONVERSE_S3_BUCKET"] = endpoint, "media"
	env["CONVERSE_S3_ACCESS_KEY"], env["CONVERSE_S3_SECRET_KEY"] = "access", "canary-s3"
	return env
}

func TestOtherMistakesAreOneLineToo(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"dance", "dev --dance", "dev now", "serve --s3"} {
		_, err := parse(needs(), strings.Fields(args)...)
		var stderr bytes.Buffer
		require.Equal(t, 2, config.Exit(err, &stderr), args)
		require.Equal(t, 1, strings.Count(stderr.String(), "\n"), stderr.String())
	}
}

func TestHelpIsPrintedAndNamesVariables(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"serve", "--help"}, {"serve", "-h"}, {}, {"--help"}} {
		var out bytes.Buffer
		_, err := config.Parse(args, func(string) (string, bool) { return "", false }, &out)
		require.ErrorIs(t, err, config.ErrHelp)
		var stderr bytes.Buffer
		require.Zero(t, config.Exit(err, &stderr))
		require.Empty(t, stderr.String())
		require.Contains(t, out.String(), "Usage: converse")
		if len(args) > 1 {
			require.Contains(t, out.String(), "$CONVERSE_DATABASE_URL")
		}
	}
}

func TestEveryFormOfASettingIsTaken(t *testing.T) {
	t.Parallel()
	keys := filepath.Join(t.TempDir(), "keys")
	require.NoError(t, os.WriteFile(keys, []byte(key+"\n"+otherKey+"\n"), 0o600))
	for name, env := range map[string]map[string]string{
		"s3":               s3("s3.example.test:9000"),
		"words for a dsn":  with(map[string]string{"CONVERSE_DATABASE_URL": "host=/run/pg user=converse dbname=converse"}),
		"database socket":  with(map[string]string{"CONVERSE_DATABASE_URL": "postgres://converse@/converse?host=/run/pg&sslmode=disable"}),
		"redis socket":     with(map[string]string{"CONVERSE_REDIS_URL": "unix:///run/redis.sock"}),
		"redis with tls":   with(map[string]string{"CONVERSE_REDIS_URL": "rediss://user:pass@a.example.test:6380/1"}),
		"redis cluster":    with(map[string]string{"CONVERSE_REDIS_URL": "redis://a:1, redis://b:2,redis://c:3"}),
		"two keys":         with(map[string]string{"CONVERSE_MASTER_KEY": key + "," + otherKey}),
		"key, url letters": with(map[string]string{"CONVERSE_MASTER_KEY": strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(key), "=")}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parsed[*config.Serve](t, env, "serve")
		})
	}
	env := with(map[string]string{"CONVERSE_MASTER_KEY_FILE": keys})
	delete(env, "CONVERSE_MASTER_KEY")
	got, err := parsed[*config.Serve](t, env, "serve").MasterKeys()
	require.NoError(t, err)
	require.Equal(t, []config.Secret{key, otherKey}, got)
	require.Equal(t, []string{"redis://a:1", "redis://b:2"}, config.Address("redis://a:1, redis://b:2,").List())
}

func TestDoctorRunsWithoutSettingsAndListsThem(t *testing.T) {
	t.Parallel()
	doctor := parsed[*config.Doctor](t, nil, "doctor", "--json")
	require.True(t, doctor.JSON)
	require.Equal(t, 10*time.Second, doctor.Timeout)
	missing := doctor.Missing()
	require.Len(t, missing, 5)
	require.ErrorContains(t, missing[0], "CONVERSE_PUBLIC_URL")
	require.Empty(t, parsed[*config.Doctor](t, needs(), "doctor").Missing())
}
