package exchange

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"converse/channels"
	"converse/channels/answer"
	"converse/internal/account"
	"converse/internal/chat"
)

const (
	// mostKept is how much is kept of a head or a body, in bytes.
	mostKept = 4 << 10
	// mostHeard is how much is listened to: what is cut off must not leave half a secret
	// within what is kept.
	mostHeard = 2 * mostKept
	// longestURL is how much is kept of an address.
	longestURL = 1 << 10
	hidden     = "[redacted]"
)

// heard is an exchange as it was, before secrets are taken out. That is done in the
// background: calls do not wait for it.
type heard struct {
	open       account.Open
	about      About
	at         time.Time
	took       time.Duration
	request    *http.Request
	said       []byte
	size       int64
	status     int
	head       http.Header
	answer     []byte
	answerSize int64
	err        error
}

// exchange is what is kept of it.
func (h *heard) exchange() chat.Exchange {
	secrets := secretsOf(h.open)
	out := chat.Exchange{
		ID: chat.NewID[chat.ExchangeID](), Org: h.open.Org, Connector: h.open.Account.Connector, Message: h.about.Message,
		Purpose: h.about.Purpose, At: h.at, Took: h.took, Status: h.status, RequestSize: h.size, AnswerSize: h.answerSize,
		Method: h.request.Method, URL: chat.Clip(h.address(secrets), longestURL),
		RequestHead: chat.Clip(head(h.request.Header, secrets), mostKept), RequestBody: body(h.said, h.size, secrets),
		AnswerHead: chat.Clip(head(h.head, secrets), mostKept), AnswerBody: body(h.answer, h.answerSize, secrets),
	}
	if out.Method == "" {
		out.Method = http.MethodGet
	}
	if h.err != nil {
		out.Error = chat.Clip(plain(answer.Redact(words(h.err), secrets)), 500)
	}
	return out
}

// words are what an error says without an address.
func words(err error) string {
	var worded interface{ Words() string }
	if errors.As(err, &worded) {
		return worded.Words()
	}
	return err.Error()
}

// secretsOf lists all that must not be read in the log: what the adapter names, and
// everything that an administrator entered as a secret.
func secretsOf(open account.Open) []string {
	out := channels.SecretsOf(open.Adapter, open.Account)
	for _, secret := range open.Account.Secrets {
		out = append(out, secret)
	}
	return append(out, open.Endpoint)
}

// address is where it was called. What a file's address says after its path opens the file.
func (h *heard) address(secrets []string) string {
	if h.request.URL == nil {
		return ""
	}
	u := *h.request.URL
	u.User, u.Fragment = nil, ""
	if h.about.Purpose == chat.PurposeMedia && u.RawQuery != "" {
		u.RawQuery = ""
		return plain(answer.Redact(u.String(), secrets)) + "?" + hidden
	}
	if query, err := url.ParseQuery(u.RawQuery); err == nil {
		u.RawQuery = ""
		return plain(answer.Redact(u.String(), secrets)) + queryOf(query, secrets)
	}
	return plain(answer.Redact(u.String(), secrets))
}

func queryOf(query url.Values, secrets []string) string {
	var out strings.Builder
	for _, name := range sorted(query) {
		for _, value := range query[name] {
			if confidential(name) {
				value = hidden
			}
			sign := "&"
			if out.Len() == 0 {
				sign = "?"
			}
			out.WriteString(sign + url.QueryEscape(name) + "=" + strings.ReplaceAll(url.QueryEscape(answer.Redact(value, secrets)), url.QueryEscape(hidden), hidden))
		}
	}
	return plain(answer.Redact(out.String(), secrets))
}

// head are the lines of a header.
func head(h http.Header, secrets []string) string {
	var out strings.Builder
	for _, name := range sorted(h) {
		for _, value := range h[name] {
			if confidential(name) {
				value = hidden
			}
			out.WriteString(name + ": " + plain(answer.Redact(value, secrets)) + "\n")
		}
	}
	return out.String()
}

func sorted(values map[string][]string) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// confidential reports whether a header or a parameter of that name is a credential,
// whatever its value.
func confidential(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{
		"authorization", "cookie", "token", "secret", "password", "apikey", "api-key", "api_key", "signature", "credential", "assertion",
	}, func(word string) bool { return strings.Contains(name, word) })
}

// named is a field of JSON or of a form whose name says that its value is a credential.
var named = regexp.MustCompile(`(?i)([\w-]*(?:token|secret|password|api_?key|assertion)[\w-]*"?\s*[:=]\s*"?)[^"&\s,}]+`)

// body is the beginning of a body of that size.
func body(begins []byte, size int64, secrets []string) string {
	text := named.ReplaceAllString(answer.Redact(string(begins), secrets), "$1"+hidden)
	if int64(len(begins)) < size {
		// The end may be the beginning of a secret.
		longest := 0
		for _, secret := range secrets {
			longest = max(longest, len(secret))
		}
		text = text[:max(len(text)-4*longest-64, 0)]
	}
	return chat.Clip(plain(text), mostKept)
}

// plain is text that the database takes.
func plain(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}
