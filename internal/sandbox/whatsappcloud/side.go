// Package whatsappcloud plays Meta's WhatsApp Business Cloud API: messages, media,
// templates and the upload of their examples, the webhook handshake, and webhooks for
// messages and their states.
//
// It is written from Meta's published reference and must not share code with the
// adapter it is there to test. It enforces the rules that are documented: text
// lengths, templates and their parameters, and the 24-hour service window, whose
// violation is reported later, as Meta does. Rate limits are left to the faults.
package whatsappcloud

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// Provider is the name of the provider in accounts, faults and the journal.
const Provider = "whatsapp_cloud"

// Side plays the provider. Make one with New.
type Side struct {
	stage *stage.Stage
	mux   *http.ServeMux

	mu sync.Mutex // guards what follows, and what handedIn points to
	// handedIn are the templates that were made by a call, by account.
	handedIn map[string][]*submitted
	// uploads are those of files for reviewers, the oldest first.
	uploads []*upload
}

// New makes a side that stands on the stage.
func New(on *stage.Stage) *Side {
	s := &Side{stage: on, mux: http.NewServeMux(), handedIn: map[string][]*submitted{}}
	s.mux.HandleFunc("POST /{number}/messages", s.messages)
	s.mux.HandleFunc("POST /{number}/media", s.upload)
	s.mux.HandleFunc("POST /{app}/uploads", s.beginUpload)
	s.mux.HandleFunc("POST /{id}", s.change)
	s.mux.HandleFunc("GET /{account}/message_templates", s.templates)
	s.mux.HandleFunc("POST /{account}/message_templates", s.submit)
	s.mux.HandleFunc("GET /{account}/phone_numbers", s.numbers)
	s.mux.HandleFunc("GET /{account}/subscribed_apps", s.apps)
	s.mux.HandleFunc("GET /{id}", s.object)
	s.mux.HandleFunc("DELETE /{id}", s.deleteMedia)
	s.mux.HandleFunc("GET /whatsapp_business/attachments/{$}", s.download)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		unknownPath(r.Method, r.URL.Path).Write(w)
	})
	return s
}

// Traits says what the provider is like. Meta posts a webhook again with falling
// frequency for days; ten tries reach far enough for a sandbox.
func (s *Side) Traits() stage.Traits {
	return stage.Traits{
		Provider: Provider, Channel: chat.ChannelWhatsApp, Window: true, Retries: 9, Unreachable: "131026",
		Reports: []chat.Status{chat.StatusSent, chat.StatusDelivered, chat.StatusRead, chat.StatusFailed},
		Kinds: []chat.MessageKind{
			chat.KindText, chat.KindImage, chat.KindVideo, chat.KindAudio, chat.KindDocument, chat.KindSticker,
			chat.KindLocation, chat.KindContacts, chat.KindReaction, chat.KindButton, KindInteractive, chat.KindUnsupported,
		},
	}
}

// KindInteractive is a tap on a button or a list's row of an interactive message.
const KindInteractive chat.MessageKind = "interactive"

var (
	version = regexp.MustCompile(`^v\d{1,3}\.\d$`)
	graphID = regexp.MustCompile(`^\d{5,20}$`)
)

// Owns reports whether a path belongs to the API: /v23.0/…, or the same without
// a version, which Graph also takes.
func (s *Side) Owns(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return version.MatchString(first) || graphID.MatchString(first) || strings.HasPrefix(first, "upload:") || first == "whatsapp_business"
}

func (s *Side) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	first, rest, found := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if found && version.MatchString(first) {
		inner := r.WithContext(r.Context()) // a shallow copy
		inner.URL = &url.URL{Path: "/" + rest, RawQuery: r.URL.RawQuery}
		inner.SetPathValue("version", first)
		inner.SetPathValue("prefix", "/"+first)
		s.mux.ServeHTTP(w, inner)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// NewID makes an id like Meta's: base64 of the user, a direction and a fresh token.
func (s *Side) NewID(direction chat.Direction, party stage.Party) string {
	user := strings.TrimPrefix(party.Address(), "+")
	user = user[:min(len(user), 255)]
	way := byte(0x11)
	if direction == chat.DirectionInbound {
		way = 0x12
	}
	token := fmt.Sprintf("3A%02X%016X", rand.Uint32()&0xFF, rand.Uint64())
	raw := []byte{0x1C, 0x18, byte(len(user))}
	raw = append(raw, user...)
	raw = append(raw, 0x15, 0x02, 0x00, way, 0x18, byte(len(token)))
	raw = append(raw, token...)
	raw = append(raw, 0x00)
	return "wamid." + base64.StdEncoding.EncodeToString(raw)
}

// Header signs a webhook over its raw bytes with the app secret.
func (s *Side) Header(account *stage.Account, body []byte, _ time.Time) http.Header {
	mac := hmac.New(sha256.New, []byte(account.SigningSecret))
	mac.Write(body)
	return http.Header{
		"Content-Type":        {"application/json"},
		"User-Agent":          {"facebookexternalua"},
		"X-Hub-Signature-256": {"sha256=" + hex.EncodeToString(mac.Sum(nil))},
	}
}

// Challenge makes the GET with which Meta checks a webhook address.
func (s *Side) Challenge(account *stage.Account) (*http.Request, string, error) {
	address, err := url.Parse(account.WebhookURL)
	if err != nil {
		return nil, "", fmt.Errorf("read webhook address: %w", err)
	}
	want := strconv.FormatUint(1e9+rand.Uint64N(9e9), 10)
	query := address.Query()
	query.Set("hub.mode", "subscribe")
	query.Set("hub.challenge", want)
	query.Set("hub.verify_token", account.VerifyToken)
	address.RawQuery = query.Encode()
	request, err := http.NewRequest(http.MethodGet, address.String(), nil) //nolint:noctx // the caller gives it one
	if err != nil {
		return nil, "", fmt.Errorf("make handshake: %w", err)
	}
	request.Header.Set("User-Agent", "facebookplatform/1.0 (+http://developers.facebook.com)")
	return request, want, nil
}
