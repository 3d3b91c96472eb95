// Package routing decides who gets a lead that nobody owns.
//
// It owns how rules are checked, tried out and kept, who may take a lead that waits,
// and what follows when somebody comes online: leads that rules keep for them are
// theirs, and they are told of what waits still. The decision itself is made by the
// store, in the transaction that stores the lead. It promises that two people never
// get the same lead. It must not know how answers are encoded, nor where presence
// comes from.
package routing

import (
	"context"
	"fmt"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/store"
)

const usualWaiting, mostWaiting = 3, 50

// Service answers questions about routing.
type Service struct{ store *store.Store }

// New returns a service on a store.
func New(s *store.Store) *Service { return &Service{store: s} }

// Rules returns the org's rules and what they can be made of.
func (s *Service) Rules(ctx context.Context, p chat.Principal) (store.RoutingView, error) {
	return s.store.Routing(ctx, p.Org)
}

// Save replaces the org's rules. A version that is not the latest is a conflict.
func (s *Service) Save(ctx context.Context, p chat.Principal, rules chat.RoutingRules) (store.RoutingView, error) {
	for i := range rules.Rules {
		if err := check(&rules.Rules[i], fmt.Sprintf("rules[%d].", i)); err != nil {
			return store.RoutingView{}, err
		}
	}
	return s.store.SaveRoutingRules(ctx, p, rules)
}

// check refuses a rule that does not say who gets the lead, and drops what its target
// does not need.
func check(r *chat.RoutingRule, place string) error {
	r.Name = strings.TrimSpace(r.Name)
	r.Field = chat.ReadLeadField(string(r.Field))
	if r.Target != chat.RouteUser {
		r.User = ""
	}
	if r.Target != chat.RouteMatch {
		r.Property, r.Field = "", ""
	}
	if r.Target == chat.RouteUser || r.Target == chat.RouteNobody {
		r.Group = ""
	}
	r.Waits = r.Waits && r.Target != chat.RouteNobody
	switch {
	case r.Name == "":
		return chat.Invalidf(place+"name", "Give the rule a name.")
	case r.Target == chat.RouteGroup && r.Group == "":
		return chat.Invalidf(place+"groupId", "Choose the group that gets these leads.")
	case r.Target == chat.RouteUser && r.User == "":
		return chat.Invalidf(place+"userId", "Choose the user who gets these leads.")
	case r.Target == chat.RouteMatch && r.Property == "":
		return chat.Invalidf(place+"property", "Choose the users' property to compare.")
	case r.Target == chat.RouteMatch && !known(r.Field):
		return chat.Invalidf(place+"leadField", "Choose the lead's field to compare.")
	}
	return checkConditions(&r.When, place)
}

func checkConditions(w *chat.RoutingConditions, place string) error {
	if w.Hours != nil {
		// "Local" would be the server's own zone, which says nothing of the org's.
		if _, err := time.LoadLocation(w.Hours.Zone); err != nil || w.Hours.Zone == "Local" || w.Hours.Zone == "" {
			return chat.Invalidf(place+"hours.zone", "There is no such time zone.")
		}
	}
	for i := range w.Fields {
		f := &w.Fields[i]
		if f.Field = chat.ReadLeadField(string(f.Field)); !known(f.Field) {
			return chat.Invalidf(fmt.Sprintf("%sfields[%d].field", place, i), "Leads have no such field.")
		}
	}
	return nil
}

// known reports whether rules can ask for a field.
func known(f chat.LeadField) bool {
	switch f {
	case chat.FieldFirstName, chat.FieldLastName, chat.FieldPhone, chat.FieldEmail, chat.FieldWhatsApp, chat.FieldSource, chat.FieldStage:
		return true
	default:
		return strings.HasPrefix(string(f), string(chat.CustomField("")))
	}
}

// Preview says who would get a lead, and why. It takes no turn.
func (s *Service) Preview(ctx context.Context, p chat.Principal, c chat.RoutingCase) (chat.Routed, error) {
	if c.Sender != "" {
		sender, err := s.store.Sender(ctx, p.Org, c.Sender)
		if err != nil {
			return chat.Routed{}, err
		}
		c.Channel = sender.Channel
	}
	fields := map[chat.LeadField]string{chat.FieldSource: "inbound"}
	for name, value := range c.Fields {
		fields[chat.ReadLeadField(string(name))] = value
	}
	c.Fields = fields
	return s.store.PreviewRouting(ctx, p.Org, c)
}

// SetProperties replaces what rules can know of a user. Empty values are left out.
func (s *Service) SetProperties(ctx context.Context, p chat.Principal, user chat.UserID, properties map[string]string) (chat.Colleague, error) {
	kept := make(map[string]string, len(properties))
	for name, value := range properties {
		if name == "" {
			return chat.Colleague{}, chat.Invalidf("properties", "Give each property a name.")
		}
		if value = strings.TrimSpace(value); value != "" {
			kept[name] = value
		}
	}
	return s.store.SetUserProperties(ctx, p, user, kept)
}

// Waiting lists the leads that wait for an owner, as far as the principal may take
// them. most is at most 50, 0 means 3.
func (s *Service) Waiting(ctx context.Context, p chat.Principal, most int) (store.Waiting, error) {
	if !mayTake(p) {
		return store.Waiting{}, nil
	}
	if most <= 0 {
		most = usualWaiting
	}
	return s.store.Waiting(ctx, p, min(most, mostWaiting))
}

// mayTake reports whether the principal may become the owner of a lead that has none.
func mayTake(p chat.Principal) bool {
	return p.MayChat() && p.Sees("") && p.Reach(p.Rights().Edit).Covers("")
}

// Take makes the principal the owner of a lead; with an empty id, of those that wait
// longest: one, or as many as one call may take. It returns which.
func (s *Service) Take(ctx context.Context, p chat.Principal, lead chat.LeadID, all bool) ([]chat.LeadID, error) {
	switch {
	case !mayTake(p):
		return nil, &chat.Error{Code: chat.CodeForbidden, Message: "You may not take leads that have no owner."}
	case lead != "":
		return []chat.LeadID{lead}, s.store.TakeLead(ctx, p, lead)
	case all:
		return s.store.TakeWaiting(ctx, p, store.MostAtOnce)
	}
	return s.store.TakeWaiting(ctx, p, 1)
}
