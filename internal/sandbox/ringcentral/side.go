// Package ringcentral plays RingCentral's SMS and MMS API: the JWT grant, sending,
// webhook subscriptions with their handshake, the message store with its sync,
// attachments, consents, and numbers.
//
// It is written from RingCentral's published guide and must not share code with the
// adapter it is there to test. A change of an outbound text is told by a count alone,
// as RingCentral does; how far the text came is in the message store. Tokens wear out,
// calls are counted in RingCentral's rate groups, and a subscription whose webhook does
// not answer for long is stopped for good.
package ringcentral

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// Provider is the name of the provider in accounts, faults and the journal.
const Provider = "ringcentral"

// Side plays the provider. Make one with New. Its lock is taken after the stage's, so
// nothing of the stage that locks is called under it.
type Side struct {
	stage *stage.Stage
	mux   *http.ServeMux

	mu            sync.Mutex // guards the fields below
	tokens        []token    // latest last
	rates         map[rateKey]*rate
	subscriptions map[string][]*subscription // by account, latest last
	// known are the accounts whose subscription of before has been made up.
	known    map[string]bool
	consents map[pair]consent
}

// New makes a side that stands on the stage.
func New(on *stage.Stage) *Side {
	s := &Side{
		stage: on, mux: http.NewServeMux(), rates: map[rateKey]*rate{}, subscriptions: map[string][]*subscription{},
		known: map[string]bool{}, consents: map[pair]consent{},
	}
	const user = "/restapi/v1.0/account/{account}/extension/{extension}"
	s.mux.HandleFunc("POST /restapi/oauth/token", s.grant)
	s.mux.HandleFunc("POST /restapi/oauth/revoke", s.revoke)
	s.handle("GET "+user, light, s.getUser)
	s.handle("GET "+user+"/phone-number", light, s.getNumbers)
	s.mux.HandleFunc("POST "+user+"/sms", s.send)
	s.mux.HandleFunc("POST "+user+"/mms", s.send)
	s.handle("GET "+user+"/message-store", light, s.listMessages)
	s.handle("GET "+user+"/message-store/{id}", light, s.getMessage)
	s.handle("GET "+user+"/message-store/{id}/content/{attachment}", medium, s.getContent)
	s.handle("GET "+user+"/message-sync", light, s.syncMessages)
	s.handle("POST /restapi/v1.0/subscription", medium, s.createSubscription)
	s.handle("GET /restapi/v1.0/subscription", light, s.listSubscriptions)
	s.handle("GET /restapi/v1.0/subscription/{id}", light, s.getSubscription)
	s.handle("PUT /restapi/v1.0/subscription/{id}", medium, s.renewSubscription)
	s.handle("POST /restapi/v1.0/subscription/{id}/renew", light, s.renewSubscription)
	s.handle("DELETE /restapi/v1.0/subscription/{id}", medium, s.deleteSubscription)
	s.handle("GET /restapi/v2/accounts/{account}/sms/consents", light, s.getConsents)
	s.handle("PATCH /restapi/v2/accounts/{account}/sms/consents", light, s.patchConsents)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { notFound("").Write(w) })
	return s
}

// handle routes calls that need a token, and counts them in a rate group.
func (s *Side) handle(pattern string, in group, do func(*stage.Account, *http.Request) stage.Answer) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		account, denied := s.admit(w, r, in)
		if denied != nil {
			denied.Write(w)
			return
		}
		do(account, r).Write(w)
	})
}

// admit checks the token, the rate and the path of a call.
func (s *Side) admit(w http.ResponseWriter, r *http.Request, in group) (*stage.Account, *stage.Answer) {
	account, denied := s.authorize(r)
	if denied != nil {
		return nil, denied
	}
	if denied = s.count(w, account.AccountID, in, time.Now()); denied != nil {
		return nil, denied
	}
	for _, name := range []string{"account", "extension"} {
		if id := r.PathValue(name); id != "" && id != "~" && id != account.AccountID {
			return nil, notFound(name + "Id")
		}
	}
	return account, nil
}

// Traits says what the provider is like. How often it repeats a webhook is not
// documented; a few times is enough for one that was missed.
func (s *Side) Traits() stage.Traits {
	return stage.Traits{
		Provider: Provider, Channel: chat.ChannelSMS, Retries: 2,
		Reports:     []chat.Status{chat.StatusSent, chat.StatusDelivered, chat.StatusFailed},
		Unreachable: "SMS-UP-410",
		Kinds:       []chat.MessageKind{chat.KindText, chat.KindImage, chat.KindVideo, chat.KindAudio, chat.KindDocument},
	}
}

// Owns reports whether a path belongs to the API.
func (s *Side) Owns(path string) bool { return strings.HasPrefix(path, "/restapi/") }

func (s *Side) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// NewID makes an id that no floating-point number holds exactly: whoever reads it as
// one gets another message's.
func (s *Side) NewID(chat.Direction, stage.Party) string {
	return strconv.FormatUint(1e16+2*rand.Uint64N(4e16)+1, 10)
}
