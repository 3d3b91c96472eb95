// Package ctm plays CallTrackingMetrics' texting API: sending, listing, and
// webhooks for texts, their states and telephone calls.
//
// It is written from the provider's documentation and from recorded traffic, and
// must not share code with the adapter it is there to test. Where the documents
// are silent it does what live traffic was seen to do, the worse choice first:
// the send answer has no message id, and the roles of the numbers in a status
// webhook change from message to message.
package ctm

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what the provider signs with
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// Provider is the name of the provider in accounts, faults and the journal.
const Provider = "ctm"

// Side plays the provider. Make one with New.
type Side struct {
	stage *stage.Stage
	mux   *http.ServeMux
	// seed decides which arrangement of numbers a message's webhooks have.
	seed uint64
}

// New makes a side that stands on the stage.
func New(on *stage.Stage, seed uint64) *Side {
	s := &Side{stage: on, mux: http.NewServeMux(), seed: seed}
	s.mux.HandleFunc("POST /api/v1/accounts/{account}/sms.json", s.send)
	s.mux.HandleFunc("POST /api/v1/accounts/{account}/sms", s.send)
	s.mux.HandleFunc("GET /api/v1/accounts/{account}/sms.json", s.listTexts)
	s.mux.HandleFunc("GET /api/v1/accounts/{account}/calls.json", s.listActivities)
	s.mux.HandleFunc("GET /api/v1/accounts/{account}/numbers.json", s.listNumbers)
	s.mux.HandleFunc("GET /api/v1/accounts/{account}/opt_out_texts", s.listOptOuts)
	s.mux.HandleFunc("GET /ctm/media/{id}/{key}/{name}", s.media)
	s.mux.HandleFunc("/", notFound)
	return s
}

// Traits says what the provider is like. CTM documents no retry of its webhooks,
// and texts have no read receipts.
func (s *Side) Traits() stage.Traits {
	return stage.Traits{
		Provider: Provider, Channel: chat.ChannelSMS,
		Reports:     []chat.Status{chat.StatusSent, chat.StatusDelivered, chat.StatusFailed},
		Unreachable: "30005", // unknown destination handset (Twilio's code, which CTM passes on)
		Kinds: []chat.MessageKind{
			chat.KindText, chat.KindImage, chat.KindVideo, chat.KindAudio, chat.KindDocument, stage.KindCall,
		},
	}
}

// Owns reports whether a path belongs to the API.
func (s *Side) Owns(path string) bool {
	return strings.HasPrefix(path, "/api/v1/accounts/") || strings.HasPrefix(path, "/ctm/media/")
}

func (s *Side) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// NewID makes an id like those of live traffic.
func (s *Side) NewID(chat.Direction, stage.Party) string {
	return fmt.Sprintf("MSG%016X%016X%016X%016X", rand.Uint64(), rand.Uint64(), rand.Uint64(), rand.Uint64())
}

// Header signs a webhook: base64(HMAC-SHA1(secret, time + body)).
func (s *Side) Header(account *stage.Account, body []byte, at time.Time) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha1.New, []byte(account.SigningSecret))
	mac.Write([]byte(stamp))
	mac.Write(body)
	return http.Header{
		"Content-Type":    {"application/json"},
		"User-Agent":      {"CallTrackingMetrics"},
		"X-Ctm-Time":      {stamp},
		"X-Ctm-Signature": {base64.StdEncoding.EncodeToString(mac.Sum(nil))},
	}
}

// businessFirst decides which number a message's status webhooks call the caller.
// Both arrangements are seen in live traffic; a message keeps to one.
func (s *Side) businessFirst(id string) bool {
	return s.hash(id)%2 == 0
}

func (s *Side) hash(id string) uint64 {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%d %s", s.seed, id) // a hash never fails
	// The low bit of FNV alone follows the parity of the last characters.
	return h.Sum64() >> 17
}
