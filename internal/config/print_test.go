package config_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/config"
)

func TestSettingsArePrintedWithoutSecrets(t *testing.T) {
	t.Parallel()
	env := s3("s3.example.test:9000")
	serve := parsed[*config.Serve](t, env, "serve")
	doctor := parsed[*config.Doctor](t, env, "doctor")
	migrate := parsed[*config.Migrate](t, env, "migrate")
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, command := range []any{serve, *serve, doctor, *doctor, migrate, *migrate, serve.MasterKey, serve.DatabaseURL, []config.Secret{serve.S3SecretKey}} {
			fmt.Fprintf(&out, verb+"\n", command)
		}
	}
	text, err := json.Marshal(serve)
	require.NoError(t, err)
	out.Write(text)
	for _, logger := range []*slog.Logger{slog.New(slog.NewJSONHandler(&out, nil)), slog.New(slog.NewTextHandler(&out, nil))} {
		logger.Info("starting", "settings", serve, "url", serve.DatabaseURL, "key", serve.MasterKey, "value", *serve)
	}
	printed := out.String()
	for _, secret := range []string{"canary", key, key[:12], fmt.Sprintf("%x", "canary")} {
		require.NotContains(t, printed, secret)
	}
	require.Contains(t, serve.String(), `database_url="postgres://db.example.test/converse (•••)"`)
	require.Contains(t, serve.String(), `s3_secret_key="•••"`)
	require.Contains(t, serve.String(), `s3_bucket="media"`)
	require.NotContains(t, serve.String(), "media_dir")
}

func TestAddressesHideWhatTheyMay(t *testing.T) {
	t.Parallel()
	for address, want := range map[config.Address]string{
		"":                                  "",
		"redis://a:1":                       "redis://a:1",
		"redis://u:canary@a:1,redis://b:2":  "redis://a:1 (•••),redis://b:2",
		"postgres://h/db?password=canary":   "postgres://h/db (•••)",
		"host=h password=canary":            "•••",
		"host=h password='can ary, canary'": "•••,•••",
		"postgres://u:canary%zz@h":          "•••",
		"redis:canary":                      "•••",
	} {
		require.Equal(t, want, address.String())
	}
}
