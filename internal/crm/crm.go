// Package crm is what a user sees of leads and does with them: finding, looking at,
// making and changing them, their fields, their lists and their history.
//
// It owns how a query is read and how values that somebody typed are to be written. It promises that a lead it returns belongs to the
// principal's org and is visible to the principal. It must not know conversations,
// channels or how an answer is encoded.
package crm

import (
	"context"
	"strings"

	"converse/internal/chat"
	"converse/internal/store"
)

const usualLeads, mostLeads = 20, 50

// leastReason is how many characters a reason has at least.
const leastReason = 3

// Service answers questions about leads and changes them.
type Service struct {
	store  *store.Store
	counts counts
}

// New returns a service on a store.
func New(s *store.Store) *Service { return &Service{store: s} }

// Search finds leads by the beginning of a name, e-mail address or phone number, by a
// number's last digits, and by a mistyped name. Fields that are masked for the principal
// find nothing. An empty query returns the leads changed last. most is at most 50, 0 means 20.
func (s *Service) Search(ctx context.Context, p chat.Principal, query string, most int) ([]chat.Lead, error) {
	if most <= 0 {
		most = usualLeads
	}
	words := chat.SearchWords(query, p.Rights().Masks)
	if len(words) == 0 && strings.TrimSpace(query) != "" {
		return nil, nil // nothing but signs: no lead begins with them
	}
	return s.store.SearchLeads(ctx, p, words, min(most, mostLeads))
}

// Reveal returns one field of a lead that is masked for the principal. A reason is asked
// for, and kept with who asked.
func (s *Service) Reveal(ctx context.Context, p chat.Principal, r store.Reveal) (string, error) {
	if r.Reason = strings.Join(strings.Fields(r.Reason), " "); len([]rune(r.Reason)) < leastReason {
		return "", chat.Invalidf("reason", "say in a few words why you need it")
	}
	return s.store.RevealField(ctx, p, r)
}

// Lead returns one lead.
func (s *Service) Lead(ctx context.Context, p chat.Principal, id chat.LeadID) (chat.Lead, error) {
	return s.store.Lead(ctx, p, id)
}
