package channels

import (
	"net/url"
	"regexp"
	"strings"
)

// API is where the account's provider is called, without a trailing slash: its
// BaseURL, or else the public address.
func (a Account) API(public string) string {
	if a.BaseURL == "" {
		return public
	}
	return strings.TrimSuffix(a.BaseURL, "/")
}

// MayOpen reports whether a file's address, which came from outside, may be opened:
// over TLS, or in clear text where the API itself is, as in a sandbox.
func (a Account) MayOpen(public string, address *url.URL) bool {
	if address.Host == "" || address.User != nil {
		return false
	}
	sandbox := strings.HasPrefix(a.API(public), "http://")
	return address.Scheme == "https" || address.Scheme == "http" && sandbox
}

var phone = regexp.MustCompile(`^\+[1-9][0-9]{5,14}$`)

// IsPhone reports whether a value is a number in E.164 with its plus sign.
func IsPhone(value string) bool { return phone.MatchString(value) }
