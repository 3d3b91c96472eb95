package ringcentral

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
	"time"

	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/stage"
)

const (
	jwtGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	// tokenLife is how long a token is good for.
	tokenLife = time.Hour
	// sessions is how many tokens of a user work at the same time; the oldest goes first.
	sessions = 5
	maxForm  = 64 << 10
)

// token opens the API to a user.
type token struct {
	value   string
	account string
	until   time.Time
}

// grant plays POST /restapi/oauth/token for the JWT grant. The account's access key and
// secret key are the client's id and secret, its access token the JWT.
func (s *Side) grant(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	account := s.client(r)
	if account == nil {
		oauth(http.StatusUnauthorized, "invalid_client", "OAU-123", "Client authentication is required").Write(w)
		return
	}
	if denied := s.count(w, account.AccountID, auth, time.Now()); denied != nil {
		denied.Write(w)
		return
	}
	_, wrong := s.stage.Faults().Pick(fault.BadCredentials, Provider, "")
	switch {
	case r.PostFormValue("grant_type") != jwtGrant:
		oauth(http.StatusBadRequest, "unsupported_grant_type", "OAU-250", "Unsupported grant type").Write(w)
	case wrong || !same(r.PostFormValue("assertion"), account.Credentials.AccessToken):
		oauth(http.StatusBadRequest, "invalid_grant", "OAU-251", "JWT token is not valid").Write(w)
	default:
		answer(http.StatusOK, object{
			"access_token": s.newToken(account.AccountID, time.Now()), "token_type": "bearer", "expires_in": int(tokenLife.Seconds()),
			"scope": "ReadAccounts ReadMessages SMS SubscriptionWebhook", "owner_id": account.AccountID, "endpoint_id": rand.Text(),
		}).Write(w)
	}
}

func oauth(status int, word, code, text string) *stage.Answer {
	a := answer(status, object{
		"error": word, "error_description": text, "errors": []object{{"errorCode": code, "message": text}},
	})
	return &a
}

// client finds the account whose app calls.
func (s *Side) client(r *http.Request) *stage.Account {
	id, secret, ok := r.BasicAuth()
	if !ok {
		return nil
	}
	for _, account := range s.stage.Accounts() {
		keys := account.Credentials
		if account.Provider == Provider && keys.AccessKey != "" && same(id, keys.AccessKey) && same(secret, keys.SecretKey) {
			return account
		}
	}
	return nil
}

func (s *Side) newToken(account string, now time.Time) string {
	fresh := token{value: rand.Text() + rand.Text(), account: account, until: now.Add(tokenLife)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = append(s.tokens, fresh)
	older := 0
	for _, t := range s.tokens {
		if t.account == account {
			older++
		}
	}
	s.tokens = slices.DeleteFunc(s.tokens, func(t token) bool {
		if t.account != account || older <= sessions {
			return false
		}
		older--
		return true
	})
	return fresh.value
}

// revoke plays POST /restapi/oauth/revoke.
func (s *Side) revoke(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if s.client(r) == nil {
		oauth(http.StatusUnauthorized, "invalid_client", "OAU-123", "Client authentication is required").Write(w)
		return
	}
	value := r.PostFormValue("token")
	s.mu.Lock()
	s.tokens = slices.DeleteFunc(s.tokens, func(t token) bool { return same(t.value, value) })
	s.mu.Unlock()
	answer(http.StatusOK, object{}).Write(w)
}

// authorize finds the account that a call's token opens.
func (s *Side) authorize(r *http.Request) (*stage.Account, *stage.Answer) {
	value, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return nil, refuse(http.StatusUnauthorized, "OAU-123", "Access token is missing", "")
	}
	s.mu.Lock()
	i := slices.IndexFunc(s.tokens, func(t token) bool { return same(t.value, value) })
	var found token
	if i >= 0 {
		found = s.tokens[i]
	}
	s.mu.Unlock()
	account, known := s.stage.Account(Provider, found.account)
	switch {
	case i < 0 || !known:
		return nil, unknownToken()
	case time.Now().After(found.until):
		return nil, refuse(http.StatusUnauthorized, "OAU-128", "Access token expired", "")
	}
	return account, nil
}

func unknownToken() *stage.Answer {
	return refuse(http.StatusUnauthorized, "OAU-129", "Access token corrupted", "")
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
