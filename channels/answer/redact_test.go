package answer_test

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"converse/channels/answer"
)

func TestRedactFindsASecretInEveryForm(t *testing.T) {
	t.Parallel()
	const secret = `s3cr+t/with "odd" & chars`
	quoted, err := json.Marshal(secret)
	require.NoError(t, err)
	escaped := url.QueryEscape(secret)
	for name, form := range map[string]string{
		"raw":            secret,
		"query":          escaped,
		"query, lower":   strings.NewReplacer("%2B", "%2b", "%2F", "%2f").Replace(escaped),
		"path":           url.PathEscape(secret),
		"json":           string(quoted),
		"base64":         base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 url":     base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"basic":          "Basic " + base64.StdEncoding.EncodeToString([]byte("account:"+secret)),
		"basic, as user": "Basic " + base64.StdEncoding.EncodeToString([]byte(secret+":")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := answer.Redact("before "+form+" after", []string{"", secret})
			require.Contains(t, got, "[redacted]")
			require.NotContains(t, got, strings.TrimPrefix(form, "Basic "))
			require.True(t, strings.HasPrefix(got, "before ") && strings.HasSuffix(got, " after"), got)
		})
	}
}

func TestRedactLeavesTheRestAlone(t *testing.T) {
	t.Parallel()
	require.Equal(t, "nothing to hide", answer.Redact("nothing to hide", []string{"secret", ""}))
	require.Equal(t, "[redacted] and [redacted]", answer.Redact("abc and abcdef", []string{"abc", "abcdef"}), "the longer one whole")
	encoded := base64.StdEncoding.EncodeToString([]byte("user:password"))
	require.Equal(t, "“[redacted]”", answer.Redact("“"+encoded+"”", []string{"password"}))
}

func TestRedactFindsASecretAnywhereInBase64(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[A-Za-z0-9!#$%]{6,40}`).Draw(t, "secret")
		before, after := rapid.StringN(0, 10, -1).Draw(t, "before"), rapid.StringN(0, 10, -1).Draw(t, "after")
		encoding := rapid.SampledFrom([]*base64.Encoding{
			base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding,
		}).Draw(t, "encoding")
		require.Equal(t, "[redacted]", answer.Redact(encoding.EncodeToString([]byte(before+secret+after)), []string{secret}))
	})
}
