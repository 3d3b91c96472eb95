package channeltest

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"converse/channels"
	"converse/channels/answer"
)

// plant gives an account secrets that are easy to find and that look different
// raw, URL-escaped and in base64.
func plant(account channels.Account) channels.Account {
	planted := account
	planted.Secrets = make(map[string]string, len(account.Secrets))
	for name := range account.Secrets {
		planted.Secrets[name] = "canary+" + name + "/7&4=%2?"
	}
	if account.Token != "" {
		planted.Token = "canary+token/7&4=%2?"
	}
	return planted
}

// leaks names the secrets that a text gives away. The webhook's address is none to the
// provider, but it is to everybody who reads an error or a trace.
func leaks(account channels.Account, what, text string) problems {
	var found problems
	if account.Token != "" && holds(text, account.Token) {
		found.addf("%s shows the access token", what)
	}
	for _, name := range slices.Sorted(maps.Keys(account.Secrets)) {
		if secret := account.Secrets[name]; secret != "" && holds(text, secret) {
			found.addf("%s shows the secret %q", what, name)
		}
	}
	return found
}

var percentEscape = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

// unescaped undoes every %XX, so that a secret is found however much of it was
// escaped.
func unescaped(text string) string {
	return percentEscape.ReplaceAllStringFunc(text, func(escape string) string {
		value, _ := strconv.ParseUint(escape[1:], 16, 8)
		return string([]byte{byte(value)})
	})
}

var base64Run = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}`)

func holds(text, secret string) bool {
	if len(text) < len(secret) {
		return false
	}
	if strings.Contains(unescaped(text), secret) {
		return true
	}
	for _, form := range answer.Forms(secret) {
		if strings.Contains(text, form) {
			return true
		}
	}
	// A secret may be part of something longer in base64, at any of three offsets.
	toStandard := strings.NewReplacer("-", "+", "_", "/")
	for _, run := range base64Run.FindAllString(text, -1) {
		for offset := range min(4, len(run)) {
			part := toStandard.Replace(run[offset:])
			decoded, err := base64.RawStdEncoding.DecodeString(part[:len(part)/4*4])
			if err == nil && strings.Contains(string(decoded), secret) {
				return true
			}
		}
	}
	return false
}

var placeholder = regexp.MustCompile(`\{\{(?:(url|base64) )?([a-z_:]+)\}\}`)

// fill replaces {{name}}, {{url name}} and {{base64 name:name}} by the account's
// secrets and settings; names joined by a colon give their values joined by a colon. account_token
// and webhook_url are names too.
func fill(text string, account channels.Account) (string, error) {
	var unknown error
	filled := placeholder.ReplaceAllStringFunc(text, func(match string) string {
		parts := placeholder.FindStringSubmatch(match)
		var values []string
		for name := range strings.SplitSeq(parts[2], ":") {
			value, ok := account.Secrets[name]
			if !ok {
				value, ok = account.Settings[name]
			}
			switch name {
			case "account_token":
				value, ok = account.Token, true
			case "webhook_url":
				value, ok = account.WebhookURL, true
			}
			if !ok {
				unknown = fmt.Errorf("fill in %s: the account has no secret %q", match, name)
			}
			values = append(values, value)
		}
		value := strings.Join(values, ":")
		switch parts[1] {
		case "url":
			return url.QueryEscape(value)
		case "base64":
			return base64.StdEncoding.EncodeToString([]byte(value))
		}
		return value
	})
	return filled, unknown
}
