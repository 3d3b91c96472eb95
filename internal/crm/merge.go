package crm

import (
	"context"

	"converse/internal/chat"
	"converse/internal/store"
)

// mostDuplicates bounds the leads that are suggested.
const mostDuplicates = 10

// PreviewMerge says what two leads would be together. It changes nothing.
func (s *Service) PreviewMerge(ctx context.Context, p chat.Principal, m chat.Merge) (store.MergePreview, error) {
	return s.store.PreviewMerge(ctx, p, m)
}

// Merge makes one lead of two that the principal may edit, and returns what undoes it.
func (s *Service) Merge(ctx context.Context, p chat.Principal, m chat.Merge) (chat.MergeID, chat.Lead, error) {
	return s.store.MergeLeads(ctx, p, m)
}

// Unmerge makes two leads again of what was merged.
func (s *Service) Unmerge(ctx context.Context, p chat.Principal, id chat.MergeID) (parent, child chat.Lead, err error) {
	return s.store.UnmergeLeads(ctx, p, id)
}

// Duplicates lists leads that may be the same person, the likeliest first.
func (s *Service) Duplicates(ctx context.Context, p chat.Principal, id chat.LeadID) ([]chat.Duplicate, error) {
	return s.store.Duplicates(ctx, p, id, mostDuplicates)
}

// MergesByItself reports whether leads of one person become one by themselves.
func (s *Service) MergesByItself(ctx context.Context, p chat.Principal) (bool, error) {
	return s.store.MergesByItself(ctx, p.Org)
}

// SetMergesByItself changes that.
func (s *Service) SetMergesByItself(ctx context.Context, p chat.Principal, on bool) error {
	return s.store.SetMergesByItself(ctx, p, on)
}

// MergedInto returns the lead that holds a merged one now.
func (s *Service) MergedInto(ctx context.Context, p chat.Principal, id chat.LeadID) (chat.LeadID, bool, error) {
	return s.store.MergedInto(ctx, p, id)
}
