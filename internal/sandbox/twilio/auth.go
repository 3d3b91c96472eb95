package twilio

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/stage"
)

// authorize checks the Basic credentials: the account SID with the auth token, or an API
// key with its secret. A path that names an account must name that one.
func (s *Side) authorize(r *http.Request) (*stage.Account, *stage.Answer) {
	user, password, ok := r.BasicAuth()
	for _, account := range s.stage.Accounts() {
		if !ok || account.Provider != Provider {
			continue
		}
		key := account.Credentials.AccessKey
		token := same(user, account.AccountID) && same(password, account.SigningSecret)
		if !token && (key == "" || !same(user, key) || !same(password, account.Credentials.SecretKey)) {
			continue
		}
		named := strings.TrimSuffix(r.PathValue("account"), ".json")
		if named != "" && named != account.AccountID {
			return nil, failure(http.StatusNotFound, 20404, "The requested resource "+r.URL.Path+" was not found")
		}
		if itself := r.PathValue("account") != named; itself && !token {
			// A standard API key does not open the account itself (Twilio, "API keys").
			return nil, unauthorized()
		}
		return account, nil
	}
	return nil, unauthorized()
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func unauthorized() *stage.Answer {
	a := failure(http.StatusUnauthorized, 20003, "Authenticate")
	a.Header = http.Header{"Www-Authenticate": {`Basic realm="Twilio API"`}}
	return a
}

// failure is an error as Twilio writes it.
func failure(status, code int, message string) *stage.Answer {
	number := strconv.Itoa(code)
	a := answer(status, map[string]any{
		"code": code, "message": message, "more_info": "https://www.twilio.com/docs/errors/" + number, "status": status,
	})
	a.Code = number
	return &a
}

// refused is the answer to a send call that a fault turns away.
func refused(kind fault.Kind, status int) stage.Answer {
	switch kind { //nolint:exhaustive // the others have no answer of their own
	case fault.Throttle:
		return *failure(status, 20429, "Too Many Requests")
	case fault.BadCredentials:
		return *unauthorized()
	}
	return *failure(status, 20500, "An internal server error has occurred")
}

func answer(status int, value any) stage.Answer {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err) // made here of strings and numbers
	}
	return stage.Answer{Status: status, ContentType: "application/json", Body: data}
}
