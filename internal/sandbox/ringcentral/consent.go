package ringcentral

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"converse/internal/sandbox/post"
	"converse/internal/sandbox/stage"
)

// pair is one of our numbers toward a lead's; "*" in the place of ours means all of them.
type pair struct{ account, from, to string }

// consent is what a lead said last on being written to.
type consent struct {
	OptedOut bool
	Source   string
	At       time.Time
}

// The words by which a lead ends texting, and begins it again (guide, "Messaging consent
// management").
var (
	stopWords  = []string{"STOP", "END", "QUIT", "CANCEL", "UNSUBSCRIBE", "STOPALL"}
	startWords = []string{"START", "RESUME", "UNSTOP"}
)

// Hear reads a lead's text for a word on consent, and posts the event of it.
func (s *Side) Hear(account *stage.Account, m *stage.Message) {
	word := strings.ToUpper(strings.TrimSpace(m.Text))
	stops := slices.Contains(stopWords, word)
	if !stops && !slices.Contains(startWords, word) {
		return
	}
	s.tell(account, pair{account.AccountID, m.Sender.Address, m.Party.Phone}, consent{stops, "Recipient", m.At})
}

// Consent keeps a lead's word that came by other means than a text.
func (s *Side) Consent(account *stage.Account, sender stage.Sender, lead stage.Party, optedOut bool) (post.Letter, bool) {
	return s.consent(account, pair{account.AccountID, sender.Address, lead.Phone}, consent{optedOut, "Recipient", time.Now()})
}

// tell keeps a record and tells of it.
func (s *Side) tell(account *stage.Account, of pair, said consent) {
	if letter, ok := s.consent(account, of, said); ok {
		s.stage.Office().Post(letter)
	}
}

// consent keeps a record, and makes the event of it; false when nobody ordered it.
func (s *Side) consent(account *stage.Account, of pair, said consent) (post.Letter, bool) {
	s.mu.Lock()
	s.consents[of] = said
	address := ""
	if o := s.wanted(account, consentEvent); o != nil {
		address = o.address
	}
	s.mu.Unlock()
	return post.Letter{
		Provider: Provider, About: "consent", URL: address, Retries: s.Traits().Retries,
		Body: func() []byte {
			return s.envelope(account, "/restapi/v2/accounts/"+account.AccountID+"/sms/consents", object{"records": []object{said.show(of)}})
		},
		Header: func(body []byte, at time.Time) http.Header { return s.Header(account, body, at) },
		Tried:  func(o post.Outcome) { s.Posted(account, address, o.OK()) },
	}, address != ""
}

func (c consent) show(of pair) object {
	status := "OptIn"
	if c.OptedOut {
		status = "OptOut"
	}
	return object{"from": of.from, "to": of.to, "optStatus": status, "source": c.Source, "lastModifiedTime": stamp(c.At)}
}

// optedOut reports whether a number of ours may not text to a lead. The later word holds.
func (s *Side) optedOut(account, from, to string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, every := s.consents[pair{account, from, to}], s.consents[pair{account, "*", to}]
	if every.At.After(one.At) {
		return every.OptedOut
	}
	return one.OptedOut
}

func (s *Side) getConsents(account *stage.Account, r *http.Request) stage.Answer {
	query := r.URL.Query()
	s.mu.Lock()
	defer s.mu.Unlock()
	records := []object{}
	for of, said := range s.consents {
		shown := said.show(of)
		if of.account == account.AccountID && asked(query["from"], of.from) && asked(query["to"], of.to) &&
			asked(query["optStatus"], fmt.Sprint(shown["optStatus"])) {
			records = append(records, shown)
		}
	}
	slices.SortFunc(records, func(a, b object) int {
		return strings.Compare(fmt.Sprint(a["to"], a["from"]), fmt.Sprint(b["to"], b["from"]))
	})
	return answer(http.StatusOK, object{"records": records, "paging": object{"perPage": 100}})
}

func asked(values []string, value string) bool {
	return len(values) == 0 || slices.Contains(values, value)
}

// patchConsents takes records that a program puts in.
func (s *Side) patchConsents(account *stage.Account, r *http.Request) stage.Answer {
	var body struct {
		Records []struct {
			From      string `json:"from"`
			To        string `json:"to"`
			OptStatus string `json:"optStatus"`
		} `json:"records"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, maxForm)).Decode(&body); err != nil {
		return *refuse(http.StatusBadRequest, "CMN-100", "The request cannot be read", "")
	}
	for _, record := range body.Records {
		_, own := account.SenderByAddress(record.From)
		to, ok := stage.E164(record.To)
		switch {
		case !own && record.From != "*":
			return *invalid("records.from")
		case !ok || to != record.To:
			return *invalid("records.to")
		case record.OptStatus != "OptIn" && record.OptStatus != "OptOut":
			return *invalid("records.optStatus")
		}
	}
	for _, record := range body.Records {
		s.tell(account, pair{account.AccountID, record.From, record.To}, consent{record.OptStatus == "OptOut", "Api", time.Now()})
	}
	return answer(http.StatusOK, object{"successCount": len(body.Records)})
}
