package ringcentral

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/post"
	"converse/internal/sandbox/stage"
)

// envelope wraps the body of an event. In events all ids are texts.
func (s *Side) envelope(account *stage.Account, event string, body object) []byte {
	s.mu.Lock()
	id := ""
	if o := s.latest(account); o != nil {
		id = o.id
	}
	s.mu.Unlock()
	return encode(object{
		"uuid": strconv.FormatUint(6e18+rand.Uint64N(3e18), 10), "event": event, "timestamp": stamp(time.Now()),
		"subscriptionId": id, "ownerId": account.AccountID, "body": body,
	})
}

// latest is the last subscription that is alive. The caller holds the lock.
func (s *Side) latest(account *stage.Account) *subscription {
	for _, o := range slices.Backward(s.of(account)) {
		if o.status == active {
			return o
		}
	}
	return nil
}

// Header carries the word that was agreed on with the subscription; nothing is signed.
func (s *Side) Header(account *stage.Account, _ []byte, _ time.Time) http.Header {
	word := account.SigningSecret
	s.mu.Lock()
	if o := s.latest(account); o != nil {
		word = o.word
	}
	s.mu.Unlock()
	header := http.Header{"Content-Type": {"application/json"}, "User-Agent": {"RingCentral-WebHook/9"}}
	if word != "" {
		header.Set("Verification-Token", word)
	}
	return header
}

// Receipt writes the event that counts a change. What changed is for the message store.
func (s *Side) Receipt(account *stage.Account, report stage.Report) []byte {
	return s.counts(account, 0, 1, report.At)
}

func (s *Side) counts(account *stage.Account, fresh, updated int, at time.Time) []byte {
	return s.envelope(account, user(account)+"/message-store", object{
		"accountId": account.AccountID, "extensionId": account.AccountID, "lastUpdated": stamp(at),
		"changes": []object{{"type": "SMS", "newCount": fresh, "updatedCount": updated}},
	})
}

func user(account *stage.Account) string {
	return "/restapi/v1.0/account/" + account.AccountID + "/extension/" + account.AccountID
}

// tellOfNew posts the count of a text that has just come into being.
func (s *Side) tellOfNew(account *stage.Account, id string) {
	address := s.Address(account, chat.DirectionOutbound)
	if address == "" {
		return
	}
	at := time.Now()
	s.stage.Office().Post(post.Letter{
		Provider: Provider, About: "count of new texts", MessageID: id, URL: address, Retries: s.Traits().Retries,
		Body:   func() []byte { return s.counts(account, 1, 0, at) },
		Header: func(body []byte, at time.Time) http.Header { return s.Header(account, body, at) },
		Tried:  func(o post.Outcome) { s.Posted(account, address, o.OK()) },
	})
}

// Inbound writes the instant event of a lead's text, which is there whole.
func (s *Side) Inbound(account *stage.Account, m *stage.Message, _ string) []byte {
	own := party(m.Sender.Address)
	own["target"], own["name"] = true, "Sandbox User"
	other := party(m.Party.Phone)
	other["phoneNumberInfo"] = object{"countryCode": "1"}
	return s.envelope(account, user(account)+"/message-store/instant?type=SMS", object{
		"id": m.ID, "to": []object{own}, "from": other, "type": "SMS", "creationTime": stamp(m.At), "lastModifiedTime": stamp(m.At),
		"readStatus": "Unread", "priority": "Normal", "attachments": s.attachments(account, m, func(id string) any { return id }),
		"direction": "Inbound", "availability": "Alive", "subject": m.Text, "messageStatus": "Received",
		"conversation": object{"id": conversation(m)}, "eventType": "Create",
		"owner": object{"extensionId": account.AccountID, "extensionType": "User", "name": "Sandbox User"},
	})
}
