package rpc

import (
	"context"
	"time"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/wire"
)

func (s *adminService) ListRoutingRules(ctx context.Context, _ *conversev1.ListRoutingRulesRequest) (*conversev1.ListRoutingRulesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	view, err := s.rooms.Routing.Rules(ctx, p)
	if err != nil {
		return nil, err
	}
	return &conversev1.ListRoutingRulesResponse{
		Version: int32(view.Version), Rules: routingRules(view), DefaultReaches: int32(view.Reached[len(view.Rules)]),
		People: wire.List(view.People, routingPerson), Groups: wire.List(view.Groups, routingGroup),
		Waiting: int32(view.Waiting), Unserved: int32(view.Unserved),
	}, nil
}

func (s *adminService) SaveRoutingRules(ctx context.Context, req *conversev1.SaveRoutingRulesRequest) (*conversev1.SaveRoutingRulesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	rules := chat.RoutingRules{Version: int(req.GetVersion())}
	for _, r := range req.GetRules() {
		rules.Rules = append(rules.Rules, readRoutingRule(r))
	}
	view, err := s.rooms.Routing.Save(ctx, p, rules)
	if err != nil {
		return nil, err
	}
	return &conversev1.SaveRoutingRulesResponse{Version: int32(view.Version), Rules: routingRules(view)}, nil
}

func (s *adminService) PreviewRouting(ctx context.Context, req *conversev1.PreviewRoutingRequest) (*conversev1.PreviewRoutingResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	c := chat.RoutingCase{
		Channel: chat.Channel(req.GetChannel()), Sender: chat.SenderID(req.GetSenderId()), Text: req.GetText(), At: instant(req.GetAt()),
		Fields: map[chat.LeadField]string{},
	}
	if c.At.IsZero() {
		c.At = time.Now()
	}
	for field, value := range req.GetFields() {
		c.Fields[chat.LeadField(field)] = value
	}
	found, err := s.rooms.Routing.Preview(ctx, p, c)
	return &conversev1.PreviewRoutingResponse{
		OwnerId: string(found.Owner), OwnerName: found.OwnerName, RuleId: string(found.Rule),
		Steps: wire.List(found.Steps, func(s chat.RoutingStep) *conversev1.RoutingStep {
			return &conversev1.RoutingStep{RuleId: string(s.Rule), Outcome: string(s.Outcome)}
		}),
	}, err
}

func (s *adminService) SetUserProperties(ctx context.Context, req *conversev1.SetUserPropertiesRequest) (*conversev1.SetUserPropertiesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	person, err := s.rooms.Routing.SetProperties(ctx, p, chat.UserID(req.GetUserId()), req.GetProperties())
	return &conversev1.SetUserPropertiesResponse{Person: routingPerson(person)}, err
}

func (s *leadService) ListWaiting(ctx context.Context, req *conversev1.ListWaitingRequest) (*conversev1.ListWaitingResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	waiting, err := s.rooms.Routing.Waiting(ctx, p, int(req.GetLimit()))
	out := &conversev1.ListWaitingResponse{Count: int32(waiting.Count), Unserved: int32(waiting.Unserved)}
	for i, c := range waiting.Conversations {
		out.Leads = append(out.Leads, &conversev1.WaitingLead{Conversation: wire.ConversationFor(c), Since: wire.Time(waiting.Since[i])})
	}
	return out, err
}

func (s *leadService) TakeLead(ctx context.Context, req *conversev1.TakeLeadRequest) (*conversev1.TakeLeadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	taken, err := s.rooms.Routing.Take(ctx, p, chat.LeadID(req.GetLeadId()), req.GetAll())
	return &conversev1.TakeLeadResponse{LeadIds: wire.List(taken, func(id chat.LeadID) string { return string(id) })}, err
}

func routingPerson(c chat.Colleague) *conversev1.RoutingPerson {
	return &conversev1.RoutingPerson{User: wire.User(c.User), Online: c.Online, Properties: c.Properties}
}

func routingGroup(g store.RoutingGroup) *conversev1.RoutingGroup {
	return &conversev1.RoutingGroup{Id: string(g.ID), Name: g.Name, Members: int32(g.Members)}
}

func routingRules(view store.RoutingView) []*conversev1.RoutingRule {
	out := make([]*conversev1.RoutingRule, len(view.Rules))
	for i, r := range view.Rules {
		out[i] = routingRule(r)
		out[i].Reaches = int32(view.Reached[i])
	}
	return out
}

func routingRule(r chat.RoutingRule) *conversev1.RoutingRule {
	out := &conversev1.RoutingRule{
		Id: string(r.ID), Name: r.Name, Active: r.Active, Channel: string(r.When.Channel), Words: r.When.Words, Target: string(r.Target),
		GroupId: string(r.Group), GroupLost: r.GroupLost, UserId: string(r.User), Property: r.Property, LeadField: string(r.Field), Waits: r.Waits,
		SenderIds: wire.List(r.When.Senders, func(id chat.SenderID) string { return string(id) }),
		Fields: wire.List(r.When.Fields, func(f chat.FieldValues) *conversev1.RoutingField {
			return &conversev1.RoutingField{Field: string(f.Field), Values: f.Values}
		}),
	}
	if h := r.When.Hours; h != nil {
		out.Hours = &conversev1.RoutingHours{From: int32(h.From), Upto: int32(h.Upto), Zone: h.Zone}
		for _, day := range h.Days {
			out.Hours.Days = append(out.Hours.Days, int32(day))
		}
	}
	return out
}

func readRoutingRule(r *conversev1.RoutingRule) chat.RoutingRule {
	out := chat.RoutingRule{
		ID: chat.RoutingRuleID(r.GetId()), Name: r.GetName(), Active: r.GetActive(), Target: chat.RoutingTarget(r.GetTarget()),
		Group: chat.GroupID(r.GetGroupId()), User: chat.UserID(r.GetUserId()), Property: r.GetProperty(), Field: chat.LeadField(r.GetLeadField()),
		Waits: r.GetWaits(),
		When:  chat.RoutingConditions{Channel: chat.Channel(r.GetChannel()), Words: r.GetWords()},
	}
	for _, id := range r.GetSenderIds() {
		out.When.Senders = append(out.When.Senders, chat.SenderID(id))
	}
	for _, f := range r.GetFields() {
		out.When.Fields = append(out.When.Fields, chat.FieldValues{Field: chat.LeadField(f.GetField()), Values: f.GetValues()})
	}
	if h := r.GetHours(); h != nil {
		out.When.Hours = &chat.RoutingHours{From: int(h.GetFrom()), Upto: int(h.GetUpto()), Zone: h.GetZone()}
		for _, day := range h.GetDays() {
			out.When.Hours.Days = append(out.When.Hours.Days, time.Weekday(day))
		}
	}
	return out
}
