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

// MergeSettings are when leads become one by themselves, and how.
func (s *Service) MergeSettings(ctx context.Context, p chat.Principal) (chat.MergeSettings, error) {
	return s.store.MergeSettings(ctx, p.Org)
}

// SetMergeSettings changes them.
func (s *Service) SetMergeSettings(ctx context.Context, p chat.Principal, settings chat.MergeSettings) error {
	if settings.Automatic && len(settings.Kinds) == 0 {
		return chat.Invalidf("kinds", "choose what two leads must share to become one")
	}
	return s.store.SetMergeSettings(ctx, p, settings)
}

// MergedInto returns the lead that holds a merged one now.
func (s *Service) MergedInto(ctx context.Context, p chat.Principal, id chat.LeadID) (chat.LeadID, bool, error) {
	return s.store.MergedInto(ctx, p, id)
}
