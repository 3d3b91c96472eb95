package stage

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

// Call is one call of the hub: a send call, or one of the others, such as the
// fetching of a file, which have a Method, and no Seq nor anything of a message.
type Call struct {
	// Seq counts the send calls from 1.
	Seq       int       `json:"seq"`
	Time      time.Time `json:"time"`
	Provider  string    `json:"provider"`
	Method    string    `json:"method,omitempty"`
	Path      string    `json:"path"`
	To        string    `json:"to"`
	Reference string    `json:"reference"`
	Text      string    `json:"text"`
	// Status is the HTTP status that was answered, or one of Hung and Dropped.
	Status CallStatus `json:"status"`
	// Code is the provider's own code, where it has codes: of the refusal, or of the
	// failure that will be reported for a message that was taken.
	Code string `json:"code,omitempty"`
	// Accepted: the provider really took the message.
	Accepted bool `json:"accepted"`
	// ID is the provider's message id; empty when the message was not taken.
	ID string `json:"id"`

	// key is one for all calls that hand over the same message.
	key string
}

// CallStatus is an HTTP status, or one of Hung and Dropped. In JSON it is a
// number, or "hung" or "reset".
type CallStatus int

// The ways not to answer.
const (
	// Hung: no answer was ever given.
	Hung CallStatus = -1
	// Dropped: the connection was closed without an answer.
	Dropped CallStatus = -2
)

// MarshalJSON writes the status as described at CallStatus.
func (c CallStatus) MarshalJSON() ([]byte, error) {
	switch c {
	case Hung:
		return []byte(`"hung"`), nil
	case Dropped:
		return []byte(`"reset"`), nil
	default:
		return json.Marshal(int(c))
	}
}

// Query chooses calls of the journal. The zero Query chooses all.
type Query struct {
	Provider string
	// To is the number or user id as Call.To has it.
	To string
	// Since leaves out calls before the time, and AfterSeq those up to a number.
	Since    time.Time
	AfterSeq int
	// All: not only the send calls.
	All bool
}

func (q Query) chooses(c Call) bool {
	return (q.Provider == "" || c.Provider == q.Provider) && (q.To == "" || c.To == q.To) &&
		!c.Time.Before(q.Since) && (c.Seq > q.AfterSeq || c.Seq == 0)
}

// Calls returns the kept calls that the query chooses, in the order in which they
// were made.
func (s *Stage) Calls(query Query) []Call {
	s.mu.Lock()
	all := s.calls.all()
	if query.All {
		all = append(all, s.others.all()...)
		slices.SortStableFunc(all, func(a, b Call) int { return a.Time.Compare(b.Time) })
	}
	s.mu.Unlock()
	return slices.DeleteFunc(all, func(c Call) bool { return !query.chooses(c) })
}

// Count is how often one message was handed over. More than one call that was
// accepted is a message that the lead got twice.
type Count struct {
	Provider string `json:"provider"`
	// Key is what the hub calls the message, or where the provider has no room for
	// that, the recipient and the text.
	Key      string `json:"key"`
	To       string `json:"to"`
	Text     string `json:"text"`
	Calls    int    `json:"calls"`
	Accepted int    `json:"accepted"`
}

// Counts sums up the send calls that the query chooses by their key, the most often
// accepted first.
func (s *Stage) Counts(query Query) []Count {
	query.All = false
	place := map[string]int{}
	counts := []Count{}
	for _, c := range s.Calls(query) {
		at, there := place[c.Provider+" "+c.key]
		if !there {
			at = len(counts)
			place[c.Provider+" "+c.key] = at
			counts = append(counts, Count{Provider: c.Provider, Key: c.key, To: c.To, Text: c.Text})
		}
		counts[at].Calls++
		if c.Accepted {
			counts[at].Accepted++
		}
	}
	slices.SortStableFunc(counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Accepted, a.Accepted), cmp.Compare(b.Calls, a.Calls))
	})
	return counts
}

// record writes a call into the journal. The caller holds the lock.
func (s *Stage) record(call Call) {
	s.called++
	call.Seq, call.Time = s.called, time.Now()
	s.calls.add(call)
}
