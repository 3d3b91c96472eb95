package rpc

import (
	"context"
	"maps"
	"slices"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

func (s *leadService) PreviewMerge(ctx context.Context, req *conversev1.PreviewMergeRequest) (*conversev1.PreviewMergeResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	preview, err := s.rooms.Leads.PreviewMerge(ctx, p, readMerge(req.GetParentId(), req.GetChildId(), req.GetRules()))
	if err != nil {
		return nil, err
	}
	return &conversev1.PreviewMergeResponse{
		Parent: wire.Lead(preview.Parent), Child: wire.Lead(preview.Child), Result: wire.Lead(preview.Result),
		Conversations: int32(preview.Conversations), Lists: int32(preview.Lists),
	}, nil
}

func (s *leadService) MergeLeads(ctx context.Context, req *conversev1.MergeLeadsRequest) (*conversev1.MergeLeadsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	id, lead, err := s.rooms.Leads.Merge(ctx, p, readMerge(req.GetParentId(), req.GetChildId(), req.GetRules()))
	if err != nil {
		return nil, err
	}
	return &conversev1.MergeLeadsResponse{Lead: wire.Lead(lead), MergeId: string(id)}, nil
}

func (s *leadService) UnmergeLeads(ctx context.Context, req *conversev1.UnmergeLeadsRequest) (*conversev1.UnmergeLeadsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	parent, child, err := s.rooms.Leads.Unmerge(ctx, p, chat.MergeID(req.GetMergeId()))
	if err != nil {
		return nil, err
	}
	return &conversev1.UnmergeLeadsResponse{Parent: wire.Lead(parent), Child: wire.Lead(child)}, nil
}

func (s *leadService) ListDuplicates(ctx context.Context, req *conversev1.ListDuplicatesRequest) (*conversev1.ListDuplicatesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.rooms.Leads.Duplicates(ctx, p, chat.LeadID(req.GetLeadId()))
	return &conversev1.ListDuplicatesResponse{Duplicates: wire.List(found, func(d chat.Duplicate) *conversev1.Duplicate {
		return &conversev1.Duplicate{Lead: wire.Lead(d.Lead), Reason: string(d.Reason)}
	})}, err
}

func (s *adminService) GetMergeSettings(ctx context.Context, _ *conversev1.GetMergeSettingsRequest) (*conversev1.GetMergeSettingsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	settings, err := s.rooms.Leads.MergeSettings(ctx, p)
	return &conversev1.GetMergeSettingsResponse{Settings: wireMergeSettings(settings)}, err
}

func (s *adminService) SetMergeSettings(ctx context.Context, req *conversev1.SetMergeSettingsRequest) (*conversev1.SetMergeSettingsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	settings := readMergeSettings(req.GetSettings())
	err = s.rooms.Leads.SetMergeSettings(ctx, p, settings)
	return &conversev1.SetMergeSettingsResponse{Settings: wireMergeSettings(settings)}, err
}

func wireMergeSettings(m chat.MergeSettings) *conversev1.MergeSettings {
	out := &conversev1.MergeSettings{
		Automatic: m.Automatic, Parent: string(m.Parent), Kinds: wire.List(m.Kinds, func(k chat.IdentifierKind) string { return string(k) }),
	}
	for _, field := range slices.Sorted(maps.Keys(m.Rules)) {
		out.Rules = append(out.Rules, &conversev1.MergeRule{Field: string(field), Rule: string(m.Rules[field])})
	}
	return out
}

func readMergeSettings(m *conversev1.MergeSettings) chat.MergeSettings {
	out := chat.MergeSettings{
		Automatic: m.GetAutomatic(), Parent: chat.MergeParent(m.GetParent()), Rules: readMerge("", "", m.GetRules()).Rules,
		Kinds: wire.List(m.GetKinds(), func(k string) chat.IdentifierKind { return chat.IdentifierKind(k) }),
	}
	if out.Parent == "" {
		out.Parent = chat.MergeParentNumber
	}
	return out
}

// merged answers for a lead that is part of another now.
func (s *leadService) merged(ctx context.Context, p chat.Principal, id chat.LeadID, missing error) (*conversev1.GetLeadResponse, error) {
	if chat.CodeOf(missing) != chat.CodeNotFound {
		return nil, missing
	}
	into, ok, err := s.rooms.Leads.MergedInto(ctx, p, id)
	if err != nil || !ok {
		return nil, missing
	}
	return &conversev1.GetLeadResponse{Lead: &conversev1.Lead{Id: string(id), MergedIntoId: string(into)}}, nil
}

func readMerge(parent, child string, rules []*conversev1.MergeRule) chat.Merge {
	m := chat.Merge{Parent: chat.LeadID(parent), Child: chat.LeadID(child), Rules: map[chat.LeadField]chat.MergeRule{}}
	for _, r := range rules {
		m.Rules[chat.LeadField(r.GetField())] = chat.MergeRule(r.GetRule())
	}
	return m
}
