package channels_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
)

const public = "https://api.example.com"

func TestTheAPIIsPublicUnlessTheAccountSaysOtherwise(t *testing.T) {
	t.Parallel()
	require.Equal(t, public, channels.Account{}.API(public))
	require.Equal(t, "http://127.0.0.1:7070/meta", channels.Account{BaseURL: "http://127.0.0.1:7070/meta/"}.API(public))
}

func TestFilesAreOpenedInClearTextOnlyInASandbox(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]map[string]bool{
		"": {
			"https://files.example.com/1": true, "http://files.example.com/1": false, "ftp://files.example.com/1": false,
			"https://user:word@files.example.com/1": false, "/1": false, "file:///etc/passwd": false, "https:///1": false,
		},
		"http://127.0.0.1:7070":  {"http://127.0.0.1:7070/1": true, "https://files.example.com/1": true, "file:///etc/passwd": false},
		"https://127.0.0.1:7070": {"http://127.0.0.1:7070/1": false},
	} {
		for address, may := range want {
			parsed, err := url.Parse(address)
			require.NoError(t, err)
			require.Equal(t, may, channels.Account{BaseURL: base}.MayOpen(public, parsed), "%s %s", base, address)
		}
	}
}

func TestIsPhone(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"+12025550123": true, "+919876543210": true, "+123456": true, "+123456789012345": true,
		"": false, "+": false, "12025550123": false, "+02025550123": false, "+12345": false, "+1234567890123456": false,
		"+1 202 555 0123": false, "+12025550123\n": false, "+١٢٣٤٥٦٧": false,
	} {
		require.Equal(t, want, channels.IsPhone(value), value)
	}
}
