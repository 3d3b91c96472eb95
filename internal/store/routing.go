package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// defaultRule stands for the rule behind all others, which has no row: the active
// administrators, in turn.
const defaultRule chat.RoutingRuleID = "00000000-0000-0000-0000-000000000000"

// routed is what became of a lead.
type routed struct {
	chat.Routed
	// keeper is the rule that the lead waits for; empty: it waits for whoever takes it.
	keeper chat.RoutingRuleID
	// unserved: nobody was there at all, not even by the default.
	unserved bool
}

// turnFunc gives a lead to the next of those whom a rule means; ok is false when there
// is nobody.
type turnFunc func(ctx context.Context, rule chat.RoutingRuleID, who db.NextInTurnParams) (next db.NextInTurnRow, ok bool, err error)

// route finds the owner of a lead by the org's rules and takes their turn. byDefault:
// when no rule decides, the default does; otherwise the lead is left as it is.
func (t *tx) route(ctx context.Context, c chat.RoutingCase, byDefault bool) (routed, error) {
	rules, err := t.routingRules(ctx)
	if err != nil {
		return routed{}, err
	}
	return t.decide(ctx, rules, c, byDefault, t.turnOf(t.later))
}

// decide asks the rules in order who gets a lead.
func (t *tx) decide(ctx context.Context, rules []chat.RoutingRule, c chat.RoutingCase, byDefault bool, turn turnFunc) (routed, error) {
	var out routed
	step := func(r chat.RoutingRule, o chat.RoutingOutcome) {
		out.Steps = append(out.Steps, chat.RoutingStep{Rule: r.ID, Outcome: o})
	}
	for _, r := range rules {
		if o := r.Match(c); o != chat.RouteMatches {
			step(r, o)
			continue
		}
		if r.Target == chat.RouteNobody {
			out.Rule = r.ID
			step(r, chat.RouteWaits)
			return out, nil
		}
		next, ok, err := t.nextOf(ctx, r, c, turn)
		switch {
		case err != nil:
			return routed{}, err
		case ok:
			out.Owner, out.OwnerName, out.Rule = next.ID, next.Name, r.ID
			step(r, chat.RouteTaken)
			return out, nil
		case r.Waits:
			out.Rule, out.keeper = r.ID, r.ID
			step(r, chat.RouteWaits)
			return out, nil
		}
		step(r, chat.RouteEmpty)
	}
	if !byDefault {
		return out, nil
	}
	next, ok, err := turn(ctx, defaultRule, db.NextInTurnParams{Administrators: true})
	out.Owner, out.OwnerName, out.unserved = next.ID, next.Name, !ok
	return out, err
}

// nextOf is whose turn it is at a rule, for that lead.
func (t *tx) nextOf(ctx context.Context, r chat.RoutingRule, c chat.RoutingCase, turn turnFunc) (db.NextInTurnRow, bool, error) {
	if r.GroupLost {
		return db.NextInTurnRow{}, false, nil
	}
	who := whom(r)
	if r.Target == chat.RouteMatch {
		if who.Value = c.Fields[r.Field]; who.Value == "" {
			return db.NextInTurnRow{}, false, nil // nobody is of no city
		}
	}
	return turn(ctx, r.ID, who)
}

// whom are the users that a rule means, whatever the lead.
func whom(r chat.RoutingRule) db.NextInTurnParams {
	who := db.NextInTurnParams{GroupID: textOrNull(r.Group), Online: r.Target == chat.RouteOnline}
	switch r.Target {
	case chat.RouteMatch:
		who.Property = r.Property
	case chat.RouteUser:
		who.UserID = textOrNull(r.User)
	case chat.RouteGroup, chat.RouteOnline, chat.RouteNobody:
	}
	return who
}

func textOrNull[T ~string](id T) *string { return orNull(string(id)) }

// turnOf gives turns to whoever has waited longest. The rotation's row stays locked to
// the commit, so turns are exact however many nodes take them at once. Those who find
// nobody lock nothing. Turns are noted by notes: with the commit where one is taken, at
// once where several are.
func (t *tx) turnOf(notes *db.Queries) turnFunc {
	return func(ctx context.Context, rule chat.RoutingRuleID, who db.NextInTurnParams) (db.NextInTurnRow, bool, error) {
		if rule != defaultRule {
			if next, ok, err := t.peekTurn(ctx, rule, who); err != nil || !ok {
				return next, ok, err
			}
		}
		if err := t.lockRotation(ctx, rule); err != nil {
			return db.NextInTurnRow{}, false, err
		}
		next, ok, err := t.peekTurn(ctx, rule, who)
		if err != nil || !ok {
			return next, ok, err
		}
		return next, true, notes.SetTurn(ctx, db.SetTurnParams{OrgID: t.org, RuleID: rule, UserID: next.ID})
	}
}

func (t *tx) lockRotation(ctx context.Context, rule chat.RoutingRuleID) error {
	lock := db.LockRotationParams{OrgID: t.org, RuleID: rule}
	_, err := t.LockRotation(ctx, lock)
	if !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if err := t.InsertRotation(ctx, db.InsertRotationParams(lock)); err != nil {
		return err
	}
	_, err = t.LockRotation(ctx, lock) // whoever made it first holds it
	return err
}

// peekTurn says whose turn it is and takes nothing.
func (t *tx) peekTurn(ctx context.Context, rule chat.RoutingRuleID, who db.NextInTurnParams) (db.NextInTurnRow, bool, error) {
	who.OrgID, who.RuleID = t.org, rule
	next, err := t.NextInTurn(ctx, who)
	if errors.Is(err, pgx.ErrNoRows) {
		return db.NextInTurnRow{}, false, nil
	}
	return next, err == nil, err
}

func (t *tx) routingRules(ctx context.Context) ([]chat.RoutingRule, error) {
	rows, err := t.ListRoutingRules(ctx, t.org)
	if err != nil {
		return nil, err
	}
	out := make([]chat.RoutingRule, len(rows))
	for i, r := range rows {
		if out[i], err = routingRuleOf(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func routingRuleOf(r db.RoutingRule) (chat.RoutingRule, error) {
	out := chat.RoutingRule{
		ID: r.ID, Name: r.Name, Active: r.Active, Target: r.Target, Group: zero(r.GroupID), GroupLost: r.Grouped && r.GroupID == nil,
		User: zero(r.ToUser), Property: r.Property, Field: r.LeadField, Waits: r.Waits,
	}
	if err := json.Unmarshal(r.Conditions, &out.When); err != nil {
		return out, fmt.Errorf("read the conditions of a routing rule: %w", err)
	}
	return out, nil
}
