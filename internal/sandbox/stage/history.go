package stage

import (
	"slices"
	"time"

	"converse/internal/chat"
)

// Activity is a message with the state that the provider knows of it.
type Activity struct {
	*Message
	Status chat.Status
	// Code is the provider's code of a failure.
	Code string
	// ChangedAt is when anything about it changed last.
	ChangedAt time.Time
}

// History lists the kept messages of an account, latest first, for a provider
// that lets the hub look back.
func (s *Stage) History(provider, accountID string) []Activity {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Activity
	for _, e := range slices.Backward(s.messages.all()) {
		if e.Provider == provider && e.AccountID == accountID {
			list = append(list, Activity{Message: e.Message, Status: e.status, Code: e.code, ChangedAt: e.changedAt})
		}
	}
	return list
}

// Message finds a message by the provider's id.
func (s *Stage) Message(id string) (*Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.ids[id]
	if e == nil {
		return nil, false
	}
	return e.Message, true
}

// Rows shows phones as lines of a list; those that are gone are left out.
func (s *Stage) Rows(ids []string) []HandsetRow {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := []HandsetRow{}
	for _, id := range ids {
		if h := s.find(id); h != nil {
			rows = append(rows, s.row(h))
		}
	}
	return rows
}
