package forget

import (
	"encoding/base64"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/store"
)

func TestALeadIsFoundHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	f := newFinder(store.Wanted{Numbers: []string{"12025550123"}, Words: []string{"asha@example.com", "US.13491208655302741918"}})
	for name, body := range map[string]string{
		"E.164":                        `{"from":"+12025550123"}`,
		"without the plus":             `{"wa_id":"12025550123"}`,
		"without the country":          `{"caller":"2025550123"}`,
		"as people write it":           `{"caller":"(202) 555-0123"}`,
		"with dots":                    `202.555.0123`,
		"in a form":                    `From=%2B12025550123&Body=hi`,
		"in a form with spaces":        `From=202+555+0123`,
		"in a form with escapes":       `From=202%20555%200123`,
		"an address":                   `{"email":"Asha@Example.com"}`,
		"an address in a form":         "email=" + url.QueryEscape("asha@example.com"),
		"an address escaped":           `{"email":"asha\u0040example.com"}`,
		"a user id":                    `{"user_id":"US.13491208655302741918"}`,
		"a message id with the number": "wamid." + base64.StdEncoding.EncodeToString([]byte("\x1d\x0b12025550123\x15\x02")),
		"shifted by one":               "wamid." + base64.StdEncoding.EncodeToString([]byte("\x1d12025550123\x15\x02")),
		"shifted by two":               "wamid." + base64.StdEncoding.EncodeToString([]byte("12025550123\x15\x02")),
	} {
		require.True(t, f.in(store.Callback{Body: []byte(body)}), name)
		require.True(t, f.in(store.Callback{Query: body}), name)
		require.True(t, f.in(store.Callback{Headers: map[string]string{"x": body}}), name)
	}
	for name, body := range map[string]string{
		"another number":  `{"from":"+12025550124"}`,
		"another address": `{"email":"asha.k@example.com"}`,
		"a time":          `{"timestamp":"1760000000"}`,
		"nothing":         ``,
	} {
		require.False(t, f.in(store.Callback{Body: []byte(body)}), name)
	}
}
