// Package gupshup plays Gupshup's WhatsApp API: session and template messages,
// callbacks of version 2 and 3, and the partner calls for subscriptions, templates and
// the state of a number.
//
// It is written from Gupshup's published pages and must not share code with the adapter
// it is there to test. It enforces the rules that are documented: the key, the app's
// name and number, digits only, lengths, file types and sizes, and the 24-hour service
// window, whose violation is reported later. Files of a message are fetched from their
// links. Rate limits are left to the faults.
package gupshup

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// Provider is the name of the provider in accounts, faults and the journal.
const Provider = "gupshup"

// Side plays the provider. Make one with New. An account's id is the app's id, its name
// the app's name; its access key is the API key, its access token the app's token.
type Side struct {
	stage  *stage.Stage
	mux    *http.ServeMux
	client *http.Client

	mu sync.Mutex // guards the fields below
	// orders are the subscriptions of each app, and handedIn its own templates.
	orders   map[string][]order
	handedIn map[string][]*submitted
	last     int
}

// New makes a side that stands on the stage.
func New(on *stage.Stage) *Side {
	s := &Side{
		stage: on, mux: http.NewServeMux(), client: &http.Client{Timeout: fetchTime, CheckRedirect: noRedirect},
		orders: map[string][]order{}, handedIn: map[string][]*submitted{},
	}
	s.mux.HandleFunc("POST /wa/api/v1/msg", s.sendSession)
	s.mux.HandleFunc("POST /wa/api/v1/template/msg", s.sendTemplate)
	s.mux.HandleFunc("GET /wa/{app}/wa/media/{id}", s.media)
	s.mux.HandleFunc("GET /partner/app/{app}/media/{id}", s.partner(s.mediaByID))
	s.mux.HandleFunc("GET /partner/app/{app}/waba/info", s.partner(s.info))
	s.mux.HandleFunc("GET /partner/app/{app}/templates", s.partner(s.templates))
	s.mux.HandleFunc("POST /partner/app/{app}/templates", s.partner(s.submit))
	s.mux.HandleFunc("PUT /partner/app/{app}/templates/{template}", s.partner(s.edit))
	s.mux.HandleFunc("POST /partner/app/{app}/upload/media", s.partner(s.upload))
	s.mux.HandleFunc("GET /partner/app/{app}/subscription", s.partner(s.subscriptions))
	s.mux.HandleFunc("POST /partner/app/{app}/subscription", s.partner(s.subscribe))
	s.mux.HandleFunc("DELETE /partner/app/{app}/subscription/{id}", s.partner(s.unsubscribe))
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { failure(http.StatusNotFound, "Not Found").Write(w) })
	return s
}

// Traits says what the provider is like. Gupshup posts a callback again "after a brief
// interval"; how often is not documented.
func (s *Side) Traits() stage.Traits {
	return stage.Traits{
		Provider: Provider, Channel: chat.ChannelWhatsApp, Window: true, Retries: 3, Unreachable: "1002",
		Reports: []chat.Status{chat.StatusQueued, chat.StatusSent, chat.StatusDelivered, chat.StatusRead, chat.StatusFailed},
		Kinds: []chat.MessageKind{
			chat.KindText, chat.KindImage, chat.KindVideo, chat.KindAudio, chat.KindDocument, chat.KindSticker,
			chat.KindLocation, chat.KindContacts, chat.KindReaction, chat.KindButton,
		},
	}
}

// Owns reports whether a path belongs to one of the two APIs.
func (s *Side) Owns(path string) bool {
	return strings.HasPrefix(path, "/wa/") || strings.HasPrefix(path, "/partner/app/")
}

func (s *Side) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// NewID makes an id: Gupshup's own, a UUID, for what the business sends, and WhatsApp's
// for what a lead writes.
func (s *Side) NewID(direction chat.Direction, _ stage.Party) string {
	if direction == chat.DirectionOutbound {
		return uuid(fmt.Sprint(rand.Uint64(), rand.Uint64()))
	}
	return whatsAppID(fmt.Sprint(rand.Uint64(), rand.Uint64()))
}

// uuid makes of a text an id in the form of a UUID.
func uuid(text string) string {
	sum := sha256.Sum256([]byte(text))
	digits := hex.EncodeToString(sum[:16])
	return digits[:8] + "-" + digits[8:12] + "-4" + digits[13:16] + "-8" + digits[17:20] + "-" + digits[20:]
}

// whatsAppID is the id that WhatsApp gives a message, made of another id of it.
func whatsAppID(text string) string {
	sum := sha256.Sum256([]byte("whatsapp " + text))
	return "wamid." + base64.StdEncoding.EncodeToString(sum[:24])
}

// Header is what goes along with a callback: no signature, only the headers that the
// subscription asked for. Without a subscription made here it is the secret that the
// account was set up with.
func (s *Side) Header(account *stage.Account, _ []byte, _ time.Time) http.Header {
	header := http.Header{"Content-Type": {"application/json"}, "User-Agent": {"Gupshup"}}
	made, ok := s.active(account)
	if !ok && account.SigningSecret != "" {
		header.Set("X-Converse-Secret", account.SigningSecret)
	}
	for name, value := range made.Headers {
		header.Set(name, value)
	}
	return header
}

func encode(value any) []byte {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // only plain values are written
	}
	return body
}
