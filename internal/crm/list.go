package crm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"converse/internal/chat"
	"converse/internal/store"
)

const usualPage, mostPage = 50, 200

// Page returns a page of leads. cursor is the Next of the page before.
func (s *Service) Page(ctx context.Context, p chat.Principal, q store.LeadPageQuery, cursor string) (store.LeadPage, error) {
	if q.Most <= 0 {
		q.Most = usualPage
	}
	q.Most = min(q.Most, mostPage)
	if cursor != "" {
		after, err := chat.ParseID[chat.LeadID]("cursor", cursor)
		if err != nil {
			return store.LeadPage{}, chat.Invalidf("cursor", "is not one of ours")
		}
		q.After = after
	}
	return s.store.LeadPage(ctx, p, q)
}

// Counting a list may take a second where there are a million leads. What took long is
// remembered for a hundred times as long, at most five minutes.
const (
	quickCount    = 50 * time.Millisecond
	rememberedFor = 100
	longestMemory = 5 * time.Minute
)

// counts remembers how many leads of large lists somebody may see.
type counts struct {
	mu    sync.Mutex
	known map[string]counted
}

type counted struct {
	n     int
	until time.Time
}

// Listed is a list as the principal sees it.
type Listed struct {
	chat.LeadList
	// Hidden: it narrows by a field that is masked for the principal, who cannot open it
	// and is not told how many leads it has.
	Hidden bool
}

// Lists are the org's lists with the number of leads that the principal may see.
func (s *Service) Lists(ctx context.Context, p chat.Principal) ([]Listed, error) {
	lists, err := s.store.Lists(ctx, p.Org)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, len(lists))
	for i, l := range lists {
		n, err := s.count(ctx, p, l)
		code := chat.CodeOf(err)
		if code == chat.CodeForbidden || code == chat.CodeInvalid { // a field that is hidden, or gone
			out[i] = Listed{LeadList: l, Hidden: true}
			continue
		}
		if err != nil {
			return nil, err
		}
		l.Count = n
		out[i] = Listed{LeadList: l}
	}
	return out, nil
}

func (s *Service) count(ctx context.Context, p chat.Principal, l chat.LeadList) (int, error) {
	rights := p.Rights()
	key := fmt.Sprint(p.Org, l.ID, l.Filter, p.Reach(rights.View), rights.Masks)
	if strings.Contains(key, " me") || slices.ContainsFunc(l.Filter.Conditions, func(c chat.Condition) bool { return c.Field == chat.FieldOwner }) {
		key += string(p.User)
	}
	begin := time.Now()
	s.counts.mu.Lock()
	known, ok := s.counts.known[key]
	s.counts.mu.Unlock()
	if ok && begin.Before(known.until) {
		return known.n, nil
	}
	n, err := s.store.CountList(ctx, p, l)
	if took := time.Since(begin); err == nil && took > quickCount {
		s.counts.remember(key, counted{n: n, until: begin.Add(min(took*rememberedFor, longestMemory))})
	}
	return n, err
}

// mostRemembered bounds what is remembered.
const mostRemembered = 1000

func (c *counts) remember(key string, n counted) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= mostRemembered {
		c.known = map[string]counted{}
	}
	c.known[key] = n
}

// forget is for somebody who has just changed what a list holds.
func (c *counts) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = nil
}

// CreateList stores a new list.
func (s *Service) CreateList(ctx context.Context, p chat.Principal, name string, kind chat.LeadListKind, filter chat.LeadFilter) (chat.LeadList, error) {
	l := chat.LeadList{ID: chat.NewID[chat.LeadListID](), Name: tidy(name), Kind: kind, Filter: filter}
	switch {
	case l.Name == "":
		return l, chat.Invalidf("name", "must not be empty")
	case kind == chat.ListStatic && len(filter.Conditions) > 0:
		return l, chat.Invalidf("filter", "is for lists by filter; add leads to this one instead")
	case kind == chat.ListFilter && len(filter.Conditions) == 0:
		return l, chat.Invalidf("filter", "needs a condition")
	}
	if err := s.store.CreateList(ctx, p, l); err != nil {
		return l, err
	}
	var err error
	l.Count, err = s.count(ctx, p, l)
	return l, err
}

// UpdateList changes a list's name, unless it is empty, and its filter, unless it is nil.
func (s *Service) UpdateList(ctx context.Context, p chat.Principal, id chat.LeadListID, name string, filter *chat.LeadFilter) (chat.LeadList, error) {
	if filter != nil && len(filter.Conditions) == 0 {
		return chat.LeadList{}, chat.Invalidf("filter", "needs a condition")
	}
	l, err := s.store.UpdateList(ctx, p, id, tidy(name), filter)
	if err != nil {
		return l, err
	}
	if l.Count, err = s.count(ctx, p, l); chat.CodeOf(err) == chat.CodeForbidden {
		err = nil // a new name for what the principal cannot open
	}
	return l, err
}

// DeleteList forgets a list. Its leads stay.
func (s *Service) DeleteList(ctx context.Context, p chat.Principal, id chat.LeadListID) error {
	return s.store.DeleteList(ctx, p, id)
}

// AddToList puts leads, or all that meet a filter, into a static list.
func (s *Service) AddToList(ctx context.Context, p chat.Principal, id chat.LeadListID, leads []chat.LeadID, filter *chat.LeadFilter) (int, error) {
	if (len(leads) == 0) == (filter == nil) {
		return 0, chat.Invalidf("leadIds", "name either leads or a filter")
	}
	defer s.counts.forget()
	if filter != nil {
		return s.store.AddFilteredToList(ctx, p, id, *filter)
	}
	return s.store.AddToList(ctx, p, id, leads)
}

// RemoveFromList takes leads from a static list.
func (s *Service) RemoveFromList(ctx context.Context, p chat.Principal, id chat.LeadListID, leads []chat.LeadID) (int, error) {
	defer s.counts.forget()
	return s.store.RemoveFromList(ctx, p, id, leads)
}

// ListsOfLead are the lists that hold a lead.
func (s *Service) ListsOfLead(ctx context.Context, p chat.Principal, id chat.LeadID) ([]chat.LeadList, error) {
	return s.store.ListsOfLead(ctx, p, id)
}
