package origin_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/origin"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://crm.example.com":       "https://crm.example.com",
		"  HTTPS://CRM.Example.COM/ ":   "https://crm.example.com",
		"https://crm.example.com:443":   "https://crm.example.com",
		"https://crm.example.com:8443":  "https://crm.example.com:8443",
		"https://bücher.example":        "https://xn--bcher-kva.example",
		"https://10.0.0.7:8443":         "https://10.0.0.7:8443",
		"https://[2001:DB8::1]":         "https://[2001:db8::1]",
		"http://localhost:3000":         "http://localhost:3000",
		"http://localhost:80":           "http://localhost",
		"http://crm.localhost:3000":     "http://crm.localhost:3000",
		"http://127.0.0.1:8090":         "http://127.0.0.1:8090",
		"http://[::1]:8090":             "http://[::1]:8090",
		"http://crm.example.com":        "",
		"http://127.0.0.1.evil.example": "",
		"http://localhost.evil.example": "",
		"crm.example.com":               "",
		"//crm.example.com":             "",
		"https://":                      "",
		"https:///deals":                "",
		"https://crm.example.com/deals": "",
		"https://crm.example.com?a=b":   "",
		"https://crm.example.com#top":   "",
		"https://me@crm.example.com":    "",
		"https://*.example.com":         "",
		"https://crm example.com":       "",
		"https://crm.example.com.":      "",
		"https://crm_.example.com":      "",
		"ftp://crm.example.com":         "",
		"javascript:alert(1)":           "",
		"file:///etc/passwd":            "",
		"null":                          "",
		"*":                             "",
		"":                              "",
		"https://" + strings.Repeat("a.", 150) + "example": "",
	} {
		got, err := origin.Parse(text)
		require.Equal(t, want, got, text)
		if want != "" {
			require.NoError(t, err, text)
			again, err := origin.Parse(got)
			require.NoError(t, err)
			require.Equal(t, got, again)
			continue
		}
		e, ok := err.(*chat.Error) //nolint:errorlint // it is the error itself
		require.True(t, ok, text)
		require.Equal(t, chat.CodeInvalid, e.Code)
		require.Equal(t, "origin", e.Field)
	}
}

func TestForeign(t *testing.T) {
	t.Parallel()
	own := []string{"https://chat.example.com"}
	for name, c := range map[string]struct {
		headers map[string]string
		foreign bool
	}{
		"a program":                {nil, false},
		"our own page":             {map[string]string{"Origin": "https://chat.example.com"}, false},
		"our page through a proxy": {map[string]string{"Origin": "http://localhost:5173", "Sec-Fetch-Site": "same-origin"}, false},
		"another page":             {map[string]string{"Origin": "https://crm.example.com", "Sec-Fetch-Site": "cross-site"}, true},
		"a sibling's":              {map[string]string{"Origin": "https://crm.example.com", "Sec-Fetch-Site": "same-site"}, true},
		"without an origin":        {map[string]string{"Origin": "null"}, true},
		"another port":             {map[string]string{"Origin": "https://chat.example.com:8443"}, true},
		"in clear text":            {map[string]string{"Origin": "http://chat.example.com"}, true},
	} {
		h := http.Header{}
		for k, v := range c.headers {
			h.Set(k, v)
		}
		from, foreign := origin.Foreign(h, own)
		require.Equal(t, c.foreign, foreign, name)
		require.Equal(t, c.headers["Origin"], from)
	}
}
