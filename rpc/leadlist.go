package rpc

import (
	"context"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/crm"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/wire"
)

func (s *leadService) ListFields(ctx context.Context, req *conversev1.ListFieldsRequest) (*conversev1.ListFieldsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	fields, err := s.rooms.Leads.Fields(ctx, p, req.GetArchived())
	masks := p.Rights().Masks
	return &conversev1.ListFieldsResponse{Fields: wire.List(fields, func(f chat.Field) *conversev1.LeadField {
		return wire.Field(f, masks[f.Name] != "")
	})}, err
}

func (s *leadService) SaveField(ctx context.Context, req *conversev1.SaveFieldRequest) (*conversev1.SaveFieldResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	field, err := s.rooms.Leads.SaveField(ctx, p, chat.Field{
		ID: chat.FieldID(req.GetFieldId()), Name: chat.CustomField(req.GetKey()), Label: req.GetLabel(), Type: chat.FieldType(req.GetType()),
		Choices: req.GetChoices(), Required: req.GetRequired(),
	})
	return &conversev1.SaveFieldResponse{Field: wire.Field(field, p.Rights().Masks[field.Name] != "")}, err
}

func (s *leadService) ArchiveField(ctx context.Context, req *conversev1.ArchiveFieldRequest) (*conversev1.ArchiveFieldResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	field, err := s.rooms.Leads.ArchiveField(ctx, p, chat.FieldID(req.GetFieldId()), req.GetArchived())
	return &conversev1.ArchiveFieldResponse{Field: wire.Field(field, p.Rights().Masks[field.Name] != "")}, err
}

// filterOf reads a filter; nil is none.
func filterOf(f *conversev1.LeadFilter) *chat.LeadFilter {
	if f == nil {
		return nil
	}
	out := &chat.LeadFilter{}
	for _, c := range f.GetConditions() {
		out.Conditions = append(out.Conditions, chat.Condition{
			Field: chat.LeadField(c.GetField()), Op: chat.FilterOp(c.GetOp()), Values: c.GetValues(),
		})
	}
	return out
}

func filterOrNone(f *conversev1.LeadFilter) chat.LeadFilter {
	if found := filterOf(f); found != nil {
		return *found
	}
	return chat.LeadFilter{}
}

func (s *leadService) ListLists(ctx context.Context, _ *conversev1.ListListsRequest) (*conversev1.ListListsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	lists, err := s.rooms.Leads.Lists(ctx, p)
	return &conversev1.ListListsResponse{Lists: wire.List(lists, func(l crm.Listed) *conversev1.LeadList {
		out := wire.LeadList(l.LeadList)
		out.Hidden = l.Hidden
		return out
	})}, err
}

func (s *leadService) ListListsOfLead(ctx context.Context, req *conversev1.ListListsOfLeadRequest) (*conversev1.ListListsOfLeadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	lists, err := s.rooms.Leads.ListsOfLead(ctx, p, chat.LeadID(req.GetLeadId()))
	return &conversev1.ListListsOfLeadResponse{Lists: wire.List(lists, wire.LeadList)}, err
}

func (s *leadService) ListLeads(ctx context.Context, req *conversev1.ListLeadsRequest) (*conversev1.ListLeadsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	page, err := s.rooms.Leads.Page(ctx, p, store.LeadPageQuery{
		List: chat.LeadListID(req.GetListId()), Filter: filterOrNone(req.GetFilter()), Sort: chat.LeadField(req.GetSort()),
		Descending: req.GetDescending(), Most: int(req.GetLimit()),
	}, req.GetCursor())
	return &conversev1.ListLeadsResponse{
		Leads: wire.List(page.Leads, wire.Lead), NextCursor: string(page.Next), Total: int32(min(page.Total, store.MostCounted)),
		MoreThanTotal: page.Total > store.MostCounted,
	}, err
}

func (s *leadService) CreateList(ctx context.Context, req *conversev1.CreateListRequest) (*conversev1.CreateListResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.rooms.Leads.CreateList(ctx, p, req.GetName(), chat.LeadListKind(req.GetKind()), filterOrNone(req.GetFilter()))
	return &conversev1.CreateListResponse{List: wire.LeadList(list)}, err
}

func (s *leadService) UpdateList(ctx context.Context, req *conversev1.UpdateListRequest) (*conversev1.UpdateListResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.rooms.Leads.UpdateList(ctx, p, chat.LeadListID(req.GetListId()), req.GetName(), filterOf(req.GetFilter()))
	return &conversev1.UpdateListResponse{List: wire.LeadList(list)}, err
}

func (s *leadService) DeleteList(ctx context.Context, req *conversev1.DeleteListRequest) (*conversev1.DeleteListResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.DeleteListResponse{}, s.rooms.Leads.DeleteList(ctx, p, chat.LeadListID(req.GetListId()))
}

func (s *leadService) AddToList(ctx context.Context, req *conversev1.AddToListRequest) (*conversev1.AddToListResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	added, err := s.rooms.Leads.AddToList(ctx, p, chat.LeadListID(req.GetListId()), leadIDs(req.GetLeadIds()), filterOf(req.GetFilter()))
	return &conversev1.AddToListResponse{Added: int32(added)}, err
}

func (s *leadService) RemoveFromList(ctx context.Context, req *conversev1.RemoveFromListRequest) (*conversev1.RemoveFromListResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	removed, err := s.rooms.Leads.RemoveFromList(ctx, p, chat.LeadListID(req.GetListId()), leadIDs(req.GetLeadIds()))
	return &conversev1.RemoveFromListResponse{Removed: int32(removed)}, err
}
