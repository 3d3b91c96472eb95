package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// RoutingView is what an administrator sees of routing.
type RoutingView struct {
	chat.RoutingRules
	// Reached is how many people each rule can give leads to, the default's last.
	Reached []int
	People  []chat.Colleague
	Groups  []RoutingGroup
	// Waiting leads have no owner; of those Unserved came when nobody could get them.
	Waiting, Unserved int
}

// RoutingGroup is a group that a rule can name.
type RoutingGroup struct {
	ID      chat.GroupID
	Name    string
	Members int
}

// Routing returns the org's rules and what they can be made of.
func (s *Store) Routing(ctx context.Context, org chat.OrgID) (RoutingView, error) {
	var out RoutingView
	err := s.inOrg(ctx, org, func(t *tx) error {
		var err error
		out, err = t.routingView(ctx)
		return err
	})
	return out, err
}

func (t *tx) routingView(ctx context.Context) (RoutingView, error) {
	var out RoutingView
	var err error
	if out.Version, err = t.RoutingVersion(ctx, t.org); err != nil {
		return out, err
	}
	if out.Rules, err = t.routingRules(ctx); err != nil {
		return out, err
	}
	for _, r := range append(slices.Clone(out.Rules), chat.RoutingRule{}) {
		n, err := t.reached(ctx, r)
		if err != nil {
			return out, err
		}
		out.Reached = append(out.Reached, n)
	}
	if out.People, err = t.colleagues(ctx); err != nil {
		return out, err
	}
	groups, err := t.RoutingGroups(ctx, t.org)
	out.Groups = convert(groups, func(r db.RoutingGroupsRow) RoutingGroup { return RoutingGroup(r) })
	if err != nil {
		return out, err
	}
	waiting, err := t.CountWaiting(ctx, t.org)
	out.Waiting, out.Unserved = waiting.Waiting, waiting.Unserved
	return out, err
}

// reached counts whom a rule can give leads to; the rule without an id is the default.
func (t *tx) reached(ctx context.Context, r chat.RoutingRule) (int, error) {
	if r.GroupLost || r.Target == chat.RouteNobody {
		return 0, nil
	}
	who := whom(r)
	return t.CountReached(ctx, db.CountReachedParams{
		OrgID: t.org, Administrators: r.ID == "", UserID: who.UserID, GroupID: who.GroupID, Property: who.Property,
	})
}

// colleagues are the org's active users with their properties, and who is online.
func (t *tx) colleagues(ctx context.Context) ([]chat.Colleague, error) {
	users, err := t.ListUsers(ctx, t.org)
	if err != nil {
		return nil, err
	}
	online, err := t.OnlineUsers(ctx, t.org)
	if err != nil {
		return nil, err
	}
	properties, err := t.ListUserProperties(ctx, t.org)
	if err != nil {
		return nil, err
	}
	of := map[chat.UserID]map[string]string{}
	for _, p := range properties {
		if of[p.UserID] == nil {
			of[p.UserID] = map[string]string{}
		}
		of[p.UserID][p.Name] = p.Value
	}
	return convert(users, func(u db.User) chat.Colleague {
		return chat.Colleague{User: userOf(u), Online: slices.Contains(online, u.ID), Properties: of[u.ID]}
	}), nil
}

// SaveRoutingRules replaces the org's rules. rules.Version is the version that was
// seen: when another has been saved since it is a conflict. A rule that stays keeps its
// rotation. Rules without an id get one.
func (s *Store) SaveRoutingRules(ctx context.Context, p chat.Principal, rules chat.RoutingRules) (RoutingView, error) {
	var out RoutingView
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		version, err := t.LockRouting(ctx, t.org)
		if err != nil {
			return err
		}
		if version != rules.Version {
			return &chat.Error{Code: chat.CodeConflict, Field: "version", Message: "Somebody else has saved the rules since. Load them again, then make your change."}
		}
		if err := t.checkRoutingIDs(ctx, rules.Rules); err != nil {
			return err
		}
		if err := t.replaceRoutingRules(ctx, rules.Rules); isForeign(err) {
			return chat.Invalidf("rules", "A rule names a group as a user, or the other way round.")
		} else if err != nil {
			return err
		}
		if err := t.SetRoutingVersion(ctx, db.SetRoutingVersionParams{OrgID: t.org, Version: version + 1}); err != nil {
			return err
		}
		if out, err = t.routingView(ctx); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{
			Action: "routing.updated", Fields: []string{"rules"}, Detail: fmt.Sprintf("version %d, %d rules", version+1, len(rules.Rules)),
		})
	})
	return out, err
}

func (t *tx) replaceRoutingRules(ctx context.Context, rules []chat.RoutingRule) error {
	keep := make([]string, len(rules))
	for i := range rules {
		if rules[i].ID == "" {
			rules[i].ID = chat.NewID[chat.RoutingRuleID]()
		}
		keep[i] = string(rules[i].ID)
	}
	err := errors.Join(
		t.DropRoutingRules(ctx, db.DropRoutingRulesParams{OrgID: t.org, Keep: keep}),
		t.DropRotations(ctx, db.DropRotationsParams{OrgID: t.org, DefaultRule: defaultRule, Keep: keep}),
	)
	for i, r := range rules {
		conditions, encodeErr := json.Marshal(r.When)
		err = errors.Join(err, encodeErr, t.UpsertRoutingRule(ctx, db.UpsertRoutingRuleParams{
			OrgID: t.org, ID: r.ID, Position: i, Name: r.Name, Active: r.Active, Conditions: conditions, Target: r.Target,
			GroupID: orNull(r.Group), Grouped: r.Group != "", ToUser: orNull(r.User), Property: r.Property, LeadField: r.Field, Waits: r.Waits,
		}))
	}
	return err
}

// checkRoutingIDs refuses rules that name what the org does not have.
func (t *tx) checkRoutingIDs(ctx context.Context, rules []chat.RoutingRule) error {
	fields := map[string]string{} // by id: the place in the request
	for i, r := range rules {
		if r.Group != "" {
			fields[string(r.Group)] = fmt.Sprintf("rules[%d].groupId", i)
		}
		if r.User != "" {
			fields[string(r.User)] = fmt.Sprintf("rules[%d].userId", i)
		}
		for _, sender := range r.When.Senders {
			fields[string(sender)] = fmt.Sprintf("rules[%d].senderIds", i)
		}
	}
	ids := slices.Sorted(maps.Keys(fields))
	unknown, err := t.UnknownRoutingIDs(ctx, db.UnknownRoutingIDsParams{OrgID: t.org, Ids: ids})
	if err == nil && len(unknown) > 0 {
		return chat.Invalidf(fields[unknown[0]], "There is no such group, user or number.")
	}
	return err
}

// SetUserProperties replaces what is known of a user.
func (s *Store) SetUserProperties(ctx context.Context, p chat.Principal, user chat.UserID, properties map[string]string) (chat.Colleague, error) {
	var out chat.Colleague
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		row, err := t.GetUser(ctx, db.GetUserParams{OrgID: t.org, ID: user})
		if err != nil {
			return notFound(err, "user")
		}
		out = chat.Colleague{User: userOf(row), Properties: properties}
		names := slices.Sorted(maps.Keys(properties))
		values := convert(names, func(name string) string { return properties[name] })
		if err := t.DropUserProperties(ctx, db.DropUserPropertiesParams{OrgID: t.org, UserID: user}); err != nil {
			return err
		}
		if err := t.InsertUserProperties(ctx, db.InsertUserPropertiesParams{OrgID: t.org, UserID: user, Names: names, Vals: values}); err != nil {
			return err
		}
		online, err := t.OnlineUsers(ctx, t.org)
		if err != nil {
			return err
		}
		out.Online = slices.Contains(online, user)
		return t.audit(ctx, p, chat.AuditEntry{Action: "user.properties_updated", Object: string(user), Fields: names})
	})
	return out, err
}

// PreviewRouting says who would get a lead now, and takes no turn.
func (s *Store) PreviewRouting(ctx context.Context, org chat.OrgID, c chat.RoutingCase) (chat.Routed, error) {
	var out chat.Routed
	err := s.inOrg(ctx, org, func(t *tx) error {
		rules, err := t.routingRules(ctx)
		if err != nil {
			return err
		}
		found, err := t.decide(ctx, rules, c, true, t.peekTurn)
		out = found.Routed
		return err
	})
	return out, err
}
