// Package twilio plays Twilio's Programmable Messaging: SMS, MMS and WhatsApp on one
// account, with the message log, Content templates and the lists of numbers.
//
// It is written from Twilio's OpenAPI documents and guides and must not share code with
// the adapter it is there to test. It enforces what is documented: credentials, the form
// of addresses, lengths, what goes with what, how many files of which types and sizes,
// templates and WhatsApp's window, whose violation is reported later, as Twilio does. It
// fetches the files of a message by their links, and posts webhooks the way Twilio signs
// them: over the address, the query included, and the fields.
package twilio

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// Provider is the name of the provider in accounts, faults and the journal.
const Provider = "twilio"

// Side plays the provider. Make one with New.
type Side struct {
	stage *stage.Stage
	mux   *http.ServeMux

	mu       sync.Mutex            // guards the fields below
	contents map[string][]*content // made by calls, by account
	stops    map[line]bool         // leads who do not take texts of a number
}

// New makes a side that stands on the stage.
func New(on *stage.Stage) *Side {
	s := &Side{stage: on, mux: http.NewServeMux(), contents: map[string][]*content{}, stops: map[line]bool{}}
	for pattern, handle := range map[string]func(*stage.Account, http.ResponseWriter, *http.Request){
		"GET /2010-04-01/Accounts/{account}":                               s.account,
		"GET /2010-04-01/Accounts/{account}/Messages.json":                 s.listMessages,
		"GET /2010-04-01/Accounts/{account}/Messages/{message}":            s.message,
		"GET /2010-04-01/Accounts/{account}/Messages/{message}/Media.json": s.listMedia,
		"GET /2010-04-01/Accounts/{account}/Messages/{message}/Media/{id}": s.media,
		"GET /2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json":     s.numbers,
		"GET /v2/Channels/Senders":                                         s.senders,
		"GET /v1/ContentAndApprovals":                                      s.listContents,
		"POST /v1/Content":                                                 s.makeContent,
		"GET /v1/Content/{content}":                                        s.content,
		"DELETE /v1/Content/{content}":                                     s.dropContent,
		"POST /v1/Content/{content}/ApprovalRequests/whatsapp":             s.submit,
		"GET /v1/Content/{content}/ApprovalRequests":                       s.approvals,
	} {
		s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			account, denied := s.authorize(r)
			if denied != nil {
				denied.Write(w)
				return
			}
			handle(account, w, r)
		})
	}
	s.mux.HandleFunc("POST /2010-04-01/Accounts/{account}/Messages.json", s.send)
	s.mux.HandleFunc("GET /twilio-storage/{id}/{key}", s.storage)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		failure(http.StatusNotFound, 20404, "The requested resource "+r.URL.Path+" was not found").Write(w)
	})
	return s
}

// Traits says what the provider is like for SMS. Twilio tries a webhook twice, and no
// long-term repetition is documented.
func (s *Side) Traits() stage.Traits {
	return stage.Traits{
		Provider: Provider, Channel: chat.ChannelSMS, Retries: 1, Unreachable: "30003",
		Reports: []chat.Status{chat.StatusSent, chat.StatusDelivered, chat.StatusFailed},
		Kinds: []chat.MessageKind{
			chat.KindText, chat.KindImage, chat.KindVideo, chat.KindAudio, chat.KindDocument, chat.KindSticker,
		},
	}
}

// TraitsOf says what it is like for the channel of a number.
func (s *Side) TraitsOf(sender stage.Sender) stage.Traits {
	traits := s.Traits()
	if sender.Channel != chat.ChannelWhatsApp {
		return traits
	}
	traits.Channel, traits.Window, traits.Unreachable = chat.ChannelWhatsApp, true, "63024"
	traits.Reports = append(traits.Reports, chat.StatusRead)
	traits.Kinds = append(traits.Kinds, chat.KindLocation, chat.KindButton, kindInteractive)
	return traits
}

// kindInteractive is a tap on a button of a message within the window.
const kindInteractive chat.MessageKind = "interactive"

// Owns reports whether a path belongs to the API.
func (s *Side) Owns(path string) bool {
	for _, prefix := range []string{"/2010-04-01/", "/v1/Content", "/v2/Channels/", "/twilio-storage/"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

func (s *Side) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// NewID makes a message SID.
func (s *Side) NewID(chat.Direction, stage.Party) string { return newSID("SM") }

// newSID makes an id of Twilio's: two letters and 32 hex digits.
func newSID(kind string) string {
	return fmt.Sprintf("%s%016x%016x", kind, rand.Uint64(), rand.Uint64())
}
