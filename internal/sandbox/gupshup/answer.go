package gupshup

import (
	"crypto/subtle"
	"io"
	"net/http"
	"net/url"
	"strings"

	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/stage"
)

// maxBody is how much of a request is read; a template of the largest size fits.
const maxBody = 256 << 10

// answer writes JSON under a content type that is not JSON's, as the API is seen to do.
func answer(status int, value any) stage.Answer {
	return stage.Answer{Status: status, ContentType: "text/html;charset=UTF-8", Body: encode(value)}
}

func failure(status int, message string) *stage.Answer {
	a := answer(status, map[string]string{"status": "error", "message": message})
	return &a
}

// taken is the answer to a message that was taken.
func taken(id string, _ stage.Party, odd fault.Kind) stage.Answer {
	out := map[string]string{"status": "submitted"}
	if odd != fault.NoID {
		out["messageId"] = id
	}
	return answer(http.StatusAccepted, out)
}

// refused is the answer for the faults that refuse a call.
func refused(kind fault.Kind, status int) stage.Answer {
	switch kind {
	case fault.Throttle:
		return *failure(status, "Too Many Requests")
	case fault.BadCredentials:
		return *failure(status, "Authentication Failed")
	default:
		return *failure(status, "Internal Server Error")
	}
}

// same compares a key that was shown with the account's.
func same(shown, want string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(shown), []byte(want)) == 1
}

// owner finds the account with an API key.
func (s *Side) owner(r *http.Request) (*stage.Account, bool) {
	for _, account := range s.stage.Accounts() {
		if account.Provider == Provider && same(r.Header.Get("apikey"), account.Credentials.AccessKey) {
			return account, true
		}
	}
	return nil, false
}

// partner lets a call through that shows the token of the app in its path.
func (s *Side) partner(call func(http.ResponseWriter, *http.Request, *stage.Account)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		account, found := s.stage.Account(Provider, r.PathValue("app"))
		if !found || !same(r.Header.Get("Authorization"), account.Credentials.AccessToken) {
			failure(http.StatusUnauthorized, "Authentication Failed").Write(w)
			return
		}
		call(w, r, account)
	}
}

// readForm reads the form in a request's body. Nothing else is taken.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return nil, false
	}
	form, err := url.ParseQuery(string(body))
	return form, err == nil
}
