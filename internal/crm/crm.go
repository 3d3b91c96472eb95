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

// Lead returns one lead.
func (s *Service) Lead(ctx context.Context, p chat.Principal, id chat.LeadID) (chat.Lead, error) {
	return s.store.Lead(ctx, p, id)
}
