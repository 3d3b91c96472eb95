package auth_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/chat"
)

func TestWhichPasswordsAUserMayHave(t *testing.T) {
	t.Parallel()
	user := chat.User{Name: "Mira Lindqvist", Email: "mira.l@harbour.example"}
	policy := chat.AccountPolicy{PasswordMin: 12}
	for password, why := range map[string]string{
		"short":                        "at least 12 characters",
		"ünïcödé-äöü":                  "at least 12 characters", // characters count, not bytes
		strings.Repeat("abcdefgh", 17): "at most 128 characters",
		strings.Repeat("世界你好吗", 25) + "abcde": "at most 128 characters",
		"aaaaaaaaaaaa":               "different characters",
		"121212121212":               "different characters",
		"mira.l@harbour.example":     "your name",
		"Lindqvist1234":              "your name",
		"MiraLindqvist!":             "your name",
		"password1234":               "Many people",
		"Password123!":               "Many people",
		"qwertyuiop123":              "Many people",
		"1234567890ab":               "",
		"correct horse battery":      "",
		"Mira likes sailing at dawn": "",
		"ünïcödé-äöüß":               "",
		"converse-demo":              "",
	} {
		err := auth.CheckPassword(policy, "password", password, user)
		if why == "" {
			require.NoError(t, err, password)
			continue
		}
		said, ok := errors.AsType[*chat.Error](err)
		require.True(t, ok, password)
		require.Equal(t, "password", said.Field)
		require.Contains(t, said.Message, why, password)
		require.NotContains(t, said.Message, password, "it is not said back")
	}
	require.NoError(t, auth.CheckPassword(chat.AccountPolicy{PasswordMin: 10}, "password", "gravel-tin", user), "the org decides")
}
