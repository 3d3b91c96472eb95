package stage

import (
	"encoding/json"
	"time"
)

// Call is one send call of the hub.
type Call struct {
	// Seq counts the send calls from 1.
	Seq       int       `json:"seq"`
	Time      time.Time `json:"time"`
	Provider  string    `json:"provider"`
	Path      string    `json:"path"`
	To        string    `json:"to"`
	Reference string    `json:"reference"`
	Text      string    `json:"text"`
	// Status is the HTTP status that was answered, or one of Hung and Dropped.
	Status CallStatus `json:"status"`
	// Accepted: the provider really took the message.
	Accepted bool `json:"accepted"`
	// ID is the provider's message id; empty when the message was not taken.
	ID string `json:"id"`
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
}

// Calls returns the kept send calls that the query chooses, in the order in which
// they were made.
func (s *Stage) Calls(query Query) []Call {
	s.mu.Lock()
	all := s.calls.all()
	s.mu.Unlock()
	chosen := all[:0]
	for _, c := range all {
		if (query.Provider == "" || c.Provider == query.Provider) &&
			(query.To == "" || c.To == query.To) &&
			!c.Time.Before(query.Since) && c.Seq > query.AfterSeq {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// record writes a call into the journal. The caller holds the lock.
func (s *Stage) record(call Call) {
	s.called++
	call.Seq, call.Time = s.called, time.Now()
	s.calls.add(call)
}
