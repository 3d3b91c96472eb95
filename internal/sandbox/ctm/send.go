package ctm

import (
	"crypto/subtle"
	"io"
	"mime"
	"net/http"
	"net/url"
	"unicode/utf8"

	"converse/internal/chat"
	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/stage"
)

const (
	// maxBody is how much of a request is read; a text has 1,600 characters.
	maxBody = 64 << 10
	// maxText is the longest text in characters.
	maxText = 1600
)

// send plays POST /accounts/{account}/sms.json.
func (s *Side) send(w http.ResponseWriter, r *http.Request) {
	attempt := stage.Attempt{Path: r.URL.Path, Kind: chat.KindText, Taken: taken, Refused: refused}
	form, problem := readForm(w, r)
	attempt.Text = form.Get("msg")
	to, dialable := stage.E164(form.Get("to"))
	attempt.To = to
	if !dialable {
		attempt.To = form.Get("to")
	}

	account, denied := s.authorize(r)
	if denied != nil {
		s.stage.Refuse(w, s, attempt, *denied)
		return
	}
	attempt.Account = account
	sender, known := findSender(account, form.Get("from"))
	attempt.Sender = sender
	switch {
	case problem != nil:
	case !known:
		problem = invalid("from", "is not a tracking number of this account")
	case form.Get("to") == "":
		problem = invalid("to", "can't be blank")
	case !dialable:
		problem = invalid("to", "is not a valid phone number")
	case attempt.Text == "":
		problem = invalid("msg", "can't be blank")
	case utf8.RuneCountInString(attempt.Text) > maxText:
		problem = invalid("msg", "is too long (maximum is 1600 characters)")
	}
	if problem != nil {
		s.stage.Refuse(w, s, attempt, *problem)
		return
	}
	s.stage.Perform(w, r, s, attempt)
}

// readForm reads the form of the body. CTM takes nothing else.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, *stage.Answer) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, failure(http.StatusRequestEntityTooLarge, "request too large")
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	form, err := url.ParseQuery(string(body))
	if kind != "application/x-www-form-urlencoded" || err != nil {
		return nil, failure(http.StatusNotAcceptable, "request is not a form")
	}
	return form, nil
}

// findSender takes the id of a tracking number or the number itself.
func findSender(account *stage.Account, from string) (stage.Sender, bool) {
	if sender, ok := account.SenderByRef(from); ok {
		return sender, true
	}
	address, ok := stage.E164(from)
	if !ok {
		return stage.Sender{}, false
	}
	return account.SenderByAddress(address)
}

// authorize checks the Basic credentials against the account in the path.
func (s *Side) authorize(r *http.Request) (*stage.Account, *stage.Answer) {
	key, secret, ok := r.BasicAuth()
	if !ok {
		return nil, unauthorized()
	}
	account, found := s.stage.Account(Provider, r.PathValue("account"))
	if found && same(key, account.Credentials.AccessKey) && same(secret, account.Credentials.SecretKey) {
		return account, nil
	}
	for _, other := range s.stage.Accounts() {
		if other.Provider == Provider && same(key, other.Credentials.AccessKey) && same(secret, other.Credentials.SecretKey) {
			if found {
				return nil, failure(http.StatusForbidden, "access denied")
			}
			return nil, failure(http.StatusNotFound, "account not found")
		}
	}
	return nil, unauthorized()
}

func same(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

func taken(id string, _ stage.Party, odd fault.Kind) stage.Answer {
	if odd == fault.WithID {
		return answer(http.StatusOK, map[string]any{"status": "processing", "id": id})
	}
	return answer(http.StatusOK, map[string]any{"status": "processing"})
}

func refused(kind fault.Kind, status int) stage.Answer {
	switch kind {
	case fault.Throttle:
		return *failure(status, "rate limit exceeded")
	case fault.BadCredentials:
		return *unauthorized()
	default:
		return *failure(status, http.StatusText(status))
	}
}

func answer(status int, value any) stage.Answer {
	return stage.Answer{Status: status, ContentType: "application/json; charset=utf-8", Body: encode(value)}
}

func failure(status int, reason string) *stage.Answer {
	a := answer(status, map[string]string{"status": "error", "reason": reason})
	return &a
}

func unauthorized() *stage.Answer {
	a := failure(http.StatusUnauthorized, "authentication failed")
	a.Header = http.Header{"Www-Authenticate": {`Basic realm="CallTrackingMetrics"`}}
	return a
}

// invalid is the answer to a request that breaks a rule: a map from fields to messages.
func invalid(field, message string) *stage.Answer {
	a := answer(http.StatusNotAcceptable, map[string][]string{field: {message}})
	return &a
}

func notFound(w http.ResponseWriter, _ *http.Request) {
	failure(http.StatusNotFound, "not found").Write(w)
}
