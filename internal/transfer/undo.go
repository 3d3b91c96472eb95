package transfer

import (
	"context"

	"converse/internal/chat"
)

// undoRows deletes the leads that an import made, page by page.
func (s *Service) undoRows(ctx context.Context, p chat.Principal, i chat.Import) error {
	var err error
	for i.State == chat.ImportUndoing && err == nil {
		i, err = s.store.UndoImportPage(ctx, p, i.ID, pageRows)
	}
	return err
}

func (s *Service) fields(ctx context.Context, p chat.Principal) ([]chat.Field, error) {
	return s.store.LeadFields(ctx, p.Org)
}

// newList makes a list for the leads of an import.
func (s *Service) newList(ctx context.Context, p chat.Principal, name string) (chat.LeadListID, error) {
	list := chat.LeadList{ID: chat.NewID[chat.LeadListID](), Name: name, Kind: chat.ListStatic}
	err := s.store.CreateList(ctx, p, list)
	return list.ID, err
}

// checkTargets refuses an owner or a list that is not there.
func (s *Service) checkTargets(ctx context.Context, p chat.Principal, settings chat.ImportSettings) error {
	if settings.Owner != "" {
		users, err := s.store.Users(ctx, p.Org)
		if err != nil {
			return err
		}
		known := false
		for _, u := range users {
			known = known || u.ID == settings.Owner
		}
		if !known {
			return chat.NotFound("user")
		}
	}
	if settings.List == "" && settings.NewList == "" {
		return nil
	}
	lists, err := s.store.Lists(ctx, p.Org)
	if err != nil {
		return err
	}
	found := settings.List == ""
	for _, l := range lists {
		if l.Name == settings.NewList {
			return chat.Invalidf("settings.newList", "there is a list with this name already: choose it, or another name")
		}
		if l.ID != settings.List {
			continue
		}
		if found = true; l.Kind != chat.ListStatic {
			return chat.Invalidf("settings.listId", "this list holds what meets its filter: choose another")
		}
	}
	if !found {
		return chat.NotFound("list")
	}
	return nil
}
